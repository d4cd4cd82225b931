"""Grades the hand-in of a PrairieLearn question: ``python -P -m autograder.inside.prairielearn /grade``.

The contract (https://prairielearn.readthedocs.io/en/latest/externalGrading/): what was submitted lies in
/grade/student, the question's ``tests`` folder in /grade/tests, and /grade/results/results.json has to be there at the
end, with a ``score`` from 0 to 1. A hand-in in which there is nothing to grade (no such file, no Python) is not
``gradable``: it costs neither points nor one of the student's attempts. Nor does a fault of the grader.

PrairieLearn shows results at once, and all of them. So only checks that grading.yml calls visible are told one by one;
the others are one line with their points. It has deadlines of its own, and the late policy of grading.yml is not
applied here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.config import load_course
from autograder.inside.hand_in import judged
from autograder.model import Outcome, Result, Status, Verdict, Visibility
from autograder.report.feedback import BROKEN, REVIEW, explanation, title_of
from autograder.report.text import harmless, one_line, write_whole

NOTHING_TO_GRADE = frozenset({"missing file", "unreadable file", "syntax error"})
LARGEST = 1_000_000
"""Bytes of results.json that PrairieLearn takes."""


def results(result: Result, file: str) -> dict[str, Any]:
    """``result`` as PrairieLearn reads it."""
    if result.status is Status.BROKEN:
        return {"gradable": False, "format_errors": [BROKEN]}
    finding = result.verdicts[0].finding if result.verdicts else None
    if result.problem is not None and finding is not None and finding.kind in NOTHING_TO_GRADE:
        return {"gradable": False, "format_errors": [harmless(result.problem)]}
    notes = [f"Note: {harmless(note)}" for note in result.notes]
    problem = [harmless(f"Your program could not be checked: {result.problem}")] if result.problem else []
    review = [REVIEW] if result.status is Status.REVIEW else []
    told = [verdict for verdict in result.verdicts if verdict.check.visibility is Visibility.VISIBLE]
    rest = [verdict for verdict in result.verdicts if verdict.check.visibility is not Visibility.VISIBLE]
    tests = [_test(verdict, file, result.problem) for verdict in told]
    if rest:
        passed = sum(verdict.outcome is Outcome.PASSED for verdict in rest)
        text = f"{passed} of {len(rest)} passed; what they check is not shown here."
        tests.append(
            _line("Further checks", sum(one.score for one in rest), sum(one.check.points for one in rest), text)
        )
    most = result.max_score
    return {
        "gradable": True,
        "score": round(result.score / most, 6) if most else 0.0,
        "message": "\n".join([*problem, *review, *notes]),
        "tests": tests,
    }


def _test(verdict: Verdict, file: str, problem: str | None) -> dict[str, Any]:
    text = "\n".join(explanation(verdict, file, problem=problem))
    return _line(title_of(verdict), verdict.score, verdict.check.points, text)


def _line(name: str, points: float, most: float, text: str) -> dict[str, Any]:
    return {"name": name, "points": round(points, 4), "max_points": round(most, 4), "output": text}


def dumps(written: dict[str, Any]) -> str:
    """The text of results.json, never larger than PrairieLearn takes: explanations give way first."""
    text = json.dumps(written, indent=1, sort_keys=True)
    if len(text) > LARGEST:
        for test in written["tests"]:
            test["output"] = one_line(test["output"], 500)
        text = json.dumps(written, indent=1, sort_keys=True)
    return text


def main(arguments: Sequence[str]) -> None:
    root = Path(arguments[0])
    (assignment,) = load_course(root / "tests").assignments.values()
    result = judged(root / "student", assignment, degraded="--allow-degraded" in arguments)
    for reason in result.reviews:
        print(f"for the staff: {one_line(reason, 2000)}", file=sys.stderr)
    write_whole(root / "results" / "results.json", dumps(results(result, assignment.file)))


if __name__ == "__main__":
    main(sys.argv[1:])
