"""Where the parts of a picture stand: geometry for the templates, which turn it into inline SVG.

A picture by steps goes from top to bottom, a row a step and a column a task, so that it fits a phone, and has the
source line of each step at its right. One over seconds is as wide as the page: its places are per cent, and only its
texts and heights are pixels, so that they stay legible at every width. All numbers are rounded here: the same picture
is the same text everywhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import NamedTuple

from autograder.model import Picture, Speedups, Stroke
from autograder.report.text import harmless, one_line
from autograder.trace.names import shorten
from autograder.trace.timeline import moment

CHAR = 7.15
"""Pixels of one character in the pictures' type, 11.5 px of a fixed width: as much as the widest of the usual fonts
takes (SF Mono; DejaVu Sans Mono and Menlo take 6.93)."""

LINE = 15
"""Pixels from one line of text to the next."""

ACROSS = (13, 18)
"""Characters of one line in a lane, at least and at most: as many as the names of the tasks need. A step's text has
`DOWN` lines at most."""

LONG = 24
"""The same for a step that is told in words, so that a long name in it ("ThreadPoolExecutor-0_3") is not broken."""

DOWN = 3

HEADER = 44
INDENT = 18
"""Pixels in front of a step, for the lane itself and the locks that it holds."""

QUOTED = 44
"""Characters of a source line that stand beside a step."""

BAR = 13
PITCH = 38
"""Pixels of a bar over time, and from one lane to the next."""

_WORD = re.compile(r"(?:… )?\S+")

STATES = {
    "work": "works, or waits for a core",
    "wait": "waits",
    "sleep": "sleeps, or waits for an answer",
    "critical": "the end of the call waited for this",
}


class Text(NamedTuple):
    """One line of text. ``goes_on``: in the middle of a word, so that no space is to be read before the next line."""

    x: str
    y: str
    text: str
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A part of a picture. ``kind`` becomes its class; ``title`` tells all of it in words; ``line`` is the source line
    that it leads to, 0 for none."""

    kind: str
    x: str
    y: str
    width: str
    height: str
    title: str
    line: int = 0
    marked: bool = False
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a template needs. ``width`` is in pixels, or "100%"."""

    axis: str
    width: str
    height: str
    label: str
    lanes: tuple[Shape, ...]
    shapes: tuple[Shape, ...]
    texts: tuple[Text, ...]
    more: int
    kinds: tuple[str, ...]  # what there is in it, for the legend
    locks: tuple[tuple[str, str], ...] = ()  # the class of each lock's strips, and its name


def drawing(picture: Picture, source: Sequence[str] = ()) -> Drawing:
    """The picture laid out. ``source`` are the lines of the student's file."""
    return _by_steps(picture, source) if picture.axis == "steps" else _over_time(picture, source)


