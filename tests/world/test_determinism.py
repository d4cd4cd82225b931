"""The same program under the same strategy leaves the same trace, event by event; a recorded schedule leaves it too."""

from __future__ import annotations

import pytest

from autograder.trace.events import Trace
from autograder.world.schedule import switches
from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import multiprocessing as mp
import os
import queue
import random
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed


def square(number):
    return number * number


def threads():
    lock, work = threading.Lock(), queue.Queue()

    def act():
        while (item := work.get()) is not None:
            with lock:
                print(item, threading.current_thread().name)

    threads = [threading.Thread(target=act) for _ in range(3)]
    for thread in threads:
        thread.start()
    for item in [*{"a", "b", "c", "d", "e"}, None, None, None]:
        work.put(item)
    for thread in threads:
        thread.join()


def processes():
    results = mp.Queue()
    processes = [mp.Process(target=results.put, args=(word,)) for word in {"one", "two", "three"}]
    for process in processes:
        process.start()
    print([results.get() for _ in processes])
    for process in set(processes):
        process.join()


def pools():
    with mp.Pool(3) as pool:
        print(list(pool.imap_unordered(square, range(6))))
    with ThreadPoolExecutor(3) as executor:
        futures = {executor.submit(square, number) for number in range(4)}
        print([future.result() for future in as_completed(futures)])
    with ProcessPoolExecutor(2) as executor:
        print(list(executor.map(square, range(4))))


def chance():
    print(random.random(), random.sample(range(100), 3), os.urandom(4), random.SystemRandom().randrange(1000))
    print(hash("text"), [hash(object()) == 0], os.getpid(), threading.get_ident(), time.time())
    print(mp.current_process().authkey)


def limits():
    condition, barrier = threading.Condition(), threading.Barrier(2, timeout=0.01)
    print(threading.Semaphore(0).acquire(timeout=0.01), time.monotonic())
    with condition:
        print(condition.wait_for(lambda: False, timeout=0.02), time.monotonic())
    try:
        barrier.wait()
    except threading.BrokenBarrierError:
        print(time.monotonic())
    try:
        queue.Queue().get(timeout=0.03)
    except queue.Empty:
        print(time.monotonic(), mp.Semaphore(0).acquire(timeout=0.04), time.monotonic())


def memory():
    total = mp.Value("i")

    def add():
        for _ in range(3):
            total.value += 1

    processes = [mp.Process(target=add) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(total.value)
"""

FUNCTIONS = ["threads", "processes", "pools", "chance", "limits", "memory"]


def facts(trace: Trace) -> object:
    return trace.tasks, trace.events, trace.resources, trace.returned, trace.alive, trace.elapsed


@pytest.mark.parametrize("strategy", [*STRATEGIES, "slices:3,5,2"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_twice_the_same(play: Play, function: str, strategy: str) -> None:
    first = play(PROGRAM, function, strategy=strategy)
    second = play(PROGRAM, function, strategy=strategy)
    assert first.value is None
    assert facts(first.trace) == facts(second.trace)


@pytest.mark.parametrize("strategy", STRATEGIES[1:])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_recorded_schedule_is_the_same_run(play: Play, function: str, strategy: str) -> None:
    recorded = play(PROGRAM, function, strategy=strategy)
    again = play(PROGRAM, function, strategy=switches(recorded.recording.switches))
    assert again.recording.switches == recorded.recording.switches
    assert facts(again.trace) == facts(recorded.trace)


def test_orders_differ(play: Play) -> None:
    """Otherwise the tests above would show nothing."""
    texts = {play(PROGRAM, "threads", strategy=strategy).text for strategy in STRATEGIES}
    assert len(texts) >= 4
    lost = {play(PROGRAM, "memory", strategy=strategy).text for strategy in STRATEGIES}
    assert len(lost) >= 2


def test_the_run_without_preemptions_has_the_empty_schedule(play: Play) -> None:
    assert play(PROGRAM, "threads", strategy="nonpreemptive").recording.switches == ()
    assert play(PROGRAM, "threads", strategy="roundrobin").recording.switches != ()


def test_a_trace_is_in_order(play: Play) -> None:
    for strategy in STRATEGIES:
        trace = play(PROGRAM, "pools", strategy=strategy).trace
        assert [event.step for event in trace.events] == list(range(len(trace.events)))
        assert all(event.asked <= event.at for event in trace.events)
        assert all(event.cause is None or event.cause < event.step for event in trace.events)
        times: dict[int, float] = {}
        for event in trace.events:
            assert event.at >= times.get(event.task, 0.0)
            times[event.task] = event.at
