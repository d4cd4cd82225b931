"""Process does what the real one does: its exit codes, its end, its start methods."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import multiprocessing as mp
import os
import signal
import sys
import threading
import time
from multiprocessing import Process


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def ended(target, *args, **options):
    process = Process(target=target, args=args, **options)
    process.start()
    process.join()
    return process.exitcode


def _raise():
    raise ValueError("in the child")


def _wait(event):
    event.wait()


def _hang():
    while True:
        time.sleep(1)


def _raise_nothing_but(exception):
    raise exception


def exit_codes():
    return [
        ended(int),
        ended(sys.exit, 3),
        ended(sys.exit),
        ended(sys.exit, None),
        ended(sys.exit, "text"),
        ended(_raise),
        ended(os._exit, 7),
        ended(_raise_nothing_but, SystemExit(True)),
        ended(_raise_nothing_but, KeyboardInterrupt()),
    ]


def lives():
    gate = mp.Event()
    process = Process(target=_wait, args=(gate,), name="waiter")
    seen = [process.is_alive(), process.exitcode, process.pid, process.name, process.daemon]
    process.start()
    seen += [process.is_alive(), process.exitcode, process.pid is not None, process.join(0.01), process.is_alive()]
    gate.set()
    process.join()
    return [*seen, process.is_alive(), process.exitcode, process.join()]


def errors():
    process = Process(target=int)
    seen = [error(process.join)]
    process.start()
    seen.append(error(process.start))
    process.join()
    process.close()
    return [*seen, error(process.is_alive)]


def terminated():
    process = Process(target=_hang)
    process.start()
    process.terminate()
    process.join()
    return process.exitcode, process.is_alive(), process.exitcode == -signal.SIGTERM


def killed():
    process = Process(target=_hang)
    process.start()
    process.kill()
    process.join()
    return process.exitcode


def killed_by_pid():
    process = Process(target=_hang)
    process.start()
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return process.exitcode, error(os.kill, 999_999_999, 0).partition(":")[0]


def terminated_after_its_end():
    process = Process(target=int)
    process.start()
    process.join()
    return process.terminate(), process.exitcode


def default_names():
    return [Process().name, Process(name="mine").name, mp.current_process().name, mp.parent_process()]


def _tell(end):
    here = mp.current_process()
    end.send((here.name, here.daemon, os.getpid() == here.pid, mp.parent_process().name, threading.active_count()))


def seen_from_inside():
    reader, writer = mp.Pipe(False)
    gate = threading.Event()
    thread = threading.Thread(target=gate.wait)
    thread.start()
    process = Process(target=_tell, args=(writer,), name="inner", daemon=True)
    process.start()
    got = reader.recv()
    process.join()
    gate.set()
    thread.join()
    return got


def children():
    gate = mp.Event()
    processes = [Process(target=_wait, args=(gate,)) for _ in range(2)]
    for process in processes:
        process.start()
    first = len(mp.active_children())
    gate.set()
    for process in processes:
        process.join()
    return first, mp.active_children()


def subclass():
    class Work(Process):
        def __init__(self, end):
            super().__init__()
            self.end = end

        def run(self):
            self.end.send(self.name)

    reader, writer = mp.Pipe(False)
    process = Work(writer)
    process.start()
    got = reader.recv() == process.name
    process.join()
    return got, process.exitcode


def _change(items):
    items.append(1)


def memory_is_not_shared():
    items = []
    ended(_change, items)
    return items


def _nest(end):
    if mp.current_process().daemon:
        end.send(error(Process(target=int).start))
    else:
        end.send(ended(sys.exit, 5))


def grandchildren():
    reader, writer = mp.Pipe(False)
    ended(_nest, writer)
    ended(_nest, writer, daemon=True)
    return reader.recv(), reader.recv()


def _threads():
    seen = []
    threads = [threading.Thread(target=seen.append, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.exit(len(seen))


def threads_in_a_child():
    return ended(_threads)


def a_child_waits_for_its_threads():
    reader, writer = mp.Pipe(False)

    def late():
        time.sleep(0.01)
        writer.send("late")

    def start():
        threading.Thread(target=late).start()

    ended(start)
    return reader.poll() and reader.recv()


def pids():
    processes = [Process(target=int) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return len({os.getpid(), *(process.pid for process in processes)})


def nothing_to_inherit():
    lock = threading.Lock()
    with lock:
        return ended(lambda: sys.exit(lock.locked())), lock.locked()


def called_at_a_fork():
    called = []
    at_once = ended(lambda: sys.exit(len(called)))
    os.register_at_fork(
        before=lambda: called.append("before"),
        after_in_parent=lambda: called.append("parent"),
        after_in_child=lambda: called.append("child"),
    )
    return at_once, ended(lambda: sys.exit(called == ["before", "child"])), called


def forked_beside_a_thread():
    event = threading.Event()
    thread = threading.Thread(target=event.wait)
    thread.start()
    beside = ended(lambda: sys.exit(threading.active_count()))
    event.set()
    thread.join()
    return beside, ended(lambda: sys.exit(threading.active_count()))
"""

EXPECTED = {
    "exit_codes": [0, 3, 0, 0, 1, 1, 7, 1, 1],
    "lives": [False, None, None, "waiter", False, True, None, True, None, True, False, 0, None],
    "errors": [
        "AssertionError: can only join a started process",
        "AssertionError: cannot start a process twice",
        "ValueError: process object is closed",
    ],
    "terminated": (-15, False, True),
    "killed": -9,
    "killed_by_pid": (-9, "ProcessLookupError"),
    "terminated_after_its_end": (None, 0),
    "default_names": ["Process-1", "mine", "MainProcess", None],
    "seen_from_inside": ("inner", True, True, "MainProcess", 1),
    "children": (2, []),
    "subclass": (True, 0),
    "memory_is_not_shared": [],
    "grandchildren": (5, "AssertionError: daemonic processes are not allowed to have children"),
    "threads_in_a_child": 3,
    "a_child_waits_for_its_threads": "late",
    "pids": 4,
    "nothing_to_inherit": (1, True),
    "called_at_a_fork": (0, 1, ["before", "parent"]),
    "forked_beside_a_thread": (1, 1),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", EXPECTED)
def test_as_the_real_ones(play: Play, function: str, strategy: str) -> None:
    assert play(PROGRAM, function, strategy=strategy).value == EXPECTED[function]


def test_an_exception_of_a_child_is_on_standard_error(play: Play) -> None:
    run = play(
        "import multiprocessing as mp\ndef g(): 1 / 0\ndef f():\n p = mp.Process(target=g)\n p.start(); p.join()"
    )
    assert run.value is None
    assert run.errors.startswith("Process Process-1:\nTraceback (most recent call last):")
    assert 'File "program.py", line 2, in g' in run.errors
    assert run.errors.endswith("ZeroDivisionError: division by zero\n")


def test_what_children_write_is_in_the_output(play: Play) -> None:
    run = play(
        """
        from multiprocessing import Process

        def f():
            for word in ("one", "two"):
                process = Process(target=print, args=(word,))
                process.start()
                process.join()
        """
    )
    assert run.text == "one\ntwo\n"
    assert [event.task for event in run.trace.events if event.op == "write"] == [1, 1, 2, 2]


def test_children_left_behind_are_named(play: Play) -> None:
    run = play(PROGRAM + "\ndef leave():\n    Process(target=_hang, daemon=True).start()", "leave")
    assert run.value is None
    assert run.trace.alive == (1,)
