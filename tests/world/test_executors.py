"""The executors of concurrent.futures do what the real ones do, under every order."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import concurrent.futures as cf
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

KINDS = {"processes": ProcessPoolExecutor, "threads": ThreadPoolExecutor}


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def square(number):
    return number * number


def fail_at_two(number):
    if number == 2:
        raise ValueError(f"no {number}")
    return number


def maps(kind):
    with KINDS[kind](max_workers=2) as executor:
        return (
            list(executor.map(square, range(5))),
            list(executor.map(pow, [2, 3], [3, 2])),
            list(executor.map(square, range(5), chunksize=2)),
            list(executor.map(square, [])),
        )


def submits(kind):
    with KINDS[kind](2) as executor:
        futures = [executor.submit(square, number) for number in range(4)]
        return [future.result() for future in futures], [future.done() for future in futures]


def completes(kind):
    with KINDS[kind](2) as executor:
        futures = {executor.submit(square, number): number for number in range(5)}
        return sorted((futures[future], future.result()) for future in cf.as_completed(futures))


def waits(kind):
    with KINDS[kind](2) as executor:
        futures = [executor.submit(fail_at_two, number) for number in range(4)]
        done, missing = cf.wait(futures)
        first = cf.wait(futures, return_when=cf.FIRST_EXCEPTION)
        return len(done), len(missing), len(first.not_done)


def errors(kind):
    with KINDS[kind](2) as executor:
        future = executor.submit(fail_at_two, 2)
        return (
            error(future.result),
            repr(future.exception()),
            error(list, executor.map(fail_at_two, range(4))),
            executor.submit(square, 2).exception(),
            executor.submit(square, 3).result(),
        )


def callbacks(kind):
    seen = []
    with KINDS[kind](2) as executor:
        for number in range(3):
            executor.submit(square, number).add_done_callback(lambda future: seen.append(future.result()))
    return sorted(seen)


def after_shutdown(kind):
    executor = KINDS[kind](1)
    future = executor.submit(square, 3)
    executor.shutdown()
    return future.result(), error(executor.submit, square, 1)


def bad_size(kind):
    return error(KINDS[kind], 0)


_gift = None


def receive(gift):
    global _gift
    _gift = gift


def gift(_):
    return _gift


def initializer(kind):
    with KINDS[kind](2, initializer=receive, initargs=("given",)) as executor:
        return set(executor.map(gift, range(4)))


def names():
    with ThreadPoolExecutor(1, thread_name_prefix="mine") as executor:
        return executor.submit(lambda: threading.current_thread().name).result()


def cancelled():
    gate = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        first, second = executor.submit(gate.wait), executor.submit(square, 2)
        while not first.running():
            time.sleep(0.001)
        seen = [second.cancel(), second.cancelled(), error(second.result).partition(":")[0]]
        gate.set()
        return [*seen, first.result(), first.cancel()]


def result_with_a_limit():
    gate = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(gate.wait)
        seen = [error(future.result, timeout=0.01), error(future.exception, 0.01), len(cf.wait([future], 0.01).done)]
        gate.set()
        return seen


def as_completed_with_a_limit():
    gate = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(gate.wait)
        got = error(list, cf.as_completed([future], 0.01))
        gate.set()
        return got


def a_worker_that_dies():
    with ProcessPoolExecutor(1) as executor:
        return error(executor.submit(os._exit, 1).result).partition(":")[0]


def unpicklable():
    with ProcessPoolExecutor(1) as executor:
        return error(executor.submit(lambda: 1).result).partition(":")[0]


def nested():
    with ThreadPoolExecutor(2) as outer:
        return outer.submit(lambda: list(ThreadPoolExecutor(2).map(square, [1, 2]))).result()


def shutdown_without_waiting():
    gate = threading.Event()
    executor = ThreadPoolExecutor(1)
    first, second = executor.submit(gate.wait), executor.submit(square, 2)
    while not first.running():
        time.sleep(0.001)
    executor.shutdown(wait=False, cancel_futures=True)
    gate.set()
    return first.result(), second.cancelled()
"""

BY_KIND = {
    "maps": ([0, 1, 4, 9, 16], [8, 9], [0, 1, 4, 9, 16], []),
    "submits": ([0, 1, 4, 9], [True] * 4),
    "completes": [(0, 0), (1, 1), (2, 4), (3, 9), (4, 16)],
    "waits": (4, 0, 0),
    "errors": ("ValueError: no 2", "ValueError('no 2')", "ValueError: no 2", None, 9),
    "callbacks": [0, 1, 4],
    "after_shutdown": (9, "RuntimeError: cannot schedule new futures after shutdown"),
    "bad_size": "ValueError: max_workers must be greater than 0",
    "initializer": {"given"},
}
ALONE = {
    "names": "mine_0",
    "cancelled": [True, True, "CancelledError", True, False],
    "result_with_a_limit": ["TimeoutError: ", "TimeoutError: ", 0],
    "as_completed_with_a_limit": "TimeoutError: 1 (of 1) futures unfinished",
    "a_worker_that_dies": "BrokenProcessPool",
    "unpicklable": "PicklingError",
    "nested": [1, 4],
    "shutdown_without_waiting": (True, True),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("kind", ["processes", "threads"])
@pytest.mark.parametrize("function", BY_KIND)
def test_as_the_real_ones(play: Play, function: str, kind: str, strategy: str) -> None:
    assert play(PROGRAM, function, kind, strategy=strategy).value == BY_KIND[function]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", ALONE)
def test_as_the_real_executor(play: Play, function: str, strategy: str) -> None:
    value = play(PROGRAM, function, strategy=strategy).value
    if function == "unpicklable":
        assert value in ("PicklingError", "AttributeError")  # by the version of Python
    else:
        assert value == ALONE[function]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_processes_of_a_fresh_start(play: Play, method: str) -> None:
    assert play(PROGRAM, "maps", "processes", start_method=method).value == BY_KIND["maps"]
