from __future__ import annotations

from autograder.trace.locks import acquired_locks, exclusive_locks
from tests.trace.build import Script


def test_only_what_the_students_lines_took():
    run = Script()
    run.thing("queue", "Queue", process=0)
    for lock, line in (("mine", 4), ("library", 0), ("queue", 4)):
        run.acquire(0, lock, line=line)
        run.release(0, lock, line=line)
    run.acquire(0, "not had", line=4, value=False)
    assert acquired_locks(run.trace()) == {"mine"}


def test_a_lock_is_exclusive_and_a_wide_semaphore_is_not():
    run = Script()
    run.thing("one", "Semaphore")
    run.thing("two", "BoundedSemaphore")
    run.thing("signal", "Semaphore")
    run.thing("answer", "Semaphore")
    a, b = run.create(), run.create()
    run.release(a, "signal")
    run.acquire(b, "signal")
    run.acquire(b, "answer")
    run.release(a, "answer")
    run.acquire(a, "two")
    run.acquire(b, "two")
    for task in (a, b):
        run.acquire(task, "one")
        run.release(task, "one")
    run.acquire(a, "lock")
    run.thing("of a library", "")
    run.acquire(a, "of a library")
    assert exclusive_locks(run.trace()) == {"one", "lock", "of a library"}