def _by_steps(picture: Picture, source: Sequence[str]) -> Drawing:
    least, most = ACROSS
    # "Connection.recv" is read at one glance only on one line; what a program prints is cut anywhere.
    told = [stroke for stroke in picture.strokes if stroke.kind not in ("hold", "wait")]
    # "… ForkPoolWorker-4" stays together, too.
    longest = max((len(word) for one in told if one.kind != "write" for word in _WORD.findall(one.text)), default=0)
    across = max(least, min(most, max([len(lane.name) + 1 for lane in picture.lanes] + [longest])))
    spoken = max(across, min(LONG, longest))
    labels = {id(one): _lines(one, across if one.kind == "write" else spoken) for one in told}
    tops = _tops(picture, labels)
    lefts, right = _lefts(picture, labels, across)
    names = [one_line(lane.name, 40) for lane in picture.lanes]
    lanes, shapes, texts = [], [], []
    for number, lane in enumerate(picture.lanes):
        top, bottom = tops[int(lane.begin)], tops[int(lane.end)]
        name = shorten(names[number], across)
        head = (
            Text(_px(lefts[number]), "16", name),
            Text(_px(lefts[number]), "32", "main thread" if lane.kind == "main" else lane.kind),
        )
        x = _px(lefts[number] + 7)
        lanes.append(Shape(lane.kind, x, _px(top), "0", _px(max(0.0, bottom - top)), names[number], texts=head))
    order = {"hold": 0, "wait": 1}
    locks: dict[str, int] = {}
    for stroke in sorted(picture.strokes, key=lambda one: (order.get(one.kind, 2), one.begin, one.lane)):
        left, top, bottom = lefts[stroke.lane], tops[int(stroke.begin)], tops[int(stroke.end)]
        name, text = names[stroke.lane], one_line(stroke.text, 80)
        line = stroke.line if 0 < stroke.line <= len(source) else 0
        if stroke.kind == "hold":
            number = locks.setdefault(text, len(locks))
            title = f"{name} holds {text}"
            kind = f"hold hold{number % 4}"
            shapes.append(
                Shape(kind, _px(left + 3 + 5 * (number % 2)), _px(top + 3), "8", _px(bottom - top - 6), title)
            )
            continue
        if stroke.kind == "wait":
            title = f"{name} waits{_at(line)}"
            shapes.append(Shape("wait", _px(left + 7), _px(top), "0", _px(bottom - top), title))
            continue
        lines = labels[id(stroke)]
        wide = max(len(one) for one in lines) * CHAR + 8
        broken = _broken(stroke, lines)
        words = tuple(
            Text(_px(left + INDENT + 4), _px(top + 18 + LINE * row), one, row in broken)
            for row, one in enumerate(lines)
        )
        said = f"writes {text}" if stroke.kind == "write" else text
        quoted = f": {_quoted(source, line)}" if line else ""
        shapes.append(
            Shape(
                stroke.kind,
                _px(left + INDENT),
                _px(top + 4),
                _px(wide),
                _px(bottom - top - 6),
                f"{name} {said}{_at(line)}{quoted}",
                line,
                stroke.marked,
                words,
            )
        )
        if line:
            texts.append(Text(_px(right + 10), _px(top + 18), f"{line:>4}  {_quoted(source, line)}"))
    for row, left_out in picture.gaps:
        texts.append(Text(_px(lefts[0] + 4), _px(tops[row] + 17), f"… {_steps(left_out)} left out …"))
    widest = max((len(text.text) for text in texts), default=0)
    label = f"The run step by step: {', '.join(names)}"
    return Drawing(
        "steps",
        _px(right + 14 + widest * CHAR),
        _px(tops[-1] + 8),
        label,
        tuple(lanes),
        tuple(shapes),
        tuple(texts),
        picture.more,
        tuple(sorted({stroke.kind for stroke in picture.strokes} | {"marked" for one in shapes if one.marked})),
        tuple((f"hold hold{number % 4}", name) for name, number in locks.items()),
    )


def _lines(stroke: Stroke, across: int) -> list[str]:
    """What stands in a step's box."""
    if stroke.kind == "write":
        text = _cut(harmless(stroke.text), DOWN * across) or "(nothing)"
        lines = _after_spaces(text, across)
        return lines if len(lines) <= DOWN else [text[at : at + across] for at in range(0, len(text), across)]
    lines = wrap(one_line(stroke.text, 80), across, break_on_hyphens=False) or [""]
    return lines if len(lines) <= DOWN else [*lines[: DOWN - 1], _cut(" ".join(lines[DOWN - 1 :]), across)]


def _after_spaces(text: str, across: int) -> list[str]:
    """A text in lines that end after a space where they can. Nothing of it is left out, no space either."""
    lines = []
    while len(text) > across:
        end = text.rfind(" ", 0, across) + 1 or across
        lines.append(text[:end])
        text = text[end:]
    return [*lines, text]


def _broken(stroke: Stroke, lines: list[str]) -> set[int]:
    """The lines that end in the middle of a word."""
    if stroke.kind == "write":
        return set(range(len(lines) - 1))
    text, end, found = one_line(stroke.text, 80), 0, set()
    for row, line in enumerate(lines[:-1]):
        end = text.find(line, end) + len(line)
        if text[end : end + 1] != " ":
            found.add(row)
    return found


def _tops(picture: Picture, labels: dict[int, list[str]]) -> list[float]:
    """The top of each row, and the bottom of the last."""
    tall = [1] * int(picture.length)
    for stroke in picture.strokes:
        if id(stroke) in labels:
            row = int(stroke.begin)
            tall[row] = max(tall[row], len(labels[id(stroke)]))
    tops = [float(HEADER)]
    for lines in tall:
        tops.append(tops[-1] + 12 + LINE * lines)
    return tops


def _lefts(picture: Picture, labels: dict[int, list[str]], across: int) -> tuple[list[float], float]:
    """The left edge of each lane, and where the last one ends."""
    wide = [
        max(min(len(lane.name), across), 11 if lane.kind == "main" else len(lane.kind)) * CHAR + 10
        for lane in picture.lanes
    ]
    for stroke in picture.strokes:
        if id(stroke) in labels:
            own = max(len(line) for line in labels[id(stroke)]) * CHAR + INDENT + 14
            wide[stroke.lane] = max(wide[stroke.lane], own)
    lefts = [0.0]
    for one in wide:
        lefts.append(lefts[-1] + one)
    return lefts[:-1], lefts[-1]


