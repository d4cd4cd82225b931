"""multiprocessing's Pool and ThreadPool do what the real ones do, under every order."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import multiprocessing as mp
import os
import threading
from multiprocessing import Pool, TimeoutError
from multiprocessing.dummy import Pool as DummyPool
from multiprocessing.pool import ThreadPool

KINDS = {"processes": Pool, "threads": ThreadPool}


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def square(number):
    return number * number


def add(one, other=10):
    return one + other


def fail_at_two(number):
    if number == 2:
        raise ValueError(f"no {number}")
    return number


def maps(kind):
    with KINDS[kind](3) as pool:
        return (
            pool.map(square, range(7)),
            pool.map(square, []),
            pool.map(square, range(7), chunksize=2),
            list(pool.imap(square, range(5))),
            list(pool.imap(square, range(5), 2)),
            sorted(pool.imap_unordered(square, range(5))),
            pool.starmap(add, [(1, 2), (3, 4)]),
            pool.starmap(add, [(1,), (2,)]),
        )


def asynchronous(kind):
    with KINDS[kind](2) as pool:
        one, many = pool.apply_async(add, (1,), {"other": 2}), pool.map_async(square, [1, 2, 3])
        several = pool.starmap_async(add, [(1, 1)])
        seen = [one.get(), many.get(), several.get(), pool.apply(add, (5,))]
        one.wait()
        return [*seen, one.ready(), one.successful(), many.successful()]


def callbacks(kind):
    results, errors = [], []
    with KINDS[kind](2) as pool:
        jobs = [pool.apply_async(square, (number,), callback=results.append) for number in range(3)]
        jobs.append(pool.map_async(square, [4, 5], callback=results.append))
        bad = pool.apply_async(fail_at_two, (2,), callback=results.append, error_callback=errors.append)
        for job in jobs:
            job.get()
        bad.wait()
        pool.close()
        pool.join()
    return sorted(results, key=str), [repr(error) for error in errors], bad.successful()


def errors(kind):
    with KINDS[kind](2) as pool:
        iterator = pool.imap(fail_at_two, range(4))
        seen = []
        for _ in range(4):
            seen.append(error(next, iterator))
        return [
            error(pool.map, fail_at_two, range(4)),
            error(pool.apply, fail_at_two, (2,)),
            error(pool.apply_async(int, ("no number",)).get),
            seen,
            pool.map(square, [3]),
        ]


def ends(kind):
    pool = KINDS[kind](2)
    result = pool.map_async(square, range(4))
    pool.close()
    seen = [error(pool.map, square, [1])]
    pool.join()
    pool.close()
    return [*seen, result.get(), error(KINDS[kind], 0)]


def joined_too_early(kind):
    with KINDS[kind](1) as pool:
        return error(pool.join)


def terminated(kind):
    pool = KINDS[kind](2)
    pool.terminate()
    pool.join()
    return error(pool.map, square, [1])


def after_the_with_block(kind):
    with KINDS[kind](2) as pool:
        pool.map(square, [1])
    return error(pool.map, square, [1])


_gift = None


def receive(*gift):
    global _gift
    _gift = gift


def gift(_):
    return _gift


def initializer(kind):
    with KINDS[kind](2, initializer=receive, initargs=("a", 2)) as pool:
        return set(pool.map(gift, range(4)))


def waits_with_a_limit(kind):
    gate = (mp if kind == "processes" else threading).Event()
    receive(gate)
    with KINDS[kind](1) as pool:
        result = pool.apply_async(wait, ())
        seen = [error(result.get, 0.01), result.ready(), error(result.successful), result.wait(0.01)]
        gate.set()
        return [*seen, result.get()]


def wait():
    return _gift[0].wait()


def unpicklable():
    with Pool(1) as pool:
        return error(pool.map, lambda number: number, [1]).partition(":")[0]


def short_lived_workers():
    with Pool(1, maxtasksperchild=2) as pool:
        pids = pool.map(pid, range(6), chunksize=1)
    return len(set(pids)), pids == sorted(pids)


def pid(_):
    return os.getpid()


def inside_a_child():
    reader, writer = mp.Pipe(False)
    process = mp.Process(target=nested, args=(writer,))
    process.start()
    got = reader.recv()
    process.join()
    return got


def nested(end):
    with Pool(2) as pool:
        end.send(pool.map(square, [1, 2]))


def default_size():
    with Pool() as pool, DummyPool() as threads:
        return pool._processes, threads._processes, threads.map(square, [2])


def two_at_once():
    with Pool(2) as first, Pool(2) as second:
        one, other = first.map_async(square, range(3)), second.map_async(add, range(3))
        return one.get(), other.get()
"""

