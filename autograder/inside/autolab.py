"""Grades the hand-in of an Autolab lab: ``python -P -m autograder.inside.autolab FOLDER``.

The contract (https://docs.autolabproject.com/lab/): ``make`` is run in a folder with the hand-in, the Makefile and the
unpacked autograde.tar. What is printed is the student's feedback, streamed as it comes; the last line is JSON that
gives points to problems and fills the scoreboard. The line before it makes a table of the checks
(https://docs.autolabproject.com/features/formatted-feedback/).

Feedback is shown at once. So only checks that grading.yml calls visible are told; of the others the student learns how
many passed. There is one problem for all points, named like the assignment. A hand-in that could not be graded gets
the score null, so that Autolab shows none: where nothing is scored at all (``{"scores": {}}``), or the last line is no
JSON, it gives a 0 and says that the line is wrong (saveAutograde in app/helpers/assessment_autograde_core.rb). Autolab
has a late policy of its own; that of grading.yml is not applied here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.config import load_course
from autograder.inside.hand_in import judged
from autograder.model import Outcome, Result, Status, Visibility
from autograder.report.feedback import check_lines, standing, title_of
from autograder.report.text import harmless, wrapped

COURSE = "judge"
"""The folder in autograde.tar that holds grading.yml and the tests."""


def report(result: Result, file: str) -> str:
    """All that is printed. The last two lines are Autolab's."""
    told = [verdict for verdict in result.verdicts if verdict.check.visibility is Visibility.VISIBLE]
    rest = [verdict for verdict in result.verdicts if verdict.check.visibility is not Visibility.VISIBLE]
    lines: list[str] = []
    for paragraph in [*standing(result), *(f"Note: {note}" for note in result.notes)]:
        lines += [*wrapped(harmless(paragraph)), ""]
    if result.status is Status.BROKEN:
        return "\n".join([*lines, json.dumps({"scores": {result.assignment: None}, "scoreboard": ["-"]}), ""])
    for verdict in told:
        lines += check_lines(verdict, file, problem=result.problem)
    if rest:
        passed = sum(verdict.outcome is Outcome.PASSED for verdict in rest)
        lines += ["", f"Of {len(rest)} further checks {passed} passed; what they check is not shown here."]
    stage = {title_of(verdict): {"passed": verdict.outcome is Outcome.PASSED} for verdict in told}
    table = {"_presentation": "semantic", "stages": ["Checks"], "Checks": stage}
    points = round(result.score, 4)
    scores = {"scores": {result.assignment: points}, "scoreboard": [points]}
    return "\n".join([*lines, "", json.dumps(table), json.dumps(scores), ""])


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0])
    (assignment,) = load_course(folder / COURSE).assignments.values()
    result = judged(folder / "handed-in", assignment, degraded="--allow-degraded" in arguments)
    # A terminal or a pipe, which can be set anew; only a stand-in that somebody has put there could not.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    print(report(result, assignment.file), end="", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
