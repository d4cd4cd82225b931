from __future__ import annotations

import re

import pytest

from autograder.judge.deadlocks import explain_deadlock
from autograder.judge.explain import (
    explain_data_race,
    explain_interruption,
    explain_line_problem,
    explain_lost_update,
    explain_serialised,
)
from autograder.model import Finding
from autograder.trace.deadlock import deadlock
from autograder.trace.events import Blocked
from autograder.trace.output import Output
from autograder.trace.parallelism import serialised
from autograder.trace.races import data_races, lost_updates
from tests.trace.build import Script

SOURCE = """\
import threading
lock = threading.Lock()

def locked(text, n):
    own = threading.Lock()
    with own:
        for _ in range(n):
            print(text, end="")
    counter.value += 1

counter = Value("i", 0)
t.start()
t.join()
"""


def said(finding: Finding) -> str:
    """The message, after what holds for every finding: short, and nothing that differs between two machines."""
    for text in (finding.message, finding.lanes):
        assert not re.search(r"0x[0-9a-f]{4}|/[a-z]+/|task:\d", text)
    assert 1 <= len(re.findall(r"[.!](?: |$)", finding.message)) <= 4
    assert len(finding.lanes.split("\n")) <= 28
    return finding.message


def interrupted(*, mine: str = "", theirs: str = "", apart: bool = False) -> Finding:
    run = Script()
    run.thing("lock", "Lock", 2, 0)
    run.thing("own 1", "Lock", 5, 0)
    run.thing("own 2", "Lock", 5, 0)
    a, b = run.create("a", line=12), run.create("b", line=12)
    if mine:
        run.acquire(a, mine, line=6)
    run.write(a, "x", line=8)
    if apart:
        run.release(a, mine, line=6)
    if theirs:
        run.acquire(b, theirs, line=6)
    run.write(b, "y", line=8)
    if theirs:
        run.release(b, theirs, line=6)
    if apart:
        run.acquire(a, mine, line=6)
    run.write(a, "x", line=8)
    trace = run.trace()
    found = Output.of(trace).interruption()
    assert found is not None
    return explain_interruption(found, trace, SOURCE)


@pytest.mark.parametrize(
    ("locks", "reason"),
    [
        ({}, "No lock is held"),
        ({"mine": "lock"}, "a holds lock there, b holds no lock"),
        ({"theirs": "lock"}, "b holds lock there, a holds no lock"),
        ({"mine": "own 1", "theirs": "own 2"}, "line 5 (own = threading.Lock()) runs once for each of them"),
        ({"mine": "lock", "theirs": "own 1"}, "not the same one (lock and own)"),
        ({"mine": "lock", "theirs": "lock", "apart": True}, "a gives lock back between its writes, and b takes it"),
        ({"mine": "lock", "theirs": "lock"}, "it lets more than one in"),
    ],
)
def test_why_nothing_kept_the_other_task_out(locks, reason):
    finding = interrupted(**locks)
    message = said(finding)
    assert message.startswith("The outputs of a and b are mixed: a had written 'x' (line 8)")
    assert reason in message
    assert finding.kind == "interleaving"
    assert finding.lines == (8,)


def test_who_asked_for_the_lock_and_did_not_get_it():
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.thing("lock", "Lock", 2, 0)
    run.acquire(a, "lock", line=6)
    run.write(a, "x", line=8)
    run.acquire(b, "lock", line=5, value=False)
    run.write(b, "y", line=8)
    run.write(a, "x", line=8)
    found = Output.of(run.trace()).interruption()
    assert found is not None
    message = explain_interruption(found, run.trace(), SOURCE).message
    assert "a holds lock there. b asked for it (line 5), did not get it, and goes on all the same" in message


def test_a_torn_line_under_locks_of_ones_own():
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.thing("own 1", "Lock", 5, 0)
    run.thing("own 2", "Lock", 5, 0)
    run.acquire(a, "own 1", line=6)
    run.write(a, "x", line=8)
    run.acquire(b, "own 2", line=6)
    run.write(b, "y\n", line=9)
    run.write(a, "\n", line=8)
    found = Output.of(run.trace()).torn_lines(["x", "y"], False)
    assert found is not None
    message = explain_line_problem(found, run.trace(), SOURCE).message
    assert "written by a and b together (lines 8 and 9)" in message
    assert "line 5 (own = threading.Lock()) runs once for each of them" in message


