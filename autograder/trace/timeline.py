"""A run drawn over virtual time: one bar a task, so that one sees what ran side by side and what waited.

     0 s                      0.2 s                     0.4 s
main │##................................................│
a    │  ~~~~~~~~~~~~~~~~~~~~~~~~
b    │                          ~~~~~~~~~~~~~~~~~~~~~~~~
# working   . waiting   ~ sleeping or in a request
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from autograder.trace.events import Event, Task, Trace
from autograder.trace.names import task_names
from autograder.trace.parallelism import critical_path, segments

MOST_TASKS = 24

TOUCH = 0.02
"""The part of a column that must be taken for something to be drawn in it."""

LEGEND = "# working   . waiting   ~ sleeping or in a request"

_SIGNS = {"work": "#", "start": "#", "wait": ".", "sleep": "~", "request": "~"}
_RANK = "#~."  # which sign a column gets where two took equally long in it


def time_lanes(trace: Trace, width: int = 96) -> str:
    """The bars of the program's tasks (not of a library's helpers) from the call's begin to its end."""
    tasks = [task for task in trace.tasks if not task.service]
    if not tasks or not trace.events:
        return ""
    begin, end = _frame(trace)
    # What an earlier call of a session left behind has no part in this one.
    tasks = [task for task in tasks if task.ended is None or task.ended > begin]
    if end <= begin:
        return ""
    own: defaultdict[int, list[Event]] = defaultdict(list)
    for event in trace.events:
        own[event.task].append(event)
    counted = any(task.work > 0 for task in trace.tasks)
    lives = {task.id: _stretches(task, own[task.id], begin, end, counted) for task in tasks[:MOST_TASKS]}
    return "\n".join([*_rows(trace, lives, begin, end, len(tasks), width), LEGEND])


def critical_lanes(trace: Trace, width: int = 96) -> str:
    """The critical path alone: at every moment the one task that the end of the call waited for.

    A staircase means that the tasks came one after the other; one long bar, that all waited for a single one. "" where
    most of it lies in a library's helpers (a Pool's handlers ask again and again), which would tell a student nothing.
    """
    path = [segment for segment in critical_path(trace) if not trace.tasks[segment.task].service]
    if not path or sum(segment.seconds for segment in path if segment.kind != "wait") < trace.elapsed / 2:
        return ""
    begin, end = _frame(trace)
    lives: dict[int, list[tuple[float, float, str]]] = {}
    for segment in sorted(path, key=lambda segment: segment.task):
        lives.setdefault(segment.task, []).append((segment.begin, segment.end, _SIGNS[segment.kind]))
    kept = dict(list(lives.items())[:MOST_TASKS])
    return "\n".join([*_rows(trace, kept, begin, end, len(lives), width), LEGEND])


def _frame(trace: Trace) -> tuple[float, float]:
    """When the call began and ended."""
    ends = {event.step: event.at for event in trace.events}
    end = ends.get(trace.returned, 0.0) if trace.returned is not None else 0.0
    end = end or max(ends.values())
    return end - trace.elapsed if trace.elapsed > 0 else 0.0, end


def _rows(
    trace: Trace,
    lives: dict[int, list[tuple[float, float, str]]],
    begin: float,
    end: float,
    count: int,
    width: int,
) -> Iterator[str]:
    """The scale, and a bar for each of these tasks, the first ones of ``count``."""
    names = task_names(trace)
    label = max(len(names[task]) for task in lives)
    columns = max(20, width - label - 2)
    yield f"{'':<{label}}  {_scale(end - begin, columns)}".rstrip()
    for task, stretches in lives.items():
        yield f"{names[task]:<{label}} │{_bar(stretches, begin, (end - begin) / columns, columns)}".rstrip()
    if count > len(lives):
        yield f"… and {count - len(lives)} more"


def _stretches(
    task: Task, events: list[Event], begin: float, end: float, counted: bool
) -> list[tuple[float, float, str]]:
    """(from, to, sign) for a task's life.

    Between two operations a task computes, but also waits for a core or the GIL to compute with, which the trace does
    not tell apart. Its total of work does: each such stretch is drawn as waiting first and working then, in that
    proportion; all of it as work where the trace has not ``counted`` any.
    """
    found: list[tuple[float, float, str]] = []
    computed: list[tuple[float, float]] = []
    started = 0.0  # seconds of its work that went into starting others
    for start, stop, kind, event in segments(events):
        if kind == "work" and stop <= event.asked:
            computed.append((start, stop))
        else:
            found.append((start, stop, _SIGNS[kind]))
            started += stop - start if event.op == "create" else 0.0
    if events and task.id == 0 and events[0].asked > begin:
        computed.append((begin, events[0].asked))
    elif events and task.id != 0 and events[0].asked > task.created:
        found.append((task.created, events[0].asked, "."))
    if task.ended is None:
        found.append((events[-1].at if events else max(begin, task.created), end, "."))
    total = sum(stop - start for start, stop in computed)
    share = max(0.0, min(1.0, (task.work - started) / total)) if total > 0 and counted else 1.0
    for start, stop in computed:
        turn = stop - (stop - start) * share
        found += [(start, turn, "."), (turn, stop, "#")]
    return found


def _bar(stretches: list[tuple[float, float, str]], begin: float, unit: float, columns: int) -> str:
    """One character a column: the sign that took most of its time."""
    taken: list[dict[str, float]] = [{} for _ in range(columns)]
    for start, stop, sign in stretches:
        for column, part in _spread((start - begin) / unit, (stop - begin) / unit, columns):
            taken[column][sign] = taken[column].get(sign, 0.0) + part
    # What only touches a column is not drawn there, but a life of an instant is drawn somewhere.
    most = max(sum(parts.values()) for parts in taken)
    return "".join(_sign(parts) if most > 0 and sum(parts.values()) >= min(TOUCH, most) else " " for parts in taken)


def _sign(parts: dict[str, float]) -> str:
    return max(parts, key=lambda sign: (round(parts[sign], 6), -_RANK.index(sign)))


def _spread(start: float, stop: float, columns: int) -> Iterator[tuple[int, float]]:
    """The columns that a stretch covers, each with how much of it."""
    start, stop = max(0.0, start), min(float(columns), stop)
    column = int(start)
    while column < stop:
        yield column, min(stop, column + 1) - max(start, column)
        column += 1


def _scale(seconds: float, columns: int) -> str:
    """The time at the begin, the middle and the end."""
    middle, last = f"{seconds / 2:.3g} s", f"{seconds:.3g} s"
    row = f"{'0 s':<{columns // 2}}{middle}"
    return f"{row}{last:>{columns - len(row)}}" if len(row) + len(last) < columns else row
