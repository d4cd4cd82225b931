"""What a test may ask about memory that tasks share."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from autograder.judge.failure import CheckFailed
from autograder.judge.grade import launcher
from autograder.judge.run import Run
from autograder.judge.subject import Subject
from tests.judge.conftest import Graded

SOURCE = dedent("""
    from multiprocessing import Process, Value
    from threading import Lock, Thread

    total = 0
    last = None
    last = ""
    done = False
    lock = Lock()

    class Account:
        def __init__(self):
            self.balance = 0

    def add(account, name):
        global total, last
        total += 1
        with lock:
            account.balance += 1
        last = name

    def run(target, args, kind=Thread):
        tasks = [kind(target=target, args=(*args, name)) for name in "ab"]
        for task in tasks:
            task.start()
        for task in tasks:
            task.join()

    def f():
        account = Account()
        run(add, (account,))
        return total, account.balance

    def last_one(name):
        global last
        last = name

    def g():
        run(last_one, ())

    def wait():
        global done
        worker = Thread(target=until_done)
        worker.start()
        done = True
        worker.join()

    def until_done():
        while not done:
            pass

    def count(value, name):
        value.value += 1

    def h():
        value = Value("i", 0)
        run(count, (value,), Process)
        return value.value
    """)


@pytest.fixture
def subject(assignment: Any) -> Subject:
    return Subject(assignment(), SOURCE.encode(), launcher("world", ()))


def message(ask: Any) -> str:
    try:
        ask()
    except CheckFailed as failure:
        return failure.message
    return ""


def test_a_prediction_fails_only_who_asks(subject: Subject) -> None:
    run = subject.run("f")
    assert run.accesses == ()
    run.assert_no_lost_update()
    run.assert_no_lost_update(["Account.balance", "last"])
    run.assert_no_race(["Account.balance", "last"])
    assert message(lambda: run.assert_no_lost_update(["total"])).startswith("An update of total can get lost: Thread-1")
    assert "line 17" in message(run.assert_no_race)


def test_who_ran_last_is_no_race_and_a_flag_is_one(subject: Subject) -> None:
    subject.run("g").assert_no_race()
    run = subject.run("wait")
    run.assert_no_race(["total"])
    assert "done" in message(run.assert_no_race)
    assert "done" in message(lambda: run.assert_no_race(["done"]))


def test_what_processes_share_is_asked_as_before(subject: Subject) -> None:
    run = subject.run("h")
    assert {access.op for access in run.accesses} == {"read", "store"}
    for ask in (
        run.assert_no_lost_update,
        run.assert_no_race,
        lambda: run.assert_no_race(["value"]),
        lambda: run.assert_no_lost_update(["value"]),
    ):
        assert message(ask).startswith("An update of value can get lost")
    run.assert_no_race(["total"])


def test_the_finding_shows_both_accesses(subject: Subject) -> None:
    def asked(run: Run) -> CheckFailed:
        with pytest.raises(CheckFailed) as caught:
            run.assert_no_race(["total"])
        return caught.value

    finding = asked(subject.run("f", strategy="nonpreemptive")).finding()
    assert finding.kind == "race"
    assert finding.lines == (17,)
    assert "[reads total]" in finding.lanes
    assert "balance" not in finding.lanes
    assert finding.lanes.endswith("line 17  total += 1")


def test_in_a_hidden_test(graded: Graded) -> None:
    hidden = """
        def test_total(submission):
            submission.run("f").assert_no_race(["total"])

        def test_balance(submission):
            submission.run("f", points=True).assert_no_race(["Account.balance"])
        """
    result = graded(SOURCE, hidden)
    by_name = {verdict.check.name: verdict for verdict in result.verdicts}
    assert by_name["balance"].outcome.value == "passed"
    assert by_name["total"].outcome.value == "failed"
    finding = by_name["total"].finding
    assert finding is not None
    assert finding.schedule


@pytest.mark.parametrize(("function", "hidden"), [("f", True), ("h", False)])
def test_what_the_gil_hides_is_said(subject: Subject, function: str, hidden: bool) -> None:
    """A plain variable hardly ever loses an update on today's builds; a Value does on all of them."""
    with pytest.raises(CheckFailed) as found:
        subject.run(function, strategy="nonpreemptive").assert_no_lost_update(None if function == "h" else ["total"])
    assert ("the language allows it" in found.value.message) is hidden
