"""A run in which nothing can go on is told at once, with who waits for what; no time limit is needed."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import multiprocessing as mp
import queue
import threading
from threading import Condition, Event, Lock, Semaphore, Thread


def start(*targets):
    threads = [Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    return threads


def join(threads):
    for thread in threads:
        thread.join()


def two_orders():
    first, second, both = Lock(), Lock(), threading.Barrier(2)

    def work(one, other):
        with one:
            both.wait()
            with other:
                pass

    join(start(lambda: work(first, second), lambda: work(second, first)))


def taken_twice():
    lock = Lock()
    lock.acquire()
    lock.acquire()


def never_put():
    queue.Queue().get()


def never_put_by_a_process():
    mp.Queue().get()


def never_set():
    join(start(Event().wait, Event().wait))


def never_notified():
    condition = Condition()
    with condition:
        condition.wait()


def one_too_few():
    barrier = threading.Barrier(3)
    join(start(barrier.wait, barrier.wait))


def held_by_an_ended_thread():
    lock = Lock()
    join(start(lock.acquire))
    lock.acquire()


def never_released():
    semaphore = Semaphore(1)
    join(start(semaphore.acquire, semaphore.acquire))


def never_done():
    work = queue.Queue()
    work.put(1)
    work.get()
    work.join()


def joined_in_a_circle():
    threads = []
    ready = Event()

    def wait(number):
        ready.wait()
        threads[1 - number].join()

    threads += [Thread(target=wait, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    ready.set()
    join(threads)


def _wait(event):
    event.wait()


def a_child_waits_for_ever():
    process = mp.Process(target=_wait, args=(mp.Event(),))
    process.start()
    process.join()


def _fill(end):
    for _ in range(3):
        end.send(bytes(40_000))


def pipe_is_full():
    reader, writer = mp.Pipe(False)
    process = mp.Process(target=_fill, args=(writer,))
    process.start()
    process.join()
    reader.recv()


def _ask(end):
    end.recv()


def own_end_left_open():
    reader, writer = mp.Pipe(False)
    reader.recv()


def joined_before_the_queue_is_read():
    one = mp.Queue()
    process = mp.Process(target=_put, args=(one,))
    process.start()
    process.join()
    one.get()


def _put(one):
    one.put(bytes(200_000))


def lock_copied_by_a_fork():
    lock = Lock()
    with lock:
        process = mp.Process(target=lock.acquire)
        process.start()
        process.join()


def killed_while_it_holds_the_lock():
    lock, held = mp.Lock(), mp.Event()
    process = mp.Process(target=_hold, args=(lock, held))
    process.start()
    held.wait()
    process.terminate()
    process.join()
    lock.acquire()


def _hold(lock, held):
    lock.acquire()
    held.set()
    mp.Event().wait()
"""

STUCK = {
    "two_orders": {0: "join", 1: "acquire", 2: "acquire"},
    "taken_twice": {0: "acquire"},
    "never_put": {0: "wait"},
    "never_put_by_a_process": {0: "receive"},
    "never_set": {0: "join", 1: "wait", 2: "wait"},
    "never_notified": {0: "wait"},
    "one_too_few": {0: "join", 1: "wait", 2: "wait"},
    "held_by_an_ended_thread": {0: "acquire"},
    "never_released": None,
    "never_done": {0: "wait"},
    "joined_in_a_circle": {0: "join", 1: "join", 2: "join"},
    "a_child_waits_for_ever": {0: "join", 1: "acquire"},
    "pipe_is_full": {0: "join", 1: "send"},
    "own_end_left_open": {0: "receive"},
    "joined_before_the_queue_is_read": None,
    "lock_copied_by_a_fork": {0: "join", 1: "acquire"},
    "killed_while_it_holds_the_lock": {0: "acquire"},
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", STUCK)
def test_nothing_can_go_on(play: Play, function: str, strategy: str) -> None:
    run = play(PROGRAM, function, strategy=strategy)
    assert (run.outcome, run.reason) == ("deadlock", "nothing in the program can go on")
    blocked = {one.task: one.op for one in run.trace.blocked}
    if STUCK[function] is not None:
        assert blocked == STUCK[function]
    lines = PROGRAM.splitlines()
    assert all(0 <= one.line <= len(lines) for one in run.trace.blocked)
    assert next(one for one in run.trace.blocked if one.task == 0).line > 0


def test_who_holds_what_the_other_waits_for(play: Play) -> None:
    run = play(PROGRAM, "two_orders")
    main, first, second = run.trace.blocked
    assert (first.holders, second.holders, main.holders) == ((2,), (1,), (1,))
    assert first.resource != second.resource
    assert {run.trace.resources[one.resource].kind for one in (first, second)} == {"Lock"}
    line = PROGRAM.splitlines().index("            with other:") + 1
    assert first.line == second.line == line


@pytest.mark.parametrize("function", ["never_set", "never_put", "never_notified", "one_too_few", "never_done"])
def test_nobody_holds_what_a_signal_would_give(play: Play, function: str) -> None:
    run = play(PROGRAM, function)
    assert {one.holders for one in run.trace.blocked if one.op == "wait"} == {()}


def test_the_holder_may_have_ended(play: Play) -> None:
    run = play(PROGRAM, "held_by_an_ended_thread")
    (main,) = run.trace.blocked
    assert main.holders == (1,)
    assert run.trace.tasks[1].ended is not None


def test_a_thread_that_joins_itself_is_refused(play: Play) -> None:
    run = play("import threading\ndef f(): threading.current_thread().join()")
    assert run.error == ("RuntimeError", "cannot join current thread", 2)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_limit_of_waiting_is_no_deadlock(play: Play, strategy: str) -> None:
    source = "import threading\ndef f():\n a = threading.Lock()\n a.acquire()\n return a.acquire(timeout=5)"
    assert play(source, strategy=strategy).value is False


def test_two_orders_without_a_barrier_need_the_right_switch(play: Play) -> None:
    """The classic: most runs come back, and some order shows the one that does not."""
    source = """
        from threading import Lock, Thread

        def f():
            a, b = Lock(), Lock()

            def work(one, other):
                with one:
                    with other:
                        pass

            threads = [Thread(target=work, args=pair) for pair in ((a, b), (b, a))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        """
    assert play(source, strategy="nonpreemptive").outcome == "returned"
    assert {play(source, strategy=f"random:{seed}:10").outcome for seed in range(1, 11)} == {"returned", "deadlock"}
