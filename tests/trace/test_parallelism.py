from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.trace.parallelism import (
    critical_path,
    max_alive,
    peak_requests,
    serialised,
    span,
    speedup,
    work,
)
from tests.trace.build import Script


def one_by_one(count: int) -> Script:
    run = Script()
    for _ in range(count):
        task = run.create(line=3)
        run.work(task, 0.1)
        run.end(task)
        run.join(task, line=4)
    run.returns()
    return run


def together(count: int, kind: str = "thread") -> Script:
    run = Script()
    tasks = [run.create(kind=kind, line=3) for _ in range(count)]
    for task in tasks:
        run.work(task, 0.1)
        run.end(task)
    for task in tasks:
        run.join(task, line=5)
    run.returns()
    return run


def test_max_alive():
    assert max_alive(one_by_one(3).trace()) == 1
    assert max_alive(together(3).trace()) == 3
    assert max_alive(Script().trace()) == 0


def test_alive_from_the_creation_on():
    run = Script()
    run.create(start=False)
    run.create(start=False)
    assert max_alive(run.trace()) == 2


def test_max_alive_counts_what_was_asked_for():
    run = Script()
    run.create(kind="process")
    run.create(kind="thread", service=True)
    run.create(kind="thread")
    trace = run.trace()
    assert max_alive(trace) == 2
    assert max_alive(trace, "process") == 1
    assert max_alive(trace, service=True) == 3
    assert max_alive(trace, "thread", service=True) == 2


def test_a_later_call_of_a_session_does_not_count_what_had_ended():
    run = one_by_one(2)
    later = Script(first_step=len(run.events))
    later.tasks, later.clock = run.tasks, run.clock
    later.create()
    assert max_alive(later.trace()) == 1


def test_requests_that_touch_do_not_overlap():
    run = Script()
    run.request(0)
    run.request(0)
    assert peak_requests(run.trace()) == 1


def test_requests_that_overlap():
    run = Script()
    for task in [run.create() for _ in range(4)]:
        run.request(task)
    assert peak_requests(run.trace()) == 4


def test_requests_without_latency():
    run = Script()
    assert peak_requests(run.trace()) == 0
    run.request(0, seconds=0.0)
    run.request(0, seconds=0.0)
    assert peak_requests(run.trace()) == 1


def test_serialised_finds_the_join():
    found = serialised(one_by_one(3).trace())
    assert found is not None
    assert (found.joiner, found.first, found.second) == (0, 1, 2)
    assert (found.create_line, found.join_line, found.next_line) == (3, 4, 3)
    assert serialised(together(3).trace()) is None


def test_serialised_only_by_a_join_of_the_kind_asked_for():
    assert serialised(one_by_one(3).trace(), "process") is None
    run = Script()
    first = run.create()
    run.join(first, value=False)  # gave up
    run.create()
    assert serialised(run.trace()) is None


def test_the_next_start_sees_that_the_task_has_ended():
    run = Script()
    run.end(run.create())
    run.join(1, line=3, via="BaseProcess.start")
    run.create()
    assert serialised(run.trace()) is None


def test_joining_an_older_one_serialises_nothing():
    run = Script()
    first, second = run.create(), run.create()
    run.end(first)
    run.join(first)
    run.create()
    run.end(second)
    assert serialised(run.trace()) is None


def test_a_pair_at_a_time():
    run = Script()
    for _ in range(2):
        pair = [run.create(), run.create()]
        for task in pair:
            run.end(task)
            run.join(task, line=9)
    found = serialised(run.trace())
    assert found is not None
    assert (found.first, found.second, found.join_line) == (2, 3, 9)


def test_work_and_speedup():
    assert work(together(4).trace()) == pytest.approx(0.4)
    assert speedup(0.4, 0.1) == pytest.approx(4)
    assert speedup(0.4, 0.0) == float("inf")


