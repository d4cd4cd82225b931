"""Who judges: the one question that grading a class asks of this machine's workers and of a cluster alike.

An executor gets groups of submissions, each of equal content, and gives back the reports of each group as texts. It
writes nothing into the folder of the reports: that is for the one process that holds its journal, so that a worker or
a task which was thought dead and goes on can spoil nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from autograder import late
from autograder.batch.reports import source_of, texts
from autograder.model import Assignment, Outcome, Result, Status, Submission, Verdict

Reports = Mapping[str, str]
"""The reports of one submission: their texts by file name, evidence.json among them (`batch.reports.texts`)."""

Running = Callable[[Sequence[str]], None]
"""Is told the ids of those that are being judged, whenever these are others."""


@dataclass(frozen=True, slots=True)
class Group:
    """Submissions that no judge can tell apart: the first is judged, and each gets reports of its own. ``keys`` are
    the journal's, one for each: equal for another group only if its reports would be equal."""

    submissions: tuple[Submission, ...]
    keys: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.submissions[0].id


class Executor(Protocol):
    """``batch.local.Local`` or ``batch.slurm.Slurm``."""

    def run(
        self, groups: Sequence[Group], assignment: Assignment, running: Running
    ) -> Generator[tuple[Group, list[Reports]], None, None]:
        """Each group once, in any order, with the reports of its submissions in their order. A group over which a
        judge died is tried once more, and then *broken*. Closing the generator ends all that it started."""


def broken(submission: Submission, assignment: Assignment, reason: str) -> Result:
    """The result of a submission that could not be graded: nothing is said about the program."""
    verdicts = tuple(Verdict(check, "", Outcome.ERROR) for check in assignment.checks)
    return Result(
        submission.id, assignment.name, verdicts, Status.BROKEN, reviews=(reason,), notes=submission.notes
    )  # fmt: skip


def reports(result: Result, group: Group, assignment: Assignment) -> list[Reports]:
    """The reports of a group, from the result of its first submission. A report that can't be made is the grader's
    fault, and costs nobody else theirs."""
    made: list[Reports] = []
    noted = result.notes[len(group.submissions[0].notes) :]  # by the judge: of a notebook, what it left out
    source = source_of(group.submissions[0].path)
    for submission in group.submissions:
        own = with_origin(replace(result, submission=submission.id, notes=(*submission.notes, *noted)), submission)
        try:
            made.append(texts(own, submission, assignment, source))
        except Exception as error:
            own = with_origin(broken(submission, assignment, fault(error)), submission)
            made.append(texts(own, submission, assignment, None))
    return made


def died_twice(group: Group, assignment: Assignment, how: str) -> list[Reports]:
    """The reports of a group over which two judges died."""
    reason = f"the grader's process ended twice over it ({how})"
    return reports(broken(group.submissions[0], assignment, reason), group, assignment)


def fault(error: Exception) -> str:
    """An exception of the grader's own, with its place: a module and a line, since a path differs between machines."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "?")
        place, trace = f" (line {trace.tb_lineno} of {module})", trace.tb_next
    return f"the grader failed: {type(error).__name__}: {error}{place}"


def with_origin(result: Result, submission: Submission) -> Result:
    """What the LMS and the late policy say is added here: the judge knows the program and nothing else."""
    result = replace(result, origin=submission.origin, lateness=submission.lateness)
    reason = late.doubt(submission.origin, submission.lateness)
    if reason is None:
        return result
    status = Status.REVIEW if result.status is Status.GRADED else result.status
    return replace(result, status=status, reviews=(*result.reviews, reason))