def _over_time(picture: Picture, source: Sequence[str]) -> Drawing:
    lanes, shapes = [], []
    length = picture.length or 1.0
    names = [one_line(lane.name, 40) for lane in picture.lanes]
    for number, lane in enumerate(picture.lanes):
        top = HEADER - 14 + PITCH * number
        words = (Text("0", _px(top + 14), names[number]),)
        lanes.append(Shape(lane.kind, "0", _px(top + 20), "100%", _px(BAR), names[number], texts=words))
    for stroke in picture.strokes:
        top = HEADER - 14 + PITCH * stroke.lane + 20
        line = stroke.line if 0 < stroke.line <= len(source) else 0
        begin, end = max(0.0, stroke.begin), min(length, stroke.end)
        title = f"{names[stroke.lane]} {STATES[stroke.kind]}, from {moment(begin, length)} to {moment(end, length)}"
        if stroke.kind == "critical":
            title = f"{STATES['critical']}: {names[stroke.lane]}, from {moment(begin, length)} to {moment(end, length)}"
        if line:
            title += f"{_at(line)}: {_quoted(source, line)}"
        tall, down = {"work": (BAR, 0), "sleep": (7, 3), "wait": (2, 6), "critical": (3, BAR + 2)}[stroke.kind]
        x, width = _percent(begin / length), _percent(max(0.002, (end - begin) / length))
        shapes.append(Shape(stroke.kind, x, _px(top + down), width, _px(tall), title, line))
    ticks = tuple(Text(_percent(one / length), "16", moment(one, length)) for one in _moments(length))
    return Drawing(
        "seconds",
        "100%",
        _px(HEADER - 8 + PITCH * len(lanes)),
        f"Who was at work when: {', '.join(names)}, in {moment(length, length)} of virtual time",
        tuple(lanes),
        tuple(shapes),
        ticks,
        picture.more,
        tuple(sorted({stroke.kind for stroke in picture.strokes})),
    )


# Speedups -------------------------------------------------------------------------------------------------------------


class Column(NamedTuple):
    """One bar: its value in words ("did not come back" for none), and whether it is the one that was asked about."""

    x: str
    y: str
    height: str
    name: str
    value: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side in a field of 100 per cent times `TALL` pixels, and a line at what was asked for."""

    label: str
    unit: str
    width: str
    columns: tuple[Column, ...]
    wanted: str
    wanted_y: str


TALL = 150
BASE = 176
STEP = 68


def chart(speedups: Speedups) -> Chart:
    """The speedups laid out; one that is far above what is asked for is cut at the top."""
    most = 1.25 * max([speedups.wanted, 1.0, *(min(value or 0.0, 4 * speedups.wanted) for _, value in speedups.points)])
    columns = []
    told = []
    for place, (n, value) in enumerate(speedups.points):
        tall = TALL * min(value or 0.0, most) / most
        words = "no end" if value is None else f"{value:.1f}"
        asked = n == speedups.at
        columns.append(Column(_px(14 + STEP * place), _px(BASE - tall), _px(tall), str(n), words, asked))
        told.append(f"{n}: {'did not come back' if value is None else words}")
    unit = one_line(speedups.unit, 60)
    label = f"Speedup by {unit}: {', '.join(told)}. {speedups.wanted:g} is asked for at {speedups.at}."
    top = BASE - TALL * speedups.wanted / most
    return Chart(label, unit, _px(STEP * len(columns) + 14), tuple(columns), f"{speedups.wanted:g}", _px(top))


# Words and numbers ----------------------------------------------------------------------------------------------------


def _quoted(source: Sequence[str], line: int) -> str:
    return _cut(one_line(source[line - 1].strip(), 200), QUOTED)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _at(line: int) -> str:
    return f" (line {line})" if line else ""


def _steps(count: int) -> str:
    return f"{count} {'step' if count == 1 else 'steps'}"


def _moments(length: float) -> list[float]:
    """Where an axis of this length has its numbers: at round ones, at most five apart, and at its end."""
    power = 10.0 ** math.floor(math.log10(length / 5))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= length / 5)
    return [*(step * number for number in range(6) if step * number < length - step / 2), length]


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _percent(part: float) -> str:
    return f"{100 * part:.2f}".rstrip("0").rstrip(".") + "%"
