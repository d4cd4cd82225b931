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

from autograder.trace.events import Trace
from autograder.trace.marks import Mark, marks
from autograder.trace.names import quoted_line, shorten

MOST_ROWS = 18
"""Rows of the drawing itself; the source lines beneath come to it."""

MOST_LINES = 5
"""Source lines that are quoted beneath."""

MOST_LANES = 6
"""Tasks in one block."""


@dataclass(slots=True)
class _Block:
    marks: list[tuple[int, Mark]] = field(default_factory=list)  # with their columns
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
    found, names = marks(trace, source, highlight, memory)
    if not found:
        return ""
    label = max(len(names.get(task, "?")) for task in {mark.task for mark in found})
    blocks = _blocks(found, max(40, width - label - 2))
    rows: list[str] = []
    shown: list[Mark] = []
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


def _blocks(marks: list[Mark], width: int) -> list[_Block]:
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


def _quotes(shown: list[Mark], also: Collection[int], source: str, width: int) -> list[str]:
    """The source lines of what is marked, or of all that is shown, and those that are asked for."""
    chosen = [mark for mark in shown if mark.marked] or shown
    lines = sorted(line for line in {event.line for mark in chosen for event in mark.events} | set(also) if line > 0)
    # Those that are asked for are what the message names.
    kept = sorted(sorted(lines, key=lambda line: line not in also)[:MOST_LINES])
    quotes = [quoted_line(source, line, max(20, width - 12)) for line in kept]
    if len(lines) > MOST_LINES:
        more = len(lines) - MOST_LINES
        quotes.append(f"… and {more} more {'line' if more == 1 else 'lines'}")
    return quotes
