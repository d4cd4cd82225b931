"""A run as a `Picture`: the same as `lanes` and `timeline` draw in text, as data for whoever draws it otherwise.

By steps each operation has a row of its own, in the order of the schedule, so that one sees who came in between whom.
Over seconds each task has a bar. Both are bounded, whatever a run did: so many rows, lanes and strokes, and texts of a
few words. Of a long run the marked steps are kept, with what comes before and after them, its begin and its end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from itertools import groupby

from autograder.model import Lane, Picture, Stroke
from autograder.trace.events import Task, Trace
from autograder.trace.locks import is_lock
from autograder.trace.marks import OWN_LOCK, Mark, marks
from autograder.trace.names import resource_names, task_names
from autograder.trace.parallelism import Segment, critical_path
from autograder.trace.timeline import SIGNS, Stretch, bars, lives

MOST_ROWS = 22
"""Steps that are chosen to be drawn; the gaps between them come to it, and single ones instead of a gap."""

MOST_LANES = 8
"""Lanes of a picture by steps."""

COLUMNS = 160
"""Into so many pieces at most a bar over time is cut."""

MOST_STOPS = 6
"""Preemptions that are shown; where there are more, none is."""

_KINDS = {
    "write": "write",
    "acquire": "take",
    "release": "free",
    "read": "memory",
    "store": "memory",
    "examine": "memory",
    "change": "memory",
    "create": "task",
    "join": "task",
    "end": "task",
    "return": "task",
    "kill": "task",
    "raise": "error",
    "sleep": "sleep",
    "request": "request",
    "blocked": "blocked",
}
_BAR_KINDS = {"#": "work", ".": "wait", "~": "sleep"}


def step_picture(
    trace: Trace,
    source: str,
    highlight: Collection[int] = (),
    stops: Collection[tuple[int, int]] = (),
    memory: bool = False,
) -> Picture | None:
    """The run by steps; None where nothing of it is drawn. ``highlight`` are the steps to mark, ``stops`` pairs of a
    step and the task that was stopped before it though it could have gone on; ``memory`` as for `marks`."""
    found, names = marks(trace, source, highlight, memory)
    stops = list(stops) if len(stops) <= MOST_STOPS else []
    kept, shown = _kept(found, [step for step, _ in stops])
    if not kept:
        return None
    rows, gaps = _rows(found, kept, shown)
    place = _Places(found, rows, gaps)
    lane = {task: number for number, task in enumerate(sorted(shown))}
    tasks = {task.id: task for task in trace.tasks}
    lanes = tuple(_lane(trace, tasks[task], names[task], place) for task in lane)
    strokes = [
        *_holds(trace, source, lane, place),
        *_waits(found, rows, lane, lanes),
        *(_stroke(found[mark], row, lane) for mark, row in rows.items()),
        *_stopped(found, rows, lane, stops),
    ]
    more = len({mark.task for mark in found} - shown)
    return Picture("steps", float(place.length), lanes, tuple(strokes), tuple(gaps.items()), more)


def time_picture(trace: Trace, *, critical: bool = False) -> Picture | None:
    """The run over virtual time, with the critical path where asked for; None where no time went by."""
    found = lives(trace)
    if not found.tasks:
        return None
    names, length = task_names(trace), found.end - found.begin
    lane = {task: number for number, task in enumerate(found.tasks)}
    path: dict[int, list[Stretch]] = {}
    for segment in _critical(trace) if critical else ():
        path.setdefault(segment.task, []).append(Stretch(segment.begin, segment.end, SIGNS[segment.kind], segment.line))
    strokes: list[Stroke] = []
    lanes: list[Lane] = []
    for task, stretches in found.tasks.items():
        own = list(_pieces(stretches, found.begin, length))
        strokes += [Stroke(lane[task], *piece) for piece in own]
        for begin, end, _, _, _ in _pieces(path.get(task, []), found.begin, length):
            before = strokes[-1]
            if before.kind == "critical" and before.lane == lane[task] and before.end == begin:
                strokes[-1] = Stroke(lane[task], before.begin, end, "critical")
            else:
                strokes.append(Stroke(lane[task], begin, end, "critical"))
        ends = [own[0][0], own[-1][1]] if own else [0.0, 0.0]
        lanes.append(Lane(names[task], trace.tasks[task].kind, ends[0], ends[1]))
    return Picture("seconds", length, tuple(lanes), tuple(strokes), (), found.total - len(found.tasks))


def _critical(trace: Trace) -> list[Segment]:
    """The critical path where it tells something: not where most of it lies in a library's helpers."""
    path = [segment for segment in critical_path(trace) if not trace.tasks[segment.task].service]
    told = sum(segment.seconds for segment in path if segment.kind != "wait")
    return path if told >= trace.elapsed / 2 else []


def _pieces(stretches: list[Stretch], begin: float, length: float) -> Iterator[tuple[float, float, str, str, int]]:
    """The strokes of a bar: what its columns are drawn as, alike ones as one."""
    unit = length / COLUMNS
    columns = bars(stretches, begin, unit, COLUMNS) if stretches else []
    for (sign, line), group in groupby(enumerate(columns), key=lambda item: item[1]):
        places = [place for place, _ in group]
        if sign in _BAR_KINDS:
            yield places[0] * unit, (places[-1] + 1) * unit, _BAR_KINDS[sign], "", line


