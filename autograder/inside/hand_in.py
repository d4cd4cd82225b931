"""The one hand-in that another grader has laid into a folder, judged as one of a class would be."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from autograder import intake
from autograder.batch import local
from autograder.batch.executor import broken
from autograder.model import Assignment, Result, Submission
from autograder.sandbox import doctor


def judged(folder: Path, assignment: Assignment, id: str = "submission", *, degraded: bool) -> Result:
    """The result of what lies in a folder, in time. ``degraded`` grades also where layers of the sandbox are missing.
    Never raises: what fails of the grader's own makes the result *broken*."""
    submission = Submission(id, None)
    try:
        note = doctor.admit([assignment.folder], degraded=degraded)
        submission = replace(intake.handed_in(folder, assignment.file), id=id)
        result = _by_a_worker(submission, assignment)
        if note:
            result = replace(result, notes=(*result.notes, note))
    except Exception as error:
        # Whatever it is, one student is waiting for one result, and only the staff can do something about it.
        result = broken(submission, assignment, f"{type(error).__name__}: {error}")
    return result


def _by_a_worker(submission: Submission, assignment: Assignment) -> Result:
    """By a worker of its own, like each submission of a class: a judge that dies is tried once more."""
    how = ""
    for _ in range(2):
        with closing(local.judge_all([submission], assignment, 1)) as outcomes:
            for _, outcome in outcomes:
                if isinstance(outcome, Result):
                    return outcome
                how = outcome
    return broken(submission, assignment, f"the grader's process ended twice over it ({how})")
