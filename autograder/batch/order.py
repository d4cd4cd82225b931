"""From a TA's order to a graded class: what was handed in is collected, the machine admitted, everybody graded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from autograder import stopping
from autograder.batch import grading
from autograder.cores import usable
from autograder.late import with_lateness
from autograder.lms.collect import Wanted, collect, moment
from autograder.model import Assignment, Course, Result
from autograder.report.progress import class_progress
from autograder.sandbox import doctor
from autograder.scratch import Scratch, remove_stale

if TYPE_CHECKING:
    from autograder.batch.slurm import Slurm


@dataclass(frozen=True)
class Order:
    """What `autograder grade` was asked for, by the names of its arguments and options. ``jobs`` of 0 are one a core;
    ``cluster`` judges where there is one, else this machine does."""

    paths: tuple[Path, ...]
    out: Path
    jobs: int = 0
    cluster: Slurm | None = None
    lms: str = ""
    roster: Path | None = None
    regrade: tuple[str, ...] = ()
    since: str = ""
    again: bool = False
    degraded: bool = False


class Stopped(Exception):
    """A signal ended the grading; what was graded by then stays."""


def carry_out(order: Order, course: Course, assignment: Assignment, tell: Callable[[str], None]) -> list[Result]:
    """Grade what was handed in for an assignment. ``tell`` is given each remark for the TA; progress is shown on
    standard error. Raises `Stopped`, and with a text for the TA what collecting, admitting and writing raise
    (`IntakeError`, `doctor.NotIsolated`, `grading.OutputError`)."""
    after = moment(order.since, course.timezone) if order.since else None
    # A cluster's nodes are each asked when they judge.
    if order.cluster is None and (
        remark := doctor.admit((one.folder for one in course.assignments.values()), degraded=order.degraded)
    ):
        tell(remark)
    if order.cluster is not None:
        with grading.writing(order.out):
            order.out.mkdir(parents=True, exist_ok=True)
        remove_stale(order.out)
    # What a cluster's nodes are to judge has to lie where they see it.
    with stopping.by_signals(), Scratch(None if order.cluster is None else order.out) as scratch:
        wanted = Wanted(order.lms, order.roster, order.regrade, after)
        found = collect(order.paths, assignment.file, scratch, order.out, course.timezone, wanted)
        for remark in (*found.remarks, *(f"{one.id}: {note}" for one in found.submissions for note in one.notes)):
            tell(remark)
        submissions = with_lateness(found.submissions, course.deadlines[assignment.name])
        graded = 0

        def count(result: Result) -> None:
            nonlocal graded
            graded += 1
            shown.graded(result)

        try:
            with class_progress(len(submissions), Console(stderr=True)) as shown:
                return grading.grade_class(
                    submissions,
                    assignment,
                    order.out,
                    order.jobs or usable(),
                    executor=order.cluster,
                    progress=count,
                    running=shown.running,
                    again=order.again or bool(order.regrade),
                )
        except KeyboardInterrupt:
            said = f"stopped: {graded} of {len(submissions)} were graded; their reports are in {order.out}"
            raise Stopped(said) from None
