"""What the two kinds of user see in the terminal."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from autograder.model import Finding, Outcome, Result, Status, Verdict, Visibility
from autograder.report.feedback import public_checks
from autograder.report.terminal import check_report, class_table, wants_colour


def printed(results: list[Result], width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width)
    class_table(results, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_check_report_shows_public_checks_only(secretive: Result) -> None:
    secretive = replace(secretive, status=Status.GRADED)
    text = check_report(secretive, "locked_printing.py")
    assert text.startswith("✓ The check every_text holds. (3/3)\n✗ The check whole holds. (0/2.5)\n    The text of b")
    assert text.endswith("See it again:  autograder replay locked_printing.py 3f9a2c\n\n1 of 2 checks passed.\n")
    assert [verdict.check.name for verdict in public_checks(secretive)] == ["every_text", "whole"]
    only = tuple(public_checks(secretive))
    assert text == check_report(replace(secretive, verdicts=only), "locked_printing.py")


def test_the_check_report_of_a_file_that_can_not_be_run(verdict: Callable[..., Verdict]) -> None:
    finding = Finding("syntax error", "line 3: '(' was never closed")
    checks = (verdict("pool", 2, Outcome.FAILED, finding=finding),)
    text = check_report(Result("a", "pool_fib", checks, Status.GRADED, problem=finding.message), "mine.py")
    assert text == (
        "Your program could not be checked: line 3: '(' was never closed\n\n"
        "✗ The check pool holds. (0/2)\n\n0 of 1 checks passed.\n"
    )


def test_the_check_report_without_public_checks(verdict: Callable[..., Verdict]) -> None:
    result = Result("a", "pool_fib", (verdict("pool", visibility=Visibility.HIDDEN),), Status.GRADED)
    assert check_report(result, "pool_fib.py") == "This assignment has no checks that you can run yourself.\n"


def test_colour_is_the_only_difference(mixed: Result) -> None:
    plain, coloured = (check_report(mixed, "x.py", colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert coloured.count("\x1b[32m") == coloured.count("\x1b[31m") == 1
    for code in ("\x1b[32m", "\x1b[31m", "\x1b[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_colour_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Terminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(Terminal())


def test_the_class_table(mixed: Result, secretive: Result) -> None:
    broken = replace(mixed, submission="aaltonen", status=Status.BROKEN, verdicts=())
    review = replace(secretive, submission="chen")
    missing = replace(mixed, submission="diaz", verdicts=(), problem='no file "locked_printing.py" was handed in')
    text = printed([review, mixed, missing, broken])
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    starts = [line.split()[0] for line in lines[2:] if not line.startswith(" ")]
    assert starts == ["aaltonen", "bauer", "chen", "diaz", "4"]
    assert "bauer 4/7.5 graded whole, one_lock" in [" ".join(line.split()) for line in lines]
    assert "review" in text
    assert "no file" in text
    assert lines[-1] == "4 submissions, 1 to be looked at, 1 could not be graded"
    assert "\x1b" not in text


def test_undecided_checks_are_told_from_failed_ones(verdict: Callable[..., Verdict]) -> None:
    verdicts = (verdict("a", 1, Outcome.FAILED), verdict("b", 1, Outcome.INCONCLUSIVE), verdict("c", 1, Outcome.ERROR))
    assert "a, b (not decided), c (grader failed)" in printed([Result("x", "y", verdicts, Status.REVIEW)])


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_table_fits_and_believes_no_markup(mixed: Result, width: int) -> None:
    evil = replace(mixed, submission="[red]x[/] \x1b[2J " + "long" * 20, problem="[/]" + "word " * 100)
    text = printed([evil, mixed], width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "[red]" in text
    assert "\x1b" not in text
