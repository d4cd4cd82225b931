"""feedback.txt: what the student reads, and what not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from autograder.model import Finding, Outcome, Result, Status, Verdict, Visibility
from autograder.report.feedback import feedback


def test_the_whole_text(mixed: Result) -> None:
    assert (
        feedback(mixed)
        == """\
Assignment  locked_printing
Submission  bauer
Points      4 of 7.5

✓ The check every_text holds. (3/3)
✗ The check whole holds. (0/2.5)
    The text of b stands inside that of a.
    See lines 10 and 12.

    a │aaaa    aaaa…        line 12  print(text, end="")
    b │    bbbb             line 12  print(text, end="")

    See it again:  autograder replay locked_printing.py 3f9a2c

✓ The check joined holds. (1/1)
✗ The check one_lock holds. (0/1)
    There are two.
"""
    )


def test_hidden_checks_leave_no_trace(mixed: Result, secretive: Result) -> None:
    text = feedback(secretive)
    assert "SECRET" not in text
    assert "secret" not in text
    assert "Points      4 of 7.5 for the checks shown here" in text
    assert "not the total" in text
    assert "12" not in text.replace("line 12", "").replace("10 and 12", "")
    assert "19.5" not in text
    # The rest is the same as without them.
    assert text.endswith(feedback(mixed).partition("\n\n")[2])


def test_hidden_checks_can_not_be_told_from_their_outcome(secretive: Result) -> None:
    turned = tuple(
        replace(verdict, outcome=Outcome.FAILED) if verdict.check.visibility is Visibility.HIDDEN else verdict
        for verdict in secretive.verdicts
    )
    assert feedback(replace(secretive, verdicts=turned)) == feedback(secretive)


def test_where_all_is_hidden_no_points_stand(secretive: Result) -> None:
    text = feedback(replace(secretive, verdicts=secretive.verdicts[-2:]))
    assert "Points" not in text
    assert "The checks of this assignment are not shown." in text


def test_a_problem_is_told_once_above_the_checks(verdict: Callable[..., Verdict]) -> None:
    problem = "line 3: '(' was never closed"
    checks = tuple(verdict(name, 2, Outcome.FAILED, finding=Finding("syntax error", problem)) for name in "ab")
    text = feedback(Result("a", "pool_fib", checks, Status.GRADED, problem=problem))
    assert text.count(problem) == 1
    assert text.endswith("never closed\n\n✗ The check a holds. (0/2)\n✗ The check b holds. (0/2)\n")
    assert "Points      0 of 4\n" in text


@pytest.mark.parametrize(("outcome", "mark"), [(Outcome.INCONCLUSIVE, "?"), (Outcome.ERROR, "!")])
def test_what_was_not_decided_is_said(verdict: Callable[..., Verdict], outcome: Outcome, mark: str) -> None:
    finding = Finding("limit", "The run used 10 seconds.")
    text = feedback(Result("a", "pool_fib", (verdict("pool", 2, outcome, finding=finding),), Status.REVIEW))
    assert f"{mark} The check pool holds. (0/2)\n    Not decided: " in text
    assert "The run used 10 seconds." in text
    assert "A person will look at this submission" in text


def test_reasons_for_a_review_are_not_for_the_student(mixed: Result) -> None:
    text = feedback(replace(mixed, status=Status.REVIEW, reviews=("copied from chen",), notes=("graded as x",)))
    assert "copied" not in text
    assert "A person will look" in text
    assert "Note: graded as x" in text


def test_a_passed_check_explains_nothing(verdict: Callable[..., Verdict], torn: Finding) -> None:
    text = feedback(Result("a", "pool_fib", (verdict("pool", finding=torn),), Status.GRADED))
    assert text.endswith("✓ The check pool holds. (2/2)\n")


def test_text_from_the_submission_is_harmless_and_fits(verdict: Callable[..., Verdict]) -> None:
    finding = Finding("wrong value", "\x1b[2J" + "word " * 60, lanes="\x07" + "x" * 90, schedule="a;\x1b b")
    checks = (verdict("pool", 2, Outcome.FAILED, finding=finding, title="A title\nof \x1b[31m two lines."),)
    text = feedback(Result("a\x1b", "pool_fib", checks, Status.GRADED))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "✗ A title of \\x1b[31m two lines. (0/2)\n" in text
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "autograder replay pool_fib.py 'a;\\x1b b'" in text


def test_lines_are_pointed_at_unless_the_message_does(verdict: Callable[..., Verdict]) -> None:
    def told(message: str, *lines: int) -> str:
        checks = (verdict("pool", 2, Outcome.FAILED, finding=Finding("race", message, lines)),)
        return feedback(Result("a", "pool_fib", checks, Status.GRADED)).partition("(0/2)\n")[2]

    assert told("Two writes at lines 4 and 17.", 4, 17) == "    Two writes at lines 4 and 17.\n"
    assert told("40 of 170 writes were lost.", 4, 17) == "    40 of 170 writes were lost.\n    See lines 4 and 17.\n"
    assert told("A write was lost.", 4, 9, 17).endswith("See lines 4, 9 and 17.\n")
    assert told("A write was lost.", 4).endswith("See line 4.\n")


def test_a_long_schedule_is_not_cut(verdict: Callable[..., Verdict]) -> None:
    schedule = "7f" * 20_000
    checks = (verdict("pool", 2, Outcome.FAILED, finding=Finding("race", "Lost.", schedule=schedule)),)
    assert schedule in feedback(Result("a", "pool_fib", checks, Status.GRADED))
