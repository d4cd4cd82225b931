"""What a failure is told with, beside the test's own words: the reasons that the run knows."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from autograder.judge.grade import grade
from autograder.model import Finding, Submission
from tests.judge.conftest import Graded

HEAD = """
import sys
import time
from multiprocessing import Process, Value
from threading import Thread

def run(tasks):
    for t in tasks:
        t.start()
    for t in tasks:
        t.join()
"""

VALUE = """
    def test_value(submission):
        for run in submission.exhaust("f"):
            expect(run.value, 2, run.call, run)
    """

OUTPUT = """
    def test_output(submission):
        run = submission.run("f", strategy="nonpreemptive")
        if run.output.lines != ["a"]:
            raise CheckFailed("wrong output", "No a.", run)
    """

RAISES = """
    def test_raises(submission):
        submission.run("f").raised("ValueError")
    """

AGAIN = """
    def test_again(submission):
        with submission.session() as session:
            for _ in range(2):
                run = session.call("f")
                expect(run.value, 1, run.call, run)
    """

ONCE = """
    def test_generator(submission):
        run = submission.run("f", generator([1, 2]))
        expect(run.value, 2, run.call, run)
    """

FILE = """
    def test_file(submission):
        expect_file(submission.run("f"), "a.txt", b"one \\xff two" * 9)
    """

JOINED = """
    def test_joined(submission):
        run = submission.run("f")
        run.assert_joined()
    """

LOST = """
def f():
    v = Value("i", 0, lock=False)
    def add():
        v.value += 1
    run([Process(target=add) for _ in range(2)])
    return v.value
"""
OWN = """
def f():
    found = []
    run([Process(target=found.append, args=(n,)) for n in range(2)])
    return len(found)
"""
ALWAYS = """
def f():
    found = []
    run([Thread(target=found.append, args=(1,))])
    return len(found)
"""
ALONE = """
def f():
    return 1
"""
NOT_WAITED = """
def f():
    Thread(target=print, args=("a",)).start()
"""
NOT_WAITED_LONG = """
def f():
    t = Thread(target=lambda: (time.sleep(2), print("a")))
    t.start()
    t.is_alive()
    t.join(1)
"""
SLEPT = """
def f():
    Thread(target=lambda: (time.sleep(2), print("a"))).start()
    time.sleep(1)
"""
DIED = """
def g():
    {}["key"]
    print("a")
def f():
    run([Thread(target=g)])
"""
PROCESS_DIED = DIED.replace("Thread(", "Process(")
STDERR = """
def f():
    print("a", file=sys.stderr)
"""
STUCK = """
def f():
    t = Thread(target=lambda: t.join())
    import threading
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
"""
IN_THREAD = """
def g():
    raise ValueError("none")
def f():
    run([Thread(target=g)])
"""
MISSING_PACKAGE = """
def f():
    import numpy
"""

LEFT_OVER = """
found = []
def f():
    found.append(1)
    return len(found)
"""
READ_TWICE = """
def f(numbers):
    return len(list(numbers)) and len(list(numbers))
"""
NO_LENGTH = """
def f(numbers):
    return len(numbers)
"""
TOO_EARLY = """
def f():
    v = Value("i", 0, lock=False)
    def put():
        v.value = 2
    tasks = [Process(target=put)]
    tasks[0].start()
    result = v.value
    tasks[0].join()
    return result
"""
COPIES = """
def f():
    v = Value("i", 0)
    def put():
        number = v.value
        number = 2
    run([Process(target=put)])
    return v.value
"""
IDLE = """
def f():
    v = Value("i", 0)
    run([Process(target=int)])
    return v.value
"""
GIVES_UP = """
def f():
    from concurrent.futures import ThreadPoolExecutor
    from time import sleep
    with ThreadPoolExecutor() as executor:
        return executor.submit(sleep, 9).result(timeout=1)
"""
NO_SHUTDOWN = """
def f():
    from concurrent.futures import ThreadPoolExecutor
    from time import sleep
    executor = ThreadPoolExecutor()
    executor.submit(sleep, 9)
    executor.shutdown(wait=False)
"""
NO_SHUTDOWN_OF_PROCESSES = NO_SHUTDOWN.replace("Thread", "Process")
AS_TEXT = """
def f():
    with open("a.txt", "w", encoding="utf-8") as file:
        file.write((b"one \\xff two" * 9).decode(errors="replace"))
