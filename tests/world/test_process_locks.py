"""The locks of multiprocessing do what the real ones do, under every order."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import multiprocessing as mp
import threading
from multiprocessing import Process


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def together(*processes):
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def _count(lock, total):
    for _ in range(3):
        with lock:
            total.value += 1


def _count_twice_held(lock, total):
    with lock, lock:
        total.value += 1


def lock_excludes():
    lock, total = mp.Lock(), mp.Value("i", 0, lock=False)
    codes = together(*[Process(target=_count, args=(lock, total)) for _ in range(3)])
    return total.value, codes


def lock_states():
    lock = mp.Lock()
    seen = [lock.acquire(), lock.acquire(False), lock.acquire(True, 0.01), lock.acquire(timeout=-1)]
    lock.release()
    with lock as entered:
        pass
    return [*seen, entered, error(lock.release)]


def _release(lock):
    lock.release()


def lock_released_by_a_child():
    lock = mp.Lock()
    lock.acquire()
    return together(Process(target=_release, args=(lock,))), lock.acquire(False)


def _try(lock, got):
    got.value = lock.acquire(False)


def _try_and_release(lock, got):
    got.value = lock.acquire(False)
    lock.release()


def lock_held_by_the_parent():
    lock, got = mp.Lock(), mp.Value("i", 7)
    with lock:
        together(Process(target=_try, args=(lock, got)))
    return got.value


def rlock_counts():
    lock, got = mp.RLock(), mp.Value("i", 7)
    seen = [lock.acquire(), lock.acquire()]
    together(Process(target=_try, args=(lock, got)))
    seen.append(got.value)
    lock.release()
    together(Process(target=_try, args=(lock, got)))
    seen.append(got.value)
    lock.release()
    together(Process(target=_try_and_release, args=(lock, got)))
    return [*seen, got.value, error(lock.release)]


def rlock_excludes():
    lock, total = mp.RLock(), mp.Value("i", 0, lock=False)
    together(*[Process(target=_count_twice_held, args=(lock, total)) for _ in range(3)])
    return total.value


def rlock_between_threads():
    lock, seen = mp.RLock(), []
    with lock:
        thread = threading.Thread(target=lambda: seen.append(lock.acquire(False)))
        thread.start()
        thread.join()
    return seen


def semaphore_states():
    semaphore = mp.Semaphore(2)
    seen = [semaphore.get_value(), semaphore.acquire(), semaphore.acquire(), semaphore.acquire(False)]
    seen.append(semaphore.get_value())
    for _ in range(3):
        semaphore.release()
    return [*seen, semaphore.get_value()]


def bounded_semaphore():
    semaphore = mp.BoundedSemaphore(1)
    return semaphore.acquire(), semaphore.release(), error(semaphore.release)


def _enter(semaphore, inside, most):
    with semaphore:
        with inside.get_lock():
            inside.value += 1
            most.value = max(most.value, inside.value)
        with inside.get_lock():
            inside.value -= 1


def semaphore_bounds():
    semaphore, inside, most = mp.Semaphore(2), mp.Value("i", 0), mp.Value("i", 0)
    together(*[Process(target=_enter, args=(semaphore, inside, most)) for _ in range(4)])
    return inside.value, 1 <= most.value <= 2


def _wait(condition, ready, woken):
    with condition:
        condition.wait_for(lambda: ready.value)
        woken.value += 1


def condition_notify_all():
    condition, ready, woken = mp.Condition(), mp.Value("i", 0), mp.Value("i", 0)
    processes = [Process(target=_wait, args=(condition, ready, woken)) for _ in range(3)]
    for process in processes:
        process.start()
    with condition:
        ready.value = 1
        condition.notify_all()
    for process in processes:
        process.join()
    return woken.value


def condition_timeouts():
    condition = mp.Condition()
    with condition:
        return condition.wait(0.01), condition.wait_for(lambda: False, 0.01), condition.wait_for(lambda: 5, 0.01)


def condition_errors():
    condition = mp.Condition()
    return [error(condition.wait), error(condition.notify)]


def _take(condition, items, got):
    with condition:
        while not items.value:
            condition.wait()
        items.value -= 1
        got.value += 1


def condition_notify_one_by_one():
    condition, items, got = mp.Condition(), mp.Value("i", 0), mp.Value("i", 0)
    processes = [Process(target=_take, args=(condition, items, got)) for _ in range(2)]
    for process in processes:
        process.start()
    for _ in processes:
        with condition:
            items.value += 1
            condition.notify()
    for process in processes:
        process.join()
    return items.value, got.value


def _wait_event(event, got):
    got.value = event.wait()


def event_opens():
    event, got = mp.Event(), mp.Value("i", 7)
    seen = [event.is_set(), event.wait(0.01)]
    process = Process(target=_wait_event, args=(event, got))
    process.start()
    event.set()
    process.join()
    seen += [got.value, event.is_set()]
    event.clear()
    return [*seen, event.is_set()]


def _meet(barrier, numbers):
    numbers[barrier.wait()] += 1


def barrier_meets():
    barrier, numbers = mp.Barrier(3), mp.Array("i", 3)
    together(*[Process(target=_meet, args=(barrier, numbers)) for _ in range(3)])
    return numbers[:], barrier.broken, barrier.n_waiting


def _broken(barrier, seen):
    try:
        barrier.wait(0.01)
    except threading.BrokenBarrierError:
        seen.value = 1


def barrier_breaks():
    barrier, seen = mp.Barrier(2), mp.Value("i", 0)
    together(Process(target=_broken, args=(barrier, seen)))
    return seen.value, barrier.broken, error(barrier.wait)
"""

EXPECTED = {
    "lock_excludes": (9, [0, 0, 0]),
    "lock_states": [True, False, False, False, True, "ValueError: semaphore or lock released too many times"],
    "lock_released_by_a_child": ([0], True),
    "lock_held_by_the_parent": 0,
    "rlock_counts": [True, True, 0, 0, 1, "AssertionError: attempt to release recursive lock not owned by thread"],
    "rlock_excludes": 3,
    "rlock_between_threads": [False],
    "semaphore_states": [2, True, True, False, 0, 3],
    "bounded_semaphore": (True, None, "ValueError: semaphore or lock released too many times"),
    "semaphore_bounds": (0, True),
    "condition_notify_all": 3,
    "condition_timeouts": (False, False, 5),
    "condition_errors": [
        "AssertionError: must acquire() condition before using wait()",
        "AssertionError: lock is not owned",
    ],
    "condition_notify_one_by_one": (0, 2),
    "event_opens": [False, False, 1, True, False],
    "barrier_meets": ([1, 1, 1], False, 0),
    "barrier_breaks": (1, True, "BrokenBarrierError: "),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", EXPECTED)
def test_as_the_real_ones(play: Play, function: str, strategy: str) -> None:
    assert play(PROGRAM, function, strategy=strategy).value == EXPECTED[function]
