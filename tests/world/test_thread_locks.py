"""Lock, RLock, Semaphore and BoundedSemaphore do what the real ones do, under every order."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = '''
import threading
from threading import BoundedSemaphore, Lock, RLock, Semaphore, Thread


def together(*targets):
    threads = [Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def kind(action, *args, **kwargs):
    """The exception alone: its text differs between the versions of Python."""
    return error(action, *args, **kwargs).partition(":")[0]


def lock_states():
    lock = Lock()
    seen = [lock.locked(), lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(blocking=False)]
    lock.release()
    with lock as entered:
        seen.append(lock.locked())
    return seen + [entered, lock.locked()]


def lock_errors():
    lock = Lock()
    return [error(lock.release), error(lock.acquire, False, 1), kind(lock.acquire, timeout=-2)]


def lock_excludes():
    lock, inside, most = Lock(), 0, 0

    def work():
        nonlocal inside, most
        for _ in range(5):
            with lock:
                inside += 1
                most = max(most, inside)
                print("in")
                inside -= 1

    together(work, work, work)
    return most, inside


def lock_timeout():
    lock = Lock()
    lock.acquire()
    got = []
    together(lambda: got.append(lock.acquire(timeout=0.01)))
    lock.release()
    together(lambda: got.append(lock.acquire(timeout=0.01)))
    return got


def lock_released_by_another():
    lock = Lock()
    lock.acquire()
    together(lock.release)
    return lock.locked()


def lock_in_finally():
    lock = Lock()

    def fail():
        with lock:
            raise ValueError("inside")

    return error(fail), lock.locked()


def rlock_counts():
    lock, seen = RLock(), []
    lock.acquire()
    with lock:
        together(lambda: seen.append(lock.acquire(False)))
    together(lambda: seen.append(lock.acquire(False)))
    lock.release()
    together(lambda: (seen.append(lock.acquire(False)), lock.release()))
    return seen


def rlock_errors():
    lock = RLock()
    seen = [error(lock.release)]
    lock.acquire()
    together(lambda: seen.append(error(lock.release)))
    return seen


def rlock_excludes():
    lock, inside, most = RLock(), 0, 0

    def work():
        nonlocal inside, most
        for _ in range(3):
            with lock, lock:
                inside += 1
                most = max(most, inside)
                print("in")
                inside -= 1

    together(work, work, work)
    return most


def semaphore_bounds():
    semaphore, inside, most = Semaphore(2), 0, 0

    def work():
        nonlocal inside, most
        for _ in range(4):
            with semaphore:
                inside += 1
                most = max(most, inside)
                print("in")
                inside -= 1

    together(work, work, work, work)
    return most <= 2, inside


def semaphore_states():
    semaphore = Semaphore(1)
    seen = [semaphore.acquire(), semaphore.acquire(blocking=False), semaphore.acquire(timeout=0.01)]
    semaphore.release(2)
    return seen + [semaphore.acquire(), semaphore.acquire(), semaphore.acquire(False)]


def semaphore_errors():
    return [error(Semaphore, -1), error(Semaphore(1).release, 0), error(Semaphore(1).acquire, False, 1)]


def semaphore_hands_over():
    semaphore, got = Semaphore(0), []
    waiting = [Thread(target=lambda: got.append(semaphore.acquire())) for _ in range(3)]
    for thread in waiting:
        thread.start()
    semaphore.release(3)
    for thread in waiting:
        thread.join()
    return got


def bounded_semaphore():
    semaphore = BoundedSemaphore(2)
    semaphore.acquire()
    semaphore.release()
    return error(semaphore.release)


def lock_types():
    return [isinstance(Lock(), type(Lock())), type(threading.Lock()) is type(threading.Lock()), threading.TIMEOUT_MAX]


def too_long():
    return [kind(Lock().acquire, timeout=float("inf")), kind(Lock().acquire, timeout=1e300)]


def not_a_number():
    return error(Lock().acquire, timeout=float("nan"))


def lock_in_a_dict_and_a_set():
    first, second = Lock(), Lock()
    return len({first, second, first}), {first: 1}[first], first == second, bool(first)


def keywords():
    lock = Lock()
    return lock.acquire(True, 0.01), lock.acquire(blocking=True, timeout=0.01), RLock().acquire(True, timeout=1)
'''

EXPECTED = {
    "lock_states": [False, True, True, False, False, True, True, False],
    "lock_errors": [
        "RuntimeError: release unlocked lock",
        "ValueError: can't specify a timeout for a non-blocking call",
        "ValueError",
    ],
    "lock_excludes": (1, 0),
    "lock_timeout": [False, True],
    "lock_released_by_another": False,
    "lock_in_finally": ("ValueError: inside", False),
    "rlock_counts": [False, False, True],
    "rlock_errors": ["RuntimeError: cannot release un-acquired lock"] * 2,
    "rlock_excludes": 1,
    "semaphore_bounds": (True, 0),
    "semaphore_states": [True, False, False, True, True, False],
    "semaphore_errors": [
        "ValueError: semaphore initial value must be >= 0",
        "ValueError: n must be one or more",
        "ValueError: can't specify timeout for non-blocking acquire",
    ],
    "semaphore_hands_over": [True, True, True],
    "bounded_semaphore": "ValueError: Semaphore released too many times",
    "lock_types": [True, True, 9223372036.0],
    "too_long": ["OverflowError", "OverflowError"],
    "not_a_number": "ValueError: Invalid value NaN (not a number)",
    "lock_in_a_dict_and_a_set": (2, 1, False, True),
    "keywords": (True, False, True),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", EXPECTED)
def test_as_the_real_ones(play: Play, function: str, strategy: str) -> None:
    assert play(PROGRAM, function, strategy=strategy).value == EXPECTED[function]
