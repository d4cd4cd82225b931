"""What became known after it had happened, put into the record where it happened.

That threads share a variable is known when the second one touches it; the first one's accesses lie back by then. The
guest remembers at which moment of the task's life each was made (`Moment`), and the record where every message of every
task came in, so each finds its place between the events. The steps of all events after it move up by one; locks held
and time are those of the task's own step before it.

An edge (``hear``) has as its cause the last step that the giving task had done at its moment, late ones included.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from autograder.trace.events import Event


class Moment(NamedTuple):
    """After how many asks of a task, and after how many of the notes that go with its next one. ``order`` orders the
    moments of one process."""

    task: int
    ask: int
    place: int
    order: int


class Late(NamedTuple):
    moment: Moment
    op: str
    resource: str
    line: int
    giver: Moment | None = None


Places = Sequence[Sequence[tuple[int, ...]]]
"""By task, by ask: the step that would have come next before its first note, and after each."""


def place_of(moment: Moment, places: Places) -> int | None:
    """The step before which the moment lies; None where no honest guest has one."""
    task, ask, place, _ = moment
    if not 0 <= task < len(places) or ask >= len(places[task]) or place >= len(places[task][ask]):
        return None
    return places[task][ask][place]


def merged(
    events: Sequence[Event], late: Sequence[Late], places: Places, first: int
) -> tuple[tuple[Event, ...], list[int]]:
    """All events of a command in their order, and for each old step (and the one after the last) its new one. The
    steps of the events count from 0; ``first`` is what that is in ``places``, which count over all commands. What
    happened in earlier commands is left out."""

    def place(moment: Moment) -> int:
        found = place_of(moment, places)
        return -1 if found is None else found - first

    found = [(where, one.moment.order, one) for one in late if 0 <= (where := place(one.moment)) < len(events)]
    found.sort(key=lambda one: one[:2])
    moved = [step + count for step, count in enumerate(_counts([where for where, _, _ in found], len(events) + 1))]
    made: list[Event] = []
    own: defaultdict[int, list[tuple[tuple[int, float], int]]] = defaultdict(list)  # by task: key and new step
    last: dict[int, Event] = {}  # by task, with old steps
    number = 0
    for event in events:
        while number < len(found) and found[number][0] <= event.step:
            step, order, one = found[number]
            number += 1
            task = one.moment.task
            previous = last.get(task)
            held = _held_after(previous) if previous is not None else ()
            at = previous.at if previous is not None else 0.0
            cause = None
            if one.giver is not None:
                key = (place(one.giver), float(one.giver.order))
                given = own[one.giver.task]
                earlier = bisect_left(given, (key, -1))
                cause = given[earlier - 1][1] if earlier else None
            own[task].append(((step, float(order)), len(made)))
            value = None if one.giver is not None else 0
            new = Event(len(made), task, one.op, at, at, one.resource, value, one.line, "", cause, _moved(held, moved))
            made.append(new)
        own[event.task].append(((event.step, float("inf")), len(made)))
        last[event.task] = event
        cause = moved[event.cause] if event.cause is not None else None
        made.append(replace(event, step=len(made), cause=cause, held=_moved(event.held, moved)))
    return tuple(made), moved


def _counts(before: list[int], size: int) -> list[int]:
    """For each step how many late events come before it."""
    counts, count = [], 0
    for step in range(size):
        while count < len(before) and before[count] <= step:
            count += 1
        counts.append(count)
    return counts


def _held_after(event: Event) -> tuple[tuple[str, int], ...]:
    """The locks of its task after an event; a release no longer has what it gave back."""
    if event.op == "acquire" and event.value is True:
        return (*event.held, (event.resource, event.step))
    return event.held


def _moved(held: tuple[tuple[str, int], ...], moved: list[int]) -> tuple[tuple[str, int], ...]:
    # What a task has held since an earlier command lies before step 0.
    return tuple((lock, moved[step] if step >= 0 else step) for lock, step in held)
