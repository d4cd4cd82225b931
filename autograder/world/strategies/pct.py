"""Random priorities with a bounded number of changes: PCT.

Every task gets a random priority when it is created; the highest goes on. At ``changes`` random points of the run the
task that would go on gets the lowest priority so far. A bug that needs d ordered constraints is found with probability
at least 1/(n k^(d-1)) for n tasks, k decisions and d-1 changes (Burckhardt et al., "A Randomized Scheduler with
Probabilistic Guarantees of Finding Bugs", ASPLOS 2010).

A task that pauses, or whose time limit ran out, also falls to the lowest priority: otherwise a loop that polls would
keep all others from running for ever (the paper leaves fairness to the program).
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from autograder.world.strategies.base import Candidate, Strategy, View


class Pct(Strategy):
    def __init__(self, seed: int, decisions: int, changes: int = 2) -> None:
        """``decisions`` is about how many choices the run will have: the change points are drawn from as many."""
        self._random = random.Random(seed)
        self._points = {self._random.randrange(max(1, decisions)) for _ in range(changes)}
        self._priority: dict[int, float] = {}
        self._lowest = 0.0

    def choose(self, candidates: Sequence[Candidate], view: View) -> Candidate:
        for candidate in candidates:
            if candidate.task not in self._priority:
                self._priority[candidate.task] = 1 + self._random.random()
            if candidate.task == view.last and candidate.idle:
                self._demote(candidate.task)
        best = self._best(candidates)
        if view.decisions in self._points:
            self._demote(best.task)
            best = self._best(candidates)
        if not best.due:
            self._demote(best.task)
        return best

    def _best(self, candidates: Sequence[Candidate]) -> Candidate:
        return max(candidates, key=lambda candidate: self._priority[candidate.task])

    def _demote(self, task: int) -> None:
        self._lowest -= 1
        self._priority[task] = self._lowest
