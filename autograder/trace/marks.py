"""What a run is made of in a drawing: its operations in the words of a student, several of one kind in a row as one.

`autograder.trace.lanes` sets these marks into text, `autograder.trace.picture` into a picture.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autograder.trace.events import PLAIN_KINDS, Event, Trace
from autograder.trace.files import shared_files
from autograder.trace.locks import is_lock, kind_of
from autograder.trace.names import printable, resource_names, shorten, task_names
from autograder.world.values import steady

LONGEST_TEXT = 24
LONGEST_MARK = 32
LEAST_TURNS = 3
"""So often two operations come by turns before they are drawn as one."""

_VERBS = {
    "create": "starts {}",
    "end": "ends",
    "raise": "{}",
    "join": "joins {}",
    "acquire": "takes {}",
    "release": "frees {}",
    "read": "reads {}",
    "store": "stores {}",
    "examine": "looks at {}",
    "change": "changes {}",
    "send": "sends",
    "receive": "receives",
    "wait": "waited",
    "wake": "wakes",
    "sleep": "sleeps {}",
    "request": "{}",
    "kill": "kills {}",
    "return": "returns",
}
_ENDS = {"raised": "raises", "exited": "exits"}
"""How else than by a return a call comes to its end."""

_MERGED = frozenset({"write", "create", "join"})
"""Drawn as one where several come in a row, whatever they are about."""

OWN_LOCK = ("getvalue", "setvalue", "SynchronizedArray.", "SynchronizedString.")
"""Where a ``Value`` or ``Array`` takes its lock for a single access, which is then shown alone."""

_FAILED = {"join": "gives up joining {}", "acquire": "does not get {}", "wait": "gives up waiting"}

_INNER = frozenset({"send", "receive", "wait", "wake", "acquire", "release"})
"""What libraries may do inside. A call of one, "[Queue.get]", is shown once and by its name, and only where a student's
line made it."""

_HANDSHAKE = ("BaseManager.", "BaseProxy.", "answer_challenge", "deliver_challenge", "dispatch")
"""How a program and its manager come together, before either does what it was asked for."""


@dataclass(slots=True)
class Mark:
    """One piece of a lane: an operation, or several of one kind in a row. ``waiting`` if dots lead to it."""

    task: int
    text: str
    events: list[Event]
    marked: bool = False
    waiting: bool = False

    @property
    def op(self) -> str:
        return self.events[0].op


def marks(
    trace: Trace, source: str, highlight: Collection[int] = (), memory: bool = False
) -> tuple[list[Mark], dict[int, str]]:
    """The marks in the order of steps, those of the steps to ``highlight`` marked, and the names of the tasks. Of the
    variables, attributes and items that threads share only those are there that a marked step is about, or with
    ``memory`` all."""
    names = task_names(trace)
    things = {**resource_names(trace, source), **{f"task:{id_}": name for id_, name in names.items()}}
    hidden = frozenset() if memory else _hidden(trace, highlight)
    return _marks(trace, things, frozenset(highlight), hidden) + _blocked(trace, things), names


def _hidden(trace: Trace, highlight: Collection[int]) -> frozenset[str]:
    """The memory of threads that no marked step is about, and the files that no two tasks meet at."""
    shown = {event.resource for event in trace.events if event.step in highlight}
    shown |= {file.resource for file in shared_files(trace)}
    kinds = PLAIN_KINDS | {"File"}
    return frozenset(one.id for one in trace.resources.values() if one.kind in kinds and one.id not in shown)


def _marks(trace: Trace, things: dict[str, str], highlight: frozenset[int], hidden: frozenset[str]) -> list[Mark]:
    """What is drawn, in the order of steps."""
    service = {name for task in trace.tasks if task.service for name in (task.id, f"task:{task.id}")}
    previous: dict[int, int] = {}  # by task: the step of its last event
    marks: list[Mark] = []
    for event in trace.events:
        # A cause that came after the task's last step is what it was parked for.
        waiting = event.cause is not None and event.op != "start" and event.cause > previous.get(event.task, event.step)
        previous[event.task] = event.step
        if event.resource in hidden:
            continue
        marked = event.step in highlight
        if not marked and (event.task in service or event.resource in service):
            continue
        text = _text(event, trace, things, marked)
        if not text:
            continue
        last = marks[-1] if marks else None
        # What is marked stays a piece of its own, so that shortening never hides it.
        if last and _goes_on(last, event, text) and not marked and not last.marked:
            last.events.append(event)
        else:
            marks.append(Mark(event.task, text, [event], marked, waiting))
    for mark in marks:
        mark.text = _merged(mark, things)
    return list(_paired(marks))


def _paired(marks: list[Mark]) -> Iterator[Mark]:
    """The same marks, but two operations that a task makes by turns, such as a read and a store in a loop, as one."""
    place = 0
    while place < len(marks):
        pair, end = marks[place : place + 2], place
        while _goes_by_turns(pair, marks[end : end + 2], end == place):
            end += 2
        if end - place < 2 * LEAST_TURNS:
            yield marks[place]
            place += 1
            continue
        text = f"{pair[0].text}{pair[1].text}×{(end - place) // 2}"
        events = [event for mark in marks[place:end] for event in mark.events]
        yield Mark(pair[0].task, text, events, waiting=pair[0].waiting)
        place = end


def _goes_by_turns(pair: list[Mark], following: list[Mark], first: bool) -> bool:
    """Whether two marks are the same two operations of a task as the pair. What is marked, what is output and what
    had to wait stands for itself."""
    if len(following) < 2 or [mark.text for mark in following] != [mark.text for mark in pair]:
        return False
    if pair[0].text == pair[1].text or following[1].waiting or (following[0].waiting and not first):
        return False
    return not any(mark.marked or mark.op == "write" or mark.task != pair[0].task for mark in following)


def _goes_on(last: Mark, event: Event, text: str) -> bool:
    """Whether an operation is drawn as one with the piece before it."""
    if last.task != event.task:
        return False
    if last.op == event.op:
        gave_up = event.value is False or last.events[-1].value is False
        return last.text == text or (event.op in _MERGED and not gave_up)
    return last.text == text and last.op in _INNER and event.op in _INNER


def _merged(mark: Mark, things: dict[str, str]) -> str:
    """The text of a piece, once all that it stands for is known."""
    first, count = mark.events[0], len(mark.events)
    if mark.op == "write":
        # Before it is cut: half a path of the run's folder could not be told from other text, and is another each time.
        return shorten(printable(steady("".join(str(event.value) for event in mark.events))), LONGEST_TEXT)
    if count == 1 or mark.op in _INNER:
        return mark.text
    if mark.op in _MERGED and len({event.resource for event in mark.events}) > 1:
        between = ", " if count == 2 else " … "
        both = things.get(first.resource, ""), things.get(mark.events[-1].resource, "")
        return f"[{_VERBS[mark.op].format(between.join(both))}]"
    return f"{mark.text[:-1]} ×{count}]"


def _blocked(trace: Trace, things: dict[str, str]) -> list[Mark]:
    """What the tasks of the program wait for in a deadlock."""
    service = {task.id for task in trace.tasks if task.service}
    end = trace.events[-1].step + 1 if trace.events else 0
    marks = []
    for number, wait in enumerate(trace.blocked):
        if wait.task in service or (wait.line <= 0 and wait.task != 0):
            continue
        thing = ", ".join(things[part] for part in wait.resource.split(",") if part in things)
        if wait.via.endswith("Queue.get"):
            thing = ""  # the lock behind which readers of a queue take turns has no name in the program
        text = f"waits for {thing}" if thing else f"waits in {printable(wait.via)}" if wait.via else "waits"
        event = Event(end + number, wait.task, "blocked", 0.0, 0.0, wait.resource, line=wait.line, via=wait.via)
        marks.append(Mark(wait.task, f"[{shorten(text, LONGEST_MARK)}]", [event], marked=True))
    return marks


def _text(event: Event, trace: Trace, things: dict[str, str], marked: bool) -> str:
    """How the event is shown; "" if it is not."""
    if event.op == "write":
        return printable(str(event.value))
    if event.op == "poll" and marked and event.value is False:
        return f"[{shorten(printable(event.via or 'asks'), LONGEST_MARK - 9)}: nothing]"
    if event.op not in _VERBS:
        return ""
    # Whoever starts a task waits a moment until it runs, and looks which others have ended: that is the library.
    if event.op != "create" and event.via.endswith(".start") and not marked:
        return ""
    # A library asks whether one has ended yet; only the program's own join can give up.
    own = event.line > 0 and (not event.via or event.via.endswith("join"))
    if event.op == "join" and event.value is False and not own and not marked:
        return ""
    if event.op in _INNER and event.via.startswith(_HANDSHAKE) and not marked:
        return ""
    if event.op == "sleep" and not event.value and "Pool." in event.via and not marked:
        return ""
    if event.via.endswith(".Pool") and event.op in _INNER and not marked:
        return {"receive": "[gets work]", "send": "[gives results]"}.get(event.op, "")
    thing = things.get(event.resource, "")
    if event.op in ("acquire", "release") and event.via.startswith(OWN_LOCK) and not marked:
        return ""
    if event.op in _INNER and not is_lock(trace, event.resource):
        if event.line <= 0 and not marked:
            return ""
        if event.via or event.op in ("acquire", "release"):
            return f"[{shorten(printable(_plain(event.via)), LONGEST_MARK)}]" if event.via else ""
    elif event.line <= 0 and not marked and event.resource not in things:
        return ""
    if event.op == "return" and event.value in _ENDS:
        return f"[{_ENDS[str(event.value)]}]"
    if event.op == "raise":
        thing = printable(str(event.value))
    elif event.op == "request":
        thing = f"{printable(event.method) or 'GET'} {event.value}"
    elif event.op == "sleep":
        thing = f"{float(event.value or 0):g} s"
    elif event.op in ("read", "store"):
        thing = (
            f"{thing or 'memory'}[{event.value}]" if kind_of(trace, event.resource) == "Array" else thing or "memory"
        )
    verb = _FAILED[event.op] if event.value is False and event.op in _FAILED else _VERBS[event.op]
    return f"[{shorten(verb.format(thing).rstrip(), LONGEST_MARK)}]"


def _plain(via: str) -> str:
    """A library's function by the name that a program calls it by: a ``with`` block acquires and releases a lock, and
    at its end shuts an executor down or terminates a pool."""
    via = via.replace("Executor.__exit__", "Executor.shutdown").replace("Pool.__exit__", "Pool.terminate")
    via = via.removeprefix("BaseContext.")
    return via.replace(".__enter__", ".acquire").replace(".__exit__", ".release")
