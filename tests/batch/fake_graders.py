"""Graders that stand in for the judge. A module of its own: workers import it by name."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from autograder.model import Assignment, Finding, Outcome, Result, Status, Submission, Verdict


def by_content(submission: Submission, assignment: Assignment) -> Result:
    """Gives the points whose check's name stands in the file; some files do more."""
    if submission.path is None:
        problem = submission.problem or ""
        failed = tuple(_verdict(check, False, problem) for check in assignment.checks)
        return Result(submission.id, assignment.name, failed, Status.GRADED, problem=problem, notes=submission.notes)
    text = submission.path.read_text(encoding="utf-8")
    _misbehave(text, submission.path)
    verdicts = tuple(_verdict(check, check.name in text, "It does not.") for check in assignment.checks)
    notes = (*submission.notes, *(["a cell was left out"] if "noted" in text else []))
    return Result(submission.id, assignment.name, verdicts, Status.GRADED, notes=notes)


def _misbehave(text: str, path: Path) -> None:
    if "raise" in text:
        raise ZeroDivisionError("the grader's own")
    if "segfault" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "exit" in text:
        os._exit(7)
    if "once" in text and not (mark := path.with_name("seen")).exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "lose the task" in text and not (mark := path.with_name("seen")).exists():
        mark.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        signal.pause()
    if "forever" in text:
        try:
            _say_pid(path)
            signal.pause()
        finally:
            path.with_name("unwound").touch()
    if "patient" in text:
        with path.with_name("attempts").open("a") as attempts:
            attempts.write("x")
        if attempts_made(path) == 1:
            _say_pid(path)
            path.with_name("go").read_bytes()


def attempts_made(path: Path) -> int:
    return path.with_name("attempts").stat().st_size


def _say_pid(path: Path) -> None:
    """Tells the test that a worker is in the midst of grading, and which process it is."""
    path.with_name("fifo").write_text(str(os.getpid()))


def _verdict(check, passed, message) -> Verdict:  # type: ignore[no-untyped-def]
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    return Verdict(check, f"It is {check.name}.", outcome, None if passed else Finding("wrong value", message))
