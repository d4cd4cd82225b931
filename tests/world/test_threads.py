"""Thread, Timer, local and what ``threading`` tells do what the real ones do, under every order."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import sys
import threading
from threading import Event, Thread, Timer, current_thread, enumerate, local


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def lives():
    gate = Event()
    thread = Thread(target=gate.wait, name="waiter")
    seen = [thread.is_alive(), thread.ident, thread.name, thread.daemon]
    thread.start()
    seen += [thread.is_alive(), thread.ident is not None, thread.join(0.01), thread.is_alive()]
    gate.set()
    thread.join()
    return seen + [thread.is_alive(), thread.join()]


def arguments():
    seen = []
    thread = Thread(target=lambda *args, **kwargs: seen.append((args, kwargs)), args=(1, 2), kwargs={"a": 3})
    thread.start()
    thread.join()
    Thread().run()
    return seen


def errors():
    thread = Thread(target=int)
    seen = [error(thread.join)]
    thread.start()
    seen.append(error(thread.start))
    thread.join()
    return seen + [error(thread.start), error(current_thread().join), error(Thread, 1, int)]


def subclass():
    class Square(Thread):
        def __init__(self, number):
            super().__init__(name=f"square-{number}")
            self.number = number

        def run(self):
            self.result = self.number**2, current_thread() is self, current_thread().name

    threads = [Square(number) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [thread.result for thread in threads]


def default_names():
    def work():
        pass

    threads = [Thread(target=work), Thread(target=work), Thread(), Thread(name="mine")]
    return [thread.name for thread in threads]


def who_is_there():
    gate, seen = Event(), []
    threads = [Thread(target=gate.wait, name=f"t{number}") for number in range(2)]
    for thread in threads:
        thread.start()
    seen.append((threading.active_count(), sorted(one.name for one in enumerate())))
    gate.set()
    for thread in threads:
        thread.join()
    seen.append((threading.active_count(), [one.name for one in enumerate()]))
    return seen, current_thread().name, threading.main_thread() is current_thread()


def identities():
    seen = []
    threads = [Thread(target=lambda: seen.append(threading.get_ident())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len({*seen, threading.get_ident()}), sorted(seen) == sorted(thread.ident for thread in threads)


def local_values():
    own, seen = local(), []
    own.value = "main"

    def work(value):
        before = hasattr(own, "value")
        own.value = value
        print("between")
        seen.append((before, own.value))

    threads = [Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(seen), own.value


def local_subclass():
    class Own(local):
        def __init__(self, start):
            self.items = [start]

    own, seen = Own(1), []

    def work():
        own.items.append(2)
        seen.append(own.items)

    thread = Thread(target=work)
    thread.start()
    thread.join()
    return seen, own.items


def timer_fires():
    seen = []
    timer = Timer(0.01, lambda *args, **kwargs: seen.append((args, kwargs)), [1], {"a": 2})
    timer.start()
    timer.join()
    return seen, timer.finished.is_set()


def timer_cancelled():
    seen = []
    timer = Timer(1000, seen.append, [1])
    timer.cancel()
    timer.start()
    timer.join()
    return seen


def exception_ends_only_its_thread():
    def fail():
        raise ValueError("lost")

    thread = Thread(target=fail)
    thread.start()
    thread.join()
    return thread.is_alive()


def exit_ends_only_its_thread():
    seen = []

    def leave():
        seen.append("before")
        sys.exit(3)

    thread = Thread(target=leave)
    thread.start()
    thread.join()
    return seen, thread.is_alive()


def own_excepthook():
    seen, before = [], threading.excepthook
    threading.excepthook = lambda args: seen.append((args.exc_type.__name__, str(args.exc_value), args.thread.name))
    try:
        thread = Thread(target=lambda: 1 / 0, name="divider")
        thread.start()
        thread.join()
    finally:
        threading.excepthook = before
    return seen


def daemons():
    seen = []

    def work():
        inner = Thread()
        seen.append((current_thread().daemon, inner.daemon))

    for daemon in (True, False):
        thread = Thread(target=work, daemon=daemon)
        thread.start()
        thread.join()
    return seen, error(setattr, current_thread(), "daemon", True)


def threads_of_threads():
    seen = []

    def grow(depth):
        seen.append(depth)
        if depth:
            children = [Thread(target=grow, args=(depth - 1,)) for _ in range(2)]
            for child in children:
                child.start()
            for child in children:
                child.join()

    grow(3)
    return sorted(seen)


def joined_by_several():
    gate, seen = Event(), []
    thread = Thread(target=gate.wait)
    thread.start()
    joining = [Thread(target=lambda: (thread.join(), seen.append(thread.is_alive()))) for _ in range(3)]
    for one in joining:
        one.start()
    gate.set()
    for one in joining:
        one.join()
    return seen


def renamed():
    seen = []
    thread = Thread(target=lambda: seen.append(current_thread().name))
    thread.name = "other"
    thread.start()
    thread.join()
    return seen


def low_level():
    import _thread

    lock, seen = _thread.allocate_lock(), []
    lock.acquire()
    _thread.start_new_thread(lambda word: (seen.append(word), lock.release()), ("low",))
    lock.acquire()
    return seen
"""

