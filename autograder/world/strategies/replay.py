"""A schedule as data, and the strategy that follows it.

A schedule is the list of *switches* at which a run leaves the order without preemptions (`base.stay`): at decision
number ``at``, task ``to`` goes on. The empty schedule is the run without preemptions; most failures need one or two
switches. Points to switch at are operations, not bytecodes, so a schedule means the same on every Python version as
long as the program and the libraries it calls do the same operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autograder.world.strategies.base import Candidate, Strategy, View, stay


class Switch(NamedTuple):
    at: int
    to: int


class Replay(Strategy):
    """Follows a schedule; a switch to a task that cannot go on is passed over."""

    def __init__(self, switches: Iterable[Switch]) -> None:
        self._to = {switch.at: switch.to for switch in switches}

    def choose(self, candidates: Sequence[Candidate], view: View) -> Candidate:
        wanted = self._to.get(view.decisions)
        if wanted is not None:
            for candidate in candidates:
                if candidate.task == wanted:
                    return candidate
        return stay(candidates, view)
