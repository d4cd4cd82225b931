"""Variables, attributes and items that threads share: what the trace has of them, and the points to schedule at."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.trace.events import PLAIN_KINDS, Trace
from autograder.trace.order import Order
from autograder.trace.races import data_races, lost_updates
from tests.world.conftest import STRATEGIES, Play, Played

COUNTER = """
    from threading import Lock, Thread

    counter = 0
    lock = Lock()

    def plain():
        global counter
        for _ in range(2):
            counter += 1

    def locked():
        global counter
        for _ in range(2):
            with lock:
                counter += 1

    def apart():
        global counter
        with lock:
            seen = counter
        with lock:
            counter = seen + 1

    def run(work):
        threads = [Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return counter

    def f():
        return run(plain)

    def g():
        return run(locked)

    def h():
        return run(apart)
    """


def accesses(run: Played | Trace) -> list[tuple[int, str, str, int]]:
    """(task, op, name, line) of every access of memory that threads share."""
    trace = run.trace if isinstance(run, Played) else run
    return [
        (event.task, event.op, trace.resources[event.resource].name, event.line)
        for event in trace.events
        if event.op in ("read", "store") and trace.resources[event.resource].kind in PLAIN_KINDS
    ]


def names(run: Played) -> set[tuple[str, str]]:
    return {(one.kind, one.name) for one in run.trace.resources.values() if one.kind in PLAIN_KINDS}


def others(trace: Trace) -> list[Any]:
    """The events that are not about such memory, without their steps."""
    return [
        (event.task, event.op, event.asked, event.at, event.resource, event.value, event.line, event.via)
        for event in trace.events
        if event.op != "hear"
        and (event.resource not in trace.resources or trace.resources[event.resource].kind not in PLAIN_KINDS)
    ]


def found(run: Played) -> tuple[set[str], set[str]]:
    """The names of what can lose an update, and of what is raced for."""
    resources = run.trace.resources
    lost = {resources[update.read.resource].name for update in lost_updates(run.trace)}
    return lost, {resources[race.first.resource].name for race in data_races(run.trace)}


# Events -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_unlocked_counter_is_predicted_in_every_order(play: Play, strategy: str) -> None:
    run = play(COUNTER, "f", strategy=strategy)
    assert run.value == 4
    assert found(run) == ({"counter"}, {"counter"})
    assert {task for task, *_ in accesses(run)} == {1, 2}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_locked_counter_is_clean(play: Play, strategy: str) -> None:
    run = play(COUNTER, "g", strategy=strategy)
    assert found(run) == (set(), set())
    assert accesses(run)
    for event in run.trace.events:
        if event.op in ("read", "store"):
            assert [run.trace.resources[lock].kind for lock, _ in event.held] == ["Lock"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_read_and_store_under_two_holds_is_a_lost_update_and_no_data_race(play: Play, strategy: str) -> None:
    assert found(play(COUNTER, "h", strategy=strategy)) == ({"counter"}, set())


def test_what_the_first_task_did_alone_is_told_late_and_in_its_place(play: Play) -> None:
    source = """
        from threading import Thread
        box = None
        box = 0
        def f():
            global box
            seen = []
            def look():
                seen.append(box)
            thread = Thread(target=look)
            thread.start()
            box = 1
            print("between")
            box = 2
            thread.join()
            return seen, box
        """
    for strategy in STRATEGIES:
        run = play(source, strategy=strategy)
        assert found(run)[1] == {"box"}, strategy
        steps = [event.step for event in run.trace.events]
        assert steps == list(range(len(steps)))
        main = [event.op for event in run.trace.events if event.task == 0 and event.op != "hear"]
        assert main == ["create", "store", "write", "write", "store", "join", "return"], strategy
        order = Order.of(run.trace)
        begin = next(event.step for event in run.trace.events if event.op == "start")
        for event in run.trace.events:
            if event.op == "store":
                assert order.before(0, event.step)
                assert order.concurrent(begin, event.step)


def test_locks_held_at_late_accesses(play: Play) -> None:
    source = """
        from threading import Lock, Thread
        n = 0
        a, b = Lock(), Lock()
        def first():
            global n
            with a:
                n += 1
                with b:
                    n += 1
                n += 1
            n += 1
        def second():
            global n
            n += 1
        def f():
            for work in (first, second):
                threads.append(Thread(target=work))
                threads[-1].start()
            for thread in threads:
                thread.join()
        threads = []
        """
    run = play(source, strategy="nonpreemptive")
    resources = run.trace.resources
    held = [
        tuple(resources[lock].line for lock, _ in event.held)
        for event in run.trace.events
        if event.task == 1 and event.op == "read"
    ]
    assert [len(locks) for locks in held] == [1, 2, 1, 0]
    for event in run.trace.events:
        for lock, step in event.held:
            acquire = run.trace.events[step]
            assert (acquire.op, acquire.resource, acquire.task) == ("acquire", lock, event.task)
        if event.cause is not None:
            assert event.cause < event.step
    assert found(run)[0] == {"n"}


NAMED = """
    from collections import Counter, defaultdict, deque
    from threading import Thread
    from types import SimpleNamespace

    total = 0
    results = [0, 0]

    class Account:
        opened = 0
        rate = 1
        __slots__ = ("balance", "__weakref__")
        def __init__(self):
            self.balance = 0

    class Worker(Thread):
        def __init__(self, account):
            super().__init__()
            self.account = account
            self.mine = 0
        def run(self):
            self.mine += 1
            self.account.balance += self.account.rate
            Account.opened += 1

    def work(data):
        global total
        total += 1
        data.n += 1
        data.table["key"] += 1
        data.table[1, "x"] = 2
        data.counts[len("ab")] += 1
        data.queue[-1] += 1
        results[len(results) - 1] += 1
        work.calls += 1
        sum(results[0:1])
        local = [0]
        local[0] += 1

    work.calls = 0

    def f():
        data = SimpleNamespace(n=0, table={"key": 0}, counts=Counter(), queue=deque([0]))
        count = 0
        def closure():
            nonlocal count
            count += 1
        account = Account()
        threads = [Worker(account), Worker(account)]
        for target, args in ((work, (data,)), (work, (data,)), (closure, ()), (closure, ())):
            threads.append(Thread(target=target, args=args))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return threads[0].mine, count, account.balance
    """


@pytest.mark.parametrize("points", [False, True])
def test_names_and_kinds(play: Play, points: bool) -> None:
    run = play(NAMED, strategy="nonpreemptive")
    assert names(run) == {
        ("Global", "total"),
        ("Attribute", "SimpleNamespace.n"),
        ("Item", "data.table['key']"),
        ("Item", "data.table[(1, 'x')]"),
        ("Item", "data.counts[2]"),
        ("Item", "data.queue[0]"),
        ("Item", "results[1]"),
        ("Attribute", "function.calls"),
        ("Attribute", "Account.balance"),
        ("Attribute", "Account.opened"),
        ("Nonlocal", "count"),
    }
    shared = {name for _, name in names(run)}
    assert found(run)[0] == shared - {"data.table[(1, 'x')]"}
    # One store for each thread, and nobody reads it.
    assert found(run)[1] == shared - {"data.table[(1, 'x')]"}


def test_nothing_is_told_of_one_thread_or_of_what_nobody_stores(play: Play) -> None:
    source = """
        from threading import Thread
        n = 0
        n = 1
        numbers = [1, 2, 3]
        class C:
            def __init__(self): self.x = 1
        c = C()
        def alone():
            global n
            for _ in range(3):
                n += 1
                numbers[0] += 1
                c.x += 1
        def read(out):
            out.append((n, numbers[0], c.x))
            mine = [0]
            mine[0] += 1
        def f():
            alone()
            out = []
            threads = [Thread(target=read, args=(out,)) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            alone()
            for work in (alone, alone):
                thread = Thread(target=work)
                thread.start()
                thread.join()
            alone()
            return out
        """
    for strategy in STRATEGIES:
        run = play(source, strategy=strategy)
        assert names(run) == {("Contents", "out")}
        (out,) = (one.id for one in run.trace.resources.values() if one.kind in PLAIN_KINDS)
        assert not any(event.op in ("read", "store") and event.resource != out for event in run.trace.events)
        assert run.value == [(4, 4, 4)] * 3


def test_what_is_no_variable_is_not_told(play: Play) -> None:
    """Methods, properties, a thread's local data, proxies and what computes its attributes."""
    source = """
        from threading import Thread, local
        from enum import Enum
        class Color(Enum):
            RED = 1
        class Own(local):
            n = 0
        own = Own()
        class Proxy:
            def __init__(self): object.__setattr__(self, "d", {})
            def __getattr__(self, name): return 0
            def __setattr__(self, name, value): pass
        class C:
            @property
            def x(self): return 1
            @x.setter
            def x(self, value): pass
            def method(self): return self.method
        c, proxy = C(), Proxy()
        def work():
            for _ in range(2):
                own.n += 1
                proxy.n += 1
                c.x += 1
                c.method()
                Color.RED.value
                c.__class__ = C
        def f():
            threads = [Thread(target=work) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        """
    assert names(play(source)) == set()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_is_handed_over_is_in_order(play: Play, strategy: str) -> None:
    """Through a queue, a future, an event, a pool: with or without anybody having to wait."""
    source = """
        from concurrent.futures import ThreadPoolExecutor, as_completed
        from multiprocessing.pool import ThreadPool
        from queue import Queue, SimpleQueue
        from threading import Barrier, Condition, Event, Thread
        class Box:
            def __init__(self): self.n = 0
        def job(box, k):
            box.n += k
            return box
        def executor():
            with ThreadPoolExecutor(2) as pool:
                boxes = [Box() for _ in range(3)]
                for _ in range(2):
                    futures = [pool.submit(job, box, 1) for box in boxes]
                    for future in futures:
                        future.result().n += 1
                for future in as_completed([pool.submit(job, box, 1) for box in boxes]):
                    future.result().n += 1
                return sum(box.n for box in pool.map(job, boxes, [1, 2, 3]))
        def pool():
            with ThreadPool(2) as pool:
                boxes = [Box() for _ in range(3)]
                for _ in range(2):
                    pool.starmap(job, [(box, 1) for box in boxes])
                    for box in boxes:
                        box.n += 1
                return sum(box.n for box in boxes)
        def queues():
            out = []
            for make in (Queue, SimpleQueue):
                q, back = make(), make()
                def consume():
                    while (box := q.get()) is not None:
                        box.n += 1
                        back.put(box)
                thread = Thread(target=consume)
                thread.start()
                for i in range(3):
                    box = Box()
                    box.n = i
                    q.put(box)
                for _ in range(3):
                    box = back.get()
                    box.n += 1
                    out.append(box.n)
                q.put(None)
                thread.join()
            return sum(out)
        def events():
            ready, box = Event(), Box()
            def work():
                while not ready.is_set():
                    pass
                box.n += 1
            thread = Thread(target=work)
            thread.start()
            box.n = 5
            ready.set()
            thread.join()
            return box.n
        def conditions():
            condition, box = Condition(), Box()
            box.ready = False
            def work():
                with condition:
                    condition.wait_for(lambda: box.ready)
                box.n += 1
            thread = Thread(target=work)
            thread.start()
            box.n = 5
            with condition:
                box.ready = True
                condition.notify()
            thread.join()
            return box.n
        def barriers():
            barrier, rows = Barrier(2), [0, 0]
            sums = [0, 0]
            def work(i):
                rows[i] = i + 1
                barrier.wait()
                sums[i] = rows[0] + rows[1]
            threads = [Thread(target=work, args=(i,)) for i in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return sum(sums)
        """
    expected = {"executor": 24, "pool": 12, "queues": 18, "events": 6, "conditions": 6, "barriers": 6}
    for call, value in expected.items():
        for points in (False, True):
            run = play(source, call, strategy=strategy, points=points)
            assert run.value == value
            assert found(run) == (set(), set()), (call, points)


def test_a_race_beside_a_queue_is_found(play: Play) -> None:
    source = """
        from queue import Queue
        from threading import Thread
        class Box: pass
        def f():
            q, box = Queue(), Box()
            box.n = 0
            def consume():
                got = q.get()
                got.n += 1
            thread = Thread(target=consume)
            thread.start()
            q.put(box)
            box.n += 1
            thread.join()
            return box.n
        """
    for strategy in STRATEGIES:
        assert found(play(source, strategy=strategy))[0] == {"Box.n"}, strategy


def test_only_so_many_accesses_of_one_location_are_told(play: Play) -> None:
    source = COUNTER.replace("for _ in range(2):\n", "for _ in range(500):\n")
    run = play(source, "f")
    assert run.value == 1000
    told = accesses(run)
    assert 4 <= len(told) <= 210
    assert found(run)[0] == {"counter"}


def test_many_locations_end_in_silence_and_not_in_a_limit(play: Play) -> None:
    source = """
        from threading import Event, Thread
        rows = [0] * 4000
        def work():
            for i in range(4000):
                rows[i] += 1
        def f():
            threads = [Thread(target=work) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return sum(rows)
        """
    runs = [play(source) for _ in range(2)]
    assert runs[0].value == 8000
    assert 1000 < len(accesses(runs[0])) <= 5000
    assert runs[0].trace == runs[1].trace


def test_names_that_nobody_would_give(play: Play) -> None:
    source = """
        from threading import Thread
        Odd = type("odd\\n" + "x" * 1000, (), {"n": 0})
        odd, table = Odd(), {}
        keys = [10**5000, -(10**20), "k" * 1000, b"\\xff" * 1000, float("nan"), (1,), (1, 2, 3, 4), None, 0.5]
        keys.append("\\ud800")
        def work():
            for key in keys:
                table[key] = table.get(key, 0) + 1
                table[key] += 1
            odd.n += 1
        def f():
            threads = [Thread(target=work) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return odd.n, sorted(table.values())
        """
    for points in (False, True):
        run = play(source, strategy="nonpreemptive", points=points)
        assert run.value == (2, [4] * 10)
        assert {name for _, name in names(run) if "odd" not in name} == {
            "table[…]",
            f"table['{'k' * 27}'…]",
            f"table[{bytes([255] * 27)!r}…]",
            "table[nan]",
            "table[(1,)]",
            "table[(1, 2, 3, …)]",
            "table[None]",
            "table['\\ud800']",
            "table[0.5]",
            "table",  # its contents
        }


def test_processes_share_no_variables(play: Play) -> None:
    source = """
        from multiprocessing import Process
        from threading import Thread
        n = 0
        def work():
            global n
            n += 1
        def child():
            threads = [Thread(target=work) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        def f():
            processes = [Process(target=child if i else work) for i in range(3)]
            for process in processes: process.start()
            for process in processes: process.join()
            return n
        """
    for method in ("fork", "spawn"):
        run = play(source, start_method=method)
        assert run.value == 0
        made = [one for one in run.trace.resources.values() if one.kind in PLAIN_KINDS]
        assert [one.name for one in made] == ["n", "n"]
        children = {task.parent for task in run.trace.tasks if task.kind == "thread"}
        assert {one.process for one in made} == children
        assert len(children) == 2
        tasks = {event.task: event.resource for event in run.trace.events if event.op == "store"}
        assert all(run.trace.tasks[task].process == run.trace.resources[name].process for task, name in tasks.items())


def test_what_dies_is_not_kept(play: Play) -> None:
    """Objects that were looked at end when the program lets them go, and their memory may be another's then."""
    source = """
        import weakref
        from threading import Event, Thread
        class Thing:
            def __init__(self, name): self.name = name; self.n = 0
            def __del__(self): print("end of", self.name)
        def use(name):
            thing = Thing(name)
            thing.n += 1
            rows = [[thing], {"a": thing}]
            rows[0][0].n += rows[1]["a"].n
            rows[0][len(rows) - 2] = thing
        def f():
            stop = Event()
            thread = Thread(target=lambda: (stop.wait(), use("other")))
            thread.start()
            for i in range(3):
                use(i)
                print("after", i)
            stop.set()
            thread.join()
        """
    for strategy in STRATEGIES:
        run = play(source, strategy=strategy)
        expected = [line for i in range(3) for line in (f"end of {i}", f"after {i}")]
        assert [line for line in run.text.splitlines() if line != "end of other"] == expected
        assert names(run) == set()


# The rest of a run --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["f", "g", "h"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_marks_change_nothing_else(play: Play, monkeypatch: pytest.MonkeyPatch, strategy: str, call: str) -> None:
    """The same program whose variables cannot be marked: looked up where the rewriter does not see them."""
    hidden = COUNTER.replace("global counter", "names = globals()").replace("counter += 1", "names['counter'] += 1")
    hidden = hidden.replace("seen = counter", "seen = names.get('counter')")
    hidden = hidden.replace("counter = seen", "names.__setitem__('counter', seen) or 0; _ = seen")
    marked, plain = play(COUNTER, call, strategy=strategy), play(hidden, call, strategy=strategy)
    assert marked.recording.decisions == plain.recording.decisions
    assert marked.recording.switches == plain.recording.switches
    assert [event[:4] for event in others(marked.trace)] == [event[:4] for event in others(plain.trace)]
    assert marked.trace.elapsed == plain.trace.elapsed


@pytest.mark.parametrize("points", [False, True, (9, 14)])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_same_run_is_the_same(play: Play, strategy: str, points: Any) -> None:
    for source, call in ((COUNTER, "f"), (COUNTER, "g"), (NAMED, "f")):
        first, second = (play(source, call, strategy=strategy, points=points) for _ in range(2))
        assert first.trace == second.trace
        assert first.recording.switches == second.recording.switches


def test_the_same_on_every_version(play: Play) -> None:
    """What 3.11, 3.12 and 3.13 must all see."""
    run = play(COUNTER, "f", strategy="roundrobin", points=True)
    assert run.recording.decisions == 14
    assert run.value == 3
    assert [(task, op) for task, op, _, _ in accesses(run)] == [
        (1, "read"),
        (1, "store"),
        (2, "read"),
        (1, "read"),
        (2, "store"),
        (1, "store"),
        (2, "read"),
        (2, "store"),
    ]


# Points -------------------------------------------------------------------------------------------------------------


def test_a_schedule_loses_an_update(play: Play) -> None:
    assert play(COUNTER, "f", strategy="roundrobin").value == 4
    assert play(COUNTER, "f", strategy="nonpreemptive", points=True).value == 4
    adversary = play(COUNTER, "f", strategy="roundrobin", points=True)
    assert adversary.value < 4
    assert any(update.happened for update in lost_updates(adversary.trace))
    for strategy in STRATEGIES:
        assert play(COUNTER, "g", strategy=strategy, points=True).value == 4


def test_one_switch_between_read_and_store_is_enough(play: Play) -> None:
    base = play(COUNTER, "f", strategy="nonpreemptive", points=True)
    values = set()
    for at in range(base.recording.decisions):
        for task in (1, 2):
            run = play(COUNTER, "f", strategy=f"switches:{at}-{task}", points=True)
            values.add(run.value)
            lost = [update for update in lost_updates(run.trace) if update.happened]
            assert bool(lost) == (run.value < 4)
    assert values == {2, 3, 4} or values == {2, 4}


def test_a_box_that_is_filled_after_the_start(play: Play) -> None:
    source = """
        from threading import Thread
        def f():
            box = None
            seen = []
            def look():
                seen.append(box)
            thread = Thread(target=look)
            thread.start()
            box = 1
            thread.join()
            return seen
        """
    seen = {
        repr(play(source, strategy=strategy, points=True).value)
        for strategy in ("nonpreemptive", "eager", "roundrobin")
    }
    assert seen == {"[None]", "[1]"}


def test_points_in_chosen_lines(play: Play) -> None:
    source = """
        from threading import Thread
        a = 0
        b = 0
        def work():
            global a, b
            a += 1
            b += 1
        def f():
            threads = [Thread(target=work) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return a, b
        """
    lines = source.splitlines()
    at = {name: next(n for n, line in enumerate(lines, 1) if line.strip() == f"{name} += 1") for name in "ab"}
    every = play(source, strategy="roundrobin", points=True)
    some = play(source, strategy="roundrobin", points=(at["a"],))
    none = play(source, strategy="roundrobin", points=(1000,))
    off = play(source, strategy="roundrobin")
    assert none.recording.decisions == off.recording.decisions
    assert every.recording.decisions > some.recording.decisions > off.recording.decisions
    ends = {
        tuple(play(source, strategy=f"switches:{at_}-2", points=(at["a"],)).value)
        for at_ in range(some.recording.decisions)
    }
    assert ends == {(1, 2), (2, 2)}


def test_nothing_asks_while_there_is_one_thread(play: Play) -> None:
    source = """
        n = 0
        def f():
            global n
            for _ in range(5):
                n += 1
            return n
        """
    assert play(source, points=True).recording.decisions == play(source).recording.decisions
