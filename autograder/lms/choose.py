"""Which of the files that a student handed in is the one to grade.

Students hand in two files instead of one, a folder, a zip, a renamed copy; the LMS renames the second upload. The
rules, the first that finds one file:

1. the assignment's file name, the one that lies least deep. Where the LMS numbers resubmissions
   (``pool_fib-1.py``), the last of them; that it is the last is said.
2. the same name in other letters, or with a copy's number (``Pool_Fib.py``, ``pool_fib (1).py``): said.
3. a notebook of that name, by the same two rules.
4. the only Python file there is, or where there is none, the only notebook: said.

A zip that a student handed in is opened, once, and its files count as if they lay in a folder of that name. Two files
with an equal claim are not guessed between: the submission gets the problem, and a person sees it in the report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.archives import Entry, Unreadable, largest, listed, of_zip
from autograder.intake import misnamed
from autograder.lms.base import Piece
from autograder.notebook import SUFFIX, notebook_name

MAX_INNER = 8 << 20  # bytes of a zip within the download: it is opened in memory


@dataclass(frozen=True, slots=True)
class Choice:
    """The content to grade, or the problem in its place; and what the student and the TA should know of it."""

    content: bytes | None
    problem: str | None
    notes: tuple[str, ...] = ()
    file: str = ""  # the assignment's file, or the name of its notebook


def choose(pieces: list[Piece], file: str) -> Choice:
    """The file to grade among those of one hand-in."""
    notes: list[str] = []
    pieces = _unpacked(pieces, notes)
    names = [piece.name for piece in pieces]
    python = [piece for piece in pieces if _base(piece).endswith(".py")]
    alone = python or [piece for piece in pieces if _base(piece).endswith(SUFFIX)]
    ranks: list[tuple[list[Piece], str]] = []
    for name in (file, notebook_name(file)):
        ranks.append(([piece for piece in pieces if _base(piece) == name], name))
        ranks.append(([piece for piece in pieces if _plain(_base(piece)) == name.casefold()], name))
    if len(alone) == 1:
        ranks.append((alone, file if python else notebook_name(file)))
    for found, name in ranks:
        least = [piece for piece in found if _depth(piece) == min(map(_depth, found))]
        if not least:
            continue
        last = max(piece.number for piece in least)
        chosen = [piece for piece in least if piece.number == last]
        if len(chosen) > 1 and len({_content(piece.entry) for piece in chosen}) > 1:
            several = listed([piece.name for piece in chosen])
            return Choice(None, f'several files may be "{name}", and they differ: {several}', tuple(notes))
        if len(least) > 1 and last:
            notes.append(f'"{name}" was handed in {len(least)} times; the latest is graded')
        if _base(chosen[0]) != name:
            notes += misnamed(PurePosixPath(chosen[0].name), file) if found is alone else [_renamed(chosen[0], name)]
        elif _depth(chosen[0]):
            notes.append(f'graded is "{chosen[0].name}"')
        return _read(chosen[0], name, notes)
    found_text = f"found: {listed(names)}" if names else "nothing was handed in"
    return Choice(None, f'no file "{file}" was handed in ({found_text})', tuple(notes))


def _read(piece: Piece, file: str, notes: list[str]) -> Choice:
    try:
        return Choice(piece.entry.read(largest(piece.name)), None, tuple(notes), file)
    except Unreadable as error:
        return Choice(None, f'"{piece.name}" {error}', tuple(notes))


def _renamed(piece: Piece, file: str) -> str:
    return f'the file is named "{_base(piece)}", not "{file}"; it is graded'


def _content(entry: Entry) -> bytes:
    try:
        return entry.read(largest(entry.path.name))
    except Unreadable as error:
        return str(error).encode()


def _base(piece: Piece) -> str:
    return PurePosixPath(piece.name).name


def _depth(piece: Piece) -> int:
    return len(PurePosixPath(piece.name).parts) - 1


def _plain(name: str) -> str:
    """A name without a copy's number: ``Pool_Fib (1).py``, ``pool_fib-1.py`` and ``pool_fib_1.py`` are pool_fib.py."""
    return re.sub(r"(?: ?\(\d+\)|[-_ ]\d+)(?=\.(?:py|ipynb)$)", "", name.casefold())


def _unpacked(pieces: list[Piece], notes: list[str]) -> list[Piece]:
    """The pieces, with those in a zip in the place of the zip. One in a zip in a zip stays where it is."""
    result: list[Piece] = []
    for piece in pieces:
        if not piece.name.lower().endswith(".zip"):
            result.append(piece)
            continue
        try:
            inner = of_zip(piece.entry.read(MAX_INNER))
        except Unreadable as error:
            notes.append(f'"{piece.name}" {error}')
            result.append(piece)
            continue
        notes += [f'"{piece.name}": {remark}' for remark in inner.remarks]
        result += [Piece(f"{piece.name}/{one.path}", one, piece.number) for one in inner.files]
    return result
