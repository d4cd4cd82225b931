"""Speedup against cores, and why a call was slow."""

from __future__ import annotations

import pytest

from autograder.judge.chart import chart
from autograder.model import Finding, Speedups
from tests.judge.conftest import Graded

TESTS = """
    def by_cores(submission, cores):
        return submission.run("f", costs={"work": 0.5}, machine={"cores": cores}).completed()

    def test_faster(submission):
        run = by_cores(submission, 4)
        if 2.0 / run.elapsed < 3:
            raise not_faster("Slow.", run, lambda n: 2.0 / by_cores(submission, n).elapsed, wanted=3)
    """

HEAD = """
    from multiprocessing import Lock, Pool, Process
    from threading import Thread

    def work(n=0):
        return n
    """

PROGRAMS = {
    "join in the loop": (
        """
        for _ in range(4):
            p = Process(target=work)
            p.start()
            p.join()
        """,
        "waits for its end (line 12)",
    ),
    "main works": (
        """
        for n in range(4):
            work(n)
        p = Process(target=print)
        p.start()
        p.join()
        """,
        "main itself works for 2.00 s of the 2.00 s: give that work to the processes",
    ),
    "main works while it gives out": (
        """
        with Pool(4) as pool:
            pool.map(abs, (work(n) for n in range(4)))
        """,
        "main itself works for 2.01 s of the 2.01 s: give that work to the processes",
    ),
    "a lock around the work": (
        """
        lock = Lock()
        def locked():
            with lock:
                work()
        ps = [Process(target=locked) for _ in range(4)]
        for p in ps:
            p.start()
        for p in ps:
            p.join()
        """,
        "s for lock at line 11: whoever works holds it",
    ),
    "threads": (
        """
        ts = [Thread(target=work) for _ in range(4)]
        for t in ts:
            t.start()
        for t in ts:
            t.join()
        """,
        "4 threads of one process share its one interpreter lock (the GIL)",
    ),
    "apply": (
        """
        with Pool(4) as pool:
            for n in range(4):
                pool.apply(work, (n,))
        """,
        "in Pool.apply 4 times",
    ),
    "one worker": (
        """
        with Pool(1) as pool:
            pool.map(work, range(4))
        """,
        "alone did the work, 2.00 s in 2.00 s",
    ),
    "no worker": (
        """
        for n in range(4):
            work(n)
        """,
        "No thread or process was started",
    ),
}


def finding(graded: Graded, body: str) -> Finding:
    program = "def f():\n" + body
    (verdict,) = graded(_dedent(HEAD) + _inside(program), TESTS).verdicts
    assert verdict.finding is not None, "it should be too slow"
    return verdict.finding


def _dedent(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.split("\n"))


def _inside(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.split("\n"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_why_it_is_slow(graded: Graded, name: str) -> None:
    body, words = PROGRAMS[name]
    found = finding(graded, body)
    assert found.kind == "not parallel"
    assert words in found.message
    assert "speedup by cores" in found.lanes
    assert "4  ████  1.0   asked for: 3" in found.lanes
    assert all(len(line) <= 96 for line in found.lanes.split("\n"))
    assert found.speedups is not None
    assert found.speedups.points[2] == (4, pytest.approx(1.0, abs=0.05))
    assert found.picture is None or found.picture.axis == "seconds"


DOWNLOADS = {
    "main asks for all": (
        """
        for n in range(4):
            Thread(target=get(n)).start()
        """,
        "main itself makes all 4 requests, one after the other (line 6), and its 4 threads make none.",
    ),
    "main asks for some": (
        """
        thread = Thread(target=get, args=(0,))
        thread.start()
        for n in range(1, 4):
            get(n)
        thread.join()
        """,
        "main itself makes requests, one after the other: let the threads make them.",
    ),
    "a result after the other": (
        """
        with ThreadPoolExecutor() as executor:
            for n in range(4):
                executor.submit(get, n).result()
        """,
        "main waits at line 11 in Future.result 4 times",
    ),
    "a sleep": (
        """
        threads = [Thread(target=get, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.7)
        for thread in threads:
            thread.join()
        """,
        "main sleeps for 0.70 s of the 0.70 s (line 12)",
    ),
    "two threads": (
        """
        with ThreadPoolExecutor(2) as executor:
            for n in range(4):
                executor.submit(get, n)
        """,
        "At most 2 of the 4 requests were under way at once, by 2 threads",
    ),
}


@pytest.mark.parametrize("name", DOWNLOADS)
def test_why_downloads_are_slow(graded: Graded, name: str) -> None:
    body, words = DOWNLOADS[name]
    head = """
        import time, requests
        from concurrent.futures import ThreadPoolExecutor
        from threading import Thread
        def get(n):
            return requests.get(f"https://a.example/{n}")

        def f():
        """
    tests = """
        def test_together(submission):
            pages = {f"https://a.example/{n}": http.Answer(body=b"x") for n in range(4)}
            run = submission.run("f", http=http.site(pages, latency=0.2)).completed()
            raise CheckFailed("not parallel", why_slow(run).message, run)
        """
    (verdict,) = graded(_dedent(_dedent(head)).rstrip() + _dedent(body), tests, imports=("requests",)).verdicts
    assert verdict.finding is not None
    assert words in verdict.finding.message


def test_a_fast_program_is_asked_once(graded: Graded) -> None:
    """The chart's runs are made for failing checks alone."""
    tests = TESTS.replace("lambda n:", "lambda n: 1 / 0 or")
    body = """
        with Pool(4) as pool:
            pool.map(work, range(4), chunksize=1)
        """
    (verdict,) = graded(_dedent(HEAD) + _inside("def f():\n" + body), tests).verdicts
    assert verdict.finding is None


def test_the_chart() -> None:
    drawn = chart(Speedups(((1, 1.0), (2, 2.04), (8, None), (16, 40.0)), 2.5, 2, "cores")).split("\n")
    assert drawn == [
        "speedup by cores",
        " 1  ████  1.0",
        " 2  ████████  2.0   asked for: 2.5",
        " 8  did not come back",
        "16  " + "█" * 59 + "…  40.0",
    ]
