"""The late policy: days by the course's clocks, and what the reports say of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.late import doubt, lateness
from autograder.model import CheckPolicy, Deadline, LatePolicy, Origin, Outcome, Result, Status, Verdict, Visibility
from autograder.report import gradebook, gradescope
from autograder.report.feedback import feedback

BERLIN = ZoneInfo("Europe/Berlin")
POLICY = LatePolicy(grace_minutes=15, per_day_percent=10, max_days=3)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


DUE = at("2026-12-07T23:59")


@pytest.mark.parametrize(
    ("submitted", "days", "percent"),
    [
        ("2026-12-07T23:59", 0, 0),
        ("2026-12-08T00:14", 0, 0),  # the grace
        ("2026-12-08T00:14:01", 1, 10),
        ("2026-12-09T00:14", 1, 10),
        ("2026-12-09T00:15", 2, 20),
        ("2026-12-11T00:14", 3, 30),
        ("2026-12-11T00:15", 4, 100),  # after the last day
    ],
)
def test_every_day_begun_costs(submitted: str, days: int, percent: float) -> None:
    late = lateness(at(submitted), Deadline(DUE, POLICY))
    assert late is not None
    assert (late.days, late.percent) == (days, percent)
    # The same moment told in another zone is the same lateness.
    assert lateness(at(submitted).astimezone(ZoneInfo("Asia/Tokyo")), Deadline(DUE, POLICY)) == late


def test_a_day_ends_at_the_hour_of_the_due_date_when_clocks_are_put_back() -> None:
    deadline = Deadline(at("2026-10-24T23:59"), LatePolicy(0, 10, 3))
    late = lateness(at("2026-10-25T23:30"), deadline)  # 24.5 hours later
    assert late is not None
    assert late.days == 1
    early = lateness(at("2026-03-29T23:59:30"), Deadline(at("2026-03-28T23:59"), LatePolicy(0, 10, 3)))  # 23 hours
    assert early is not None
    assert early.days == 2


def test_in_the_hour_that_comes_twice_the_second_one_is_late() -> None:
    deadline = Deadline(at("2026-10-25T02:30"), LatePolicy(0, 10, 3))
    for fold, days in ((0, 0), (1, 1)):
        late = lateness(at("2026-10-25T02:30").replace(fold=fold), deadline)
        assert late is not None
        assert (late.days, late.in_time) == (days, fold == 0)


def test_without_a_due_date_nothing_is_late() -> None:
    assert lateness(DUE, Deadline(None, POLICY)) is None


@given(st.integers(-100_000, 1_000_000), st.integers(0, 10_000), st.integers(0, 30))
def test_later_never_costs_less(seconds: int, more: int, max_days: int) -> None:
    deadline = Deadline(DUE, LatePolicy(0, 7.5, max_days))
    start = DUE.astimezone(UTC)
    one = lateness(start + timedelta(seconds=seconds), deadline)
    other = lateness(start + timedelta(seconds=seconds + more), deadline)
    assert one is not None
    assert other is not None
    assert 0 <= one.percent <= other.percent <= 100
    assert (one.days == 0) == (seconds <= 0)


def result(hidden: bool = False, submitted: str = "2026-12-09T12:00") -> Result:
    checks = [CheckPolicy("a", 3, Visibility.VISIBLE), CheckPolicy("late", 2, Visibility.VISIBLE)]
    checks += [CheckPolicy("secret", 4, Visibility.HIDDEN)] if hidden else []
    verdicts = tuple(Verdict(check, f"It is {check.name}.", Outcome.PASSED) for check in checks)
    late = lateness(at(submitted), Deadline(DUE, POLICY))
    origin = Origin("sakai", "ada", "Ada", submitted=at(submitted))
    return Result("ada", "pool_fib", verdicts, Status.GRADED, origin=origin, lateness=late)


def test_reports_say_what_it_costs() -> None:
    text = feedback(result())
    assert "Points      4 of 5 (earned 5, less for being late)\n" in text
    assert (
        "Late: handed in 2026-12-09 12:00 (UTC+0100), due 2026-12-07 23:59 (UTC+0100); 2 days begun, which "
        "cost 20 % of the points. Of 5 points, 4 count." in " ".join(text.split("\n"))
    )
    report = gradescope.results(result())
    assert report["score"] == 4
    assert report["extra_data"]["late"]["earned"] == 5
    assert gradebook.row(report) == {
        "a": "3", "check late": "2", "late": "2", "earned": "5", "total": "4", "max": "5", "status": "graded",
    }  # fmt: skip
    assert gradescope.dumps(report) == gradescope.dumps(gradescope.results(result()))


def test_hidden_points_are_not_told_by_the_late_line() -> None:
    text = feedback(result(hidden=True))
    assert "20 % of the points.\n" in text
    assert "count." not in text
    assert "9 points" not in text
    assert "of 9" not in gradescope.results(result(hidden=True))["output"]


def test_grace_and_the_end_are_told_too() -> None:
    grace = feedback(result(submitted="2026-12-08T00:05"))
    assert "within the time of grace and costs nothing" in " ".join(grace.split("\n"))
    assert "no points count" in feedback(result(submitted="2026-12-20T00:05"))
    assert "Late" not in feedback(result(submitted="2026-12-07T00:05"))


def test_what_the_lms_and_the_policy_do_not_agree_on_is_for_a_person() -> None:
    marked = Origin("canvas", "1", late=True)
    assert "does not say since when" in (doubt(marked, None) or "")
    assert "is the due date the same" in (doubt(marked, lateness(DUE, Deadline(DUE, POLICY))) or "")
    assert doubt(marked, lateness(DUE + timedelta(days=1), Deadline(DUE, POLICY))) is None
    assert doubt(Origin("canvas", "1"), None) is None
