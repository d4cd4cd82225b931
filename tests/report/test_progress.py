"""What a TA sees while a class is graded."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from autograder.model import Result, Status
from autograder.report.progress import class_progress, rate


def test_a_terminal_shows_who_is_being_graded() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, color_system=None)
    with class_progress(5, console) as shown:
        shown.graded(Result("before", "pool_fib", (), Status.GRADED))
        shown.running(["aaltonen", "[red]bauer"])
        shown.graded(Result("aaltonen", "pool_fib", (), Status.GRADED))
        shown.running(["[red]bauer"])
        console.print("in between")  # draws the bar anew
    text = screen.getvalue()
    assert "[red]bauer" in text  # no markup
    assert "2/5" in text


def test_a_file_gets_nothing() -> None:
    file = io.StringIO()
    with class_progress(2, Console(file=file)) as shown:
        shown.running(["a"])
        shown.graded(Result("a", "pool_fib", (), Status.GRADED))
    assert file.getvalue() == ""


@pytest.mark.parametrize(("speed", "text"), [(None, "–/s"), (0.0, "–/s"), (12.34, "12.3/s"), (0.25, "15.0/min")])
def test_a_rate_reads_well(speed: float | None, text: str) -> None:
    assert rate(speed) == text
