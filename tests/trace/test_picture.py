"""Pictures: what is in them, and that they are bounded."""

from __future__ import annotations

from autograder.model import Picture
from autograder.trace.picture import MOST_LANES, MOST_ROWS, step_picture, time_picture
from tests.trace.build import Script

SOURCE = "\n".join(
    [
        "from threading import Lock",
        "lock = Lock()",
        "def f(text):",
        "    lock.acquire()",
        "    print(text)",
        "    lock.release()",
    ]
)


def two_writers() -> Script:
    """a holds the lock and writes, b waits for it."""
    run = Script()
    run.thing("lock", "Lock", line=2, process=0)
    a, b = run.create("a", line=3), run.create("b", line=3)
    run.acquire(a, "lock", line=4)
    run.write(a, "x", line=5)
    run.release(a, "lock", line=6)
    run.acquire(b, "lock", line=4)
    run.write(b, "y", line=5)
    run.release(b, "lock", line=6)
    for task in (a, b):
        run.end(task)
        run.join(task, line=9)
    run.returns()
    return run


def drawn(picture: Picture | None) -> list[tuple[str, str, str]]:
    assert picture is not None
    return [
        (picture.lanes[one.lane].name, one.kind, one.text)
        for one in sorted(picture.strokes, key=lambda one: one.begin)
        if one.kind not in ("hold", "wait", "task")
    ]


def test_each_step_has_a_row_in_its_lane() -> None:
    picture = step_picture(two_writers().trace(), SOURCE)
    assert picture is not None
    assert [(lane.name, lane.kind) for lane in picture.lanes] == [("main", "main"), ("a", "thread"), ("b", "thread")]
    assert drawn(picture) == [
        ("a", "take", "takes lock"),
        ("a", "write", "x"),
        ("a", "free", "frees lock"),
        ("b", "take", "takes lock"),
        ("b", "write", "y"),
        ("b", "free", "frees lock"),
    ]
    rows = [one.begin for one in picture.strokes if one.kind not in ("hold", "wait")]
    assert rows == sorted(set(rows))
    assert picture.length == max(rows) + 1
    assert picture.gaps == ()


def test_a_lock_is_held_from_the_row_that_takes_it_to_the_one_that_frees_it() -> None:
    picture = step_picture(two_writers().trace(), SOURCE)
    assert picture is not None
    for lane in (1, 2):
        own = {one.kind: one for one in picture.strokes if one.lane == lane and one.kind in ("take", "free")}
        (hold,) = (one for one in picture.strokes if one.lane == lane and one.kind == "hold")
        assert (hold.begin, hold.end, hold.text) == (own["take"].begin, own["free"].end, "lock")


def test_a_lock_that_is_never_freed_is_held_to_the_end() -> None:
    run = Script()
    run.thing("lock", "Lock", line=2, process=0)
    a = run.create("a")
    run.acquire(a, "lock", line=4)
    run.write(a, "x", line=5)
    run.end(a)
    run.returns()
    picture = step_picture(run.trace(), SOURCE)
    assert picture is not None
    assert [one.end for one in picture.strokes if one.kind == "hold"] == [picture.length]


def test_waiting_leads_to_what_was_waited_for() -> None:
    picture = step_picture(two_writers().trace(), SOURCE)
    assert picture is not None
    takes = {one.lane: one.begin for one in picture.strokes if one.kind == "take"}
    waits = {one.lane: (one.begin, one.end) for one in picture.strokes if one.kind == "wait" and one.lane}
    assert set(waits) == {2}
    assert waits[2][1] == takes[2]


def test_what_the_finding_is_about_is_marked() -> None:
    trace = two_writers().trace()
    steps = [event.step for event in trace.events if event.op == "write"]
    picture = step_picture(trace, SOURCE, steps)
    assert picture is not None
    assert [one.text for one in picture.strokes if one.marked] == ["x", "y"]


def test_a_stopped_task_is_shown_beside_what_came_instead() -> None:
    trace = two_writers().trace()
    step = next(event.step for event in trace.events if event.op == "acquire" and event.task == 2)
    picture = step_picture(trace, SOURCE, (), [(step, 1)])
    assert picture is not None
    (stopped,) = (one for one in picture.strokes if one.kind == "stopped")
    assert stopped.lane == 1
    assert stopped.begin == next(one.begin for one in picture.strokes if one.kind == "take" and one.lane == 2)


