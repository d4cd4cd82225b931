"""Grades the one hand-in of a Gradescope-style container: ``python -I -m autograder.inside.gradescope /autograder``.

    /autograder/source/                    grading.yml and the assignment's tests, from the zip (`autograder.build`)
    /autograder/submission/                what the student handed in
    /autograder/submission_metadata.json   who, when, until when
    /autograder/results/results.json       what we write

The format of the metadata: https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/. Lateness is
counted from ``created_at``, never from the clock, so that grading again gives the same. The due date is Gradescope's
(with a student's extension, where it names one), or where it has none that of grading.yml; what being late costs is
said by grading.yml alone. Metadata that cannot be read cost nobody a point: the program is graded, nothing is taken off
for being late, and a person is asked to look.

Everything that goes wrong ends in a results.json, too. What even this program cannot tell (it was killed, or could not
be started) is told by the script that runs it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from autograder.config import load_course
from autograder.inside.hand_in import judged
from autograder.late import lateness
from autograder.model import Assignment, Course, Origin, Result, Status
from autograder.report import gradescope
from autograder.report.text import one_line, write_whole

METADATA = "submission_metadata.json"
LARGEST = 16 << 20
"""Bytes of metadata that are read; earlier results of the student are among them."""


class _Dates(msgspec.Struct):
    due_date: datetime | None = None


class _User(msgspec.Struct):
    name: str | None = None
    assignment: _Dates | None = None  # the student's own dates, where there is an extension


class _Written(msgspec.Struct):
    """What we need of the metadata; all else is passed over."""

    id: int | str = ""
    created_at: datetime | None = None
    assignment: _Dates | None = None
    users: list[_User] = []
    previous_submissions: list[msgspec.Raw] = []


@dataclass(frozen=True)
class Told:
    """What the metadata say. ``attempt`` counts from 1; ``problem`` is why they could not be read."""

    id: str = "submission"
    names: tuple[str, ...] = ()
    submitted: datetime | None = None
    due: datetime | None = None
    attempt: int = 1
    problem: str = ""


def read_metadata(path: Path, zone: ZoneInfo) -> Told:
    """The metadata of a hand-in. A time without an offset is by the course's clocks."""
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
        if len(body) > LARGEST:
            return Told(problem=f"{path.name}: found more than {LARGEST} bytes")
        written = msgspec.json.decode(body, type=_Written)
    except OSError as error:
        return Told(problem=f"{path.name} can't be read ({error.strerror or error})")
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return Told(problem=f"{path.name}: {error}")
    own = [user.assignment.due_date for user in written.users if user.assignment and user.assignment.due_date]
    common = written.assignment.due_date if written.assignment else None
    # Members of a group may have extensions of their own: the latest holds for all of them.
    dues = [_aware(due, zone) for due in own] or ([_aware(common, zone)] if common else [])
    return Told(
        id=one_line(str(written.id)) or "submission",
        names=tuple(user.name for user in written.users if user.name),
        submitted=None if written.created_at is None else _aware(written.created_at, zone),
        due=max(dues, default=None),
        attempt=len(written.previous_submissions) + 1,
        problem="" if written.created_at else f"{path.name} does not say when this was handed in (created_at)",
    )


def _aware(when: datetime, zone: ZoneInfo) -> datetime:
    return when.replace(tzinfo=zone) if when.tzinfo is None else when.astimezone(zone)


def grade(root: Path, course: Course, assignment: Assignment, *, degraded: bool) -> Result:
    """The result of the hand-in below ``root``. Never raises: what fails of the grader's own makes it *broken*."""
    told = read_metadata(root / METADATA, ZoneInfo(course.timezone))
    result = judged(root / "submission", assignment, told.id, degraded=degraded)
    return _with_dates(result, course, assignment, told)


def _with_dates(result: Result, course: Course, assignment: Assignment, told: Told) -> Result:
    """The result with what the metadata say about when."""
    deadline = course.deadlines[assignment.name]
    if told.due is not None:
        deadline = replace(deadline, due=told.due)
    origin = Origin(
        "gradescope", told.id, one_line(", ".join(told.names)), submitted=told.submitted, attempt=told.attempt
    )
    late = None if told.submitted is None else lateness(told.submitted, deadline)
    result = replace(result, origin=origin, lateness=late)
    if told.problem and (deadline.due is not None or not told.submitted):
        status = Status.REVIEW if result.status is Status.GRADED else result.status
        reason = f"{told.problem}: nothing has been taken off for being late"
        result = replace(result, status=status, reviews=(*result.reviews, reason))
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade, write results.json, and return an exit code: 0 whatever the score; an exception is the caller's to see."""
    parser = argparse.ArgumentParser(prog="gradescope", description="Grade the hand-in of a container.")
    parser.add_argument("root", type=Path, help="the folder that is /autograder on Gradescope")
    parser.add_argument("--allow-degraded", action="store_true", help="grade where layers of the sandbox are missing")
    parser.add_argument("--leaderboard", action="store_true", help="write points and speedup for a leaderboard")
    asked = parser.parse_args(arguments)
    course = load_course(asked.root / "source" / "grading.yml")
    (assignment,) = course.assignments.values()
    result = grade(asked.root, course, assignment, degraded=asked.allow_degraded)
    report = gradescope.results(result, assignment.file, page=True, leaderboard=asked.leaderboard)
    for reason in result.reviews:
        print(f"for the staff: {one_line(reason, 2000)}")  # kept in the log that only they see
    write_whole(asked.root / "results" / "results.json", gradescope.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
