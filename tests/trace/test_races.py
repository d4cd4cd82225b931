from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.trace.races import data_races, lost_updates
from tests.trace.build import Script


def two() -> tuple[Script, int, int]:
    run = Script()
    return run, run.create(kind="process"), run.create(kind="process")


def test_no_lock():
    run, a, b = two()
    run.add(a, "counter", line=5)
    run.add(b, "counter", line=5)
    found = lost_updates(run.trace())
    assert [(update.store.task, update.other.task, update.happened) for update in found] == [
        (a, b, False),
        (b, a, False),
    ]
    assert [(race.first.op, race.second.op) for race in data_races(run.trace())] == [("store", "read")]


def test_an_update_that_was_lost_in_this_run():
    run, a, b = two()
    run.read(a, "counter")
    run.add(b, "counter")
    run.store(a, "counter")
    found = lost_updates(run.trace())
    assert [(update.store.task, update.happened) for update in found] == [(b, False), (a, True)]


def test_one_hold_around_both():
    run, a, b = two()
    for task in (a, b, a):
        run.acquire(task, "lock")
        run.add(task, "counter")
        run.release(task, "lock")
    assert lost_updates(run.trace()) == []
    assert data_races(run.trace()) == []


def test_read_and_store_under_one_lock_but_apart():
    """``counter.value += 1``: no data race, and yet wrong."""
    run, a, b = two()
    for task in (a, b):
        for access in (run.read, run.store):
            run.acquire(task, "lock")
            access(task, "counter")
            run.release(task, "lock")
    assert {update.store.task for update in lost_updates(run.trace())} == {a, b}
    assert data_races(run.trace()) == []


def test_a_lock_of_ones_own_protects_nothing():
    run, a, b = two()
    for task in (a, b):
        run.acquire(task, f"lock of {task}")
        run.add(task, "counter")
        run.release(task, f"lock of {task}")
    assert len(lost_updates(run.trace())) == 2
    assert data_races(run.trace())


def test_one_task_without_the_lock():
    run, a, b = two()
    run.acquire(a, "lock")
    run.add(a, "counter")
    run.release(a, "lock")
    run.add(b, "counter")
    assert {update.store.task for update in lost_updates(run.trace())} == {a, b}


def test_a_wide_semaphore_protects_nothing():
    run, a, b = two()
    run.thing("semaphore", "Semaphore")
    for task in (a, b):
        run.acquire(task, "semaphore")
    for task in (a, b):
        run.add(task, "counter")
        run.release(task, "semaphore")
    assert len(lost_updates(run.trace())) == 2


def test_an_inner_acquire_does_not_break_the_hold():
    run, a, b = two()
    run.thing("lock", "RLock")
    for task in (a, b):
        run.acquire(task, "lock")
        for access in (run.read, run.store):
            run.acquire(task, "lock")
            access(task, "counter")
            run.release(task, "lock")
        run.release(task, "lock")
    assert lost_updates(run.trace()) == []


def test_other_cells_do_not_matter():
    run, a, b = two()
    run.add(a, "array", 0)
    run.add(b, "array", 1)
    assert lost_updates(run.trace()) == []
    assert data_races(run.trace()) == []


def test_a_store_without_a_read_is_no_update():
    run, a, b = two()
    run.read(a, "flag")
    run.store(a, "flag")
    run.store(a, "flag")
    run.store(b, "flag")
    assert [update.store.task for update in lost_updates(run.trace())] == [a]


def test_ordered_by_create_and_join():
    run = Script()
    run.add(0, "counter")
    for _ in range(2):
        task = run.create()
        run.add(task, "counter")
        run.end(task)
        run.join(task)
        run.add(0, "counter")
    assert lost_updates(run.trace()) == []
    assert data_races(run.trace()) == []


def test_ordered_by_messages():
    run, a, b = two()
    run.add(a, "counter")
    run.send(a, "pipe")
    run.receive(b, "pipe")
    run.add(b, "counter")
    assert lost_updates(run.trace()) == []
    assert data_races(run.trace()) == []


def test_the_order_that_a_lock_brought_about_is_an_accident():
    run, a, b = two()
    run.add(a, "counter")
    for task in (a, b):
        run.acquire(task, "lock")
        run.release(task, "lock")
    run.add(b, "counter")
    assert len(lost_updates(run.trace())) == 2
    assert len(data_races(run.trace())) == 1


def test_reads_alone_do_not_race():
    run, a, b = two()
    run.read(a, "counter")
    run.read(b, "counter")
    assert data_races(run.trace()) == []


