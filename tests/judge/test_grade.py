"""From a file and its checks to a result: every outcome a check can have, and every way a file can be unfit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from autograder.judge.grade import grade
from autograder.model import Outcome, Result, Status, Submission
from tests.judge.conftest import Graded

DOUBLE = """
    def double(n):
        return 2 * n
    """

TESTS = """
    def test_doubles(submission):
        '''It doubles.

        More text.'''
        expect(submission.run("double", 4).value, 8, "double(4)")
    """


def outcomes(result: Result) -> dict[str, str]:
    return {verdict.check.name: str(verdict.outcome) for verdict in result.verdicts}


def finding(result: Result, name: str = "") -> Any:
    (found,) = (verdict.finding for verdict in result.verdicts if not name or verdict.check.name == name)
    return found


def test_passed(graded: Graded) -> None:
    result = graded(DOUBLE, TESTS)
    (verdict,) = result.verdicts
    assert (verdict.outcome, verdict.title, verdict.finding, verdict.score) == (
        Outcome.PASSED,
        "It doubles.",
        None,
        1.0,
    )
    assert (result.status, result.reviews, result.problem, result.submission) == (Status.GRADED, (), None, "s1")


def test_failed(graded: Graded) -> None:
    result = graded("def double(n): return str(n)", TESTS)
    found = finding(result)
    assert outcomes(result) == {"doubles": "failed"}
    assert (found.kind, found.message) == ("wrong value", "double(4) gave '4', expected 8.")
    assert (result.status, result.score, result.max_score) == (Status.GRADED, 0.0, 1.0)


FAILURES = {
    "raise CheckFailed('my kind', 'My words.', None, [3])": ("failed", "my kind", "My words."),
    "assert 1 == 2, 'My words.'": ("failed", "wrong", "My words."),
    "submission.run('f').raised('KeyError')": (
        "failed",
        "not raised",
        "f() should raise KeyError, but it returned None.",
    ),
    "submission.run('no')": ("passed", None, ""),
    "submission.run('no').value": (
        "failed",
        "missing",
        "no is not there: the assignment asks for a function of this name.",
    ),
    "submission.run('g').value": ("failed", "raised", "g() raised ZeroDivisionError: division by zero (line 3)."),
    "submission.run('g').raised('ArithmeticError')": ("passed", None, ""),
    "submission.run('g').raised('KeyError')": ("failed", "wrong exception", "g() should raise KeyError, but it raised"),
    "submission.run('ends').value": ("failed", "exited", "ends() ended the whole program with sys.exit(3)"),
    "submission.run('endless').value": ("failed", "limit", "endless() was stopped: it did not come to an end within"),
    "submission.run('stuck').value": (
        "failed",
        "deadlock",
        "Deadlock, nothing can go on: main waits at line 11 in Event.wait",
    ),
    "submission.run('dies').value": ("failed", "crashed", "dies(): the program ended itself with os._exit(4)."),
    "submission.run('slow').value": ("inconclusive", "inconclusive", "slow(): no end within 1 s of CPU time"),
    "1 / 0": ("error", "error", "The check itself failed: ZeroDivisionError"),
    "submission.run('f', strategy='nonsense')": ("error", "error", "The check itself failed: ScheduleError"),
    "submission.run('f', 1)": ("passed", None, ""),
    "submission.run('f', 1).value": ("failed", "raised", "f(1) raised TypeError"),
    "submission.run('leaves').assert_joined()": ("failed", "not joined", "leaves() came back while the thread"),
    "submission.run('f').assert_joined()": ("passed", None, ""),
    "submission.run('f').assert_alive_together(1, 'thread')": ("failed", "not parallel", "f() started no threads"),
    "pytest.skip('why')": ("error", "error", ""),
    "pytest.fail('My words.')": ("error", "error", "The check itself failed"),
    "raise SystemExit(3)": ("error", "error", "The check itself failed: SystemExit"),
}

FUNCTIONS = """
    def f(): pass
    def g(): 1 / 0
    def ends():
        import sys
        sys.exit(3)
    def endless():
        while True: pass
    def stuck():
        import threading
        threading.Event().wait()
    def dies():
        import os
        os._exit(4)
    def slow(): return sum(range(10**12))
    def leaves():
        import threading
        threading.Thread(target=threading.Event().wait).start()
    """


def test_every_outcome(graded: Graded) -> None:
    import dataclasses

    from tests.judge.conftest import LIMITS

    statements = dict(enumerate(FAILURES))
    tests = "\n".join(f"def test_{number}(submission):\n    {text}\n" for number, text in statements.items())
    result = graded(FUNCTIONS, tests, limits=dataclasses.replace(LIMITS, cpu_time=1))
    for verdict in result.verdicts:
        statement = statements[int(verdict.check.name)]
        outcome, kind, message = FAILURES[statement]
        assert (statement, str(verdict.outcome)) == (statement, outcome)
        if verdict.finding is None:
            assert kind is None, statement
        else:
            assert verdict.finding.kind == kind, statement
            assert message in verdict.finding.message, (statement, verdict.finding.message)
    assert result.status is Status.BROKEN


def test_the_worst_of_several_counts(graded: Graded) -> None:
    tests = """
        @pytest.mark.parametrize("n", [1, 2, 3])
        def test_each(submission, n):
            expect(submission.run("double", n).value, 2 * n, f"double({n})")
        """
    assert outcomes(graded(DOUBLE, tests)) == {"each": "passed"}
    result = graded("def double(n): return 2 if n == 1 else 5", tests)
    assert outcomes(result) == {"each": "failed"}
    assert finding(result).message == "double(2) gave 5, expected 4."


def test_undecided_means_a_person(graded: Graded) -> None:
    import dataclasses

    from tests.judge.conftest import LIMITS

    limits = dataclasses.replace(LIMITS, cpu_time=1)
    result = graded(FUNCTIONS, "def test_a(submission): submission.run('slow').value", limits=limits)
    assert (outcomes(result), result.status) == ({"a": "inconclusive"}, Status.REVIEW)
    assert result.reviews == ("a run was not decided: no end within 1 s of CPU time",)


def test_what_the_world_cannot_hold_means_a_person(graded: Graded) -> None:
    source = "import subprocess\ndef f():\n    try: subprocess.run(['true'])\n    except OSError: return 1\n"
    result = graded(source, "def test_a(submission): expect(submission.run('f').value, 1, 'f()')")
    assert (outcomes(result), result.status) == ({"a": "passed"}, Status.REVIEW)
    assert result.reviews == ("uses subprocess, which the world cannot hold",)


def test_public_only(graded: Graded) -> None:
    tests = "def test_hidden(submission): assert False\n"
    public = "def test_shown(submission): submission.run('double', 1).value\n"
    assert outcomes(graded(DOUBLE, tests, public)) == {"shown": "passed", "hidden": "failed"}
    assert outcomes(graded(DOUBLE, tests, public, public_only=True)) == {"shown": "passed"}


def test_tests_that_do_not_load_are_the_graders_fault(graded: Graded) -> None:
    result = graded(DOUBLE, "1 / 0\ndef test_a(submission): pass\n")
    assert (outcomes(result), result.status) == ({"a": "error"}, Status.BROKEN)
    assert "the tests could not be loaded" in result.reviews[0]


@pytest.mark.parametrize("source", [DOUBLE, FUNCTIONS, "def double(n): print(object(), n)\n"])
def test_twice_the_same(graded: Graded, source: str) -> None:
    tests = (
        TESTS
        + """
    def test_explored(submission):
        for run in submission.explore("leaves"):
            run.assert_joined()

    def test_stuck(submission):
        submission.run("stuck").value
    """
    )
    assert graded(source, tests) == graded(source, tests)


IMPORTS = {
    "def f(:\n": ("syntax error", "Python cannot read program.py:", 1),
    "x = 1\n\nreturn 5\n": ("syntax error", "Python cannot read program.py: 'return' outside function in line 3.", 3),
    "x = 1\n\0\n": (None, "program.py", None),
    b"x = '\xff'\n": (None, "program.py", None),
    "x = " + "(" * 500 + ")" * 500: (None, "program.py", None),
    "import math\nprint('hello')\n": (
        "import",
        "Importing program.py runs the program: it prints 'hello' in line 2.",
        2,
    ),
    "import threading\nthreading.Thread(target=int).start()\n": ("import", "it starts a thread in line 2.", 2),
    "import multiprocessing\nmultiprocessing.Process(target=int).start()\n": (
        "import",
        "it starts a process in line 2",
        2,
    ),
    "import time\ntime.sleep(1)\n": ("import", "it sleeps in line 2.", 2),
    "import sys\nsys.exit(3)\n": ("import", "Importing program.py ends the program with sys.exit(3).", None),
    "import os\nos._exit(3)\n": ("import", "the program ended itself with os._exit(3)", None),
    "exit()\n": ("import", "exit", None),
    "\n\n1 / 0\n": ("import", "Importing program.py raised ZeroDivisionError: division by zero in line 3.", 3),
    "import numpy\n": ("import", "raised ModuleNotFoundError: No module named 'numpy' in line 1.", 1),
    "import no_such\n": ("import", "raised ModuleNotFoundError", 1),
    "while True: pass\n": ("import", "Importing program.py was stopped:", None),
    "while True: print('x' * 100)\n": ("import", "wrote more than 5000 bytes", None),
    "import threading\nthreading.Event().wait()\n": ("import", "Importing program.py was stopped:", None),
    "n = int(input())\n": ("import", "EOFError", 1),
    "raise KeyboardInterrupt\n": ("import", "KeyboardInterrupt", 1),
    "import ctypes; ctypes.string_at(0)\n": ("import", "the program crashed (SIGSEGV)", None),
}


@pytest.mark.parametrize("source", IMPORTS)
def test_what_is_wrong_with_an_import(graded: Graded, source: str | bytes) -> None:
    kind, message, line = IMPORTS[source]
    result = graded(source, TESTS)
    found = finding(result)
    assert outcomes(result) == {"doubles": "failed"}
    assert (result.status, result.problem) == (Status.GRADED, found.message)
    assert message in found.message
    assert kind is None or found.kind == kind
    assert line is None or found.lines == (line,)


def test_an_import_that_computes_for_ever_is_left_to_a_person(graded: Graded) -> None:
    import dataclasses

    from tests.judge.conftest import LIMITS

    result = graded("x = sum(range(10**12))\n", TESTS, limits=dataclasses.replace(LIMITS, cpu_time=1))
    assert (outcomes(result), result.status) == ({"doubles": "inconclusive"}, Status.REVIEW)


def test_fine_imports(graded: Graded) -> None:
    source = (
        DOUBLE.replace("\n    ", "\n")
        + "import threading\nlock = threading.Lock()\nif __name__ == '__main__':\n    print(double(1))\n"
    )
    assert outcomes(graded(source, TESTS)) == {"doubles": "passed"}
    assert outcomes(graded(b"\xef\xbb\xbf" + b"def double(n):\r\n    return 2 * n\r\n", TESTS)) == {"doubles": "passed"}


def test_no_file(assignment: Any) -> None:
    result = grade(Submission("s1", None), assignment(TESTS))
    assert (outcomes(result), result.status) == ({"doubles": "failed"}, Status.GRADED)
    assert finding(result).message == 'No file "program.py" was handed in.'
    result = grade(Submission("s1", None, "it is a folder"), assignment(TESTS))
    assert finding(result).message == "It is a folder."


def test_files_that_cannot_be_read(assignment: Any, tmp_path: Path) -> None:
    made = assignment(TESTS)
    large = tmp_path / "large.py"
    large.write_bytes(b"#" * (2 << 20))
    fifo = tmp_path / "loop.py"
    fifo.symlink_to(fifo)
    for path in (tmp_path / "missing.py", tmp_path, large, fifo):
        result = grade(Submission("s1", path), made)
        assert (outcomes(result), result.status) == ({"doubles": "failed"}, Status.GRADED)
        assert finding(result).kind == "unreadable file"
        assert str(tmp_path) not in finding(result).message


def test_a_launcher_that_died_is_the_graders_fault_once(graded: Graded) -> None:
    from autograder.judge.grade import launcher

    assert outcomes(graded(DOUBLE, TESTS)) == {"doubles": "passed"}
    one = launcher("world", ())
    os.kill(one._process.pid, 9)
    one._process.wait()
    assert graded(DOUBLE, TESTS).status is Status.BROKEN
    assert graded(DOUBLE, TESTS).status is Status.GRADED


def test_the_graders_process_is_left_as_it_was(graded: Graded) -> None:
    import sys

    def state() -> object:
        names = sorted(name for name in os.environ if not name.startswith("PYTEST_"))
        return names, Path.cwd(), sys.path[:], sys.stdout

    before = state()
    source = "import os, sys\nos.environ['X'] = '1'\nsys.path.append('x')\nos.chdir('/')\ndef double(n): return 2 * n\n"
    assert outcomes(graded(source, TESTS)) == {"doubles": "passed"}
    assert state() == before
    assert "program" not in sys.modules
