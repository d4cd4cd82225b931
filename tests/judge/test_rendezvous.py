"""The kernel's word for who is at work at once, beside the world's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from autograder.judge import rendezvous
from autograder.judge.rendezvous import Rendezvous
from autograder.model import Status
from tests.judge.conftest import Graded

PROGRAM = """
    import os
    from functools import lru_cache
    from multiprocessing import Pool
    from threading import Thread

    def square(n):
        return n * n

    @lru_cache
    def cached(n):
        return n * n

    def pool(numbers):
        with Pool(2) as workers:
            return workers.map(square, numbers)

    def threads(numbers):
        found = {}
        def work(n):
            found[n] = cached(n)
        tasks = [Thread(target=work, args=(n,)) for n in numbers]
        for task in tasks:
            task.start()
        for task in tasks:
            task.join()
        return [found[n] for n in numbers]

    def alone(numbers):
        return [square(n) for n in numbers]

    def two_faced(numbers):
        # Processes where the grader looks (its processes have small numbers), none where they would cost something.
        return alone(numbers) if os.path.exists("/proc/self/nothing") or REAL() else pool(numbers)

    def REAL():
        import threading
        return type(threading.Lock()).__module__ == "_thread"
"""


def test(function: str, meet: str) -> str:
    return f"""
        def test_it(submission):
            submission.confirm("{function}", [1, 2, 3], costs={{"{meet}": 1.0}}, meet="{meet}")
    """


test.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize(("function", "meet"), [("pool", "square"), ("threads", "cached"), ("alone", "square")])
def test_what_is_parallel_meets(graded: Graded, function: str, meet: str) -> None:
    result = graded(PROGRAM, test(function, meet), real=True)
    assert (result.status, result.reviews) == (Status.GRADED, ())


def test_who_only_pretends_is_looked_at(graded: Graded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendezvous, "PATIENCE", 0.3)
    result = graded(PROGRAM, test("two_faced", "square"), real=True)
    assert result.status is Status.REVIEW
    assert "had 2 calls of square at work at once in the world, and never more than 1 really" in result.reviews[0]


def caller(path: Path) -> socket.socket:
    door = socket.socket(socket.AF_UNIX)
    door.connect(str(path))
    return door


def test_one_thread_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens several connections is still as many as the kernel says that it has threads."""
    monkeypatch.setattr(rendezvous, "PATIENCE", 0.2)
    meeting = Rendezvous(tmp_path, "f", 3)
    code = (
        "import socket, sys\n"
        "doors = [socket.socket(socket.AF_UNIX) for _ in range(3)]\n"
        "for door in doors: door.connect(sys.argv[1])\n"
        "for door in doors: door.recv(1)\n"
    )
    ours, theirs = socket.socketpair()
    with ours, theirs, subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "meet")]) as process:
        meeting.hold(ours, process.pid, float("inf"))
        assert process.wait() == 0  # it was let go on
    assert (meeting.most, meeting.met) == (1, False)


def test_threads_of_one_process_count(tmp_path: Path) -> None:
    meeting = Rendezvous(tmp_path, "f", 2)
    waiting = [threading.Thread(target=lambda: caller(tmp_path / "meet").recv(1)) for _ in range(2)]
    for thread in waiting:
        thread.start()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        meeting.hold(ours, os.getpid(), float("inf"))
    for thread in waiting:
        thread.join()
    assert meeting.met
    # Who comes later finds nobody there, and goes on.
    with pytest.raises(OSError, match="No such file"):
        caller(tmp_path / "meet")


def test_the_answer_ends_it(tmp_path: Path) -> None:
    meeting = Rendezvous(tmp_path, "f", 2)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"done")
        meeting.hold(ours, os.getpid(), float("inf"))
    assert meeting.most == 0


def test_the_deadline_ends_it(tmp_path: Path) -> None:
    meeting = Rendezvous(tmp_path, "f", 2)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        meeting.hold(ours, os.getpid(), 0.0)
    assert not meeting.met
    meeting.close()