def _kept(found: list[Mark], stops: list[int]) -> tuple[list[int], set[int]]:
    """The marks that are drawn, by number, and the tasks that get a lane: the marked ones first, then what is around
    them, the first and the last, and what comes after these."""
    stopped = [next((number for number, mark in enumerate(found) if mark.events[-1].step >= step), 0) for step in stops]
    centres = [number for number, mark in enumerate(found) if mark.marked] + stopped
    order = [*centres, 0, len(found) - 1]
    order += [one for far in range(1, MOST_ROWS) for centre in centres or [0] for one in (centre + far, centre - far)]
    order += range(len(found))
    kept: set[int] = set()
    tasks: set[int] = set()
    for number in order:
        if not 0 <= number < len(found) or len(kept) >= MOST_ROWS:
            continue
        task = found[number].task
        if task in tasks or len(tasks) < MOST_LANES:
            tasks.add(task)
            kept.add(number)
    # A gap takes a row, and so does a single mark: then that is drawn.
    alone = {one for one in range(len(found)) if one not in kept and {one - 1, one + 1} <= kept}
    return sorted(kept | {one for one in alone if found[one].task in tasks}), tasks


def _rows(found: list[Mark], kept: list[int], shown: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """The row of each mark that is kept, and for each row that stands for a gap how many steps it stands for."""
    rows: dict[int, int] = {}
    gaps: dict[int, int] = {}
    before, row = -1, 0
    for number in [*kept, len(found)]:
        left = found[before + 1 : number]
        steps = sum(len(mark.events) for mark in left)
        if steps:
            gaps[row] = steps
            row += 1
        if number < len(found):
            rows[number] = row
            row += 1
        before = number
    return rows, gaps


class _Places:
    """Which row an event of any step belongs to."""

    def __init__(self, found: list[Mark], rows: dict[int, int], gaps: dict[int, int]) -> None:
        self.length = len(rows) + len(gaps)
        starts: list[tuple[int, int]] = []  # the first step of each row
        taken = {row: number for number, row in rows.items()}
        before = -1
        for row in range(self.length):
            number = taken.get(row, before + 1)
            starts.append((found[number].events[0].step, row))
            before = number
        self._starts = starts

    def of(self, step: int) -> int:
        """The row of this step, or of the last one before it that is drawn."""
        at = bisect_right(self._starts, (step, self.length)) - 1
        return self._starts[max(at, 0)][1]


def _lane(trace: Trace, task: Task, name: str, place: _Places) -> Lane:
    begin, end = 0.0, float(place.length)
    for event in trace.events:
        if event.resource == f"task:{task.id}" and event.op == "create":
            begin = float(place.of(event.step) + 1)
        elif event.op == "end" and event.task == task.id:
            end = float(place.of(event.step) + 1)
    return Lane(name, task.kind, min(begin, end), end)


def _stroke(mark: Mark, row: int, lane: dict[int, int]) -> Stroke:
    text = mark.text if mark.op == "write" else mark.text.removeprefix("[").removesuffix("]")
    line = next((event.line for event in mark.events if event.line > 0), 0)
    return Stroke(lane[mark.task], row, row + 1, _KINDS.get(mark.op, "message"), text, line, mark.marked)


def _holds(trace: Trace, source: str, lane: dict[int, int], place: _Places) -> Iterator[Stroke]:
    """From where to where a task held a lock that the program itself took."""
    called = resource_names(trace, source)
    held: dict[tuple[int, str], list[tuple[int, int]]] = {}  # row and line; a reentrant lock is taken several times
    for event in trace.events:
        for lock, step in event.held:
            if step < 0 and event.task in lane and is_lock(trace, lock):  # since an earlier call of the session
                held.setdefault((event.task, lock), [(0, 0)])
        key = event.task, event.resource
        if event.task not in lane or not is_lock(trace, event.resource) or event.via.startswith(OWN_LOCK):
            continue
        if event.op == "acquire" and event.value is True and event.line > 0:
            held.setdefault(key, []).append((place.of(event.step), event.line))
        elif event.op == "release" and held.get(key):
            row, line = held[key].pop()
            if not held[key]:
                yield Stroke(
                    lane[event.task], row, place.of(event.step) + 1, "hold", called.get(key[1], "a lock"), line
                )
    for (task, lock), left in held.items():
        if left:
            yield Stroke(lane[task], left[0][0], place.length, "hold", called.get(lock, "a lock"), left[0][1])


def _stopped(
    found: list[Mark], rows: dict[int, int], lane: dict[int, int], stops: Collection[tuple[int, int]]
) -> Iterator[Stroke]:
    """Beside the first thing that another one does instead: the cell of the stopped task is free there."""
    for step, task in stops:
        number = next((number for number, mark in enumerate(found) if mark.events[-1].step >= step), None)
        if number in rows and task in lane and found[number].task != task:
            yield Stroke(lane[task], rows[number], rows[number] + 1, "stopped", "is stopped")


def _waits(found: list[Mark], rows: dict[int, int], lane: dict[int, int], lanes: tuple[Lane, ...]) -> Iterator[Stroke]:
    """From the end of what a task did before to the operation that it had to wait for."""
    free = {number: one.begin for number, one in enumerate(lanes)}
    for number, row in rows.items():
        mark = found[number]
        own = lane[mark.task]
        if mark.waiting and free[own] < row:
            yield Stroke(own, free[own], row, "wait", "", mark.events[0].line)
        free[own] = row + 1
