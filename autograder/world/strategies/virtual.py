"""By virtual time: the performance run. Whoever can act first on the modelled machine goes first."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.world.strategies.base import Candidate, Strategy, View


class VirtualTime(Strategy):
    timed = True

    def __init__(self, quantum_ticks: int) -> None:
        self.ticks = max(1, quantum_ticks)

    def choose(self, candidates: Sequence[Candidate], view: View) -> Candidate:
        return min(candidates, key=lambda candidate: (candidate.at, candidate.task))
