from __future__ import annotations

import pytest

from autograder.trace.lock_order import LostWakeUp, lock_cycles, lost_wakeups
from tests.trace.build import Script


def nest(run: Script, task: int, *locks: str, line: int = 5) -> None:
    """Take the locks one under the other, and give them back."""
    for lock in locks:
        run.thing(lock, "Lock", process=0)
        run.acquire(task, lock, line=line)
    for lock in reversed(locks):
        run.release(task, lock, line=line)


def cycles(run: Script) -> list[list[tuple[int, str, str]]]:
    return [[(edge.takes.task, edge.held, edge.takes.resource) for edge in one] for one in lock_cycles(run.trace())]


def test_two_locks_in_opposite_orders():
    run = Script()
    a, b = run.create(), run.create()
    nest(run, a, "first", "second")
    nest(run, b, "second", "first")
    assert cycles(run) == [[(a, "first", "second"), (b, "second", "first")]]
    (cycle,) = lock_cycles(run.trace())
    assert [edge.since < edge.takes.step for edge in cycle] == [True, True]


def test_a_ring_of_three():
    run = Script()
    tasks = [run.create() for _ in range(3)]
    for task, locks in zip(tasks, ("xy", "yz", "zx"), strict=True):
        nest(run, task, *locks)
    assert cycles(run) == [[(tasks[0], "x", "y"), (tasks[1], "y", "z"), (tasks[2], "z", "x")]]


def test_the_same_order_has_no_cycle():
    run = Script()
    for task in (run.create(), run.create()):
        nest(run, task, "first", "second", "third")
    assert cycles(run) == []


def test_one_task_alone_waits_for_nobody():
    run = Script()
    a = run.create()
    nest(run, a, "first", "second")
    nest(run, a, "second", "first")
    assert cycles(run) == []


def test_a_lock_around_all_of_it_lets_only_one_in():
    run = Script()
    a, b = run.create(), run.create()
    nest(run, a, "gate", "first", "second")
    nest(run, b, "gate", "second", "first")
    assert cycles(run) == []


def test_who_comes_only_after_the_others_end_meets_nobody():
    run = Script()
    a = run.create()
    nest(run, a, "first", "second")
    run.end(a)
    run.join(a)
    b = run.create()
    nest(run, b, "second", "first")
    assert cycles(run) == []


def test_a_lock_that_is_taken_again_is_not_waited_for():
    run = Script()
    a, b = run.create(), run.create()
    run.thing("again", "RLock", process=0)
    for lock in ("again", "other", "again"):
        run.acquire(a, lock, line=5)
    for lock in ("again", "other", "again"):
        run.release(a, lock, line=5)
    nest(run, b, "again", "other")
    assert cycles(run) == []


@pytest.mark.parametrize("kind", ["Queue", "Event", ""])
def test_the_locks_of_a_library_are_its_affair(kind: str):
    run = Script()
    a, b = run.create(), run.create()
    nest(run, a, "first", "second")
    nest(run, b, "second", "first")
    run.thing("second", kind, process=0)
    assert cycles(run) == []


def conditions(run: Script, waiter: int, waker: int, via: str) -> tuple[int, int]:
    """One waits for a condition, and the other one ends that."""
    run.thing("ready", "Condition", process=0)
    came = run.acquire(waiter, "ready", line=3)
    run.release(waiter, "ready", line=4)
    there = run.acquire(waker, "ready", line=7)
    wake = run.event(waker, "wake", "w", line=8, via=via)
    run.release(waker, "ready", line=9)
    run.event(waiter, "wait", "w", True, line=4, via="Condition.wait", cause=wake)
    run.acquire(waiter, "ready", line=4)
    return came.step, there.step


def test_a_notify_that_could_have_come_first():
    run = Script()
    pair = conditions(run, run.create(), run.create(), "Condition.notify_all")
    assert lost_wakeups(run.trace()) == [LostWakeUp(*pair)]


def test_an_event_remembers_that_it_was_set():
    run = Script()
    conditions(run, run.create(), run.create(), "Event.set")
    assert lost_wakeups(run.trace()) == []
