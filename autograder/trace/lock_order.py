"""Deadlocks that a run did not have: locks taken in opposite orders, and a notify that could have come too early.

Two tasks that each take a second lock while they hold the other's first are in a deadlock if each is interrupted
between the two. A run in which that did not happen shows it all the same: what each took while it held what is an edge,
and a *cycle* of edges of different tasks is a deadlock in another schedule (Havelund, "Using Runtime Analysis to Guide
Model Checking of Java Programs", SPIN 2000), unless one lock is held at all of them, so that only one task at a time
gets there, or something else orders them (Bensalem and Havelund, "Dynamic Deadlock Analysis of Multi-threaded
Programs", HVC 2005).

A wait that a notify ended would have waited for ever, had the notify come first and were nothing looked at before the
wait: a *lost wake-up*.

Both are predictions. Whether the other order can be had, and is harmful, only a run in it can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.trace.events import Event, Trace
from autograder.trace.locks import exclusive_locks, is_lock
from autograder.trace.order import Order

LONGEST = 4
"""Tasks of the longest cycle that is looked for; with so many all shapes are seen that a course shows."""

MOST_EDGES = 300
MOST_CYCLES = 20


@dataclass(frozen=True, slots=True)
class Nested:
    """An acquire under another lock: the task ``takes`` a lock while it holds ``held``, since ``since`` (steps).
    ``under`` are all locks that it holds there."""

    takes: Event
    held: str
    since: int
    under: frozenset[str]


@dataclass(frozen=True, slots=True)
class LostWakeUp:
    """The steps at which the task that waits and the one that wakes it came to the lock that both hold for that."""

    waiter: int
    waker: int


def lock_cycles(trace: Trace) -> list[tuple[Nested, ...]]:
    """The cycles in the lock order, those of two tasks first. In each, every task takes what the next one holds, and
    the last one what the first one holds; the first is the one whose acquire came first."""
    edges = _edges(trace)
    if len({edge.takes.task for edge in edges}) < 2:
        return []
    order = Order.of(trace, locks=False)
    holding: defaultdict[str, list[Nested]] = defaultdict(list)
    for edge in edges:
        holding[edge.held].append(edge)

    def ways(chain: tuple[Nested, ...]) -> Iterator[tuple[Nested, ...]]:
        for edge in holding[chain[-1].takes.resource]:
            if edge.takes.step > chain[0].takes.step and all(_meet(edge, other, order) for other in chain):
                yield (*chain, edge)

    found: list[tuple[Nested, ...]] = []
    chains: list[tuple[Nested, ...]] = [(edge,) for edge in edges]
    while chains and len(chains[0]) < LONGEST and len(found) < MOST_CYCLES:
        chains = [longer for chain in chains for longer in ways(chain)][:MOST_EDGES]
        found += [chain for chain in chains if chain[-1].takes.resource == chain[0].held]
    return found[:MOST_CYCLES]


def _edges(trace: Trace) -> list[Nested]:
    """One for each task, pair of locks and set of locks held, in the order of the run."""
    exclusive = frozenset(lock for lock in exclusive_locks(trace) if is_lock(trace, lock))
    edges: dict[tuple[int, str, str, frozenset[str]], Nested] = {}
    for event in trace.events:
        if event.op != "acquire" or event.value is not True or event.resource not in exclusive or event.line <= 0:
            continue
        before = {lock: step for lock, step in event.held if lock in exclusive and step < event.step}
        if event.resource in before:
            continue  # an RLock, taken again
        for lock, since in before.items():
            under = frozenset(before)
            edges.setdefault((event.task, lock, event.resource, under), Nested(event, lock, since, under))
    return list(edges.values())[:MOST_EDGES]


def _meet(one: Nested, other: Nested, order: Order) -> bool:
    """Whether two tasks can be at their acquires at once."""
    return (
        one.takes.task != other.takes.task
        and not one.under & other.under
        and order.concurrent(one.takes.step, other.takes.step)
    )


def lost_wakeups(trace: Trace) -> list[LostWakeUp]:
    """The waits for a condition that a notify ended, each with the locks' acquires that decided which came first."""
    wakes = {event.step: event for event in trace.events if event.op == "wake" and event.via.startswith("Condition.")}
    found: list[LostWakeUp] = []
    taken: dict[tuple[int, str], int] = {}  # by task and lock: the latest acquire, before the wait let go of it
    for event in trace.events:
        wake = wakes.get(event.cause) if event.op == "wait" and event.cause is not None else None
        if wake is not None and wake.task != event.task:
            for lock, since in wake.held:
                mine = taken.get((event.task, lock))
                if mine is not None and mine < since:
                    found.append(LostWakeUp(mine, since))
        elif event.op == "acquire" and event.value is True:
            taken[event.task, event.resource] = event.step
    return found