"""
FIRST_BYTES = """
def f():
    with open("a.txt", "wb") as file:
        file.write(b"one \\xff two")
"""
LAST_BYTES = FIRST_BYTES.replace("one ", "e ")
NO_BYTES = FIRST_BYTES.replace("one \\xff two", "")

END_OF_FILE = """
from multiprocessing import Pipe
def g(here, there):
    there.close()
    here.recv()
    print("a")
def f():
    here, there = Pipe()
    p = Process(target=g, args=(here, there))
    p.start()
    there.close()
    p.join()
"""
REARRANGED = """
def f():
    found = []
    def add(n):
        print(n)
        found.append(n)
    run([Thread(target=add, args=(n,)) for n in (1, 2)])
    return found
"""
IN_ORDER = """
    def test_value(submission):
        for run in submission.exhaust("f"):
            expect(run.value, [1, 2], run.call, run)
    """
NOT_GOT = """
from multiprocessing import Pool
def f():
    with Pool(2) as pool:
        pool.map_async(print, ["a"])
"""
GOT = NOT_GOT.replace('["a"])', '["b"]).get()')
AT_ONCE = """
    @of_any_run
    def one_a(run):
        if run.output.lines != ["a"]:
            raise CheckFailed("wrong output", "No a.", run)

    def test_output(submission):
        one_a(submission.run("f", strategy="nonpreemptive"))
    """


CASES = {
    "a call before": (LEFT_OVER, AGAIN, "As the first call of a program it comes out right; here f() came", False),
    "a generator read twice": (READ_TWICE, ONCE, "With a list in place of the generator it comes out right", False),
    "a generator has no length": (NO_LENGTH, ONCE, "With a list in place of the generator it comes out right", False),
    "read too early": (TOO_EARLY, VALUE, "main reads v at line 19, and Process-1 stores a new value after that", True),
    "copies of shared memory": (COPIES, VALUE, "The processes read v (line 16), and none of them stores", False),
    "nothing to do": (IDLE, VALUE, "f() gave 0, expected 2. The same comes out in every order", False),
    "a time limit": (GIVES_UP, VALUE, "main waits at line 17 in Future.result with a time limit", True),
    "no shutdown": (NO_SHUTDOWN, JOINED, "The shutdown() at line 18 does not wait for them", True),
    "no shutdown of processes": (NO_SHUTDOWN_OF_PROCESSES, JOINED, "The shutdown() at line 18 does not wait", True),
    "bytes as text": (AS_TEXT, FILE, "That is what becomes of bytes that are made text and back", False),
    "the first bytes alone": (FIRST_BYTES, FILE, "it has only the first 9 bytes of 81.", False),
    "the last bytes alone": (LAST_BYTES, FILE, "it has only the last 7 bytes of 81.", False),
    "no bytes": (NO_BYTES, FILE, "it is empty, and should have 81 bytes.", False),
    "nobody has the other end": (END_OF_FILE, OUTPUT, "recv() raises an EOFError once nobody has the other end", True),
    "in the order of arrival": (REARRANGED, IN_ORDER, "not in the order of arrival.", True),
    "a pool that was ended too early": (NOT_GOT, AT_ONCE, ", and none had begun then: the end of a with block", True),
    "a lost update": (LOST, VALUE, "An update of v got lost", True),
    "memory of its own": (OWN, VALUE, "No process gave anything back", False),
    "in every order": (ALWAYS, VALUE, "The same comes out in every order", False),
    "without tasks": (ALONE, VALUE, "f() gave 1, expected 2.", False),
    "not waited for": (NOT_WAITED, OUTPUT, "When the call came back, Thread-1 was still at work", True),
    "waited for a time": (NOT_WAITED_LONG, OUTPUT, "The join at line 17 has a time limit, and gave up", True),
    "slept for a time": (SLEPT, OUTPUT, "The sleep at line 15 was over before", True),
    "a thread died": (DIED, OUTPUT, "Thread-1 ended with an exception, KeyError: 'key'", True),
    "a process died": (PROCESS_DIED, OUTPUT, "Process-1 ended with exit code 1 and KeyError: 'key'", True),
    "the other stream": (STDERR, OUTPUT, "to standard error; only standard output counts", False),
    "it never came back": (STUCK, OUTPUT, "The call did not come back: Deadlock", False),
    "an exception in a thread": (IN_THREAD, RAISES, "goes no further", True),
    "a package that is not there": (MISSING_PACKAGE, RAISES, "the standard library is installed", False),
}


def finding(graded: Graded, source: str, tests: str) -> Finding:
    (verdict,) = graded(HEAD + source, tests).verdicts
    assert verdict.finding is not None
    return verdict.finding


@pytest.mark.parametrize("name", CASES)
def test_reasons(graded: Graded, name: str) -> None:
    source, tests, words, drawn = CASES[name]
    found = finding(graded, source, tests)
    assert words in found.message
    assert ("│" in found.lanes) == drawn
    assert all(len(line) <= 96 for line in found.lanes.split("\n"))
    assert (found.picture is not None) == drawn


LEFT_OVER = """
def f(n, found=[]):
    found.append(n)
    return found
