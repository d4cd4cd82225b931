"""Shared memory that several tasks touch without agreeing on who goes first.

A *lost update*: a task reads a shared cell, works on what it got and stores the result; a store by another task in
between is overwritten. ``counter.value += 1`` is such a read and store even where each of them locks the Value for
itself, so plain race detection finds nothing wrong with it. It is safe only if read and store lie in *one unbroken
hold* of a lock under which everyone else stores too, or if everyone else's stores must come before the read or after
the store whatever the schedule.

A *data race*: a store and another access of the same cell by different tasks, not ordered and without a lock in
common.

Both hold for what processes share (``Value``, ``Array``) and for the ordinary memory that threads share: variables,
attributes, items of lists and dicts (`events.PLAIN_KINDS`). Of the latter, two things are no data race here:

- Two stores, of which neither task reads what the other stored. Each is one step under the GIL, and on a free-threaded
  build as well; the last one stands. Programs that let it (a variable that remembers who ran last, a dict entry that
  everybody sets) say so by not reading it.
- What is one step of the interpreter's own inside of a list, dict or deque (``append``, ``pop``, ``d.get(k)``): it is
  no access of an item that the trace has, only one of the contents as a whole, which the search turns round. So a value
  that is handed over through a bare list or deque looks unordered, and its own attributes may be found to race where
  they do not.

A read of a plain flag (``while not done``) beside its store *is* found: whether the reader sees the old value or the
new one is up to the schedule. Many right programs have such races, so a finding is a *prediction*: whether the program
is wrong is for a schedule to show, or for a test to say that asks about this very variable (`judge.run`). On today's
GIL builds (from 3.10 on) a switch between the read and the store of ``x += 1`` alone practically never happens; the
language allows it, and free-threaded builds do it.

Both are predictions from one recorded run: the run itself may well have come out right. The order they rely on is
happens-before without mutual exclusion (see `order`), since another schedule may bring the tasks to a lock in another
order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.trace.events import PLAIN_KINDS, Event, Trace
from autograder.trace.locks import exclusive_locks, holds, kind_of, lockset
from autograder.trace.order import Order

Cell = tuple[str, int]
"""A shared object and the index in it."""


@dataclass(frozen=True, slots=True)
class LostUpdate:
    """``read`` and ``store`` are one task's; ``other`` is another task's store that the first task's store can
    overwrite unseen. ``happened`` where it did so in this very run: it then lies between the two."""

    read: Event
    store: Event
    other: Event

    @property
    def happened(self) -> bool:
        return self.read.step < self.other.step < self.store.step


@dataclass(frozen=True, slots=True)
class DataRace:
    """Two accesses of one cell, ``first`` the earlier one in this run; at least one of them is a store."""

    first: Event
    second: Event


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A task stores something of its own in ordinary memory that threads share, ``other`` is what another one then
    stores there, and ``read`` is the first task's, which gets that."""

    store: Event
    other: Event
    read: Event


def taken_over(trace: Trace) -> TakenOver | None:
    """The first of them that happened in this very run, without a lock in common."""
    exclusive = exclusive_locks(trace)
    last: dict[Cell, Event] = {}
    own: dict[tuple[int, Cell], Event] = {}
    for cell, event in _accesses(trace):
        if kind_of(trace, cell[0]) not in PLAIN_KINDS:
            continue
        if event.op == "store":
            last[cell] = own[event.task, cell] = event
            continue
        store, other = own.get((event.task, cell)), last.get(cell)
        if store is None or other is None or other.task == event.task:
            continue
        if not lockset(other, exclusive) & lockset(event, exclusive):
            return TakenOver(store, other, event)
    return None


