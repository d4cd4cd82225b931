"""The schedules that are still worth a try, the most promising first; and when there are none left.

Most promising are those that a run's own trace predicts to be harmful (`predict`).

Dynamic partial-order reduction as a list of work instead of a recursion: each run that was made is looked through for
reversible races (`dependence`), and each race gives a schedule that goes as the run did up to the first of the two and
then lets the other task on. A schedule whose beginning leads to a state from which the same task has gone on before is
left out: all that could come of it has come (happens-before caching: Musuvathi and Qadeer, "Iterative Context Bounding
for Systematic Testing of Multithreaded Programs", PLDI 2007).

The search is bounded by *preemptions*, switches away from a task that could have gone on. Most bugs need one or two
(the same paper; Thomson et al., "Concurrency Testing Using Controlled Schedulers", TOPC 2016). A bound and the
reduction get in each other's way: the place that a race points at may cost a preemption that an earlier one would not.
So the beginning of the task's turn gets a schedule, too (Coons, Musuvathi and McKinley, "Bounded Partial-Order
Reduction", OOPSLA 2013).
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autograder.search.dependence import Dependence, Race
from autograder.search.predict import harmful_orders
from autograder.trace.events import Trace
from autograder.world.record import Choice, Recording
from autograder.world.strategies import Switch

_Rank = tuple[bool, bool, int, int, int]

_Turn = tuple[int, int]
"""A state, and the task that goes on from there."""


class _Schedule(NamedTuple):
    switches: tuple[Switch, ...]
    turn: _Turn  # the last switch
    preemptions: int


FOREIGN = 2
"""What libraries do among themselves waits until the student's own lines have had so many tries each."""


PREDICTED = (("", "predicted", 0), ("", "predicted", 0))
"""Marks a pair that a prediction is about: such a one is turned round first."""


def _predicted(trace: Trace, choices: Sequence[Choice]) -> Iterator[Race]:
    """The pairs of transitions whose other order is predicted to be harmful."""
    steps = [choice.step for choice in choices]
    for pair in harmful_orders(trace):
        first, second = (bisect_right(steps, step) - 1 for step in pair)
        if 0 <= first < second and choices[first].task != choices[second].task:
            yield Race(first, second, True, PREDICTED)


class Frontier:
    """Add every run that was made; ask for the next schedule."""

    def __init__(self, bound: int = 2) -> None:
        """``bound``: the most preemptions that a schedule may have."""
        self.bound = bound
        self.cut = False  # a schedule was left out because of the bound
        self._waiting: list[tuple[_Rank, _Schedule]] = []
        self._proposed: dict[_Turn, int] = {}  # the fewest preemptions
        self._made: dict[_Turn, int] = {}
        self._pairs: Counter[object] = Counter()
        self._count = 0

    @property
    def exhausted(self) -> bool:
        """Whether every schedule within the bound has been tried, up to the order of what does not matter."""
        self._drop_made()
        return not self._waiting

    def next(self) -> tuple[Switch, ...] | None:
        """The schedule to try now; None where none is left."""
        self._drop_made()
        return heapq.heappop(self._waiting)[1].switches if self._waiting else None

    def _drop_made(self) -> None:
        """A schedule may have waited while another run came the same way."""
        while self._waiting:
            schedule = self._waiting[0][1]
            if self._made.get(schedule.turn, self.bound + 1) > schedule.preemptions:
                return
            heapq.heappop(self._waiting)

    def add(self, recording: Recording) -> None:
        """Learn from a run. A run under a timed strategy has made no choices, and teaches nothing."""
        choices = recording.choices
        if not choices:
            return
        first = recording.decisions - len(choices)
        found = Dependence.of(recording.trace, choices)
        spent = [0]  # preemptions before each transition
        for place, choice in enumerate(choices[: len(found.clocks)]):
            turn = found.states[place], choice.task
            self._made[turn] = min(spent[-1], self._made.get(turn, spent[-1]))
            spent.append(spent[-1] + choice.preempts(choice.task))
        predicted = list(_predicted(recording.trace, choices[: len(found.clocks)]))
        for race in (*predicted, *found.races):
            at = race.first
            candidates = [task for task in found.leads_to(choices, at, race.second) if task in choices[at].others]
            for task in candidates[:1] or choices[at].others:
                self._propose(recording, first, found, spent, at, task, race, False)
                begin = at
                while begin and choices[begin - 1].task == choices[at].task:
                    begin -= 1
                if begin != at and task in choices[begin].others:
                    self._propose(recording, first, found, spent, begin, task, race, True)

    def _propose(
        self,
        recording: Recording,
        first: int,
        found: Dependence,
        spent: list[int],
        at: int,
        task: int,
        race: Race,
        early: bool,
    ) -> None:
        """Put the schedule on the list that lets ``task`` on at ``at``, unless it is known or beyond the bound."""
        cost = spent[at] + recording.choices[at].preempts(task)
        if cost > self.bound:
            self.cut = True
            return
        turn = found.states[at], task
        if min(self._proposed.get(turn, cost + 1), self._made.get(turn, cost + 1)) <= cost:
            return
        self._proposed[turn] = cost
        switches = (*(one for one in recording.switches if one.at < first + at), Switch(first + at, task))
        kind = (race.pair, early)
        tries = self._pairs[kind] + (0 if race.own else FOREIGN)
        if race.pair is PREDICTED:
            tries = -self._count  # of three that wait in a ring two must be stopped: the run that stopped one goes on
        rank = (race.pair is not PREDICTED, early, tries, cost, self._count)
        self._pairs[kind] += 1
        self._count += 1
        heapq.heappush(self._waiting, (rank, _Schedule(switches, turn, cost)))
