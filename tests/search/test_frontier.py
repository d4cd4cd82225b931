"""The search over schedules: it finds what there is to find in few runs, and knows when it has seen everything."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from math import comb
from pathlib import Path
from textwrap import dedent

import pytest

from autograder.judge.grade import launcher
from autograder.judge.run import Run
from autograder.judge.subject import Search, Subject
from autograder.model import Assignment
from autograder.search.dependence import Dependence
from autograder.search.frontier import Frontier
from autograder.trace.races import data_races, lost_updates

PROGRAM = dedent("""
    import io
    from collections import deque
    from multiprocessing import Process, Value
    from queue import Queue
    from threading import Condition, Lock, Thread
    from time import sleep

    lock, other = Lock(), Lock()

    def together(kind, target, *arguments):
        tasks = [kind(target=target, args=one) for one in arguments]
        for task in tasks:
            task.start()
        for task in tasks:
            task.join()

    def printer(text, n, how):
        mine = {"own": Lock(), "shared": lock}.get(how)
        if how in ("no", "each"):
            for _ in range(n):
                if how == "each":
                    lock.acquire()
                print(text, end="")
                if how == "each":
                    lock.release()
        else:
            with mine:
                for _ in range(n):
                    print(text, end="")

    def print_all(texts, n, how="shared"):
        together(Thread, printer, *((text, n, how) for text in texts))

    def nested(first, second):
        with first:
            with second:
                print(end="")

    def lock_order(same):
        together(Thread, nested, (lock, other), (lock, other) if same else (other, lock))

    def add(value, n, locked):
        for _ in range(n):
            if locked:
                with value.get_lock():
                    value.value += 1
            else:
                value.value += 1

    def count(n, locked):
        value = Value("i", 0)
        together(Process, add, (value, n, locked), (value, n, locked))
        return value.value

    def among_others(same):
        busy = Lock()  # much that is harmless goes on beside
        def work(first, second):
            for _ in range(12):
                with busy:
                    pass
            nested(first, second)
            for _ in range(12):
                with busy:
                    pass
        together(Thread, work, (lock, other), (lock, other) if same else (other, lock))

    def ring(n):
        forks = [Lock() for _ in range(n)]
        together(Thread, nested, *((forks[k], forks[(k + 1) % n]) for k in range(n)))

    def forgets(waits):
        thread = Thread(target=printer, args=("a", 1, "no"))
        thread.start()
        if waits == "join":
            thread.join()
        elif waits == "patient":
            thread.join(5)
        elif waits == "sleep":
            sleep(1)

    def results():
        found = Queue()
        together(Thread, lambda n: found.put(n), (1,), (2,))
        return [found.get(), found.get()]

    def contents(kind):
        found = {"list": list, "deque": deque}.get(kind, dict)()
        jobs = [1, 2]
        def work(n):
            if kind == "dict":
                found[n] = n
            elif kind == "update":
                found.update({n: n})
            elif kind == "first":
                found.setdefault("first", n)
            elif kind == "pop":
                found[n] = jobs.pop()
            else:
                found.append(n)
        together(Thread, work, (1,), (2,))
        return sorted(found.items()) if kind == "pop" else list(found.values() if isinstance(found, dict) else found)

    def buffer():
        shared, seen = io.BytesIO(), {}
        def work(n):
            shared.seek(0)
            shared.write(b"%d" % n)
            sleep(0)
            seen[n] = shared.getvalue()
        together(Thread, work, (1,), (2,))
        return seen == {1: b"1", 2: b"2"}

    def lost_wakeup():
        ready = Condition()
        def waiter():
            with ready:
                ready.wait()
        def waker():
            with ready:
                ready.notify()
        threads = [Thread(target=waiter), Thread(target=waker)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def looks_first():
        ready, done = Condition(), []
        def waiter():
            with ready:
                while not done:
                    ready.wait()
        def waker():
            with ready:
                done.append(1)
                ready.notify()
        threads = [Thread(target=waiter), Thread(target=waker)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def apart():
        one, two = Lock(), Lock()
        def hold(mine):
            with mine:
                pass
        together(Thread, hold, (one,), (two,))
""")


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    assignment = Assignment("tiny", "Tiny", "program.py", tmp_path, ())
    return Subject(assignment, PROGRAM.encode(), launcher("world", ()))


def text(run: Run) -> str:
    return run.completed().output.text


def outcome(run: Run) -> object:
    return run.value if run.outcome == "returned" else run.outcome


def alive(run: Run) -> bool:
    return bool(run.trace.alive)


@pytest.mark.parametrize(
    ("call", "wrong"),
    [
        (("print_all", "ab", 2, "no"), lambda run: text(run) not in ("aabb", "bbaa")),
        (("print_all", "ab", 2, "own"), lambda run: text(run) not in ("aabb", "bbaa")),
        (("print_all", "ab", 2, "each"), lambda run: text(run) not in ("aabb", "bbaa")),
        (("print_all", "ab", 50, "no"), lambda run: text(run).lstrip("a").rstrip("b") != "" and "ab" in text(run)),
        (("lock_order", False), lambda run: run.outcome == "deadlock"),
        (("count", 1, False), lambda run: run.value != 2),
        (("count", 30, False), lambda run: run.value != 60),
        (("forgets", "sleep"), alive),
        (("forgets", "patient"), alive),
        (("forgets", ""), alive),
        (("results",), lambda run: run.value != [1, 2]),
        (("lost_wakeup",), lambda run: run.outcome == "deadlock"),
        (("contents", "list"), lambda run: run.value != [1, 2]),
        (("contents", "deque"), lambda run: run.value != [1, 2]),
        (("contents", "dict"), lambda run: run.value != [1, 2]),
        (("contents", "update"), lambda run: run.value != [1, 2]),
        (("contents", "first"), lambda run: run.value != [1]),
        (("buffer",), lambda run: not run.value),
        (("contents", "pop"), lambda run: run.value != [(1, 2), (2, 1)]),
    ],
)
def test_a_bug_is_found_in_five_runs(subject: Subject, call: tuple[object, ...], wrong: Callable[[Run], bool]) -> None:
    function, *arguments = call
    found = [wrong(run) for run, _ in zip(subject.exhaust(str(function), *arguments), range(5), strict=False)]
    assert any(found)


@pytest.mark.parametrize(
    ("call", "runs"),
    [
        (("lock_order", False), 2),
        (("among_others", False), 2),
        (("lost_wakeup",), 2),
        (("ring", 3), 4),
    ],
)
def test_a_predicted_deadlock_is_tried_at_once(subject: Subject, call: tuple[object, ...], runs: int) -> None:
    """The first run goes well, and tells what would not."""
    function, *arguments = call
    outcomes = [run.outcome for run, _ in zip(subject.exhaust(str(function), *arguments), range(runs), strict=False)]
    assert outcomes[0] == "returned"
    assert outcomes[-1] == "deadlock"


def test_what_cannot_be_made_real_is_no_finding(subject: Subject) -> None:
    """A flag is looked at before the wait: the notify may come first, and nobody waits for ever."""
    outcomes = {run.outcome for run in subject.exhaust("looks_first", bound=1)}
    assert outcomes == {"returned"}


@pytest.mark.parametrize(
    ("call", "outcomes", "most"),
    [
        (("print_all", "ab", 2), {"aabb", "bbaa"}, 6),
        (("print_all", "ab", 30), {"a" * 30 + "b" * 30, "b" * 30 + "a" * 30}, 6),
        (("print_all", "abc", 1), {"".join(order) for order in permutations("abc")}, 60),
    ],
)
def test_locked_output_is_exhausted(subject: Subject, call: tuple[object, ...], outcomes: set[str], most: int) -> None:
    function, *arguments = call
    runs = list(subject.exhaust(str(function), *arguments))
    assert {text(run) for run in runs} == outcomes
    assert len(runs) <= most
    assert subject.searches == (Search(len(runs), 2),)


def test_the_right_lock_order_and_the_locked_count_are_exhausted(subject: Subject) -> None:
    assert {run.outcome for run in subject.exhaust("lock_order", True)} == {"returned"}
    assert {run.value for run in subject.exhaust("count", 1, True)} == {2}
    assert {alive(run) for run in subject.exhaust("forgets", "join")} == {False}
    assert all(search.bound == 2 and search.runs < 20 for search in subject.searches)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_without_a_bound_every_order_is_seen(subject: Subject, n: int) -> None:
    """The reduction leaves no order out: two tasks of n prints can be interleaved in as many ways as there are."""
    runs = list(subject.exhaust("print_all", "ab", n, "no", bound=50))
    assert len({text(run) for run in runs}) == comb(2 * n, n)
    assert subject.searches[-1].bound == 50


def test_every_result_of_a_lost_update(subject: Subject) -> None:
    assert {run.value for run in subject.exhaust("count", 2, False, bound=50)} == {2, 3, 4}


@pytest.mark.parametrize("kind", ["list", "deque", "dict", "update", "first", "pop"])
def test_who_changes_a_container_first_is_no_race(subject: Subject, kind: str) -> None:
    """It is one step of the interpreter's own, on every build: only the order can matter."""
    runs = list(subject.exhaust("contents", kind))
    assert len({str(run.value) for run in runs}) == 2
    assert not any(data_races(run.trace) or lost_updates(run.trace) for run in runs)


def test_the_bound(subject: Subject) -> None:
    """Without preemptions each prints all it has; with one, one of them is interrupted once."""
    assert {text(run) for run in subject.exhaust("print_all", "ab", 3, "no", bound=0)} == {"aaabbb", "bbbaaa"}
    once = {text(run) for run in subject.exhaust("print_all", "ab", 3, "no", bound=1)}
    assert {"abbbaa", "aabbba", "baaabb", "bbaaab"} <= once
    assert "ababab" not in once


def test_independent_tasks_need_one_run(subject: Subject) -> None:
    assert len(list(subject.exhaust("apart"))) == 1


def test_the_number_of_runs(subject: Subject) -> None:
    runs = list(subject.exhaust("print_all", "ab", 5, "no", most=7))
    assert len(runs) == 7
    assert subject.searches == (Search(7, None),)
    subject.begin_check()
    assert subject.searches == ()
    # Few runs are enough for this one, by virtual time and with a switch at every operation included.
    assert len(list(subject.explore("print_all", "ab", 2, schedules=20))) < 10
    assert subject.searches[0].bound == 2


def test_no_run_is_made_twice(subject: Subject) -> None:
    orders = [run.recording.switches for run in subject.exhaust("print_all", "ab", 2, "no")]
    assert len(set(orders)) == len(orders)


def test_the_search_is_the_same_every_time(subject: Subject, tmp_path: Path) -> None:
    again = Subject(Assignment("tiny", "Tiny", "program.py", tmp_path, ()), PROGRAM.encode(), launcher("world", ()))
    first = [run.recording.switches for run in subject.exhaust("print_all", "abc", 2, "each", most=40)]
    assert first == [run.recording.switches for run in again.exhaust("print_all", "abc", 2, "each", most=40)]


def test_the_order_of_what_does_not_matter_is_no_difference(subject: Subject) -> None:
    """Two threads under locks of their own: their runs end in one state, whoever goes first."""
    one = subject.run("apart", strategy="nonpreemptive").recording
    two = subject.run("apart", strategy="roundrobin").recording
    assert [choice.task for choice in one.choices] != [choice.task for choice in two.choices]
    assert Dependence.of(one.trace, one.choices).states[-1] == Dependence.of(two.trace, two.choices).states[-1]
    assert not Dependence.of(one.trace, one.choices).races


def test_the_order_of_what_matters_is_one(subject: Subject) -> None:
    one = subject.run("print_all", "ab", 2, "no", strategy="nonpreemptive").recording
    two = subject.run("print_all", "ab", 2, "no", strategy="switches:3-2").recording
    assert Dependence.of(one.trace, one.choices).states[-1] != Dependence.of(two.trace, two.choices).states[-1]


def test_a_timed_run_teaches_nothing(subject: Subject) -> None:
    frontier = Frontier()
    frontier.add(subject.run("print_all", "ab", 2, "no").recording)
    assert frontier.exhausted
    assert frontier.next() is None