def lost_updates(trace: Trace) -> list[LostUpdate]:
    """Every read and store of one task between which another task's store can come, in the order of the stores.

    The read is the task's latest one of that cell since its previous store there; a store without one is no update.
    """
    accesses = list(_accesses(trace))
    if not accesses:
        return []
    order, exclusive = Order.of(trace, locks=False), exclusive_locks(trace)
    stores: defaultdict[Cell, dict[tuple[int, frozenset[str]], list[Event]]] = defaultdict(dict)
    for cell, event in accesses:
        if event.op == "store":
            stores[cell].setdefault((event.task, lockset(event, exclusive)), []).append(event)
    found: list[LostUpdate] = []
    reads: dict[tuple[int, Cell], Event] = {}
    for cell, event in accesses:
        if event.op == "read":
            reads[event.task, cell] = event
            continue
        read = reads.pop((event.task, cell), None)
        if read is None:
            continue
        unbroken = {lock for lock, _ in holds(read, exclusive) & holds(event, exclusive)}
        threats = [
            other
            for (task, locks), theirs in stores[cell].items()
            if task != event.task and not unbroken & locks and (other := _between(read, event, theirs, order))
        ]
        if threats:
            found.append(LostUpdate(read, event, min(threats, key=lambda other: _distance(read, event, other))))
    return found


def _between(read: Event, store: Event, theirs: list[Event], order: Order) -> Event | None:
    """A store of one other task that can come between: one that did, or else the nearest one that could have.

    Happens-before is monotonous along a task: if the last of its stores before the read had to come before it, then so
    did all the earlier ones, and likewise afterwards. So three looks are enough.
    """
    begin = bisect_left(theirs, read.step, key=lambda event: event.step)
    end = bisect_right(theirs, store.step, key=lambda event: event.step)
    if begin < end:
        return theirs[begin]
    if end < len(theirs) and not order.before(store.step, theirs[end].step):
        return theirs[end]
    if begin > 0 and not order.before(theirs[begin - 1].step, read.step):
        return theirs[begin - 1]
    return None


def _distance(read: Event, store: Event, other: Event) -> tuple[int, int]:
    """How far a store lies outside of the two, none if between; the earlier one first."""
    return max(0, read.step - other.step, other.step - store.step), other.step


def data_races(trace: Trace) -> list[DataRace]:
    """The data races in the order of their second accesses: one for each object and each pair of source lines, however
    often the two lines ran. Of the memory of threads only those of a read and a store."""
    accesses = list(_accesses(trace))
    if not accesses:
        return []
    order, exclusive = Order.of(trace, locks=False), exclusive_locks(trace)
    # Of each task's accesses of one kind under the same locks the last one is enough: if that had to come first, so
    # had the others.
    last: defaultdict[Cell, dict[tuple[int, str, frozenset[str]], Event]] = defaultdict(dict)
    found: dict[tuple[str, int, int], DataRace] = {}
    for cell, event in accesses:
        held = lockset(event, exclusive)
        plain = kind_of(trace, cell[0]) in PLAIN_KINDS
        for (task, op, locks), earlier in last[cell].items():
            if task == event.task or held & locks or (op == event.op and (plain or op == "read")):
                continue
            if not order.before(earlier.step, event.step):
                found.setdefault((cell[0], earlier.line, event.line), DataRace(earlier, event))
        last[cell][event.task, event.op, held] = event
    return list(found.values())


def unguarded_lines(trace: Trace) -> tuple[int, ...]:
    """The lines at which threads use ordinary memory that they share so that an update can get lost or a read can meet
    another one's store: where a switch of threads could matter although nothing is waited for."""
    events = [event for update in lost_updates(trace) for event in (update.read, update.store, update.other)]
    events += [event for race in data_races(trace) for event in (race.first, race.second)]
    return tuple(sorted({one.line for one in events if one.line > 0 and kind_of(trace, one.resource) in PLAIN_KINDS}))


def _accesses(trace: Trace) -> Iterator[tuple[Cell, Event]]:
    for event in trace.events:
        if event.op in ("read", "store") and kind_of(trace, event.resource) != "Contents":
            yield (event.resource, int(event.value or 0)), event
