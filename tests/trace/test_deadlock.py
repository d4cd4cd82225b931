from __future__ import annotations

from autograder.trace.deadlock import deadlock
from autograder.trace.events import Blocked
from tests.trace.build import Script


def crossed() -> Script:
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.acquire(a, "lock_a", line=5)
    run.acquire(b, "lock_b", line=9)
    run.block(0, "join", f"task:{a}", line=20, holders=[a])
    run.block(a, "acquire", "lock_b", line=6, holders=[b])
    run.block(b, "acquire", "lock_a", line=10, holders=[a])
    return run


def test_no_deadlock():
    assert deadlock(Script().trace()) is None


def test_a_cycle_of_two_locks():
    found = deadlock(crossed().trace())
    assert found is not None
    assert found.kind == "cycle"
    assert [(wait.task, wait.resource, wait.line, wait.holder) for wait in found.waits] == [
        (1, "lock_b", 6, 2),
        (2, "lock_a", 10, 1),
    ]


def test_holders_are_found_in_the_trace_too():
    run = crossed()
    run.blocked = [Blocked(wait.task, wait.op, wait.resource, wait.line) for wait in run.blocked]
    assert deadlock(run.trace()) == deadlock(crossed().trace())


def test_a_lock_taken_twice():
    run = Script()
    run.acquire(0, "lock", line=3)
    run.block(0, "acquire", "lock", line=4)
    found = deadlock(run.trace())
    assert found is not None
    assert found.kind == "cycle"
    assert [(wait.task, wait.holder) for wait in found.waits] == [(0, 0)]


def test_a_join_under_the_lock():
    run = Script()
    a = run.create("a")
    run.acquire(0, "lock", line=3)
    run.block(0, "join", f"task:{a}", line=4)
    run.block(a, "acquire", "lock", line=8)
    found = deadlock(run.trace())
    assert found is not None
    assert [(wait.op, wait.holder) for wait in found.waits] == [("join", a), ("acquire", 0)]


def test_a_message_that_nobody_sends():
    run = Script()
    worker = run.create("worker")
    run.block(0, "join", f"task:{worker}", line=9, holders=[worker])
    run.block(worker, "receive", "pipe 1", line=4, via="Queue.get")
    found = deadlock(run.trace())
    assert found is not None
    assert found.kind == "stuck"
    assert [(wait.task, wait.reason, wait.holder) for wait in found.waits] == [
        (worker, "nobody", None),
        (0, "blocked", worker),
    ]


def test_the_holder_has_ended():
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.acquire(a, "lock", line=3)
    run.end(a)
    run.block(b, "acquire", "lock", line=3, holders=[a])
    run.block(0, "join", f"task:{b}", line=9, holders=[b])
    found = deadlock(run.trace())
    assert found is not None
    assert [(wait.task, wait.reason, wait.holder) for wait in found.waits] == [(b, "ended", a), (0, "blocked", b)]


def test_waiting_for_one_of_several():
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.block(0, "join", f"task:{a},task:{b}", line=9)
    run.block(a, "wait", "condition", line=3)
    run.block(b, "wait", "condition", line=3)
    found = deadlock(run.trace())
    assert found is not None
    assert [wait.task for wait in found.waits] == [a, b, 0]


def test_a_librarys_helpers_are_not_the_story():
    run = Script()
    one, other = run.create("handler", service=True), run.create("feeder", service=True)
    run.block(0, "wait", "result", line=12, via="Pool.map")
    run.block(one, "wait", "x", line=0, holders=[other])
    run.block(other, "wait", "y", line=0, holders=[one])
    found = deadlock(run.trace())
    assert found is not None
    assert found.kind == "stuck"
    assert [wait.task for wait in found.waits] == [0]


def test_a_cycle_through_a_helper_is_told_too():
    run = Script()
    handler = run.create("handler", service=True)
    run.block(0, "wait", "x", line=4, via="Pool.map", holders=[handler])
    run.block(handler, "wait", "y", holders=[0])
    found = deadlock(run.trace())
    assert found is not None
    assert found.kind == "cycle"
    assert [wait.task for wait in found.waits] == [0, handler]


def test_of_two_cycles_the_students_own_is_told():
    run = crossed()
    helper = run.create("helper", service=True)
    run.acquire(helper, "x")
    run.blocked[0] = Blocked(0, "acquire", "x", 0, "Pool.map", (helper,))
    run.block(helper, "wait", "y", holders=[0])
    found = deadlock(run.trace())
    assert found is not None
    assert [wait.task for wait in found.waits] == [1, 2]


def test_the_order_of_the_blocked_does_not_matter():
    run = crossed()
    trace = run.trace()
    assert deadlock(trace) == deadlock(run.trace(blocked=trace.blocked[::-1]))