SQUARES = [0, 1, 4, 9, 16, 25, 36]
BY_KIND = {
    "maps": (SQUARES, [], SQUARES, SQUARES[:5], SQUARES[:5], SQUARES[:5], [3, 7], [11, 12]),
    "asynchronous": [3, [1, 4, 9], [2], 15, True, True, True],
    "callbacks": ([0, 1, 4, [16, 25]], ["ValueError('no 2')"], False),
    "errors": [
        "ValueError: no 2",
        "ValueError: no 2",
        "ValueError: invalid literal for int() with base 10: 'no number'",
        [0, 1, "ValueError: no 2", 3],
        [9],
    ],
    "ends": ["ValueError: Pool not running", SQUARES[:4], "ValueError: Number of processes must be at least 1"],
    "joined_too_early": "ValueError: Pool is still running",
    "terminated": "ValueError: Pool not running",
    "after_the_with_block": "ValueError: Pool not running",
    "initializer": {("a", 2)},
    "waits_with_a_limit": ["TimeoutError: ", False, None, None, True],
}

ALONE = {
    "unpicklable": "PicklingError",
    "short_lived_workers": (3, True),
    "inside_a_child": [1, 4],
    "default_size": (4, 4, [4]),
    "two_at_once": ([0, 1, 4], [10, 11, 12]),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("kind", ["processes", "threads"])
@pytest.mark.parametrize("function", BY_KIND)
def test_as_the_real_ones(play: Play, function: str, kind: str, strategy: str) -> None:
    value = play(PROGRAM, function, kind, strategy=strategy).value
    if function == "waits_with_a_limit":
        value[2] = None  # its text holds the object's address
    assert value == BY_KIND[function]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", ALONE)
def test_as_the_real_pool(play: Play, function: str, strategy: str) -> None:
    value = play(PROGRAM, function, strategy=strategy).value
    if function == "unpicklable":
        assert value in ("PicklingError", "AttributeError")  # by the version of Python
    else:
        assert value == ALONE[function]


def test_helper_threads_are_marked(play: Play) -> None:
    run = play(PROGRAM, "after_the_with_block", "processes")
    marked = {task.service for task in run.trace.tasks if task.kind == "thread"}
    assert marked == {True}
    assert [task.service for task in run.trace.tasks if task.kind == "process"] == [False, False]


def test_workers_of_a_thread_pool_are_the_programs_own(play: Play) -> None:
    run = play(PROGRAM, "after_the_with_block", "threads")
    assert sum(not task.service for task in run.trace.tasks) == 3


def test_a_pool_that_nobody_closes_is_named(play: Play) -> None:
    run = play(PROGRAM + "\ndef leave():\n    pool = Pool(1)\n    return pool.map(square, [3])\n", "leave")
    assert run.value == [9]
    assert [event.resource for event in run.trace.events if event.op == "leak"] == ["Pool"]


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("kind", ["Pool", "ThreadPool"])
def test_a_pool_that_is_closed_and_not_joined_is_named(play: Play, kind: str, joined: bool) -> None:
    source = (
        "from multiprocessing.pool import Pool, ThreadPool\n"
        f"def leave():\n    pool = {kind}(2)\n    found = pool.map(abs, [-3])\n    pool.close()\n"
        f"    {'pool.join()' if joined else ''}\n    return found\n"
    )
    run = play(source, "leave", strategy="switches:" + ",".join(f"{at}-0" for at in range(300)))
    assert run.value == [3]
    leaks = [(event.resource, event.value) for event in run.trace.events if event.op == "leak"]
    assert leaks == ([] if joined else [(kind, True)])
