"""A run drawn as lanes: one row a task, time running to the right in the order of steps.

    a │[takes lock #1]               aaaa    aaaa[frees lock #1]
    b │               [takes lock #2]    bbbb
                                         ▲▲▲▲
    line 12  print(text, end="")

What a task writes stands there as it is, "\\n" as ⏎; everything else is in brackets. Dots lead to an operation that had
to wait; a task that waits for ever has what it waits for at the end of its lane. A long run is cut into blocks, and
where there are still too many of them, the ones with the marked steps, the first and the last are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from autograder.trace.events import PLAIN_KINDS, Event, Trace
from autograder.trace.locks import is_lock, kind_of
from autograder.trace.names import printable, quoted_line, resource_names, shorten, task_names

MOST_ROWS = 18
"""Rows of the drawing itself; the source lines beneath come to it."""

MOST_LINES = 5
"""Source lines that are quoted beneath."""

MOST_LANES = 6
"""Tasks in one block."""

LONGEST_TEXT = 24
LONGEST_MARK = 32

_VERBS = {
    "create": "starts {}",
    "end": "ends",
    "raise": "{}",
    "join": "joins {}",
    "acquire": "takes {}",
    "release": "frees {}",
    "read": "reads {}",
    "store": "stores {}",
    "send": "sends",
    "receive": "receives",
    "wait": "waited",
    "wake": "wakes",
    "sleep": "sleeps {}",
    "request": "{}",
    "kill": "kills {}",
    "return": "returns",
}
_MERGED = frozenset({"write", "create", "join"})
"""Drawn as one where several come in a row, whatever they are about."""

_OWN_LOCK = ("getvalue", "setvalue", "SynchronizedArray.", "SynchronizedString.")
"""Where a ``Value`` or ``Array`` takes its lock for a single access, which is then shown alone."""

_FAILED = {"join": "gives up joining {}", "acquire": "does not get {}", "wait": "gives up waiting"}

_INNER = frozenset({"send", "receive", "wait", "wake", "acquire", "release"})
"""What libraries may do inside. A call of one, "[Queue.get]", is shown once and by its name, and only where a student's
line made it."""


@dataclass(slots=True)
class _Mark:
    """One piece of a lane: an operation, or several of one kind in a row. ``waiting`` if dots lead to it."""

    task: int
    text: str
    events: list[Event]
    marked: bool = False
    waiting: bool = False

    @property
    def op(self) -> str:
        return self.events[0].op


@dataclass(slots=True)
class _Block:
    marks: list[tuple[int, _Mark]] = field(default_factory=list)  # with their columns
    width: int = 0

    @property
    def tasks(self) -> list[int]:
        return sorted({mark.task for _, mark in self.marks})

    @property
    def marked(self) -> bool:
        return any(mark.marked for _, mark in self.marks)

    @property
    def rows(self) -> int:
        return len(self.tasks) + self.marked

    @property
    def steps(self) -> int:
        return sum(len(mark.events) for _, mark in self.marks)


def lanes(
    trace: Trace,
    *,
    source: str,
    highlight: Collection[int] = (),
    lines: Collection[int] = (),
    width: int = 96,
    memory: bool = False,
) -> str:
    """The drawing with the steps to ``highlight`` marked. Beneath stand the source lines of these, or of all that is
    drawn if there are none, and those of ``lines``. Of the variables, attributes and items that threads share only
    those are drawn that a marked step is about, or with ``memory`` all."""
    names = task_names(trace)
    things = {**resource_names(trace, source), **{f"task:{id_}": name for id_, name in names.items()}}
    hidden = frozenset() if memory else _hidden(trace, highlight)
    marks = _marks(trace, things, frozenset(highlight), hidden) + _blocked(trace, things)
    if not marks:
        return ""
    label = max(len(names.get(task, "?")) for task in {mark.task for mark in marks})
    blocks = _blocks(marks, max(40, width - label - 2))
    rows: list[str] = []
    shown: list[_Mark] = []
    skipped = 0
    kept = _kept(blocks)
    for number, block in enumerate(blocks):
        if number in kept:
            if skipped:
                rows.append(f"… {skipped} more {'step' if skipped == 1 else 'steps'} …")
            elif rows:
                rows.append("")
            rows += _draw(block, names, label)
            shown += [mark for _, mark in block.marks]
            skipped = 0
        else:
            skipped += block.steps
    if skipped:
        rows.append(f"… {skipped} more {'step' if skipped == 1 else 'steps'} …")
    return "\n".join([*rows, *_quotes(shown, lines, source, width)])


def _hidden(trace: Trace, highlight: Collection[int]) -> frozenset[str]:
    """The memory of threads that no marked step is about."""
    shown = {event.resource for event in trace.events if event.step in highlight}
    return frozenset(one.id for one in trace.resources.values() if one.kind in PLAIN_KINDS and one.id not in shown)


def _marks(trace: Trace, things: dict[str, str], highlight: frozenset[int], hidden: frozenset[str]) -> list[_Mark]:
    """What is drawn, in the order of steps."""
    service = {name for task in trace.tasks if task.service for name in (task.id, f"task:{task.id}")}
    previous: dict[int, int] = {}  # by task: the step of its last event
    marks: list[_Mark] = []
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
            marks.append(_Mark(event.task, text, [event], marked, waiting))
    for mark in marks:
        mark.text = _merged(mark, things)
    return marks


def _goes_on(last: _Mark, event: Event, text: str) -> bool:
    """Whether an operation is drawn as one with the piece before it."""
    if last.task != event.task:
        return False
    if last.op == event.op:
        return event.op in _MERGED or last.text == text
    return last.text == text and last.op in _INNER and event.op in _INNER


def _merged(mark: _Mark, things: dict[str, str]) -> str:
    """The text of a piece, once all that it stands for is known."""
    first, count = mark.events[0], len(mark.events)
    if mark.op == "write":
        return shorten(printable("".join(str(event.value) for event in mark.events)), LONGEST_TEXT)
    if count == 1 or mark.op in _INNER:
        return mark.text
    if mark.op in _MERGED:
        between = ", " if count == 2 else " … "
        both = things.get(first.resource, ""), things.get(mark.events[-1].resource, "")
        return f"[{_VERBS[mark.op].format(between.join(both))}]"
    return f"{mark.text[:-1]} ×{count}]"


def _blocked(trace: Trace, things: dict[str, str]) -> list[_Mark]:
    """What the tasks of the program wait for in a deadlock."""
    service = {task.id for task in trace.tasks if task.service}
    end = trace.events[-1].step + 1 if trace.events else 0
    marks = []
    for number, wait in enumerate(trace.blocked):
        if wait.task in service or (wait.line <= 0 and wait.task != 0):
            continue
        thing = ", ".join(things[part] for part in wait.resource.split(",") if part in things)
        text = f"waits for {thing}" if thing else f"waits in {printable(wait.via)}" if wait.via else "waits"
        event = Event(end + number, wait.task, "blocked", 0.0, 0.0, wait.resource, line=wait.line, via=wait.via)
        marks.append(_Mark(wait.task, f"[{shorten(text, LONGEST_MARK)}]", [event], marked=True))
    return marks


def _text(event: Event, trace: Trace, things: dict[str, str], marked: bool) -> str:
    """How the event is shown; "" if it is not."""
    if event.op == "write":
        return printable(str(event.value))
    if event.op not in _VERBS:
        return ""
    # Whoever starts a task waits a moment until it runs, and looks which others have ended: that is the library.
    if event.op != "create" and event.via.endswith(".start") and not marked:
        return ""
    # A library asks whether one has ended yet; only the program's own join can give up.
    if event.op == "join" and event.value is False and event.via and not event.via.endswith("join") and not marked:
        return ""
    if event.via.endswith(".Pool") and event.op in _INNER and not marked:
        return {"receive": "[gets work]", "send": "[gives results]"}.get(event.op, "")
    thing = things.get(event.resource, "")
    if event.op in ("acquire", "release") and event.via.startswith(_OWN_LOCK) and not marked:
        return ""
    if event.op in _INNER and not is_lock(trace, event.resource):
        if event.line <= 0 and not marked:
            return ""
        if event.via or event.op in ("acquire", "release"):
            return f"[{shorten(printable(_plain(event.via)), LONGEST_MARK)}]" if event.via else ""
    elif event.line <= 0 and not marked and event.resource not in things:
        return ""
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
    """A library's function by the name that a program calls it by: a ``with`` block acquires and releases."""
    return via.replace(".__enter__", ".acquire").replace(".__exit__", ".release")


