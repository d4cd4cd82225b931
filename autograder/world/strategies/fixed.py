"""Three orders without chance: no preemption, new tasks first, and a switch at every point."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.world.strategies.base import Candidate, Strategy, View, stay


class NonPreemptive(Strategy):
    """A task runs until it waits or ends. New tasks wait for their creator, so whatever a program can start before it
    waits is alive at once: the run that shows the most parallelism that a program has."""

    def choose(self, candidates: Sequence[Candidate], view: View) -> Candidate:
        return stay(candidates, view)


class Eager(Strategy):
    """The newest task that can go on does: a thread has often ended before its creator comes back from ``start()``."""

    def choose(self, candidates: Sequence[Candidate], view: View) -> Candidate:
        busy = [candidate for candidate in candidates if candidate.due and not candidate.idle]
        return max(busy, key=lambda candidate: candidate.task) if busy else stay(candidates, view)


class RoundRobin(Strategy):
    """The adversary: after every operation the next task in the circle goes on. Sleeps and time limits are over as
    soon as it is their turn."""

    def choose(self, candidates: Sequence[Candidate], view: View) -> Candidate:
        return next((candidate for candidate in candidates if candidate.task > view.last), candidates[0])
