"""Condition, Event and Barrier do what the real ones do, under every order."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
from threading import Barrier, BrokenBarrierError, Condition, Event, Lock, Thread


def start(*targets):
    threads = [Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    return threads


def together(*targets):
    for thread in start(*targets):
        thread.join()


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def condition_passes_items():
    condition, items, got = Condition(), [], []

    def take():
        for _ in range(4):
            with condition:
                while not items:
                    condition.wait()
                got.append(items.pop(0))

    def give():
        for item in range(8):
            with condition:
                items.append(item)
                condition.notify()

    together(take, take, give)
    return got


def condition_notify_all():
    condition, ready, woken = Condition(), [], []

    def wait(name):
        with condition:
            condition.wait_for(lambda: ready)
            woken.append(name)

    threads = start(*[lambda name=name: wait(name) for name in range(5)])
    with condition:
        ready.append(True)
        condition.notify_all()
    for thread in threads:
        thread.join()
    return sorted(woken)


def condition_notify_n():
    condition, tickets, got = Condition(), 0, []

    def wait():
        nonlocal tickets
        with condition:
            while not tickets:
                condition.wait()
            tickets -= 1
            got.append(1)

    threads = start(wait, wait, wait)
    for count in (2, 1):
        with condition:
            tickets += count
            condition.notify(count)
    for thread in threads:
        thread.join()
    return sum(got), tickets


def condition_timeouts():
    condition = Condition()
    with condition:
        return (
            condition.wait(0.01),
            condition.wait(timeout=0),
            condition.wait_for(lambda: False, timeout=0.01),
            condition.wait_for(lambda: 7, timeout=0.01),
            condition.wait_for(lambda: 8),
        )


def condition_errors():
    condition = Condition()
    return [error(condition.wait), error(condition.notify), error(condition.release)]


def condition_on_a_lock():
    lock = Lock()
    first, second = Condition(lock), Condition(lock)
    with first:
        return lock.locked(), error(second.notify), second.acquire(False)


def condition_frees_its_lock():
    condition, seen = Condition(), []

    def wait():
        with condition:
            seen.append("waits")
            condition.wait_for(lambda: "told" in seen)
            seen.append("woken")

    def tell():
        with condition:
            seen.append("told")
            condition.notify_all()

    (waiting,) = start(wait)
    while not seen:
        pass
    together(tell)
    waiting.join()
    return seen


def event_states():
    event = Event()
    seen = [event.is_set(), event.wait(0.01), event.set(), event.is_set(), event.wait(), event.wait(0)]
    event.clear()
    return seen + [event.is_set(), event.wait(0)]


def event_opens_for_all():
    event, passed = Event(), []
    threads = start(*[lambda: passed.append(event.wait())] * 4)
    closed = list(passed)
    event.set()
    for thread in threads:
        thread.join()
    return closed, passed


def event_stops_a_loop():
    event, turns = Event(), 0

    def work():
        nonlocal turns
        while not event.is_set():
            turns += 1

    (thread,) = start(work)
    event.wait(0.01)
    event.set()
    thread.join()
    return thread.is_alive()


def barrier_rounds():
    barrier, seen = Barrier(3), []

    def work():
        for round in range(3):
            seen.append(round)
            barrier.wait()

    together(work, work, work)
    return seen


def barrier_numbers():
    acted, numbers = [], []
    barrier = Barrier(3, action=lambda: acted.append(barrier.n_waiting))

    together(*[lambda: numbers.append(barrier.wait())] * 3)
    return sorted(numbers), acted, barrier.parties, barrier.n_waiting, barrier.broken


def barrier_of_one():
    barrier = Barrier(1)
    return barrier.wait(), barrier.wait(), barrier.broken


def barrier_timeout():
    barrier, seen = Barrier(2), []

    def work():
        try:
            barrier.wait(0.01)
        except BrokenBarrierError:
            seen.append("broken")

    together(work)
    return seen, barrier.broken, error(barrier.wait)


def barrier_own_timeout():
    return error(Barrier(2, timeout=0.01).wait)


def barrier_abort_and_reset():
    barrier, seen = Barrier(3), []

    def work():
        try:
            barrier.wait()
        except BrokenBarrierError:
            seen.append("broken")

    threads = start(work, work)
    barrier.abort()
    for thread in threads:
        thread.join()
    barrier.reset()
    together(work, work, work)
    return seen, barrier.broken


def barrier_action_fails():
    def fail():
        raise KeyError("action")

    barrier, seen = Barrier(2, fail), []

    def work():
        seen.append(error(barrier.wait))

    together(work, work)
    return sorted(seen)

"""

EXPECTED = {
    "condition_passes_items": [0, 1, 2, 3, 4, 5, 6, 7],
    "condition_notify_all": [0, 1, 2, 3, 4],
    "condition_notify_n": (3, 0),
    "condition_timeouts": (False, False, False, 7, 8),
    "condition_errors": [
        "RuntimeError: cannot wait on un-acquired lock",
        "RuntimeError: cannot notify on un-acquired lock",
        "RuntimeError: cannot release un-acquired lock",
    ],
    "condition_on_a_lock": (True, None, False),
    "condition_frees_its_lock": ["waits", "told", "woken"],
    "event_states": [False, False, None, True, True, True, False, False],
    "event_opens_for_all": ([], [True] * 4),
    "event_stops_a_loop": False,
    "barrier_rounds": [0, 0, 0, 1, 1, 1, 2, 2, 2],
    "barrier_numbers": ([0, 1, 2], [3], 3, 0, False),
    "barrier_of_one": (0, 0, False),
    "barrier_timeout": (["broken"], True, "BrokenBarrierError: "),
    "barrier_own_timeout": "BrokenBarrierError: ",
    "barrier_abort_and_reset": (["broken", "broken"], False),
    "barrier_action_fails": ["BrokenBarrierError: ", "KeyError: 'action'"],
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", EXPECTED)
def test_as_the_real_ones(play: Play, function: str, strategy: str) -> None:
    assert play(PROGRAM, function, strategy=strategy).value == EXPECTED[function]