"""


def test_what_an_earlier_call_left_behind(graded: Graded) -> None:
    tests = """
    def test_calls(submission):
        with submission.session() as session:
            for n in range(2):
                run = session.call("f", n)
                expect(run.value, [n], f"f({n})", run)
    """
    found = finding(graded, LEFT_OVER, tests)
    assert "As the first call of a program it comes out right" in found.message
    assert "As the first call" not in finding(graded, LEFT_OVER.replace("append(n)", "append(2)"), tests).message


USED_UP = """
def f(numbers):
    return [sum(numbers), sum(numbers)]
"""


def test_what_only_a_generator_makes_wrong(graded: Graded) -> None:
    tests = """
    from autograder.judge import generator

    def test_sums(submission):
        run = submission.run("f", generator([1, 2]))
        expect(run.value, [3, 3], run.call, run)
    """
    assert "With a list in place of the generator it comes out right" in finding(graded, USED_UP, tests).message
    assert "With a list" not in finding(graded, USED_UP.replace("(numbers)]", "(numbers) + 1]"), tests).message


def test_a_guess_is_told_where_the_run_shows_no_reason(graded: Graded) -> None:
    tests = OUTPUT.replace("run)", "run, guess='Is it b?')")
    assert "Is it b?" in finding(graded, "def f():\n    print('b')\n", tests).message
    assert "Is it b?" not in finding(graded, NOT_WAITED, tests).message


def test_the_order_matters_and_the_run_is_short(graded: Graded) -> None:
    found = finding(graded, LOST, VALUE)
    assert "In another order of its processes it comes out right" in found.message
    assert "1 preemption, the fewest found" in found.lanes
    assert "▲" in found.lanes
    assert found.schedule


def test_a_helper_becomes_a_question(graded: Graded) -> None:
    """Without the decorator nothing would be said of preemptions or of other orders."""
    tests = """
        @of_any_run
        def two(run):
            if run.value != 2:
                raise CheckFailed("wrong value", f"{run.call} is not 2.", run)

        def test_value(submission):
            for run in submission.explore("f"):
                two(run)
        """
    found = finding(graded, LOST, tests)
    assert "1 preemption, the fewest found" in found.lanes


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ("[2, 1, 3]", "the right elements in another order"),
        ("[1, 2]", "It has 2 elements, expected 3: 3 is missing."),
        ("[1, 2, 2, 4]", "It has 4 elements, expected 3: 3 is missing, and 2 and 4 are too many."),
        ("[]", "It has no elements, expected 3."),
        ("map(int, [])", "That is a map, not a list: list(…) makes one of it."),
        ("[1.0, 2, 3]", "The values are equal, but not of the same type: 1.0 is a float, and an int is asked for."),
        ("(1, 2, 3)", "gave (1, 2, 3), expected [1, 2, 3]. That is a tuple; a list is asked for."),
        ("3", "gave 3, expected [1, 2, 3]. That is an int; a list is asked for."),
        ("[3, 2, 1]", "Look at the order in which the work is given out"),
    ],
)
def test_what_differs(graded: Graded, got: str, words: str) -> None:
    tests = """
        def test_value(submission):
            run = submission.run("f")
            expect(run.value, [1, 2, 3], run.call, run)
        """
    assert words in finding(graded, f"def f():\n    return {got}\n", tests).message


def test_a_pool_that_has_done_its_work_was_not_ended_too_early(graded: Graded) -> None:
    found = finding(graded, GOT, AT_ONCE)
    assert "were ended" not in found.message


def test_an_order_that_no_schedule_makes_is_not_that_of_arrival(graded: Graded) -> None:
    source = """
        def f():
            found = []
            for n in (2, 1):
                run([Thread(target=found.append, args=(n,))])
            return found
        """
    found = finding(graded, dedent(source), IN_ORDER)
    assert "arrival" not in found.message
    assert "the order in which the work is given out" in found.message
    assert "│" not in found.lanes


def test_the_first_difference_of_long_values(graded: Graded) -> None:
    tests = """
        def test_value(submission):
            run = submission.run("f")
            expect(run.value, list(range(100)), run.call, run)
        """
    source = "def f():\n    return [*range(50), 7, *range(51, 100)]\n"
    assert "differs is number 50, counted from 0." in finding(graded, source, tests).message


def test_the_picture_shows_the_update_that_is_lost_and_who_is_stopped(graded: Graded) -> None:
    found = finding(graded, LOST, VALUE)
    assert found.picture is not None
    assert found.picture.axis == "steps"
    marked = [one.text for one in found.picture.strokes if one.marked]
    assert sorted(marked) == ["reads v", "stores v", "stores v"]
    (stopped,) = (one for one in found.picture.strokes if one.kind == "stopped")
    before = max((one for one in found.picture.strokes if one.end <= stopped.begin), key=lambda one: one.begin)
    assert before.lane == stopped.lane  # it had just done something, and another one goes on


def test_pictures_of_passed_checks_only_where_asked_for(assignment: Any, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + NOT_WAITED + "\ndef g():\n    pass\n")
    calls = "def test_{0}(submission):\n    submission.run('{0}')\n\n\n"
    made = assignment(calls.format("f") + calls.format("g"))
    for pictures in (False, True):
        result = grade(Submission("s1", path), made, real=False, pictures=pictures)
        axes = {verdict.check.name: [one.axis for one in verdict.pictures] for verdict in result.verdicts}
        several = ["seconds", "steps"] if pictures else []
        assert list(axes.values()) == [several, []]


SPAWNED = """
    def test_spawn(submission):
        run = submission.run("f", start_method="spawn")
        expect(run.value, 2, run.call, run)
    """

SET_LATER = """
def put(q):
    q.put(number)