def test_the_three_writes_are_marked():
    rows = interrupted().lanes.split("\n")
    assert rows == [
        "main │[starts a, b]",
        "a    │             x x",
        "b    │              y",
        "                   ▲▲▲",
        'line 8  print(text, end="")',
    ]


def problem(*writes: tuple[int, str], expected: list[str], ordered: bool = False) -> Finding:
    run = Script()
    for name in ("a", "b"):
        run.create(name)
    for task, text in writes:
        run.write(task, text, line=8)
    trace = run.trace()
    found = Output.of(trace).torn_lines(expected, ordered)
    assert found is not None
    return explain_line_problem(found, trace, SOURCE)


@pytest.mark.parametrize(
    ("writes", "kind", "words"),
    [
        (
            [(1, "x"), (2, "y"), (1, "\n"), (2, "\n")],
            "interleaving",
            "Line 1 of the output, 'xy', was written by a and b",
        ),
        ([(1, "x\n")], "wrong output", "The line 'y' is missing from the output."),
        ([(1, "x\n"), (2, "z\n")], "wrong output", "The line 'y' is missing from the output; there is 'z' instead"),
        ([(1, "x\n"), (2, "y\n"), (2, "y\n")], "wrong output", "'y' is in the output once too often: b wrote it"),
        ([(1, "x\n"), (2, "y\n"), (2, "z\n")], "wrong output", "does not belong there: 'z', written by b (line 8)"),
        ([(1, "y\n"), (2, "x\n")], "wrong output", "Line 1 of the output is 'y'; 'x' must stand there."),
    ],
)
def test_line_problems(writes, kind, words):
    finding = problem(*writes, expected=["x", "y"], ordered=True)
    assert words in said(finding)
    assert finding.kind == kind


def stuck(run: Script) -> str:
    trace = run.trace()
    found = deadlock(trace)
    assert found is not None
    finding = explain_deadlock(found, trace, SOURCE)
    assert finding.kind == "deadlock"
    return said(finding)


def test_a_deadlock_of_two_locks():
    run = Script()
    run.thing("one", "Lock", 2)
    run.thing("two", "Lock", 5)
    a, b = run.create("a"), run.create("b")
    run.acquire(a, "one", line=6)
    run.acquire(b, "two", line=6)
    run.block(a, "acquire", "two", line=8, holders=[b])
    run.block(b, "acquire", "one", line=9, holders=[a])
    run.block(0, "join", f"task:{a}", line=13, holders=[a])
    assert stuck(run) == (
        "Deadlock, nothing can go on: a waits at line 8 for own, which b holds; b waits at line 9 for lock, which a"
        " holds. Take the locks in the same order in every task."
    )
    trace = run.trace()
    found = deadlock(trace)
    assert found is not None
    drawing = explain_deadlock(found, trace, SOURCE).lanes
    assert "[waits for own]" in drawing
    assert "line 13  t.join()" in drawing


def test_other_deadlocks():
    run = Script()
    run.acquire(0, "lock", line=6)
    run.block(0, "acquire", "lock", line=8)
    assert "which it holds itself, since line 6. A Lock can be taken only once" in stuck(run)
    assert "in one place, not in both" in stuck(run)

    run = Script()
    a = run.create("a")
    run.acquire(0, "lock", line=6)
    run.block(0, "join", f"task:{a}", line=13)
    run.block(a, "acquire", "lock", line=6)
    assert "Do not wait for a task's end while holding a lock" in stuck(run)

    run = Script()
    a = run.create("a")
    run.acquire(a, "lock", line=6)
    run.end(a)
    run.block(0, "acquire", "lock", line=6, holders=[a])
    assert "which a took and did not give back before it ended. Take lock with a with statement" in stuck(run)

    run = Script()
    a = run.create("a")
    run.block(0, "join", f"task:{a}", line=13)
    run.block(a, "wait", "inside", line=8, via="Queue.get")
    assert "a waits at line 8 in Queue.get for something that nobody will give; main waits at line 13" in stuck(run)
    run.blocked[1] = Blocked(a, "receive", "pipe 1", 8, "Connection.recv")
    assert "a waits at line 8 in Connection.recv for a message that nobody sends" in stuck(run)


