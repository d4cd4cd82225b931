from __future__ import annotations

from autograder.trace.locks import acquired_locks, exclusive_locks, locks_around_writes, unreleased
from tests.trace.build import Script


def test_only_what_the_students_lines_took():
    run = Script()
    run.thing("queue", "Queue", process=0)
    for lock, line in (("mine", 4), ("library", 0), ("queue", 4)):
        run.acquire(0, lock, line=line)
        run.release(0, lock, line=line)
    run.acquire(0, "not had", line=4, value=False)
    assert acquired_locks(run.trace()) == {"mine"}


def test_locks_around_writes():
    run = Script()
    bare = run.write(0, "a")
    run.acquire(0, "lock")
    covered = run.write(0, "b")
    run.write(0, "")
    assert locks_around_writes(run.trace()) == {bare.step: frozenset(), covered.step: {"lock"}}


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


def test_a_lock_that_is_never_given_back():
    run = Script()
    a, b = run.create(), run.create()
    run.acquire(a, "lock", line=5)
    run.release(a, "lock", line=6)
    kept = run.acquire(a, "lock", line=7)
    run.acquire(b, "other", line=8)  # b has not ended: it may still
    run.end(a)
    assert unreleased(run.trace()) == [kept]
    run.release(b, "lock", line=9)
    assert unreleased(run.trace()) == []
