"""How a check fails: with a finding that a student can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from autograder.model import Finding

if TYPE_CHECKING:
    from autograder.judge.run import Run

Question = Callable[["Run"], object]
"""Asks the same of another run: raises `CheckFailed` where that one fails too."""


class CheckFailed(Exception):
    """A check's failure in words. ``run`` is the run that shows it; its schedule goes into the finding.

    ``question`` lets the judge ask the same of other schedules, to show the shortest one that fails.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        run: Run | None = None,
        lines: Iterable[int] = (),
        *,
        lanes: str = "",
        question: Question | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.run = run
        self.lines = tuple(lines)
        self.lanes = lanes
        self.question = question

    @classmethod
    def of(cls, finding: Finding, run: Run, question: Question | None = None) -> CheckFailed:
        return cls(finding.kind, finding.message, run, finding.lines, lanes=finding.lanes, question=question)

    def finding(self) -> Finding:
        schedule = self.run.schedule if self.run is not None else ""
        return Finding(self.kind, self.message, self.lines, self.lanes, schedule)


class Inconclusive(Exception):
    """A run was ended by a limit of real time: nothing can be said about the program."""


def expect(got: Any, wanted: Any, what: str, run: Run | None = None) -> None:
    """Fail unless the two are equal in value and type. ``what`` is the call as the student would write it, such as
    ``primes_parallel([2, 3, 4])``."""
    if _same(got, wanted):
        return
    message = f"{what} gave {shown(got)}, expected {shown(wanted)}."
    if type(got) is not type(wanted) and got == wanted:
        message = f"{what} gave a {type(got).__name__}, {shown(got)}; expected a {type(wanted).__name__}."
    raise CheckFailed("wrong value", message, run)


def _same(got: Any, wanted: Any) -> bool:
    if type(got) is not type(wanted):
        return False
    if isinstance(got, (list, tuple)):
        return len(got) == len(wanted) and all(_same(one, other) for one, other in zip(got, wanted, strict=True))
    if isinstance(got, dict):
        return got.keys() == wanted.keys() and all(_same(got[key], wanted[key]) for key in got)
    return bool(got == wanted)


def shown(value: Any, length: int = 120) -> str:
    """A value's repr, cut in the middle where it is long."""
    try:
        text = repr(value)
    except ValueError:  # an int of more digits than Python prints
        text = f"a number of {value.bit_length()} bits"
    if len(text) <= length:
        return text
    half = (length - 3) // 2
    return f"{text[:half]} … {text[-half:]}"
