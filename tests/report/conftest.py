"""Results to report on, made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.model import CheckPolicy, Finding, Outcome, Result, Status, Verdict, Visibility

LANES = 'a │aaaa    aaaa…        line 12  print(text, end="")\nb │    bbbb             line 12  print(text, end="")'


def _verdict(
    name: str,
    points: float = 2,
    outcome: Outcome = Outcome.PASSED,
    visibility: Visibility = Visibility.VISIBLE,
    finding: Finding | None = None,
    title: str | None = None,
) -> Verdict:
    title = f"The check {name} holds." if title is None else title
    return Verdict(CheckPolicy(name, points, visibility), title, outcome, finding)


@pytest.fixture
def verdict() -> Callable[..., Verdict]:
    return _verdict


@pytest.fixture
def torn() -> Finding:
    return Finding("interleaving", "The text of b stands inside that of a.", (10, 12), LANES, "3f9a2c")


@pytest.fixture
def mixed(torn: Finding) -> Result:
    """A passed, a failed, an after-due-date and an after-published check: nothing hidden."""
    return Result(
        "bauer",
        "locked_printing",
        (
            _verdict("every_text", 3),
            _verdict("whole", 2.5, Outcome.FAILED, finding=torn),
            _verdict("joined", 1, visibility=Visibility.AFTER_DUE_DATE),
            _verdict("one_lock", 1, Outcome.FAILED, Visibility.AFTER_PUBLISHED, Finding("locks", "There are two.")),
        ),
        Status.GRADED,
    )


@pytest.fixture
def secretive(mixed: Result, torn: Finding) -> Result:
    """The same, with two hidden checks."""
    return Result(
        mixed.submission,
        mixed.assignment,
        (
            *mixed.verdicts,
            _verdict("secret_deadlock", 4, Outcome.FAILED, Visibility.HIDDEN, torn, "SECRET one"),
            _verdict("secret_release", 8, Outcome.PASSED, Visibility.HIDDEN, title="SECRET two"),
        ),
        Status.REVIEW,
        reviews=("SECRET disagreement of the real run",),
    )