def _blocks(marks: list[_Mark], width: int) -> list[_Block]:
    """The marks set one after the other, in blocks of at most this width and `MOST_LANES` tasks."""
    blocks = [_Block()]
    for mark in marks:
        block = blocks[-1]
        text = shorten(mark.text, width)
        tasks = block.tasks
        if block.width + len(text) > width or (len(tasks) == MOST_LANES and mark.task not in tasks):
            block = _Block()
            blocks.append(block)
        mark.text = text
        block.marks.append((block.width, mark))
        block.width += len(text)
    return blocks


def _kept(blocks: list[_Block]) -> frozenset[int]:
    """The blocks that are drawn: all if there is room, else the marked ones, the first and the last, and what fits
    after these."""
    order = [number for number, block in enumerate(blocks) if block.marked]
    order += [0, len(blocks) - 1]
    order += [number + 1 for number in order if number + 1 < len(blocks)]
    order += range(len(blocks))
    kept: set[int] = set()
    room = MOST_ROWS
    for number in dict.fromkeys(order):
        cost = blocks[number].rows + 1  # and the row that parts it from the block before
        if cost <= room or not kept:
            kept.add(number)
            room -= cost
    return frozenset(kept)


def _draw(block: _Block, names: dict[int, str], label: int) -> Iterator[str]:
    """The rows of one block: a lane a task, and a row of ▲ if something in it is marked."""
    born = {
        event.resource: column + len(mark.text)
        for column, mark in block.marks
        for event in mark.events
        if event.op == "create"
    }
    for task in block.tasks:
        row = [" "] * block.width
        free = born.get(f"task:{task}", 0)  # where the lane's last piece ended
        for column, mark in block.marks:
            if mark.task != task:
                continue
            if mark.waiting:
                row[free:column] = "·" * (column - free)
            row[column : column + len(mark.text)] = mark.text
            free = column + len(mark.text)
        yield f"{names.get(task, '?'):<{label}} │{''.join(row)}".rstrip()
    if block.marked:
        row = [" "] * block.width
        for column, mark in block.marks:
            if mark.marked:
                row[column : column + len(mark.text)] = "▲" * len(mark.text)
        yield f"{'':<{label}}  {''.join(row)}".rstrip()


def _quotes(shown: list[_Mark], also: Collection[int], source: str, width: int) -> list[str]:
    """The source lines of what is marked, or of all that is shown, and those that are asked for."""
    chosen = [mark for mark in shown if mark.marked] or shown
    lines = sorted(line for line in {event.line for mark in chosen for event in mark.events} | set(also) if line > 0)
    quotes = [quoted_line(source, line, max(20, width - 12)) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        more = len(lines) - MOST_LINES
        quotes.append(f"… and {more} more {'line' if more == 1 else 'lines'}")
    return quotes
