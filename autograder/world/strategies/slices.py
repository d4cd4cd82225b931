"""Given time slices: the threads get these numbers of loop turns, in turn; then time is over.

First every thread comes to its *gate*, its first turn of a loop; tasks that never reach one (main that joins, a timer
that waits) do not compete for the interpreter and go on whenever they can. Then the threads at the gate take turns, in
the order of their creation, each for exactly the turns of its slice: turns of loops alone, so that a helper function
inside the loop does not shorten it. After the last slice the clock leaps by `LEAP` seconds: every sleep and every time
limit is over, whoever waited for it goes first, and then the threads come to their end one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.world.strategies.base import Candidate, Strategy, View, stay

LEAP = 3600.0


class Slices(Strategy):
    turns_only = True

    def __init__(self, turns: Sequence[int], threads: int = 2) -> None:
        self._turns = list(turns)
        self._threads = threads
        self._gate: set[int] = set()
        self._circle: list[int] = []
        self._slice = 0
        self._left = self._turns[0] if self._turns else 0
        self._leaps = 0.0

    def choose(self, candidates: Sequence[Candidate], view: View) -> Candidate:
        for candidate in candidates:
            if candidate.op == "pause" and candidate.task != 0 and not self._circle:
                self._gate.add(candidate.task)
        if self._circle and not self._over and self._left <= 0 and view.last == self._current:
            self._next_slice()
        competing = [c for c in candidates if c.due and c.task in (self._circle or self._gate)]
        others = [c for c in candidates if c.due and c.task not in (self._circle or self._gate)]
        # One that only polls must not keep the threads from running.
        busy = [c for c in others if c.op != "pause" and not (c.idle and c.task == view.last)]
        if busy:
            return busy[0]
        if not self._circle and len(competing) >= min(self._threads, len(self._gate)) > 0:
            self._circle = sorted(self._gate)[: self._threads]
        if self._over:
            if others and view.last in self._circle:
                return others[0]  # main, that looked at the clock in a loop
            return stay(candidates, view)
        if self._circle:
            for candidate in competing:
                if candidate.task == self._current:
                    return candidate
        return (competing or others or sorted(candidates, key=lambda c: (c.at, c.task)))[0]

    @property
    def _over(self) -> bool:
        return self._slice >= len(self._turns)

    @property
    def _current(self) -> int:
        return self._circle[self._slice % len(self._circle)]

    def _next_slice(self) -> None:
        self._slice += 1
        if self._over:
            self._leaps = LEAP
        else:
            self._left = self._turns[self._slice]

    def budget(self, task: int) -> int:
        if not self._circle:
            return 0 if task != 0 and task not in self._gate else self.ticks
        if self._over or task != self._current:
            return self.ticks
        return self._left

    def parked(self, task: int, ticks: int) -> None:
        if self._circle and not self._over and task == self._current:
            self._left -= ticks

    def leap(self) -> float:
        seconds, self._leaps = self._leaps, 0.0
        return seconds
