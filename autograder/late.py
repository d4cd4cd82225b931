"""The course's late policy, applied to the time that the LMS gives.

Everything is a matter of the course's own clocks. The LMS gives a time with its zone, or one by the clock on the wall
(``autograder.lms`` reads that in the course's time zone), and a *day* late ends at the hour of the due date. Due on
Saturday at 23:59, a hand-in on Sunday at 23:30 is one day late, also in the night when clocks are put back and 24.5
hours lie in between. ``datetime`` counts just so where both sides have the same zone; whether a hand-in is late at all
is asked in UTC, where no hour comes twice.

A mark of the LMS without a time ("LATE" in a Canvas download) is no measure. Nothing is taken off for it, and the
submission is one for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from autograder.model import Deadline, Lateness, LatePolicy, Origin, Submission

_DAY = timedelta(days=1)


def lateness(submitted: datetime, deadline: Deadline) -> Lateness | None:
    """What the policy says of an aware time; None where the assignment has no due date."""
    due, policy = deadline.due, deadline.late
    if due is None:
        return None
    here = submitted.astimezone(UTC).astimezone(due.tzinfo)
    end = due + timedelta(minutes=policy.grace_minutes)
    if here.astimezone(UTC) <= end.astimezone(UTC):
        return Lateness(here, due, 0, 0.0)
    days = max(1, -((end - here) // _DAY))
    return Lateness(here, due, days, _percent(days, policy))


def _percent(days: int, policy: LatePolicy) -> float:
    return 100.0 if days > policy.max_days else min(100.0, days * policy.per_day_percent)


def with_lateness(submissions: Iterable[Submission], deadline: Deadline) -> list[Submission]:
    """The submissions, each with what the policy says of it where the LMS gave a time."""
    return [
        replace(one, lateness=lateness(one.origin.submitted, deadline))
        if one.origin is not None and one.origin.submitted is not None
        else one
        for one in submissions
    ]


def doubt(origin: Origin | None, late: Lateness | None) -> str | None:
    """Why a person has to decide about being late; None where the policy could."""
    if origin is None or not origin.late:
        return None
    if late is None:
        return (
            "the LMS marks this as late, and its download does not say since when: nothing has been taken off "
            "(correct the total in grades.csv, or leave it to the LMS's own late policy)"
        )
    if late.in_time:
        return "the LMS marks this as late, and by grading.yml it came in time: is the due date the same in both?"
    return None
