"""A run drawn over virtual time: one bar a task, so that one sees what ran side by side and what waited.

     0 s                      0.2 s                     0.4 s
main │##................................................│
a    │  ~~~~~~~~~~~~~~~~~~~~~~~~
b    │                          ~~~~~~~~~~~~~~~~~~~~~~~~
# working   . waiting   ~ sleeping or in a request
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from autograder.trace.events import Event, Task, Trace
from autograder.trace.names import task_names
from autograder.trace.parallelism import critical_path, segments

MOST_TASKS = 24

TOUCH = 0.02
"""The part of a column that must be taken for something to be drawn in it."""

LEGEND = "# working   . waiting   ~ sleeping or in a request"

SIGNS = {"work": "#", "start": "#", "wait": ".", "sleep": "~", "request": "~"}
_RANK = "#~."  # which sign a column gets where two took equally long in it


class Stretch(NamedTuple):
    """What a task does for a while: one of `SIGNS`, and the source line that led to it (0: none)."""

    begin: float
    end: float
    sign: str
    line: int = 0


class Lives(NamedTuple):
    """What the program's tasks do from the call's ``begin`` to its ``end``; ``total`` is how many tasks there are, of
    which the first `MOST_TASKS` are here."""

    begin: float
    end: float
    tasks: dict[int, list[Stretch]]
    total: int


def time_lanes(trace: Trace, width: int = 96) -> str:
    """The bars of the program's tasks (not of a library's helpers) from the call's begin to its end."""
    found = lives(trace)
    return "\n".join([*_rows(trace, found, width), LEGEND]) if found.tasks else ""


def critical_lanes(trace: Trace, width: int = 96) -> str:
    """The critical path alone: at every moment the one task that the end of the call waited for.

    A staircase means that the tasks came one after the other; one long bar, that all waited for a single one. "" where
    most of it lies in a library's helpers (a Pool's handlers ask again and again), which would tell a student nothing.
    """
    path = [segment for segment in critical_path(trace) if not trace.tasks[segment.task].service]
    if not path or sum(segment.seconds for segment in path if segment.kind != "wait") < trace.elapsed / 2:
        return ""
    begin, end = _frame(trace)
    found: dict[int, list[Stretch]] = {}
    for segment in sorted(path, key=lambda segment: segment.task):
        found.setdefault(segment.task, []).append(Stretch(segment.begin, segment.end, SIGNS[segment.kind]))
    kept = Lives(begin, end, dict(list(found.items())[:MOST_TASKS]), len(found))
    return "\n".join([*_rows(trace, kept, width), LEGEND])


def lives(trace: Trace) -> Lives:
    """What there is to draw. No task is in it where no time went by."""
    tasks = [task for task in trace.tasks if not task.service]
    begin, end = _frame(trace) if trace.events else (0.0, 0.0)
    # What an earlier call of a session left behind has no part in this one.
    tasks = [task for task in tasks if task.ended is None or task.ended > begin]
    if end <= begin:
        return Lives(begin, end, {}, len(tasks))
    own: defaultdict[int, list[Event]] = defaultdict(list)
    for event in trace.events:
        own[event.task].append(event)
    counted = any(task.work > 0 for task in trace.tasks)
    found = {task.id: _stretches(task, own[task.id], begin, end, counted) for task in tasks[:MOST_TASKS]}
    return Lives(begin, end, found, len(tasks))


def _frame(trace: Trace) -> tuple[float, float]:
    """When the call began and ended."""
    ends = {event.step: event.at for event in trace.events}
    end = ends.get(trace.returned, 0.0) if trace.returned is not None else 0.0
    end = end or max(ends.values())
    return end - trace.elapsed if trace.elapsed > 0 else 0.0, end


def _rows(trace: Trace, found: Lives, width: int) -> Iterator[str]:
    """The scale, and a bar for each of the tasks."""
    names = task_names(trace)
    label = max(len(names[task]) for task in found.tasks)
    columns = max(20, width - label - 2)
    yield f"{'':<{label}}  {_scale(found.end - found.begin, columns)}".rstrip()
    for task, stretches in found.tasks.items():
        bar = "".join(sign for sign, _ in bars(stretches, found.begin, (found.end - found.begin) / columns, columns))
        yield f"{names[task]:<{label}} │{bar}".rstrip()
    if found.total > len(found.tasks):
        yield f"… and {found.total - len(found.tasks)} more"


