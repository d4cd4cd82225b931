"""The protocol of strategies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Candidate(NamedTuple):
    """A task that could go on. ``at`` is the earliest virtual time of its operation; ``due`` is False for a sleep or a
    time limit that lies in the future; ``idle`` marks a task that only used up its budget of ticks, or that only asks
    whether something has happened yet: it is likely to do the same again. ``polls`` marks one that has asked so, or
    done nothing but operations of its own, for very long."""

    task: int
    at: float
    due: bool
    op: str
    idle: bool
    polls: bool = False


class View(Protocol):
    """What a strategy may look at beside the candidates."""

    @property
    def last(self) -> int:
        """The task that ran last."""
        ...

    @property
    def decisions(self) -> int:
        """How many choices came before this one."""
        ...


class Strategy:
    """Who goes on, and for how many ticks. Subclasses answer `choose` and, where the default will not do, the rest."""

    timed = False
    turns_only = False  # budgets count turns of loops alone, not function entries
    ticks = 2_000  # one number for all untimed strategies: a schedule of one replays under another

    def choose(self, candidates: Sequence[Candidate], view: View) -> Candidate:
        """One of the candidates, which are sorted by task and never empty."""
        raise NotImplementedError

    def budget(self, task: int) -> int:
        """Ticks that the task may run before it pauses; 0: it pauses at its next tick."""
        return self.ticks

    def parked(self, task: int, ticks: int) -> None:
        """The task has parked after so many ticks."""

    def leap(self) -> float:
        """Seconds that the clock leaps ahead now."""
        return 0.0


def stay(candidates: Sequence[Candidate], view: View) -> Candidate:
    """The order without preemptions: the task that ran last goes on until it waits, then the lowest-numbered one.

    One that only paused makes way for the others, or a loop that waits for another task would never end. A sleep that
    is not over is taken only when nobody else can go on, or all others only ask again, the shortest first.
    """
    due = [candidate for candidate in candidates if candidate.due]
    if len(due) < len(candidates) and all(candidate.polls for candidate in due):
        later = [candidate for candidate in candidates if not candidate.due]
        return min(later, key=lambda candidate: (candidate.at, candidate.task))
    last = next((candidate for candidate in due if candidate.task == view.last), None)
    if last is None:
        return due[0]
    if not last.idle:
        return last
    return next((candidate for candidate in due if candidate.task > view.last), due[0])
