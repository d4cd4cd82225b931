"""What became known late stands where it happened."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograder.trace.events import Event
from autograder.world.late import Late, Moment, merged, place_of


def event(step: int, task: int, op: str = "write", **changes: object) -> Event:
    return Event(step, task, op, float(step), float(step), **changes)  # type: ignore[arg-type]


def test_between_its_tasks_own_steps() -> None:
    events = [
        event(0, 0),
        event(1, 1, "acquire", resource="l", value=True),
        event(2, 0),
        event(3, 1, "release", resource="l", cause=1),
        event(4, 0, "acquire", resource="l", value=True, cause=3),
        event(5, 0, held=(("l", 4),)),
    ]
    places = [[(0,), (2,), (5, 5)], [(1,), (3, 4)]]
    late = [
        Late(Moment(1, 1, 1, 9), "read", "v", 8),
        Late(Moment(1, 1, 0, 7), "store", "v", 7),
        Late(Moment(0, 1, 0, 8), "store", "w", 6),
        Late(Moment(0, 2, 1, 12), "hear", "", 0, giver=Moment(1, 1, 0, 8)),
    ]
    found, moved = merged(events, late, places, 0)
    assert [(one.step, one.task, one.op) for one in found] == [
        (0, 0, "write"),
        (1, 1, "acquire"),
        (2, 0, "store"),
        (3, 0, "write"),
        (4, 1, "store"),
        (5, 1, "release"),
        (6, 1, "read"),
        (7, 0, "acquire"),
        (8, 0, "hear"),
        (9, 0, "write"),
    ]
    assert moved == [0, 1, 3, 5, 7, 9, 10]
    assert [one.held for one in found if one.op in ("store", "read")] == [(), (("l", 1),), ()]
    assert found[5].cause == 1
    assert found[7].cause == 5
    # The store that the giver had made before, told late itself.
    assert found[8].cause == 4
    assert found[9].held == (("l", 7),)
    assert [one.at for one in found if one.op == "store"] == [0.0, 1.0]


def test_what_has_no_place_is_left_out() -> None:
    events = [event(0, 0), event(1, 0)]
    places = [[(0, 1), (1,)]]
    for moment in (Moment(1, 0, 0, 0), Moment(-1, 0, 0, 0), Moment(0, 2, 0, 0), Moment(0, 0, 2, 0)):
        assert place_of(moment, places) is None
        assert merged(events, [Late(moment, "read", "v", 1)], places, 0) == (tuple(events), [0, 1, 2])


def test_what_lies_before_the_command_is_left_out() -> None:
    events = [event(0, 0, held=(("l", -3),)), event(1, 0)]
    places = [[(3,), (10,), (11,)]]
    late = [Late(Moment(0, 0, 0, 1), "read", "v", 1), Late(Moment(0, 2, 0, 2), "store", "v", 2)]
    found, moved = merged(events, late, places, 10)
    assert [one.op for one in found] == ["write", "store", "write"]
    assert [one.held for one in found] == [(("l", -3),), (("l", -3),), ()]
    assert moved == [0, 2, 3]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(0, 3), st.integers(0, 99)), max_size=20))
def test_any_moments(moments: list[tuple[int, int, int, int]]) -> None:
    events = [event(step, step % 2, cause=step - 1 if step else None) for step in range(10)]
    places = [[(step, step + 1) for step in range(task, 10, 2)] for task in range(2)]
    late = [Late(Moment(*one), "hear", "", 0, giver=Moment(*moments[0])) for one in moments]
    found, moved = merged(events, late, places, 0)
    assert [one.step for one in found] == [*range(len(found))]
    assert [one.step for one in found if one.op == "write"] == moved[:-1]
    old = {one.at: one.step for one in found if one.op == "write"}
    for one in found:
        assert one.cause is None or one.cause < one.step
        if one.op == "write" and one.at:
            assert one.cause == old[one.at - 1]