def test_many_waiting_tasks_are_not_all_named():
    run = Script()
    for number in range(100):
        run.block(run.create(f"t{number}"), "wait", "condition", line=8, via="Condition.wait")
    message = stuck(run)
    assert message.count("waits") == 4
    assert "96 more wait as well" in message


def test_a_value_takes_its_own_lock_a_second_time():
    run = Script()
    run.thing("its lock", "Lock", 11)
    a = run.create("a", kind="process")
    run.acquire(a, "its lock", line=8)
    run.block(a, "acquire", "its lock", line=9, via="getvalue", holders=(a,))
    assert "leave lock=Lock() out, and it gets an RLock" in stuck(run)


def lost(*, before: str = "", between: str = "", other: str = "", via: str = "", missed: str = "") -> Finding:
    run = Script()
    run.thing("memory", "Value", 11)
    run.thing("its lock", "Value", 11)
    a, b = run.create("a", kind="process"), run.create("b", kind="process")
    run.thing("a's copy", "Lock", 8, process=1)
    run.thing("b's copy", "Lock", 8, process=2)
    if missed:
        run.acquire(a, missed, line=8, value=False)
    if before:
        run.acquire(a, before, line=8, via=via)
    run.read(a, "memory", line=9)
    if between:
        run.release(a, between)
        run.acquire(a, between, via=via)
    run.store(a, "memory", line=9)
    if before:
        run.release(a, before)
    if other:
        run.acquire(b, other)
    run.store(b, "memory", line=9)
    trace = run.trace()
    return explain_lost_update(lost_updates(trace)[0], trace, SOURCE)


@pytest.mark.parametrize(
    ("locks", "reason"),
    [
        ({}, "Hold one lock, the same in every task, from the read to the store."),
        (
            {"before": "its lock", "between": "its lock", "other": "its lock"},
            "each under counter's lock, but it is given back in between: hold it from the read to the store.",
        ),
        (
            {"before": "its lock", "between": "its lock", "via": "getvalue"},
            "is taken for each access alone, and between the read and the store nobody holds it. Hold it around both",
        ),
        (
            {"before": "its lock", "between": "its lock", "via": "getvalue", "other": "its lock"},
            "b holds counter's lock there, a does not: every task has to hold it, from the read to the store",
        ),
        ({"missed": "lock"}, "a asked for lock (line 8), did not get it, and went on all the same."),
        ({"before": "x", "other": "y"}, "not the same one"),
        ({"before": "a's copy", "other": "b's copy"}, "Make one multiprocessing.Lock"),
        ({"before": "lock"}, "a holds lock, b does not"),
    ],
)
def test_lost_updates(locks, reason):
    finding = lost(**locks)
    message = said(finding)
    assert message.startswith("An update of counter can get lost: a reads it (line 9) and stores a new value (line 9);")
    assert reason in message
    assert finding.kind == "race"


def test_an_update_that_was_lost():
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.thing("array", "Array", 11)
    run.read(a, "array", 3, line=9)
    run.store(b, "array", 3, line=9)
    run.store(a, "array", 3, line=9)
    trace = run.trace()
    finding = explain_lost_update(lost_updates(trace)[0], trace, SOURCE)
    assert said(finding).startswith("An update of counter[3] got lost: a reads it")


def test_data_race():
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.store(a, "memory", line=9)
    run.read(b, "memory", line=8)
    trace = run.trace()
    finding = explain_data_race(data_races(trace)[0], trace, SOURCE)
    assert "a stores Value (line 9) and b reads it (line 8)" in said(finding)
    assert finding.lines == (9, 8)


def test_serialised():
    run = Script()
    for name in ("a", "b"):
        task = run.create(name, line=12)
        run.sleep(task, 0.2)
        run.end(task)
        run.join(task, line=13)
    run.returns()
    trace = run.trace()
    found = serialised(trace)
    assert found is not None
    finding = explain_serialised(found, trace, SOURCE)
    assert said(finding).startswith(
        "main starts a (line 12), waits for its end (line 13) and only then starts b (line 12)"
    )
    assert finding.kind == "not parallel"
    assert finding.lines == (12, 13)
    assert "~~~" in finding.lanes
    assert finding.lanes.endswith("line 12  t.start()\nline 13  t.join()")
