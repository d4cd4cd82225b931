"""Results to report on, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from autograder.model import (
    CheckPolicy,
    Finding,
    Lane,
    Outcome,
    Picture,
    Result,
    Speedups,
    Status,
    Stroke,
    Verdict,
    Visibility,
)

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


SOURCE = b"""\
from threading import Lock, Thread

def print_all(texts):
    lock = Lock()
    for text in texts:
        with lock:
            print(text, end="")
        print()  # <not> "locked" & 'so' on
"""


@pytest.fixture
def source() -> bytes:
    return SOURCE


@pytest.fixture
def steps() -> Picture:
    """Two threads, one of which is stopped while it holds a lock."""
    return Picture(
        "steps",
        6.0,
        (Lane("main", "main", 0, 6), Lane("a", "thread", 1, 5), Lane("b", "thread", 1, 6)),
        (
            Stroke(1, 1, 3, "hold", "lock", 6),
            Stroke(2, 1, 4, "wait", "", 7),
            Stroke(0, 0, 1, "task", "starts a, b", 5),
            Stroke(1, 1, 2, "take", "takes lock", 6),
            Stroke(1, 2, 3, "write", "aaaa", 7, marked=True),
            Stroke(2, 4, 5, "write", "bbbb", 7, marked=True),
            Stroke(1, 4, 5, "stopped", "is stopped"),
            Stroke(2, 5, 6, "blocked", "waits for lock", 6),
        ),
        ((3, 7),),
    )


@pytest.fixture
def seconds() -> Picture:
    return Picture(
        "seconds",
        0.4,
        (Lane("main", "main", 0, 0.4), Lane("a", "thread", 0, 0.2)),
        (
            Stroke(0, 0, 0.4, "wait", "", 8),
            Stroke(1, 0, 0.1, "work", "", 7),
            Stroke(1, 0.1, 0.2, "sleep", "", 7),
            Stroke(1, 0, 0.2, "critical"),
        ),
        more=3,
    )


@pytest.fixture
def drawn(mixed: Result, steps: Picture, seconds: Picture) -> Result:
    """The same as ``mixed`` with all that can be drawn."""
    every, whole, joined, lock = mixed.verdicts
    assert whole.finding is not None
    assert lock.finding is not None
    speedups = Speedups(((1, 1.0), (2, 1.1), (4, None)), 2.5, 2, "cores")
    whole = replace(whole, finding=replace(whole.finding, lines=(6, 7), picture=steps))
    lock = replace(lock, finding=replace(lock.finding, message="Slow (line 4).", picture=seconds, speedups=speedups))
    return replace(mixed, verdicts=(replace(every, scope="8 schedules; there are more"), whole, joined, lock))
