"""The real run beside the world: it confirms a program that passed, and has a person look where the two disagree."""

from __future__ import annotations

import pytest

from autograder.model import Outcome, Status
from tests.judge.conftest import Graded

AGREE = {
    "a value": "def f(): return [1, (2.5, 'a'), {3: None}]",
    "output in another order": """
import threading
def f():
    threads = [threading.Thread(target=print, args=(word,)) for word in 'ab']
    for thread in threads: thread.start()
    for thread in threads: thread.join()
""",
    "an exception": "def f(): raise ValueError('text')",
    "processes": """
import multiprocessing as mp
def square(n): return n * n
def f():
    with mp.Pool(2) as pool: return pool.map(square, [1, 2, 3])
""",
    "a sleep": "import time\ndef f(): time.sleep(0.001)",
    "a path": "import pathlib\ndef f():\n path = pathlib.Path('made')\n path.mkdir()\n return path.absolute()",
}

DISAGREE = {
    "a process number": ("import os\ndef f(): return os.getpid()", "returned another value really"),
    "the time": ("import time\ndef f(): print(time.time())", "wrote other lines really"),
    "an exception in the world alone": (
        "import subprocess\ndef f(): subprocess.run(['true'])",
        "raised PermissionError in the world and returned really",
    ),
    "an end": (
        "import os\ndef f():\n if os.getpid() != 4000: os._exit(3)",
        "returned in the world and ended without an answer really",
    ),
}

TESTS = """
    def test_confirmed(submission):
        submission.run("f")
        submission.confirm("f")
    """


@pytest.mark.parametrize("name", AGREE)
def test_agreement(graded: Graded, name: str) -> None:
    result = graded(AGREE[name], TESTS, real=True)
    assert (result.verdicts[0].outcome, result.reviews, result.status) == (Outcome.PASSED, (), Status.GRADED)


@pytest.mark.parametrize("name", DISAGREE)
def test_disagreement(graded: Graded, name: str) -> None:
    source, words = DISAGREE[name]
    result = graded(source, TESTS, real=True)
    assert (result.verdicts[0].outcome, result.status) == (Outcome.PASSED, Status.REVIEW)
    assert f"the real run disagrees with the world: f() {words}" in result.reviews


def test_another_question(graded: Graded) -> None:
    tests = """
        def test_confirmed(submission):
            submission.confirm("f", same=lambda world, real: world.value > 0 and real.value > 0)
            submission.confirm("f", same=lambda world, real: len(real.output.lines) == 2)
        """
    result = graded("import os\ndef f():\n print('one line')\n return os.getpid()", tests, real=True)
    assert result.reviews == ("the real run disagrees with the world: f() did something else really",)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_start_methods(graded: Graded, method: str) -> None:
    source = """
import multiprocessing as mp
import sys
def g(): sys.exit(3)
def f():
    process = mp.Process(target=g)
    process.start()
    process.join()
    return process.exitcode, mp.get_start_method()
"""
    tests = f"def test_confirmed(submission):\n    submission.confirm('f', start_method={method!r})\n"
    assert graded(source, tests, real=True).reviews == ()


def test_nothing_is_confirmed_unless_asked_and_passed(graded: Graded) -> None:
    source = DISAGREE["a process number"][0]
    assert graded(source, TESTS).reviews == ()
    failing = TESTS.rstrip() + "\n\n    def test_wrong(submission): assert False\n"
    result = graded(source, failing, real=True)
    assert result.reviews == ()
    assert result.status is Status.GRADED


def test_what_cannot_be_compared_disagrees(graded: Graded) -> None:
    """A test's own comparison meets whatever the real run returned."""
    tests = """
        def test_confirmed(submission):
            submission.run("f")
            submission.confirm("f", same=lambda world, real: sorted(world.value) == sorted(real.value))
        """
    result = graded("import os\ndef f(): return [2, 1] if os.getpid() == 4000 else None", tests, real=True)
    assert (result.verdicts[0].outcome, result.status) == (Outcome.PASSED, Status.REVIEW)
    assert "did something else really" in result.reviews[0]
