"""What checks have in common: results that are made once, images, who wrote what, who did how much."""

from __future__ import annotations

import pytest

from autograder.judge.images import png
from autograder.model import Outcome
from tests.judge.conftest import Graded

SOURCE = """
    from multiprocessing import Process
    from pathlib import Path
    from threading import Thread
    from time import sleep

    def work(n):
        for _ in range(n):
            pass

    def f():
        children = [Process(target=work, args=(n,)) for n in (10, 20)]
        for child in children:
            child.start()
        for child in children:
            child.join()

    def left():
        Process(target=work, args=(10,)).start()
        sleep(60)

    def say(*texts):
        threads = [Thread(target=print, args=(text,)) for text in texts]
        for thread in threads:
            thread.start()
            thread.join()

    def save(path, content):
        path.write_bytes(content)
    """


def passed(graded: Graded, hidden: str) -> None:
    for verdict in graded(SOURCE, hidden).verdicts:
        assert verdict.outcome is Outcome.PASSED, verdict.finding


def test_what_checks_share_is_made_once_for_each_submission(graded: Graded) -> None:
    hidden = """
        made = []

        @made_once
        def called(submission, n):
            made.append(n)
            return submission.run("work", n)

        def test_one(submission):
            assert called(submission, 1) is called(submission, 1) is not called(submission, 2)

        def test_two(submission):
            assert called(submission, 2).value is None and made == [1, 2]
        """
    passed(graded, hidden)
    passed(graded, hidden)


def test_the_shares_of_processes(graded: Graded) -> None:
    hidden = """
        def test_turns(submission):
            run = submission.run("f", machine={"tick": 0.001, "process_start": 0.001})
            one, other = (run.shares(0.001)[task.id] for task in run.processes)
            assert round(other - one) == 10
            assert most_at_once((task.created, task.ended) for task in run.processes) == 2

        def test_calls(submission):
            run = submission.run("f", watch=("work",))
            assert run.shares(0.001) == {task.id: 1 for task in run.processes}
        """
    passed(graded, hidden)


def test_who_wrote_and_how_it_is_shown(graded: Graded) -> None:
    hidden = """
        def test_writers(submission):
            run = submission.run("say", "a", "b", whole_prints=True)
            assert run.output.writers == run.threads and run.output.shown == r"'a\\nb\\n'"

        def test_one_line(submission):
            assert submission.run("say", "a").output.shown == "'a'"

        def test_nothing(submission):
            assert submission.run("say").output.shown == "nothing"
        """
    passed(graded, hidden)


def test_who_was_not_waited_for(graded: Graded) -> None:
    hidden = """
        def test_joined(submission):
            assert submission.run("f").not_waited_for == ()

        def test_ended_by_itself(submission):
            run = submission.run("left")
            assert run.trace.alive == () and run.not_waited_for == run.processes != ()
        """
    passed(graded, hidden)


IMAGES = {
    "there": (png(3, 2), None),
    "too large": (png(4, 2), "a.png has 4 x 2 pixels; it should have 3 x 2"),
    "no PNG": (b"GIF89a", "a.png is no PNG"),
    "broken off": (png(3, 2)[:20], "a.png is no PNG"),
}


@pytest.mark.parametrize("name", IMAGES)
def test_a_png_of_a_size(graded: Graded, name: str) -> None:
    content, problem = IMAGES[name]
    hidden = f"""
        def test_saved(submission):
            expect_png(submission.run("save", in_folder("a.png"), {content!r}), "a.png", 3, 2)
        """
    (verdict,) = graded(SOURCE, hidden).verdicts
    if problem is None:
        assert verdict.outcome is Outcome.PASSED, verdict.finding
    else:
        assert verdict.finding is not None
        assert problem in verdict.finding.message
