"""A run that does not come back ends at a limit, and says at which; one that ends itself is told apart."""

from __future__ import annotations

import dataclasses

import pytest

from autograder.model import Limits
from tests.world.conftest import Play

SMALL = Limits(work=20_000, operations=2_000, output=2_000, processes=8)


def test_endless_loops(play: Play) -> None:
    for source in (
        "def f():\n while True: pass",
        "def f():\n return sum(1 for _ in iter(int, 1))",
        "def f():\n return [1 for _ in iter(int, 1)]",
        "def g(n): return g(n + 1) if n % 900 else 0\ndef f():\n while True: g(1)",
        "import threading\ndef g():\n while True: pass\ndef f():\n threading.Thread(target=g).start()\n g()",
    ):
        run = play(source, limits=SMALL)
        assert (run.outcome, run.reason) == (
            "limit",
            "it did not come to an end within 20000 loop turns and function calls",
        )


def test_a_loop_inside_a_function_of_stated_cost(play: Play) -> None:
    run = play("def g():\n while True: print()\ndef f(): g()", limits=SMALL, costs={"g": 0.1})
    assert run.outcome == "limit"


@pytest.mark.parametrize("strategy", ["virtual", "roundrobin", "eager", "random:1:50"])
def test_endless_operations(play: Play, strategy: str) -> None:
    source = "import time\ndef f():\n while True: time.sleep(1)"
    run = play(source, limits=SMALL, strategy=strategy)
    assert (run.outcome, run.reason) == ("limit", "it did not come to an end within 2000 operations")


def test_endless_locks_and_notes(play: Play) -> None:
    """What asks nothing still has an end, or the judge's memory would."""
    run = play("import threading\ndef f():\n while True: threading.Lock()", limits=Limits(operations=200))
    assert (run.outcome, run.reason) == ("limit", "it did not come to an end within 4000 events")
    run = play("def g(): pass\ndef f():\n while True: g()", limits=Limits(operations=200), watch=("g",))
    assert run.outcome == "limit"


def test_polling_comes_to_its_end(play: Play) -> None:
    source = """
        import threading

        def f():
            ready = []
            threading.Timer(1.0, ready.append, [1]).start()
            while not ready:
                pass
            return ready
        """
    for strategy in ("virtual", "nonpreemptive", "eager", "roundrobin", "random:3:50"):
        assert play(source, strategy=strategy, tick=1e-4).value == [1]


def test_output(play: Play) -> None:
    limits = dataclasses.replace(SMALL, operations=10_000)
    run = play("def f():\n while True: print('text')", limits=limits)
    assert (run.outcome, run.reason) == ("limit", "it wrote more than 2000 bytes")
    run = play("import sys\ndef f():\n while True: print('text', file=sys.stderr)", limits=limits)
    assert (run.outcome, run.reason) == ("limit", "it wrote more than 2000 bytes")
    assert play("def f(): print('é' * 999)", limits=limits).value is None
    assert play("def f(): print('é' * 1000)", limits=limits).outcome == "limit"


@pytest.mark.parametrize("kind", ["threading.Thread", "multiprocessing.Process"])
def test_tasks(play: Play, kind: str) -> None:
    source = f"import threading, multiprocessing\ndef f(n):\n for _ in range(n): {kind}(target=int).start()"
    assert play(source, "f", 8, limits=SMALL).value is None
    run = play(source, "f", 9, limits=SMALL)
    assert (run.outcome, run.reason) == ("limit", "it started more than 8 threads and processes")


def test_a_fork_bomb(play: Play) -> None:
    source = "import multiprocessing as mp\ndef f():\n while True: mp.Process(target=f).start()"
    for strategy in ("virtual", "eager", "roundrobin"):
        assert play(source, limits=SMALL, strategy=strategy).outcome == "limit"


def test_memory(play: Play) -> None:
    run = play("def f():\n return len(bytearray(1 << 33))")
    assert run.error == ("MemoryError", "", 2)
    run = play("def f():\n try:\n  bytearray(1 << 33)\n except MemoryError:\n  return 'caught'")
    assert run.value == "caught"


