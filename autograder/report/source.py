"""The student's file as a page shows it: lines of coloured pieces, with the findings that point at them.

Colours come from pygments, whose lexer is the same on every version of Python (the standard library's tokenizer is
not). What was handed in may be no Python at all, or a megabyte on one line, so that the lines shown, their length and
what is coloured are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from autograder.model import Outcome, Verdict
from autograder.report.text import harmless, one_line

MOST_LINES = 2000
LONGEST = 300
COLOURED = 60_000
"""Characters up to which a file is coloured."""

MOST_NOTES = 8
"""Findings at one line."""

_NAMED = re.compile(
    r"(?:\(line |at line |: line |in line |and line )(?P<one>\d+)|\(lines (?P<several>\d+(?:, \d+)* and \d+)\)"
)
"""The lines that a message names in the judge's own words."""


class Note(NamedTuple):
    """A finding beside a line: what it is, and the anchor of the check that tells more."""

    kind: str
    title: str
    anchor: str


class Piece(NamedTuple):
    """Some characters of a line, with their class ("" for none)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    pieces: tuple[Piece, ...]
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """The file; ``left_out`` is how many lines more it has."""

    lines: tuple[Line, ...]
    left_out: int

    @property
    def texts(self) -> list[str]:
        return ["".join(piece.text for piece in line.pieces) for line in self.lines]


def source(content: bytes) -> Source:
    """The lines of a file. What is no UTF-8 is shown as ``\\ufffd``."""
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    rows = re.split(r"\r\n|\r|\n", text)
    if rows and not rows[-1]:
        rows.pop()
    kept = [_cut(row) for row in rows[:MOST_LINES]]
    coloured = _coloured(kept) if sum(map(len, kept)) <= COLOURED else [[Piece("", row)] for row in kept]
    lines = tuple(
        Line(number, tuple(Piece(kind, harmless(text, LONGEST + 100)) for kind, text in pieces))
        for number, pieces in enumerate(coloured, 1)
    )
    return Source(lines, len(rows) - len(kept))


def annotate(shown: Source, verdicts: Iterable[tuple[Verdict, str, str]]) -> None:
    """Puts each finding beside the lines that it is about; ``verdicts`` come with their titles and anchors."""
    for verdict, title, anchor in verdicts:
        finding = verdict.finding
        if verdict.outcome is not Outcome.FAILED or finding is None:
            continue
        for number in sorted({*finding.lines, *named(finding.message)}):
            if 0 < number <= len(shown.lines) and len(shown.lines[number - 1].notes) < MOST_NOTES:
                shown.lines[number - 1].notes.append(Note(one_line(finding.kind, 60), title, anchor))


def annotate_problem(shown: Source, problem: str | None) -> None:
    """The same for why the file could not be checked at all."""
    for number in sorted(set(named(problem or ""))):
        if 0 < number <= len(shown.lines):
            shown.lines[number - 1].notes.append(Note("problem", harmless(problem or "", 300), "main"))


def named(message: str) -> list[int]:
    """The lines that a message names."""
    return [int(message[begin:end]) for begin, end in _numbers(message)]


def _numbers(message: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of lines stand in a message."""
    for match in _NAMED.finditer(message):
        begin, end = match.span("one" if match["one"] else "several")
        for number in re.finditer(r"\d+", message[begin:end]):
            if len(number[0]) < 7:
                yield begin + number.start(), begin + number.end()


def split_at_lines(message: str, count: int) -> list[tuple[str, int]]:
    """The message in pieces, the numbers of lines apart: (text, 0) or (number, line), for files of ``count`` lines."""
    pieces: list[tuple[str, int]] = []
    end = 0
    for start, stop in _numbers(message):
        if 0 < int(message[start:stop]) <= count:
            pieces += [(message[end:start], 0), (message[start:stop], int(message[start:stop]))]
            end = stop
    return [*pieces, (message[end:], 0)]


def _cut(row: str) -> str:
    row = row.replace("\t", "    ").rstrip()
    return row if len(row) <= LONGEST else f"{row[:LONGEST]}…"


def _coloured(rows: Sequence[str]) -> list[list[Piece]]:
    from pygments import lex
    from pygments.lexers.python import PythonLexer
    from pygments.token import Comment, Keyword, Name, Number, String

    classes = {
        Comment: "c",
        String: "s",
        Number: "n",
        Keyword: "k",
        Name.Builtin: "b",
        Name.Function: "f",
        Name.Class: "f",
    }
    lines: list[list[Piece]] = [[]]
    for token, text in lex("\n".join(rows) + "\n", PythonLexer(stripnl=False, stripall=False, ensurenl=False)):
        kind = next((classes[one] for one in reversed(token.split()) if one in classes), "")
        first, *rest = text.split("\n")
        if first:
            lines[-1].append(Piece(kind, first))
        lines += [[Piece(kind, part)] if part else [] for part in rest]
    lines = lines[: len(rows)]
    # The lexer gives back what it was given; where it should not, the plain text is right.
    if ["".join(piece.text for piece in line) for line in lines] != list(rows):
        return [[Piece("", row)] for row in rows]
    return lines
