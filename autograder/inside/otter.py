"""What otter-grader calls when it grades: a plugin that has our judge grade the hand-in, and never lets otter run it.

Otter runs a hand-in and its tests in one kernel, where the hand-in can read the tests and patch what judges them. Here
the kernel gets an empty program. Before that (``before_grading`` comes ahead of everything that reads the hand-in) all
files of the student are moved away to where only our judge looks: a ``.OTTER_LOG``, which otter unpickles in its own
process, and modules, which the kernel would find in its working folder, too. Our judge grades as it does in a container
(`autograder.inside.gradescope`); ``after_grading`` puts its verdicts in the place of otter's.

The events: https://otter-grader.readthedocs.io/en/latest/plugins/creating_plugins.html. `autograder build otter` makes
the zip. Otter's own results.json can't say all that Gradescope shows, so ours is kept beside it; the zip's
run_otter.py puts it in the place of otter's (`replace_results`). `otter run` and `otter grade` show otter's, with the
same points.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.config import load_course
from autograder.inside.gradescope import METADATA, grade
from autograder.model import Assignment, Outcome, Result, Verdict, Visibility
from autograder.report import gradescope
from autograder.report.feedback import explanation, file_of, late_lines, standing, title_of
from autograder.report.text import harmless, write_whole

NAME = "autograder.inside.otter.Judge"
COURSE = "judge"
"""The folder of the zip that holds grading.yml and the tests; below source/ in otter's container."""
OURS = "judged.json"
"""Our results.json, beside otter's."""
_OTTERS = frozenset({"tests", "__init__.py"})  # what otter has put beside the hand-in


@dataclass(frozen=True)
class Line:
    """What otter shows of one check, or of being late."""

    name: str
    points: float
    score: float
    passed: bool
    hidden: bool
    message: str


class Judge:
    """The plugin. Made by otter once for a hand-in, with the path of its file below submission/."""

    def __init__(self, submission_path: str | None, submission_metadata: object, plugin_config: dict[str, Any]) -> None:
        self._path = None if submission_path is None else Path(submission_path)
        self._degraded = bool(plugin_config.get("allow_degraded", False))
        self._lines: list[Line] = []
        self._output = ""

    # In the order in which otter calls them ---------------------------------------------------------------------------

    def during_assign(self, assignment: object) -> None:
        """Nothing to do when a notebook is made by `otter assign`."""

    def during_generate(self, otter_config: object, assignment: object) -> None:
        """Nothing to do when the zip is made."""

    def before_grading(self, config: object) -> None:
        """Take the hand-in away, judge it, and leave an empty one."""
        assert self._path is not None, "otter grades a file"
        root, folder = self._path.parent.parent, self._path.parent
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            _take_away(folder, place / "submission")
            if (root / METADATA).is_file():
                shutil.copy(root / METADATA, place)
            # The tests are for the judge; what runs as somebody else here is the hand-in.
            _close(root / "source" / COURSE)
            here = Path.cwd()
            os.chdir(place)  # nothing is imported from what was a folder of the student's
            try:
                course = load_course(root / "source" / COURSE)
                (assignment,) = course.assignments.values()
                result = grade(place, course, assignment, degraded=self._degraded)
            finally:
                os.chdir(here)
        self._path.write_text(_EMPTY[self._path.suffix], encoding="utf-8")
        self._keep(result, assignment, root / "results")

    def before_execution(self, submission: Any) -> Any:
        """The empty hand-in, as it is."""
        return submission

    def after_grading(self, results: Any) -> None:
        """Our verdicts in place of otter's. ``results`` is an ``otter.test_files.GradingResults``."""
        from otter.test_files.abstract_test import TestCase, TestCaseResult
        from otter.test_files.exception_test import ExceptionTestFile

        results.clear_results()
        results._catastrophic_error = None  # of the kernel, which had nothing to do with it
        for line in self._lines:
            case = TestCase(line.name, None, line.hidden, line.points, None, None)
            file = ExceptionTestFile(line.name, "", [case], True)
            file.test_case_results = [TestCaseResult(case, line.message, line.passed)]
            file.update_score(line.score)
            results.results[line.name] = file
        results.set_output(self._output)
        # Otter would show the names of hidden checks in a summary. Students get to see our results.json, not this one.
        results.hide_everything()

    def generate_report(self) -> str:
        """Nothing that otter would print."""
        return ""

    # ------------------------------------------------------------------------------------------------------------------

    def _keep(self, result: Result, assignment: Assignment, folder: Path) -> None:
        self._lines = lines(result, assignment.file)
        self._output = harmless("\n".join(standing(result) + late_lines(result)))
        folder.mkdir(exist_ok=True)
        write_whole(folder / OURS, gradescope.dumps(gradescope.results(result, assignment.file, page=True)))


_EMPTY = {".py": "", ".ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'}


def lines(result: Result, file: str) -> list[Line]:
    """What otter shows, in the order of the checks, each under a name of its own."""
    shown: dict[str, Line] = {}
    for verdict in result.verdicts:
        name = title_of(verdict)
        if name in shown:
            name = f"{name} ({verdict.check.name})"
        shown[name] = _line(verdict, name, result, file)
    if result.score != result.earned:
        # Otter has no late policy; points below zero are how its total comes out as ours.
        text = "\n".join(late_lines(result))
        shown["Late"] = Line("Late", 0.0, result.score - result.earned, False, False, text)
    return list(shown.values())


def _line(verdict: Verdict, name: str, result: Result, file: str) -> Line:
    text = "\n".join(explanation(verdict, file_of(result, file), problem=result.problem))
    passed = verdict.outcome is Outcome.PASSED
    hidden = verdict.check.visibility is not Visibility.VISIBLE
    return Line(name, verdict.check.points, verdict.score, passed, hidden, text)


def _take_away(folder: Path, to: Path) -> None:
    to.mkdir()
    for path in list(folder.iterdir()):
        if path.name not in _OTTERS:
            shutil.move(path, to / path.name)
        elif path.name == "__init__.py":
            path.write_text("", encoding="utf-8")  # otter appends nothing to one that the student sent


def _close(folder: Path) -> None:
    folder.chmod(0o700)


def replace_results(root: Path) -> None:
    """Put our results.json in the place of otter's. Where there is none (otter refused the hand-in before any plugin),
    otter's stays."""
    ours = root / "results" / OURS
    if ours.is_file():
        ours.replace(root / "results" / "results.json")
