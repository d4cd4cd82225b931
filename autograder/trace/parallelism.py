"""How much of a run happened at the same time, and what its length was made of.

*Work* is the core time that all tasks used together; the *span* is the length of the *critical path*, the chain of
events of which each had to wait for the one before, from the call's begin to its end. Making anything shorter that is
not on that path makes the run no faster; a program is parallel where its work is greater than its span.

Overlap of tasks is asked in the order of steps, not in time: a task is alive from the step that creates it to the step
that ends it, so the answer is a fact about the program and the schedule and not about costs. Overlap of requests is
asked in virtual time, since a request is over when its latency is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

from autograder.trace.events import Event, Task, Trace

WAITS = frozenset({"acquire", "join", "wait", "receive", "poll"})
"""Operations that let a task wait for others."""

TASK_KINDS = ("thread", "process")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time that one task spent in one way. ``kind`` is "work" (or waiting for a core or the GIL
    to work with), "wait" (for another task), "sleep", "request" or "start" (of a thread or process); ``line`` is the
    line of the operation at its end."""

    task: int
    begin: float
    end: float
    kind: str
    line: int = 0

    @property
    def seconds(self) -> float:
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Serialised:
    """``joiner`` created ``first`` at ``create_line``, waited for its end at ``join_line``, and only then created
    ``second``: the two never ran side by side. The steps are those of the two creations and the join."""

    joiner: int
    first: int
    second: int
    create_line: int
    join_line: int
    next_line: int
    steps: tuple[int, int, int]


def speedup(sequential_elapsed: float, parallel_elapsed: float) -> float:
    """How many times faster the second is."""
    return sequential_elapsed / parallel_elapsed if parallel_elapsed > 0 else float("inf")


def work(trace: Trace) -> float:
    """Seconds of a core that all tasks used together."""
    return sum(task.work for task in trace.tasks)


def children(trace: Trace, kind: str | None = None, service: bool = False) -> tuple[Task, ...]:
    """The tasks that the program made: threads and processes, or one kind of them, and with ``service`` also those that
    a library started for itself."""
    return tuple(
        task
        for task in trace.tasks
        if task.kind in TASK_KINDS and (kind is None or task.kind == kind) and (service or not task.service)
    )


def max_alive(trace: Trace, kind: str | None = None, service: bool = False) -> int:
    """The largest number of `children` that had been created and had not ended at one moment of the schedule."""
    chosen = {f"task:{task.id}": task for task in children(trace, kind, service)}
    begun = {event.resource for event in trace.events if event.op == "create"}
    # A trace that begins in the middle (the second call of a session) may know tasks from before it.
    alive = sum(1 for name, task in chosen.items() if name not in begun and task.ended is None)
    most = alive
    for event in trace.events:
        if event.resource in chosen and event.op == "create":
            alive += 1
            most = max(most, alive)
        elif event.resource in chosen and event.op == "end" and event.resource in begun:
            alive -= 1
    return most


def peak_requests(trace: Trace) -> int:
    """The largest number of requests in flight at once. One that begins when another ends does not overlap it."""
    requests = [event for event in trace.events if event.op == "request"]
    flying = most_at_once((event.asked, event.at) for event in requests if event.at > event.asked)
    return max(flying, min(1, len(requests)))


def most_at_once(spans: Iterable[tuple[float, float | None]]) -> int:
    """The largest number of spans of time that overlap; one without an end lasts for ever. Spans that only touch do
    not overlap."""
    # At one time the ends come first (-1 < 1).
    changes = [change for start, end in spans for change in ((start, 1), (inf if end is None else end, -1))]
    now = most = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most


def serialised(trace: Trace, kind: str | None = None) -> Serialised | None:
    """The first place where a task is waited for with ``join`` before the next one is created by the same task."""
    chosen = {f"task:{task.id}": task.id for task in children(trace, kind)}
    created: dict[int, Event] = {}  # by creator: its last creation
    joined: dict[int, Event] = {}  # by creator: the join of that very task
    for event in trace.events:
        if event.resource not in chosen:
            continue
        before = created.get(event.task)
        if event.op == "create":
            join = joined.pop(event.task, None)
            if before and join:
                return Serialised(
                    joiner=event.task,
                    first=chosen[before.resource],
                    second=chosen[event.resource],
                    create_line=before.line,
                    join_line=join.line,
                    next_line=event.line,
                    steps=(before.step, join.step, event.step),
                )
            created[event.task] = event
        elif is_join(event) and before and before.resource == event.resource:
            joined[event.task] = event
    return None