def _stretches(task: Task, events: list[Event], begin: float, end: float, counted: bool) -> list[Stretch]:
    """A task's life.

    Between two operations a task computes, but also waits for a core or the GIL to compute with, which the trace does
    not tell apart. Its total of work does: each such stretch is drawn as waiting first and working then, in that
    proportion; all of it as work where the trace has not ``counted`` any.
    """
    found: list[Stretch] = []
    computed: list[tuple[float, float, int]] = []
    started = 0.0  # seconds of its work that went into starting others
    for start, stop, kind, event in segments(events):
        if kind == "work" and stop <= event.asked:
            computed.append((start, stop, event.line))
        else:
            found.append(Stretch(start, stop, SIGNS[kind], event.line))
            started += stop - start if event.op == "create" else 0.0
    if events and task.id == 0 and events[0].asked > begin:
        computed.append((begin, events[0].asked, 0))
    elif events and task.id != 0 and events[0].asked > task.created:
        found.append(Stretch(task.created, events[0].asked, "."))
    if task.ended is None:
        found.append(Stretch(events[-1].at if events else max(begin, task.created), end, "."))
    total = sum(stop - start for start, stop, _ in computed)
    share = max(0.0, min(1.0, (task.work - started) / total)) if total > 0 and counted else 1.0
    for start, stop, line in computed:
        turn = stop - (stop - start) * share
        found += [Stretch(start, turn, ".", line), Stretch(turn, stop, "#", line)]
    return found


def bars(stretches: Iterable[Stretch], begin: float, unit: float, columns: int) -> list[tuple[str, int]]:
    """For each column of ``unit`` seconds from ``begin``: the sign that took most of its time (" ": none did), and the
    line of which that is most."""
    taken: list[dict[str, float]] = [{} for _ in range(columns)]
    lines: list[dict[tuple[str, int], float]] = [{} for _ in range(columns)]
    for start, stop, sign, line in stretches:
        for column, part in _spread((start - begin) / unit, (stop - begin) / unit, columns):
            taken[column][sign] = taken[column].get(sign, 0.0) + part
            lines[column][sign, line] = lines[column].get((sign, line), 0.0) + part
    # What only touches a column is not drawn there, but a life of an instant is drawn somewhere.
    most = max(sum(parts.values()) for parts in taken)
    least = min(TOUCH, most)
    return [
        _most(parts, of) if most > 0 and sum(parts.values()) >= least else (" ", 0)
        for parts, of in zip(taken, lines, strict=True)
    ]


def _most(parts: dict[str, float], lines: dict[tuple[str, int], float]) -> tuple[str, int]:
    sign = max(parts, key=lambda sign: (round(parts[sign], 6), -_RANK.index(sign)))
    return sign, max((key for key in lines if key[0] == sign), key=lambda key: (round(lines[key], 6), -key[1]))[1]


def _spread(start: float, stop: float, columns: int) -> Iterator[tuple[int, float]]:
    """The columns that a stretch covers, each with how much of it."""
    start, stop = max(0.0, start), min(float(columns), stop)
    column = int(start)
    while column < stop:
        yield column, min(stop, column + 1) - max(start, column)
        column += 1


def _scale(seconds: float, columns: int) -> str:
    """The time at the begin, the middle and the end."""
    first, middle, last = (moment(one, seconds) for one in (0.0, seconds / 2, seconds))
    row = f"{first:<{columns // 2}}{middle}"
    return f"{row}{last:>{columns - len(row)}}" if len(row) + len(last) < columns else row


def moment(seconds: float, length: float) -> str:
    """A moment in a time of such a length, in a unit that suits it."""
    unit, times = ("s", 1.0) if length >= 0.1 else ("ms", 1e3) if length >= 1e-4 else ("µs", 1e6)
    return f"{seconds * times:.3g} {unit}"