number = 1

def f():
    global number
    number = 2
    from multiprocessing import Queue
    q = Queue()
    run([Process(target=put, args=(q,))])
    return q.get()
"""


def test_the_start_method_is_the_reason_only_where_fork_comes_out_right(graded: Graded) -> None:
    rule = 'This is under the start method "spawn"'
    assert rule in finding(graded, SET_LATER, SPAWNED).message
    assert rule not in finding(graded, SET_LATER.replace("number = 2", "number = 3"), SPAWNED).message


def test_the_call_is_named_where_the_test_does_not(graded: Graded) -> None:
    assert finding(graded, "def f():\n    print('b')\n", OUTPUT).message.endswith("Seen in f().")
    assert "Seen in" not in finding(graded, "def f():\n    return 1\n", VALUE).message


def test_one_thread_has_no_order_to_see_again(graded: Graded) -> None:
    assert finding(graded, "def f():\n    return 1\n", VALUE).schedule == ""


def test_a_function_to_be_written(graded: Graded) -> None:
    raised = 'def f():\n    raise NotImplementedError("write your code here")\n'
    found = finding(graded, raised, 'def test_it(submission):\n    submission.run("f").completed()\n')
    assert found.kind == "missing"
    assert found.message.startswith("f is still to be written (line ")


@pytest.mark.parametrize(
    ("value", "words"),
    [("{2}", "That is a set; a list is asked for."), ("None", "a function without a return gives")],
)
def test_a_value_of_another_type(value: str, words: str, graded: Graded) -> None:
    tests = """
        def test_value(submission):
            run = submission.run("f")
            expect(run.value, [2], run.call, run)
        """
    assert words in finding(graded, f"def f():\n    return {value}\n", tests).message


@pytest.mark.parametrize("content", [b'x = "\xe4"\n', "# ä\nx = 1\n".encode("utf-16")])
def test_a_file_that_is_no_text(content: bytes, graded: Graded) -> None:
    (verdict,) = graded(content, VALUE).verdicts
    assert verdict.finding is not None
    assert verdict.finding.kind == "syntax error"
    assert "Save it again, in your editor, as UTF-8" in verdict.finding.message
