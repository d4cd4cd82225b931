"""What an LMS is to us: one Protocol with four questions, and the nouns they are asked in.

1. *Is this download yours?*  ``recognises`` looks at names alone.
2. *Who handed in what?*      ``read`` turns a download into :class:`HandIn` values.
3. *What goes in which cell?* ``sheet`` says which columns of a table are the id, the grade and the comment; filling
them
   is the same for all (:mod:`autograder.lms.fill`).
4. *Under which name does feedback go back?* ``feedback`` gives the entries of the zip to upload.

A student's name is never what two things are joined on: there are two Jan Müllers, and every LMS rewrites names on
their way into a file name. Each LMS has an id of its own in its downloads and (mostly) in its tables: the ``key``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Protocol

from autograder.archives import Download, Entry
from autograder.lms.table import Row, Table
from autograder.model import Origin


class LmsError(Exception):
    """Something that an LMS would refuse, or worse, drop in silence: says where, what was found and what is allowed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a hand-in, under the name that the student gave it (with its folders, without what the LMS put in
    front). ``number`` counts resubmissions of a file of one name, where the LMS does so in the name."""

    name: str
    entry: Entry
    number: int = 0


@dataclass(slots=True)
class HandIn:
    """What one student or group handed in, by the LMS's id. ``when`` without a zone is by the course's clocks."""

    key: str
    id: str  # what a TA would call it; made safe and distinct later
    name: str = ""
    pieces: list[Piece] = field(default_factory=list)
    place: str = ""
    members: tuple[str, ...] = ()
    when: datetime | None = None
    late: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Student:
    """A row of a roster: whom the LMS knows, whether they handed in or not, and when they did if it says so."""

    key: str
    id: str
    name: str = ""
    when: datetime | None = None
    group: str = ""  # where hand-ins are a group's and the table says whose


@dataclass(frozen=True, slots=True)
class Grade:
    """What the reports folder holds of one submission, as it goes back. ``total`` is None where there is none yet, and
    ``page`` where feedback.html is missing or does not say the same as ``text``, which a person may have changed."""

    id: str
    origin: Origin
    total: float | None
    most: float
    status: str
    text: str  # feedback.txt
    summary: str  # the same in a line
    rows: tuple[str, ...] = ()  # keys of the rows it goes to, where a person said so in an --ids file
    page: Path | None = None  # feedback.html

    def html(self) -> bytes:
        """The feedback for an LMS that takes a page: feedback.html, or else the text as one."""
        if self.page is not None:
            return self.page.read_bytes()
        return f'<!DOCTYPE html>\n<meta charset="utf-8">\n<pre>{escape(self.text)}</pre>\n'.encode()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where things are in a table of the LMS, as positions of columns and of rows.

    ``keys`` gives a row's keys; ``most`` the points that the LMS takes at most, by row (None: it does not say);
    ``locked`` why a row's grade can't be changed, and ``changed`` when it was handed in last, where the table says so.
    ``groups`` names a row's group. With ``shared`` rows of one key are those of a group, and no mistake.
    """

    grade: int
    rows: tuple[Row, ...]
    keys: Mapping[int, tuple[str, ...]]  # by index of the row in ``rows``
    most: Mapping[int, float] = field(default_factory=dict)
    comment: int | None = None
    comment_format: tuple[int, str] | None = None  # a column that says what the comment is written in
    whole_feedback: bool = False  # the comment column is the only way back for feedback, so all of it goes in
    html: bool = True
    names: Mapping[int, str] = field(default_factory=dict)
    locked: Mapping[int, str] = field(default_factory=dict)
    changed: Mapping[int, datetime] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)
    shared: bool = False


class Lms(Protocol):
    """One learning management system. The modules of this package are the only ones that know its forms."""

    @property
    def name(self) -> str:
        """The word for ``--lms``."""

    @property
    def title(self) -> str:
        """Its name for people."""

    def recognises(self, download: Download) -> bool:
        """Whether this is a bulk download of this LMS, to judge by the names in it."""

    def read(self, download: Download, remarks: list[str]) -> list[HandIn]:
        """The hand-ins. What belongs to none of them is added to the remarks."""

    def roster(self, table: Table) -> list[Student] | None:
        """The students of a table that this LMS exports; None where this is no such table."""

    def sheet(self, table: Table, column: str, title: str) -> Sheet:
        """Where the grades go. ``column`` is what the TA called the column ("" for nothing), ``title`` the
        assignment's title. Raises :class:`LmsError` where that can't be told."""

    def blank(self, grades: Sequence[Grade]) -> str | None:
        """A table of this LMS made from nothing, where it takes one; else None."""

    def feedback(self, grades: Sequence[Grade]) -> Iterable[tuple[str, bytes]]:
        """The entries of the zip to upload. Raises :class:`LmsError` where the LMS has no such upload."""

    def table_in_zip(self, grades: Sequence[Grade]) -> str:
        """Where in that zip the table of grades goes, for an LMS that takes the two together; else ""."""

    def hints(self, what: str) -> Sequence[str]:
        """What to mind at the upload of ``what`` ("grades" or "feedback")."""


class Usual:
    """What most LMSs have in common: no table made from nothing, and grades apart from the feedback."""

    def blank(self, grades: Sequence[Grade]) -> str | None:
        return None

    def table_in_zip(self, grades: Sequence[Grade]) -> str:
        return ""

    def hints(self, what: str) -> Sequence[str]:
        return ()


def problem(file: Path | str, line: int, where: str, found: str, allowed: str) -> str:
    """A line of the form that errors of grading.yml have, too."""
    place = f"{file}:{line}: " if line else f"{file}: "
    return f"{place}{where + ': ' if where else ''}found {found}; allowed: {allowed}"
