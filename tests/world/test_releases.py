"""Between a release and what its task does next another task can go on, and only where somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from autograder.judge.failure import CheckFailed
from autograder.judge.grade import launcher
from autograder.judge.run import Run
from autograder.judge.subject import Subject
from autograder.model import Assignment

PROGRAM = dedent("""
    from threading import Lock, Semaphore, Thread

    first, second, done = Lock(), Lock(), Semaphore(0)

    def together(*calls):
        threads = [Thread(target=function, args=arguments) for function, *arguments in calls]
        for thread in threads:
            thread.start()
        return threads

    def joined(*calls):
        for thread in together(*calls):
            thread.join()

    def twice():
        first.acquire()
        first.release()
        try:
            first.release()
        except RuntimeError:
            print("one too many", end="")

    def whole(text):
        with first:
            print(text, end="")
            print(text, end="")

    def released_twice():
        joined((whole, "x"), (twice,), (whole, "y"))

    def released_twice_alone():
        joined((twice,))

    def outer_first():
        first.acquire()
        second.acquire()
        first.release()
        second.release()

    def tries_the_second(found):
        with first:
            found.append(second.acquire(blocking=False))
            if found[-1]:
                second.release()

    def outer_released_first():
        found = []
        joined((outer_first,), (tries_the_second, found))
        return found

    def releases_and_looks(found):
        first.acquire()
        first.release()
        found.append(first.locked())

    def released_and_looked():
        found = []
        joined((releases_and_looks, found), (whole, "x"))
        return found

    def holds_and_ends():
        with first:
            pass

    def released_and_ended():
        (thread,) = together((holds_and_ends,))
        with first:
            alive = thread.is_alive()
        thread.join()
        return alive

    def semaphore_for_join():
        together((done.release,))
        done.acquire()

    def nested(both):
        with first:
            if both:
                with second:
                    pass

    def nested_alone(both):
        joined((nested, both))
""")


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    assignment = Assignment("tiny", "Tiny", "program.py", Path(tmp_path_factory.mktemp("tiny")), ())
    return Subject(assignment, PROGRAM.encode(), launcher("world", ()))


def results(subject: Subject, function: str, what: Callable[[Run], object]) -> list[object]:
    """What came of every schedule of at most two preemptions, each once."""
    found: list[object] = []
    for run in subject.exhaust(function, most=200):
        result = what(run.completed())
        if result not in found:
            found.append(result)
    assert subject.searches[-1].bound == 2
    return found


def test_the_second_release_ends_the_hold_of_who_came_in_between(subject: Subject) -> None:
    texts = results(subject, "released_twice", lambda run: run.output.text)
    assert "one too manyxxyy" in texts
    assert any("xyx" in str(text) or "yxy" in str(text) or "yxx" in str(text) for text in texts), texts


def test_alone_it_is_an_error_as_ever(subject: Subject) -> None:
    assert results(subject, "released_twice_alone", lambda run: run.output.text) == ["one too many"]


def test_two_locks_are_not_given_back_as_one(subject: Subject) -> None:
    assert sorted(map(str, results(subject, "outer_released_first", lambda run: run.value))) == ["[False]", "[True]"]


def test_another_one_may_have_the_lock_that_was_just_given_back(subject: Subject) -> None:
    assert sorted(map(str, results(subject, "released_and_looked", lambda run: run.value))) == ["[False]", "[True]"]


def test_who_gave_back_a_lock_has_not_ended_yet(subject: Subject) -> None:
    assert sorted(map(str, results(subject, "released_and_ended", lambda run: run.value))) == ["False", "True"]


def test_a_semaphore_is_no_join(subject: Subject) -> None:
    def alive(run: Run) -> bool:
        try:
            run.assert_joined()
        except CheckFailed as found:
            return found.kind == "not joined"
        return False

    assert True in results(subject, "semaphore_for_join", alive)


def test_where_nobody_waits_it_costs_nothing(subject: Subject) -> None:
    """One lock more is one operation more: the acquire."""
    one, two = (subject.run("nested_alone", both, strategy="nonpreemptive").completed() for both in (False, True))
    assert two.recording.decisions == one.recording.decisions + 1
