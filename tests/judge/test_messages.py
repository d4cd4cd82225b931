"""Messages between processes: what became of them is told from real runs of small programs."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.judge.failure import CheckFailed
from autograder.judge.messages import expect_each_once
from autograder.model import Finding
from tests.judge.conftest import Graded

RUN = """
    def test_it(submission):
        run = submission.run("f"{options})
        {ask}
    """


def asked(graded: Graded, source: str, ask: str = "run.completed()", options: str = "") -> Finding | None:
    (verdict,) = graded(source, RUN.format(options=options, ask=ask)).verdicts
    return verdict.finding


def finding(graded: Graded, source: str, ask: str = "run.completed()", options: str = "") -> Finding:
    found = asked(graded, source, ask, options)
    assert found is not None, "it should fail"
    return found


PROGRAM = """
    from multiprocessing import Pipe, Process, Queue

    def give(queue, count):
        for number in range(count):
            queue.put(number)

    def f():
        queue = Queue()
        giver = Process(target=give, args=(queue, 30))
        giver.start()
        giver.join()
        return [queue.get() for _ in range(30)]
    """


def test_how_much_a_pipe_holds_is_a_part_of_the_machine(graded: Graded) -> None:
    assert asked(graded, PROGRAM) is None
    found = finding(graded, PROGRAM, options=', machine={"pipe": 64}')
    assert found.kind == "not drained"
    assert "(line 6)" in found.message


def test_a_message_larger_than_the_pipe_goes_through_to_one_who_watches(graded: Graded) -> None:
    source = """
    from multiprocessing import Pipe, Process
    def work(connection):
        connection.send("x" * 1000)
    def f():
        here, there = Pipe()
        worker = Process(target=work, args=(there,))
        worker.start()
        assert here.poll(None)
        text = here.recv()
        worker.join()
        return len(text)
    """
    assert asked(graded, source, "assert run.value == 1000", ', machine={"pipe": 64}') is None


def test_two_who_send_and_do_not_read(graded: Graded) -> None:
    source = """
    from multiprocessing import Pipe, Process
    def work(connection):
        while True:
            connection.send(connection.recv())
    def f():
        here, there = Pipe()
        Process(target=work, args=(there,), daemon=True).start()
        for number in range(50):
            here.send(number)
        return [here.recv() for _ in range(50)]
    """
    found = finding(graded, source, options=', machine={"pipe": 64}')
    assert found.kind == "deadlock"
    assert "whoever sends must wait until the other end has read" in found.message


def test_what_a_process_had_put_is_lost_with_it(graded: Graded) -> None:
    source = """
    import os
    from multiprocessing import Process, Queue
    def give(queue):
        for number in range(3):
            queue.put(number)
        queue.cancel_join_thread()
    def f():
        queue = Queue()
        giver = Process(target=give, args=(queue,))
        giver.start()
        giver.join()
        found = []
        while not queue.empty():
            found.append(queue.get())
        return found
    """
    ask = "expect_each_once(run.value, [0, 1, 2], run.call, run)"
    found = finding(graded, source, ask, ', strategy="nonpreemptive"')
    assert found.kind == "lost message"
    assert "put by Process-1 (line 6) never left it" in found.message


def test_a_worker_that_is_left_waiting_never_ends(graded: Graded) -> None:
    source = """
    from multiprocessing import Pipe, Process
    def work(connection):
        connection.recv()
    def f():
        here, there = Pipe()
        Process(target=work, args=(there,)).start()
        {last}
    """
    ask = "run.assert_joined()"
    found = finding(graded, source.format(last="there.poll(1)"), ask)
    assert found.kind == "never ends"
    # Here the message is under way: the worker will end, and only was not waited for.
    found = finding(graded, source.format(last="here.send(1)"), ask, ', strategy="nonpreemptive"')
    assert found.kind == "not joined"


def test_a_queue_of_threads_between_processes(graded: Graded) -> None:
    source = """
    from multiprocessing import Process
    from queue import Queue
    queue = Queue()
    def work():
        queue.get()
    def f():
        worker = Process(target=work)
        worker.start()
        queue.put(1)
        worker.join()
    """
    found = finding(graded, source)
    assert "Use a multiprocessing.Queue" in found.message


def test_a_limit_of_time_runs_out_before_the_end_that_is_to_come(graded: Graded) -> None:
    source = """
    from multiprocessing import Process
    def work():
        for _ in range(1000):
            pass
    def f():
        worker = Process(target=work)
        worker.start()
        worker.join(1)
        return worker.exitcode
    """
    options = ', machine={"tick": 1e-2, "process_start": 0}'
    assert asked(graded, source, "assert run.value is None", options) is None
    found = finding(graded, source, "run.assert_joined()", options)
    assert found.kind == "not joined"


def test_where_a_reader_took_empty_for_finished_is_marked(graded: Graded) -> None:
    source = """
    from multiprocessing import Process, Queue
    def give(queue):
        queue.put(1)
    def f():
        queue = Queue()
        giver = Process(target=give, args=(queue,))
        giver.start()
        found = []
        while not queue.empty():
            found.append(queue.get())
        giver.join()
        return found
    """
    ask = "expect_each_once(run.value, [1], run.call, run)"
    found = finding(graded, source, ask, ', strategy="nonpreemptive"')
    assert found.kind == "never read"
    assert "empty now (line 10) does not say" in found.message
    assert "[Queue.empty: nothing]" in found.lanes
    assert "▲" in found.lanes
    assert found.picture is not None
    assert [(one.text, one.line) for one in found.picture.strokes if one.marked] == [("Queue.empty: nothing", 10)]


def test_who_asked_first_and_came_too_late(graded: Graded) -> None:
    source = """
    from multiprocessing import Process, Queue
    def take(queue, ready):
        while queue.empty():
            pass
        ready.put(1)
        ready.get()
        queue.get()
    def f():
        queue, ready, other = Queue(), Queue(), Queue()
        taker = Process(target=take, args=(queue, ready))
        taker.start()
        queue.put(1)
        ready.get()
        queue.get()
        ready.put(2)
        other.get()
    """
    found = finding(graded, source)
    assert found.kind == "deadlock"
    assert "Process-1 had asked before (line 4), and there was a message then; another reader" in found.message


GATHER = """
    from multiprocessing import Process, Queue
    def take(queue, results):
        {take}
    def f():
        queue, results = Queue(), Queue()
        taker = Process(target=take, args=(queue, results))
        taker.start()
        for item in ([1], [2], None, [3]):
            queue.put(item)
        return [{get} for _ in range({times})]
    """


def test_a_reader_that_ended_too_early(graded: Graded) -> None:
    take = "for item in iter(queue.get, None): results.put(item)"
    found = finding(graded, GATHER.format(take=take, get="results.get()", times=3))
    assert (
        "1 message that main sent (line 10) was never read: Process-1, which read the ones before (line 4), has ended."
        in found.message
    )


def test_messages_that_lie_where_nobody_reads(graded: Graded) -> None:
    take = "results.put(queue.get())"
    found = finding(graded, GATHER.format(take=take, get="queue.get()", times=4))
    assert "1 message that Process-1 sent (line 4) lies where nobody reads." in found.message


def test_a_worker_that_was_told_of_the_end_and_goes_on(graded: Graded) -> None:
    source = """
    from multiprocessing import Pipe, Process
    def work(connection):
        while True:
            number = connection.recv()
            if number is not None:
                connection.send(number)
    def f():
        here, there = Pipe()
        worker = Process(target=work, args=(there,))
        worker.start()
        here.send(5)
        here.recv()
        {last}
        worker.join()
    """
    found = finding(graded, source.format(last="here.send(None)"))
    assert found.kind == "never ends"
    assert "The last one that it got (line 5) may well be the None that says so" in found.message
    assert "Tell each reader" not in found.message
    found = finding(graded, source.format(last="pass"))
    assert "Tell each reader" in found.message


def test_who_was_asked_has_ended_without_an_answer(graded: Graded) -> None:
    source = """
    from multiprocessing import Pipe, Process
    def work(connection):
        connection.recv()
    def f():
        here, there = Pipe()
        Process(target=work, args=(there,)).start()
        here.send(0)
        here.recv()
    """
    found = finding(graded, source)
    assert "Process-1, which got what was sent, has ended by then. Whoever is asked has to answer." in found.message


def test_where_a_process_has_died_the_rule_about_the_last_message_is_not_told(graded: Graded) -> None:
    source = """
    from multiprocessing import Process, Queue
    def work(queue):
        queue.put(1 / 0)
    def f():
        queue = Queue()
        Process(target=work, args=(queue,)).start()
        queue.get()
    """
    found = finding(graded, source)
    assert "One of the processes had died by then. Process-1 ended with exit code 1" in found.message
    assert "tell the reader" not in found.message


class _Run:
    """A run of which only the messages are asked."""

    def __init__(self, value: Any) -> None:
        from autograder.trace.events import Task, Trace

        self.value = value
        self.outcome = "returned"
        self.trace = Trace((Task(0, "MainThread", "main", None, 0),), (), {})


@pytest.mark.parametrize(
    ("got", "kind"),
    [
        ([(0, 1), (0, 0)], None),
        ([(0, 0)], "lost message"),
        ([(0, 0), (0, 1), (0, 1)], "doubled message"),
        ([(0, 0), [0, 1]], "wrong value"),
        (((0, 0), (0, 1)), "wrong value"),
        (None, "wrong value"),
    ],
)
def test_each_once(got: Any, kind: str | None) -> None:
    def ask() -> None:
        expect_each_once(got, [(0, 0), (0, 1)], "f()", _Run(got))  # type: ignore[arg-type]

    if kind is None:
        ask()
        return
    with pytest.raises(CheckFailed) as failure:
        ask()
    assert failure.value.kind == kind
