from __future__ import annotations

from dataclasses import replace

from autograder.trace.timeline import LEGEND, moment, time_lanes
from tests.trace.build import Script


def bars(text: str) -> dict[str, str]:
    return {name.strip(): bar for name, bar in (row.split("│") for row in text.split("\n") if "│" in row)}


def test_one_after_the_other():
    run = Script()
    for name in ("a", "b"):
        task = run.create(name)
        run.work(task, 0.2)
        run.end(task)
        run.join(task)
    run.returns()
    text = time_lanes(run.trace(), width=46)
    assert bars(text) == {"main": "." * 40, "a": "#" * 20, "b": " " * 20 + "#" * 20}
    assert text.split("\n")[0].split() == ["0", "s", "0.2", "s", "0.4", "s"]
    assert text.split("\n")[-1] == LEGEND


def test_the_unit_suits_the_length():
    run = Script()
    task = run.create("a")
    run.work(task, 0.00004)
    run.end(task)
    run.join(task)
    run.returns()
    assert time_lanes(run.trace(), width=46).split("\n")[0].split() == ["0", "µs", "22.5", "µs", "45", "µs"]
    assert [moment(0.25, length) for length in (1.0, 0.05, 0.00001)] == ["0.25 s", "250 ms", "2.5e+05 µs"]


def test_sleeping_requesting_and_waiting():
    run = Script()
    a, b = run.create("a"), run.create("b")
    run.acquire(a, "lock")
    run.sleep(a, 0.1)
    run.release(a, "lock")
    run.acquire(b, "lock")
    run.request(b, seconds=0.1)
    for task in (a, b):
        run.end(task)
        run.join(task)
    run.returns()
    assert bars(time_lanes(run.trace(), width=46)) == {"main": "." * 40, "a": "~" * 20, "b": "." * 20 + "~" * 20}


def test_waiting_for_a_core_is_not_working():
    run = Script()
    task = run.create("a")
    run.work(task, 0.4)  # from one operation to the next; for a quarter of the time it had the GIL
    run.tasks[task] = replace(run.tasks[task], work=0.1)
    run.end(task)
    run.join(task)
    run.returns()
    assert bars(time_lanes(run.trace(), width=46))["a"] == "." * 30 + "#" * 10


def test_a_task_that_never_ends_waits():
    run = Script()
    run.create("a")
    run.work(0, 0.1)
    run.returns()
    assert set(bars(time_lanes(run.trace()))["a"]) == {"."}


def test_a_call_in_the_middle_of_a_session():
    run = Script()
    old = run.create("old")
    run.end(old)
    run.work(0, 5.0)
    begin, first = run.clock[0], len(run.events)
    run.sleep(0, 0.2)
    run.work(0, 0.2)
    run.returns()
    trace = run.trace(elapsed=run.clock[0] - begin)
    trace = replace(trace, events=trace.events[first:])
    assert bars(time_lanes(trace, width=46)) == {"main": "~" * 20 + "#" * 20}


def test_many_tasks():
    run = Script()
    tasks = [run.create(f"t{number}") for number in range(100)]
    run.create("helper", service=True)
    for task in tasks:
        run.work(task, 0.1)
        run.end(task)
        run.join(task)
    run.returns()
    text = time_lanes(run.trace())
    assert len(bars(text)) == 24
    assert text.split("\n")[-2] == "… and 77 more"
    assert "helper" not in text


def test_nothing_happened():
    assert time_lanes(Script().trace()) == ""
