"""Facts about one run that its trace tells: what a test may look at one by one."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.trace.events import PLAIN_KINDS, Event, Trace
from autograder.trace.locks import kind_of
from autograder.world.wire import CURRENT


@dataclass(frozen=True, slots=True)
class GuestError:
    """An exception that came out of a call. ``types`` are the names of its class and its bases."""

    type: str
    message: str
    line: int
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: virtual seconds of its start and end, and the task and the line that made it."""

    method: str
    url: str
    status: int
    start: float
    end: float
    task: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class WatchedCall:
    """One call of a watched function; ``end`` is None where it was never left."""

    function: str
    task: int
    start: float
    end: float | None


@dataclass(frozen=True, slots=True)
class Access:
    """One access to shared memory. ``op`` is "read" or "store"; ``held`` the locks with the step each was taken at."""

    task: int
    process: int
    op: str
    resource: str
    index: int
    step: int
    held: tuple[tuple[str, int], ...]


def requests(trace: Trace) -> tuple[Request, ...]:
    """The HTTP requests, in the order in which their answers came."""
    return tuple(
        Request(event.method, event.resource, int(event.value or 0), event.asked, event.at, event.task, event.line)
        for event in trace.events
        if event.op == "request"
    )


def calls(trace: Trace) -> tuple[WatchedCall, ...]:
    """The calls of watched functions, in the order of their begin."""
    found: list[WatchedCall] = []
    open_: dict[tuple[int, str], int] = {}
    for event in trace.events:
        key = (event.task, event.resource)
        if event.op == "call":
            open_[key] = len(found)
            found.append(WatchedCall(event.resource, event.task, event.at, None))
        elif event.op == "leave" and key in open_:
            place = open_.pop(key)
            begun = found[place]
            found[place] = WatchedCall(begun.function, begun.task, begun.start, event.at)
    return tuple(found)


def shares(trace: Trace, calls: tuple[WatchedCall, ...], turn: float) -> dict[int, float]:
    """What each process did, by the number of its main thread's task: how many of the calls, or where there are none
    how many loop turns that cost ``turn`` seconds each."""
    done: dict[int, float] = {}
    if calls:
        for call in calls:
            process = trace.tasks[call.task].process
            done[process] = done.get(process, 0) + 1
    else:
        for task in trace.tasks:
            done[task.process] = done.get(task.process, 0.0) + task.work / turn
    return done


def movers(trace: Trace) -> frozenset[int]:
    """The tasks that changed the current folder of their process."""
    folders = f"file:{CURRENT}"
    return frozenset(
        event.task for event in trace.events if event.op == "change" and event.resource.startswith(folders)
    )


def seen_to_end(trace: Trace) -> frozenset[str]:
    """The tasks (``task:N``) of which somebody saw, before the call came back, that they have ended."""
    return frozenset(
        name
        for event in trace.events[: trace.returned]
        if event.op in ("join", "poll") and event.value
        for name in event.resource.split(",")
    )


def accesses(trace: Trace) -> tuple[Access, ...]:
    """The accesses to memory that processes share (``Value`` and ``Array``), in order."""
    return tuple(
        Access(
            event.task,
            trace.tasks[event.task].process,
            event.op,
            event.resource,
            int(event.value or 0),
            event.step,
            event.held,
        )
        for event in trace.events
        if event.op in ("read", "store") and not is_plain(trace, event)
    )


def is_plain(trace: Trace, event: Event) -> bool:
    """Whether this is an access to ordinary memory that threads share."""
    return kind_of(trace, event.resource) in PLAIN_KINDS
