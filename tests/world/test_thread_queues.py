"""The four classes of ``queue`` do what the real ones do, under every order."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import queue
from queue import Empty, Full, LifoQueue, PriorityQueue, Queue, SimpleQueue
from threading import Thread


def start(*targets):
    threads = [Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    return threads


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def orders():
    seen = []
    for kind in (Queue, LifoQueue, PriorityQueue, SimpleQueue):
        one = kind()
        for item in (2, 3, 1):
            one.put(item)
        seen.append([one.get() for _ in range(3)])
    return seen


def states():
    one = Queue(2)
    seen = [one.empty(), one.full(), one.qsize()]
    one.put("a")
    one.put_nowait("b")
    seen += [one.empty(), one.full(), one.qsize(), one.maxsize]
    return seen


def empty():
    one = Queue()
    return [error(one.get_nowait), error(one.get, False), error(one.get, timeout=0.01), error(one.get, True, -1)]


def full():
    one = Queue(1)
    one.put(1)
    return [error(one.put_nowait, 2), error(one.put, 2, False), error(one.put, 2, timeout=0.01), one.get()]


def simple():
    one = SimpleQueue()
    seen = [one.empty(), error(one.get_nowait), error(one.get, timeout=0.01)]
    one.put(5)
    return seen + [one.qsize(), one.get(timeout=1), error(one.get, timeout=-1)]


def workers():
    work, done = Queue(), Queue()

    def act():
        while True:
            item = work.get()
            if item is None:
                return
            done.put(item * item)

    threads = start(act, act, act)
    for number in range(10):
        work.put(number)
    for _ in threads:
        work.put(None)
    for thread in threads:
        thread.join()
    return sorted(done.get_nowait() for _ in range(10)), done.empty()


def bounded_producer():
    one, most, got = Queue(maxsize=2), 0, []

    def produce():
        for number in range(6):
            one.put(number)
        one.put(None)

    (thread,) = start(produce)
    while (item := one.get()) is not None:
        most = max(most, one.qsize())
        got.append(item)
    thread.join()
    return got, most <= 2


def join_waits_for_task_done():
    one, done = Queue(), []

    def act():
        while True:
            item = one.get()
            done.append(item)
            one.task_done()

    thread = Thread(target=act, daemon=True)
    thread.start()
    for item in range(4):
        one.put(item)
    one.join()
    return done, one.unfinished_tasks


def task_done_too_often():
    return error(Queue().task_done)


def join_of_nothing():
    return Queue().join()


def simple_between_threads():
    one, got = SimpleQueue(), []
    (thread,) = start(lambda: [got.append(one.get()) for _ in range(5)])
    for item in range(5):
        one.put(item)
    thread.join()
    return got


def simple_wakes_each():
    one, got = SimpleQueue(), []
    threads = start(*[lambda: got.append(one.get())] * 3)
    for item in range(3):
        one.put(item)
    for thread in threads:
        thread.join()
    return sorted(got)


def priority_of_pairs():
    one = PriorityQueue()
    for pair in ((3, "c"), (1, "a"), (2, "b")):
        one.put(pair)
    return [one.get()[1] for _ in range(3)]


def names():
    return [Empty is queue.Empty, issubclass(Full, Exception), Empty.__module__.lstrip("_"), repr(Full())]
"""

EXPECTED = {
    "orders": [[2, 3, 1], [1, 3, 2], [1, 2, 3], [2, 3, 1]],
    "states": [True, False, 0, False, True, 2, 2],
    "empty": ["Empty: ", "Empty: ", "Empty: ", "ValueError: 'timeout' must be a non-negative number"],
    "full": ["Full: ", "Full: ", "Full: ", 1],
    "simple": [True, "Empty: ", "Empty: ", 1, 5, "ValueError: 'timeout' must be a non-negative number"],
    "workers": ([0, 1, 4, 9, 16, 25, 36, 49, 64, 81], True),
    "bounded_producer": ([0, 1, 2, 3, 4, 5], True),
    "join_waits_for_task_done": ([0, 1, 2, 3], 0),
    "task_done_too_often": "ValueError: task_done() called too many times",
    "join_of_nothing": None,
    "simple_between_threads": [0, 1, 2, 3, 4],
    "simple_wakes_each": [0, 1, 2],
    "priority_of_pairs": ["a", "b", "c"],
    "names": [True, True, "queue", "Full()"],
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", EXPECTED)
def test_as_the_real_ones(play: Play, function: str, strategy: str) -> None:
    assert play(PROGRAM, function, strategy=strategy).value == EXPECTED[function]
