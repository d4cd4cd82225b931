"""Happens-before: which events of a run had to come in the order in which they came (Lamport 1978).

One event happens before another if it comes first in the same task, or if it made the other possible: a creation and
the new task's start, an end and the join that waited for it, a release and the next acquire of that lock, a message and
its receipt, a notify and the wait that it ended; and by any chain of these. Two events that no such chain connects are
*concurrent*: another schedule may turn them round.

Each task has a vector clock: for every task, how many of its events it has heard of (Fidge, Mattern 1988). Then "does
a happen before b" is one comparison. Clocks change only where something is heard, so events share them, and the cost
of building them is the number of events that receive, times the number of tasks.

With ``locks=False`` the order that mutual exclusion brought about is left out: that one task came to a lock before
another is an accident of the schedule, and a question about *other* schedules must not rely on it. (What is left is
the order that hybrid race detectors use, O'Callahan and Choi 2003.) A lock or semaphore that is released by another
task than the one that holds it is a signal, no mutual exclusion, and stays; so do conditions, events and queues, whose
locks tell something to whoever comes next.

What a channel or a condition passes on, it passes to every later receiver; that is more order than there may be, so
findings can be missed for it, not invented. What leaves no event in the trace (a library that finds its own lock free)
orders nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.trace.events import Event, Trace
from autograder.trace.locks import exclusive_locks, is_lock, kind_of

Clock = tuple[int, ...]

_GIVING = {"create": "begin ", "end": "end ", "release": "", "send": "", "wake": ""}
_TAKING = {"start": "begin ", "join": "end ", "acquire": "", "receive": "", "wait": "", "poll": ""}


@dataclass(frozen=True, slots=True)
class Order:
    """The happens-before order of one trace."""

    _places: dict[int, tuple[int, int]]  # by step: the task's row, and which of its events this is, from 1
    _clocks: dict[int, Clock]  # by step: what its task had heard of

    @classmethod
    def of(cls, trace: Trace, *, locks: bool = True) -> Order:
        rows = {task: row for row, task in enumerate(dict.fromkeys(event.task for event in trace.events))}
        exclusive = frozenset() if locks else _excluding(trace)
        owner: dict[str, int] = {}
        counts = [0] * len(rows)
        heard: list[Clock] = [(0,) * len(rows)] * len(rows)
        told: dict[str, Clock] = {}
        places: dict[int, tuple[int, int]] = {}
        clocks: dict[int, Clock] = {}

        def at(step: int) -> Clock:
            """All that had happened before this event, and the event itself."""
            row, count = places[step]
            return (*clocks[step][:row], count, *clocks[step][row + 1 :])

        for event in trace.events:
            row = rows[event.task]
            counts[row] += 1
            excluding = event.op == "acquire" and event.resource in exclusive
            news = [told[name] for name in _taken(event, excluding) if name in told]
            if event.cause is not None and event.cause in places and not excluding:
                news.append(at(event.cause))
            if news:
                heard[row] = tuple(map(max, heard[row], *news))
            places[event.step] = row, counts[row]
            clocks[event.step] = heard[row]
            if event.op in _GIVING:
                name = _GIVING[event.op] + event.resource
                if event.op == "release" and event.resource in exclusive and _is_signal(event, owner):
                    name = "signal " + event.resource
                now = at(event.step)
                told[name] = tuple(map(max, told[name], now)) if name in told else now
            if event.op == "acquire" and event.value is True:
                owner[event.resource] = event.task
            elif event.op == "release":
                owner.pop(event.resource, None)
        return cls(places, clocks)

    def before(self, first: int, second: int) -> bool:
        """Whether the event of step ``first`` happens before that of step ``second``."""
        (row, count), (other, place) = self._places[first], self._places[second]
        return count < place if row == other else count <= self._clocks[second][row]

    def concurrent(self, one: int, other: int) -> bool:
        """Whether neither of two different events happens before the other."""
        return one != other and not self.before(one, other) and not self.before(other, one)


def _excluding(trace: Trace) -> frozenset[str]:
    """The locks whose order says nothing. A condition's says that what was waited for is true, a queue's or an event's
    that there is something."""
    return frozenset(
        lock for lock in exclusive_locks(trace) if is_lock(trace, lock) and kind_of(trace, lock) != "Condition"
    )


def _taken(event: Event, excluding: bool) -> list[str]:
    """The names under which what this event learns was told."""
    if event.op not in _TAKING or event.value is False:
        return []
    if excluding:
        return ["signal " + event.resource]
    if event.op == "poll":  # channels, and tasks whose end was waited for
        return [name for part in str(event.resource).split(",") for name in (part, "end " + part)]
    return [_TAKING[event.op] + event.resource]


def _is_signal(release: Event, owner: dict[str, int]) -> bool:
    """A release by a task that does not hold the lock, while another one does."""
    if any(lock == release.resource for lock, _ in release.held):
        return False
    return owner.get(release.resource, release.task) != release.task