EXPECTED = {
    "lives": [False, None, "waiter", False, True, True, None, True, False, None],
    "arguments": [((1, 2), {"a": 3})],
    "errors": [
        "RuntimeError: cannot join thread before it is started",
        "RuntimeError: threads can only be started once",
        "RuntimeError: threads can only be started once",
        "RuntimeError: cannot join current thread",
        "AssertionError: group argument must be None for now",
    ],
    "subclass": [(0, True, "square-0"), (1, True, "square-1"), (4, True, "square-2")],
    "default_names": ["Thread-1 (work)", "Thread-2 (work)", "Thread-3", "mine"],
    "who_is_there": ([(3, ["MainThread", "t0", "t1"]), (1, ["MainThread"])], "MainThread", True),
    "identities": (4, True),
    "local_values": ([(False, 0), (False, 1), (False, 2)], "main"),
    "local_subclass": ([[1, 2]], [1]),
    "timer_fires": ([((1,), {"a": 2})], True),
    "timer_cancelled": [],
    "exception_ends_only_its_thread": False,
    "exit_ends_only_its_thread": (["before"], False),
    "own_excepthook": [("ZeroDivisionError", "division by zero", "divider")],
    "daemons": ([(True, True), (False, False)], "RuntimeError: cannot set daemon status of active thread"),
    "threads_of_threads": sorted([3] + [2] * 2 + [1] * 4 + [0] * 8),
    "joined_by_several": [False, False, False],
    "renamed": ["other"],
    "low_level": ["low"],
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", EXPECTED)
def test_as_the_real_ones(play: Play, function: str, strategy: str) -> None:
    assert play(PROGRAM, function, strategy=strategy).value == EXPECTED[function]


def test_a_lost_exception_is_in_the_trace_and_on_standard_error(play: Play) -> None:
    run = play(PROGRAM, "exception_ends_only_its_thread")
    (event,) = [event for event in run.trace.events if event.op == "raise"]
    assert event.value == "ValueError: lost"
    line = PROGRAM.splitlines().index('        raise ValueError("lost")') + 1
    assert f'File "program.py", line {line}, in fail' in run.errors
    assert run.errors.startswith("Exception in thread Thread-1 (fail):")
    assert run.errors.endswith("ValueError: lost\n")
    assert run.text == ""


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_daemons_and_others_left_behind_are_named(play: Play, strategy: str) -> None:
    run = play(
        """
        from threading import Event, Thread

        def f():
            Thread(target=Event().wait, daemon=True, name="left").start()
            Thread(target=Event().wait, name="left too").start()
        """,
        strategy=strategy,
    )
    assert run.value is None
    assert run.trace.alive == (1, 2)
    assert [task.daemon for task in run.trace.tasks] == [False, True, False]


def test_what_the_trace_says_of_a_thread(play: Play) -> None:
    run = play(
        """
        from threading import Thread

        def work():
            pass

        def f():
            thread = Thread(target=work, name="one")
            thread.start()
            thread.join()
        """
    )
    task = run.task("one")
    assert (task.id, task.kind, task.parent, task.process, task.service, task.line) == (1, "thread", 0, 0, False, 9)
    create, start, end, join, back = run.trace.events
    assert [event.op for event in run.trace.events] == ["create", "start", "end", "join", "return"]
    assert (start.cause, join.cause) == (create.step, end.step)
    assert (create.line, create.via, join.line, join.via) == (9, "Thread.start", 10, "Thread.join")
    assert run.trace.returned == back.step