def test_one_race_for_a_pair_of_lines():
    run, a, b = two()
    for _ in range(5):
        run.add(a, "counter", line=7)
        run.add(b, "counter", line=7)
    assert len(data_races(run.trace())) == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.booleans()), max_size=20))
def test_updates_under_one_lock_are_never_lost(script):
    run = Script()
    tasks = [run.create() for _ in range(4)]
    for number, cell, other_work in script:
        task = tasks[number]
        if other_work:
            run.acquire(task, "other lock")
            run.write(task, "x")
            run.release(task, "other lock")
        run.acquire(task, "lock")
        run.add(task, "cell", cell)
        run.release(task, "lock")
    assert lost_updates(run.trace()) == []
    assert data_races(run.trace()) == []


def counted(schedule: list[int], locked: bool) -> tuple[Script, int, int]:
    """Two tasks add 1 twice each; ``schedule`` says whose read or store is next. What is then in the counter, and how
    many additions there were."""
    run, a, b = two()
    value, seen = 0, {}
    todo = {a: 4, b: 4}
    for choice in [*schedule, *[0, 1] * 8]:
        task = (a, b)[choice]
        holders = [t for t in (a, b) if run.held[t]]
        if not todo[task] or (locked and holders not in ([], [task])):
            continue
        if todo[task] % 2 == 0:
            if locked:
                run.acquire(task, "lock")
            run.read(task, "counter")
            seen[task] = value
        else:
            run.store(task, "counter")
            value = seen[task] + 1
            if locked:
                run.release(task, "lock")
        todo[task] -= 1
    return run, value, 4


@given(st.lists(st.integers(0, 1), max_size=16), st.booleans())
def test_a_wrong_sum_never_goes_unseen(schedule, locked):
    run, value, added = counted(schedule, locked)
    found = lost_updates(run.trace())
    if value != added:
        assert any(update.happened for update in found)
    assert bool(found) != locked


# Memory that threads share ------------------------------------------------------------------------------------------


def threads() -> tuple[Script, int, int]:
    run = Script()
    run.thing("v0.1", "Global")
    return run, run.create("a"), run.create("b")


def test_a_variable_that_is_stored_and_read():
    run, a, b = threads()
    run.store(a, "v0.1", line=3)
    run.read(b, "v0.1", line=4)
    trace = run.trace()
    assert [(race.first.line, race.second.line) for race in data_races(trace)] == [(3, 4)]
    assert lost_updates(trace) == []


def test_stores_that_nobody_reads_are_no_race_of_threads():
    """Who ran last: one step under the GIL, and the last one stands."""
    run, a, b = threads()
    run.store(a, "v0.1", line=3)
    run.store(b, "v0.1", line=3)
    assert data_races(run.trace()) == []
    run.thing("s0@0", "Value")
    run.store(a, "s0@0", line=5)
    run.store(b, "s0@0", line=5)
    assert [race.first.line for race in data_races(run.trace())] == [5]


def test_a_check_before_a_store_can_be_overtaken():
    run, a, b = threads()
    for task in (a, b):
        run.read(task, "v0.1", line=3)
        run.store(task, "v0.1", line=4)
    assert {update.store.task for update in lost_updates(run.trace())} == {a, b}


def test_what_a_library_handed_over_is_in_order():
    run, a, b = threads()
    stored = run.store(a, "v0.1", line=3)
    run.event(b, "hear", cause=stored)
    run.add(b, "v0.1", line=4)
    assert data_races(run.trace()) == []
    run.store(a, "v0.1", line=5)
    assert [(race.first.line, race.second.line) for race in data_races(run.trace())] == [(4, 5)]


def test_a_thread_that_was_joined():
    run, a, b = threads()
    run.add(a, "v0.1")
    run.end(a)
    run.join(a)
    run.add(0, "v0.1")
    run.release(b, "lock")
    assert lost_updates(run.trace()) == data_races(run.trace()) == []


@pytest.mark.parametrize("locked", [True, False])
def test_long_traces(locked):
    """20,000 events: one pass, not one look at each pair."""
    run = Script()
    tasks = [run.create(kind="process") for _ in range(16)]
    for turn in range(6000 if not locked else 4000):
        task = tasks[turn % 16]
        if locked:
            run.acquire(task, "lock")
        run.add(task, "counter", line=3)
        if locked:
            run.release(task, "lock")
    assert bool(lost_updates(run.trace())) != locked
    assert bool(data_races(run.trace())) != locked
