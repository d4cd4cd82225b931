from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.trace.events import Trace
from autograder.trace.order import Order
from tests.trace.build import Script


def test_program_order():
    run = Script()
    one, two = run.write(0, "a"), run.write(0, "b")
    order = Order.of(run.trace())
    assert order.before(one.step, two.step)
    assert not order.before(two.step, one.step)
    assert not order.before(one.step, one.step)
    assert not order.concurrent(one.step, one.step)


def test_create_and_join():
    run = Script()
    before = run.write(0, "a")
    task = run.create()
    beside = run.write(0, "b")
    inside = run.write(task, "c")
    run.end(task)
    run.join(task)
    after = run.write(0, "d")
    order = Order.of(run.trace())
    assert order.before(before.step, inside.step)
    assert order.before(inside.step, after.step)
    assert order.concurrent(beside.step, inside.step)


def test_a_join_that_gave_up_orders_nothing():
    run = Script()
    task = run.create()
    inside = run.write(task, "c")
    run.end(task)
    run.join(task, value=False)
    assert Order.of(run.trace()).concurrent(inside.step, run.events[-1].step)


def lock_run() -> tuple[Trace, int, int]:
    run = Script()
    a, b = run.create(), run.create()
    run.acquire(a, "lock")
    one = run.write(a, "a")
    run.release(a, "lock")
    run.acquire(b, "lock")
    two = run.write(b, "b")
    run.release(b, "lock")
    return run.trace(), one.step, two.step


def test_locks_order_unless_told_otherwise():
    trace, one, two = lock_run()
    assert Order.of(trace).before(one, two)
    assert Order.of(trace, locks=False).concurrent(one, two)


def test_a_lock_released_by_another_task_is_a_signal():
    run = Script()
    a, b = run.create(), run.create()
    run.acquire(b, "lock")
    one = run.write(a, "a")
    run.release(a, "lock")
    run.acquire(b, "lock")
    two = run.write(b, "b")
    assert Order.of(run.trace(), locks=False).before(one.step, two.step)


def test_what_an_event_tells_stays_without_locks():
    run = Script()
    run.thing("inside", "Event", process=0)
    a, b = run.create(), run.create()
    one = run.write(a, "a")
    run.acquire(a, "inside")
    run.release(a, "inside")  # event.set()
    run.acquire(b, "inside")
    run.release(b, "inside")  # event.wait() of one that is set
    two = run.write(b, "b")
    assert Order.of(run.trace(), locks=False).before(one.step, two.step)


def test_messages_and_wakes_order():
    run = Script()
    a, b = run.create(), run.create()
    one = run.write(a, "a")
    run.send(a, "pipe")
    beside = run.write(a, "a")
    run.receive(b, "pipe")
    two = run.write(b, "b")
    run.wake(b, "condition")
    run.wait(a, "condition")
    three = run.write(a, "c")
    order = Order.of(run.trace())
    assert order.before(one.step, two.step)
    assert order.concurrent(beside.step, two.step)
    assert order.before(two.step, three.step)


def test_a_poll_hears_of_messages_and_ends():
    run = Script()
    a, b = run.create(), run.create()
    one = run.write(a, "a")
    run.send(a, "pipe 1")
    two = run.write(b, "b")
    run.end(b)
    run.event(0, "poll", f"pipe 1,task:{b}", True)
    three = run.write(0, "c")
    order = Order.of(run.trace())
    assert order.before(one.step, three.step)
    assert order.before(two.step, three.step)


def test_a_cause_orders_whatever_the_operations():
    run = Script()
    a, b = run.create(), run.create()
    one = run.event(a, "kill", f"task:{b}", 9)
    two = run.event(b, "end", f"task:{b}", -9, cause=one)
    assert Order.of(run.trace()).before(one.step, two.step)


def test_a_trace_that_begins_in_the_middle():
    run = Script(first_step=100)
    run.event(0, "write", "stdout", "a")
    task = run.create()
    one = run.write(task, "b")
    order = Order.of(run.trace())
    assert order.before(100, one.step)


def reachable(trace: Trace, locks: bool) -> set[tuple[int, int]]:
    """Happens-before by its definition: all edges, then everything that can be reached."""
    edges: dict[int, set[int]] = {event.step: set() for event in trace.events}
    owner: dict[str, int | None] = {}
    foreign: set[int] = set()  # releases of a lock that another task held
    for event in trace.events:
        if event.op == "acquire":
            owner[event.resource] = event.task
        elif event.op == "release":
            if owner.get(event.resource) not in (None, event.task):
                foreign.add(event.step)
            owner[event.resource] = None
    pairs = {("create", "start"), ("end", "join"), ("release", "acquire"), ("send", "receive"), ("wake", "wait")}
    for i, one in enumerate(trace.events):
        for other in trace.events[i + 1 :]:
            same = one.resource == other.resource
            if one.task == other.task:
                edges[one.step].add(other.step)
            elif same and (one.op, other.op) in pairs and other.value is not False:
                if locks or one.op != "release" or one.step in foreign:
                    edges[one.step].add(other.step)
            elif other.cause == one.step and (locks or other.op != "acquire"):
                edges[one.step].add(other.step)
    found: set[tuple[int, int]] = set()
    for start in edges:
        todo = list(edges[start])
        while todo:
            step = todo.pop()
            if (start, step) not in found:
                found.add((start, step))
                todo += edges[step]
    return found


operations = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(["write", "acquire", "release", "send", "receive", "wake", "wait"]),
        st.sampled_from(["x", "y"]),
    ),
    max_size=20,
)  # fmt: skip


@settings(max_examples=150)
@given(operations, st.booleans(), st.integers(0, 3))
def test_clocks_are_reachability(script, locks, join):
    run = Script()
    tasks = [0]
    for number, op, name in script:
        if number >= len(tasks):
            tasks.append(run.create(by=tasks[-1]))
        task = tasks[min(number, len(tasks) - 1)]
        holders = [t for t in tasks if any(lock == name for lock, _ in run.held[t])]
        if op == "write":
            run.write(task, name)
        elif op == "acquire" and not holders:
            run.acquire(task, name)
        elif op == "release" and holders:
            run.release(task, name)  # by anyone: a Lock allows it
        elif op == "send":
            run.send(task, "pipe " + name)
        elif op == "receive" and run.sent["pipe " + name]:
            run.receive(task, "pipe " + name)
        elif op == "wake":
            run.wake(task, "condition " + name)
        elif op == "wait":
            run.wait(task, "condition " + name)
    for task in tasks[1 : join + 1]:
        run.end(task)
        run.join(task)
    run.write(0, "end")
    trace = run.trace()
    order, truth = Order.of(trace, locks=locks), reachable(trace, locks)
    for one in trace.events:
        for other in trace.events:
            assert order.before(one.step, other.step) == ((one.step, other.step) in truth)