def test_a_deadlock_ends_in_what_is_waited_for() -> None:
    run = Script()
    run.thing("lock", "Lock", line=2, process=0)
    a = run.create("a")
    run.acquire(a, "lock", line=4)
    run.block(a, "acquire", "lock", line=4, holders=(a,))
    picture = step_picture(run.trace(), SOURCE)
    assert drawn(picture)[-1] == ("a", "blocked", "waits for lock")


def test_a_long_run_keeps_the_marked_steps_the_first_and_the_last() -> None:
    run = Script()
    a, b = run.create("a"), run.create("b")
    for turn in range(300):
        run.write(a, f"a{turn}", line=5)
        run.write(b, f"b{turn}", line=5)
    run.returns()
    trace = run.trace()
    middle = next(event.step for event in trace.events if event.value == "b150")
    picture = step_picture(trace, SOURCE, [middle])
    assert picture is not None
    texts = [one.text for one in picture.strokes]
    assert {"a150", "b150", "a151", "returns"} <= set(texts)
    assert texts[0].startswith("starts")
    assert len([one for one in picture.strokes if one.kind in ("write", "task")]) == MOST_ROWS
    # Every step is drawn or counted in a gap: 600 writes, the return, and the two creations as one row.
    assert sum(steps for _, steps in picture.gaps) == 600 + 1 + 2 - (MOST_ROWS - 1) - 2
    assert {row for row, _ in picture.gaps}.isdisjoint(one.begin for one in picture.strokes if one.kind == "write")


def test_lanes_are_bounded_and_those_left_out_are_counted() -> None:
    run = Script()
    tasks = [run.create(f"t{number}") for number in range(40)]
    for task in tasks:
        run.write(task, "x", line=5)
    run.returns()
    picture = step_picture(run.trace(), SOURCE)
    assert picture is not None
    assert len(picture.lanes) == MOST_LANES
    assert picture.more == 41 - MOST_LANES
    assert all(one.lane < MOST_LANES for one in picture.strokes)


def test_no_drawing_of_nothing() -> None:
    assert step_picture(Script().trace(), "") is None
    assert time_picture(Script().trace()) is None


def test_bars_over_time() -> None:
    run = Script()
    for name in ("a", "b"):
        task = run.create(name, line=3)
        run.sleep(task, 0.2, line=7)
        run.end(task)
        run.join(task, line=8)
    run.returns()
    picture = time_picture(run.trace())
    assert picture is not None
    assert picture.axis == "seconds"
    slept = [
        (one.lane, round(one.begin, 2), round(one.end, 2), one.line) for one in picture.strokes if one.kind == "sleep"
    ]
    assert slept == [(1, 0.0, 0.2, 7), (2, 0.2, 0.4, 7)]
    assert all(0 <= one.begin < one.end <= picture.length * 1.0001 for one in picture.strokes)


def test_the_critical_path_is_a_staircase_where_tasks_come_one_after_the_other() -> None:
    run = Script()
    for name in ("a", "b"):
        task = run.create(name)
        run.sleep(task, 0.2)
        run.end(task)
        run.join(task)
    run.returns()
    picture = time_picture(run.trace(), critical=True)
    assert picture is not None
    path = {one.lane: (round(one.begin, 2), round(one.end, 2)) for one in picture.strokes if one.kind == "critical"}
    assert path[1] == (0.0, 0.2)
    assert path[2] == (0.2, 0.4)


def test_strokes_are_bounded_however_long_the_run() -> None:
    run = Script()
    tasks = [run.create(f"t{number}") for number in range(30)]
    for _ in range(100):
        for task in tasks:
            run.sleep(task, 0.01, line=7)
            run.work(task, 0.01)
    run.returns()
    picture = time_picture(run.trace(), critical=True)
    assert picture is not None
    assert len(picture.lanes) <= 24
    assert picture.more == 31 - len(picture.lanes)
    assert len(picture.strokes) <= 24 * 2 * 160


def test_a_lock_that_an_earlier_call_left_taken_is_held_from_the_begin() -> None:
    run = Script()
    run.thing("lock", "Lock", line=2, process=0)
    a = run.create("a")
    run.held[0].append(("lock", -5))
    run.write(0, "x", line=5)
    run.block(a, "acquire", "lock", line=4, holders=(0,))
    picture = step_picture(run.trace(), SOURCE)
    assert picture is not None
    assert [(one.lane, one.begin, one.end) for one in picture.strokes if one.kind == "hold"] == [(0, 0, picture.length)]