def test_recursion(play: Play) -> None:
    kind, message, _ = play("def f(): return f() + 1").error
    assert (kind, message.partition(" exceeded")[0]) == ("RecursionError", "maximum recursion depth")
    run = play(
        "import threading\ndef f(n=0): return f()\ndef g():\n t = threading.Thread(target=f)\n t.start(); t.join()", "g"
    )
    assert run.value is None
    assert "RecursionError" in run.errors


EXITS = {
    "os._exit(3)": ("crashed", "the program ended itself with os._exit(3)"),
    "os._exit(0)": ("crashed", "the program ended itself with os._exit(0)"),
    "sys.exit(3)": ("exited", "sys.exit(3)"),
    "sys.exit()": ("exited", "sys.exit(None)"),
    "exit('why')": ("raised", ""),
    "raise SystemExit('why')": ("exited", "sys.exit('why')"),
    "os.abort()": ("crashed", "the program crashed (SIGABRT)"),
    "os.kill(os.getpid(), 9)": ("crashed", "the program ended itself with os._exit(137)"),
    "raise KeyboardInterrupt": ("raised", ""),
    "raise GeneratorExit": ("raised", ""),
    "raise BaseException('why')": ("raised", "why"),
}


@pytest.mark.parametrize("statement", EXITS)
def test_exits(play: Play, statement: str) -> None:
    run = play(f"import os, sys\ndef f():\n {statement}")
    outcome, reason = EXITS[statement]
    assert run.outcome == outcome
    if outcome != "raised":
        assert run.reason == reason
    else:
        assert reason in run.error[1]


def test_a_crash(play: Play) -> None:
    run = play("import ctypes\ndef f(): ctypes.string_at(0)")
    assert (run.outcome, run.reason) == ("crashed", "the program crashed (SIGSEGV)")


def test_exit_while_others_run(play: Play) -> None:
    source = """
        import os, sys, threading, multiprocessing

        def wait(lock=multiprocessing.Lock()):
            while True:
                with lock:
                    pass

        def f(how):
            threading.Thread(target=wait).start()
            multiprocessing.Process(target=wait).start()
            how()

        def leave():
            sys.exit(2)

        def die():
            os._exit(4)

        def thread_exits():
            f(lambda: None)
            thread = threading.Thread(target=die)
            thread.start()
            thread.join()
        """
    run = play(source + "\n        def leaves(): f(leave)\n        def dies(): f(die)\n", "leaves")
    assert (run.outcome, run.reason) == ("exited", "sys.exit(2)")
    run = play(source + "\n        def leaves(): f(leave)\n        def dies(): f(die)\n", "dies")
    assert (run.outcome, run.reason) == ("crashed", "the program ended itself with os._exit(4)")
    run = play(source, "thread_exits")
    assert (run.outcome, run.reason) == ("crashed", "the program ended itself with os._exit(4)")


def test_an_import_that_does_not_end(play: Play) -> None:
    for source in ("while True: pass", "import time\nwhile True: time.sleep(1)", "input()"):
        run = play(source, limits=SMALL)
        assert run.outcome in ("limit", "raised")
    assert play("input()").error == ("EOFError", "EOF when reading a line", 1)


def test_a_child_that_kills_its_parent(play: Play) -> None:
    source = """
        import multiprocessing, os, signal

        def kill():
            os.kill(os.getppid(), signal.SIGKILL)

        def f():
            process = multiprocessing.Process(target=kill)
            process.start()
            process.join()
        """
    assert play(source).outcome == "crashed"


def test_computing_that_has_no_ticks_is_left_open(play: Play) -> None:
    """A C function that runs long is a matter of real time, so nothing is said about the program."""
    run = play("def f(): return 'x' in range(10**12) or sum(range(10**12))", limits=Limits(cpu_time=1))
    assert (run.outcome, run.reason) == ("inconclusive", "no end within 1 s of CPU time")