def test_the_critical_path_of_tasks_side_by_side():
    run = together(4)
    path = critical_path(run.trace())
    assert span(run.trace()) == pytest.approx(run.clock[0])
    assert sum(part.seconds for part in path if part.kind == "work") == pytest.approx(0.1, rel=1e-3)
    assert len([part for part in path if part.seconds > 0.01]) == 1  # one of the four


def test_the_critical_path_of_tasks_one_after_the_other_goes_through_all():
    path = critical_path(one_by_one(3).trace())
    assert [part.task for part in path if part.seconds > 0.01] == [1, 2, 3]


def test_the_critical_path_follows_the_longest():
    run = Script()
    short, long = run.create("short"), run.create("long")
    run.work(short, 0.1)
    run.end(short)
    run.request(long, seconds=0.5, line=8)
    run.end(long)
    run.join(short)
    run.join(long)
    run.returns()
    found = [(part.task, part.kind, part.line) for part in critical_path(run.trace()) if part.seconds > 0.01]
    assert found == [(long, "request", 8)]


def test_the_critical_path_goes_through_a_lock():
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.acquire(a, "lock")
    run.work(a, 0.2)
    run.release(a, "lock")
    run.acquire(b, "lock", line=6)
    run.sleep(b, 0.3)
    run.release(b, "lock")
    run.end(a)
    run.end(b)
    run.join(a)
    run.join(b)
    run.returns()
    found = [(part.task, part.kind) for part in critical_path(run.trace()) if part.seconds > 0.01]
    assert found == [(a, "work"), (b, "sleep")]


def test_a_lock_that_was_free_again_is_not_on_the_path():
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.acquire(a, "lock")
    run.work(a, 0.1)
    run.release(a, "lock")
    run.end(a)
    run.sleep(b, 0.3)
    run.acquire(b, "lock")
    run.end(b)
    run.join(b)
    run.returns()
    assert [(part.task, part.kind) for part in critical_path(run.trace()) if part.seconds > 0.01] == [(b, "sleep")]


def test_what_lies_before_the_call_is_cut_off():
    run = Script()
    task = run.create()
    run.sleep(task, 10.0)  # begun by an earlier call
    run.end(task)
    run.work(0, 4.0)
    begin = run.clock[0]
    run.join(task)
    run.returns()
    path = critical_path(run.trace(elapsed=run.clock[0] - begin))
    assert path[0].begin == pytest.approx(begin)
    assert [part.kind for part in path if part.seconds > 0.01] == ["sleep"]


def test_the_path_begins_with_the_call():
    run = Script()
    run.work(0, 5.0)  # before the call
    begin = run.clock[0]
    run.sleep(0, 0.5)
    run.returns()
    path = critical_path(run.trace(elapsed=run.clock[0] - begin))
    assert path[0].begin == pytest.approx(begin)
    assert span(run.trace(elapsed=run.clock[0] - begin)) == pytest.approx(0.5, rel=1e-3)


def test_nothing_happened():
    assert critical_path(Script().trace()) == []
    assert span(Script().trace()) == 0.0


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["work", "sleep", "lock", "send", "receive"]), st.floats(0.01, 1)),
        max_size=25,
    )
)
def test_the_critical_path_covers_the_run_without_gaps(script):
    run = Script()
    tasks = [0, *(run.create() for _ in range(3))]
    for number, what, seconds in script:
        task = tasks[number]
        if what == "work":
            run.work(task, seconds)
        elif what == "sleep":
            run.sleep(task, seconds)
        elif what == "lock":
            run.acquire(task, "lock")
            run.work(task, seconds)
            run.release(task, "lock")
        elif what == "send":
            run.send(task, "pipe")
        elif run.sent["pipe"]:
            run.receive(task, "pipe")
    for task in tasks[1:]:
        run.end(task)
        run.join(task)
    run.returns()
    path = critical_path(run.trace())
    assert path[0].begin == 0.0
    assert path[-1].end == run.clock[0]
    assert all(one.end == other.begin for one, other in pairwise(path))
    assert all(part.seconds > 0 for part in path)