def is_join(event: Event) -> bool:
    """Whether the program waited here for a task's end. (Starting a process also looks which others have ended.)"""
    return event.op == "join" and event.value is True and not event.via.endswith(".start")


def segments(events: list[Event]) -> Iterator[tuple[float, float, str, Event]]:
    """The life of one task from its own events: (begin, end, kind, the event at the end), without gaps.

    From one operation's effect to the next one's request the task works; from there to that one's effect it does what
    the operation is.
    """
    previous: Event | None = None
    for event in events:
        if previous is not None and event.asked > previous.at:
            yield previous.at, event.asked, "work", event
        if event.at > event.asked:
            yield event.asked, event.at, kind_of(event), event
        previous = event


def kind_of(event: Event) -> str:
    """What a task does between asking for this operation and its effect, as a kind of `Segment`."""
    if event.op in ("sleep", "request"):
        return event.op
    if event.op in ("create", "start"):
        return "start"
    if event.op in ("acquire", "join") and event.value is True and event.cause is None:
        return "work"  # what it asked for was there: only the operation's own cost
    return "wait" if event.op in WAITS else "work"


def critical_path(trace: Trace) -> list[Segment]:
    """What the elapsed time was made of: segments, end to begin without gaps, from the call's begin to its end.

    Walks backwards from the ``return`` (the last event, where there is none). An operation that had to wait leads to
    its ``cause`` in another task, a task's first event to its creation, any other one to the operation before it in the
    same task.
    """
    if not trace.events:
        return []
    places = {event.step: place for place, event in enumerate(trace.events)}
    creations = {event.resource: event.step for event in trace.events if event.op == "create"}
    before: list[int | None] = []
    latest: dict[int, int] = {}
    for place, event in enumerate(trace.events):
        before.append(latest.get(event.task))
        latest[event.task] = place
    last = len(trace.events) - 1
    here: int | None = last if trace.returned is None else places.get(trace.returned, last)
    path = _Path(trace.events[last if here is None else here].at, trace.elapsed)
    while here is not None and path.time > path.floor:
        event, previous = trace.events[here], before[here]
        step = event.cause
        if step is None and previous is None:
            step = creations.get(f"task:{event.task}")
        cause = here if step is None else places.get(step, here)
        # What was there before it was asked for was no reason to wait, unless the task begins here.
        if cause < here and (previous is None or trace.events[cause].at > event.asked):
            path.back(trace.events[cause].at, event, kind_of(event))
            here = cause
        else:
            path.back(event.asked, event, "work" if cause < here else kind_of(event))
            path.back(path.floor if previous is None else trace.events[previous].at, event, "work")
            here = previous
    return path.segments[::-1]


class _Path:
    """A path that grows backwards in time from its end to its floor; neighbours of one kind become one segment."""

    def __init__(self, end: float, elapsed: float) -> None:
        self.time = end
        self.floor = end - elapsed if elapsed > 0 else 0.0
        self.segments: list[Segment] = []

    def back(self, to: float, event: Event, kind: str) -> None:
        """The time from ``to`` up to where the path stands was spent so by the event's task."""
        to = max(to, self.floor)
        if to >= self.time:
            return
        end = self.time
        if self.segments:
            next_one = self.segments[-1]
            if (next_one.task, next_one.kind, next_one.line) == (event.task, kind, event.line):
                end = self.segments.pop().end
        self.segments.append(Segment(event.task, to, end, kind, event.line))
        self.time = to


def span(trace: Trace) -> float:
    """The length of the `critical_path` in seconds."""
    path = critical_path(trace)
    return path[-1].end - path[0].begin if path else 0.0
