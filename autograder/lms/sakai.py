"""Sakai: *Download All* of an assignment, and *Upload All* of the same tree.

**The tree** (AssignmentServiceImpl.zipSubmissions)::

    Lab 3/grades.csv                                              or grades.xls
    Lab 3/Lovelace, Ada(ada)/timestamp.txt
    Lab 3/Lovelace, Ada(ada)/Submission attachment(s)/pool_fib.py
    Lab 3/Lovelace, Ada(ada)/Lovelace, Ada(ada)_submissionText.html
    Lab 3/Lovelace, Ada(ada)/Feedback Attachment(s)/              empty, to be filled
    Lab 3/Lovelace, Ada(ada)/feedbackText.html, comments.txt

In brackets stands the eid, the name that one logs in with. Folders of attachments have names in the site's language,
so that the one with files in it is taken for the submission's unless it is known as the other. Without folders (an
option of the download) all parts are joined with ``_``. ``timestamp.txt`` holds an instant in UTC: ISO 8601, in older
versions 17 digits.

**grades.csv**: ``"Lab 3","SCORE_GRADE_TYPE"``, an empty line, then ``Display ID,ID,Last Name,First
Name,grade,Submission date,Late submission``. The display id is the eid.

**The upload** is the tree again, with grades.csv at its top if grades are to go with it: ``autograder feedback
--with``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from autograder.archives import Download, Entry, Unreadable
from autograder.lms.base import Grade, HandIn, LmsError, Piece, Sheet, Student, Usual, problem
from autograder.lms.columns import header_of
from autograder.lms.table import Table
from autograder.lms.times import written

_FOLDER = re.compile(r"(?P<name>.*)\((?P<eid>[^()]+)\)", re.DOTALL)
_FLAT = re.compile(r"(?P<name>.*?)\((?P<eid>[^()]+)\)_(?P<rest>.+)", re.DOTALL)
_SUBMITTED, _FEEDBACK = "Submission attachment(s)", "Feedback Attachment(s)"
_GRADES = ("grades.csv", "grades.xls", "grades.xlsx")
_OURS = re.compile(r"timestamp\.txt|comments\.txt|feedbackText\.html|.*_submissionText\.html", re.DOTALL)


class Sakai(Usual):
    name = "sakai"
    title = "Sakai"

    def recognises(self, download: Download) -> bool:
        split = [_split(entry) for entry in download.entries]
        return any(found and (found[2] == "timestamp.txt" or found[2].startswith(_SUBMITTED)) for found in split)

    def read(self, download: Download, remarks: list[str]) -> list[HandIn]:
        found: dict[str, HandIn] = {}
        for entry in download.entries:
            split = _split(entry)
            if split is None:
                if entry.path.name not in _GRADES and not entry.folder:
                    remarks.append(f"not graded, because it lies in no student's folder: {entry.path}")
                continue
            place, match, rest = split
            one = found.setdefault(place, HandIn(match["eid"], match["eid"], match["name"].strip(), place=place))
            if entry.folder:
                continue
            if rest == "timestamp.txt":
                _when(one, entry)
            elif not _OURS.fullmatch(rest) and not rest.startswith(_FEEDBACK):
                first, _, below = rest.partition("/")
                name = below or first.removeprefix(f"{_SUBMITTED}_")
                one.pieces.append(Piece(name, entry))
        return list(found.values())

    def roster(self, table: Table) -> list[Student] | None:
        found = header_of(table, lambda header: "Display ID" in header)
        if found is None:
            return None
        top, header = found
        key = header.index("Display ID")
        names = [header.index(name) for name in ("Last Name", "First Name") if name in header]
        return [
            Student(row[key].strip(), row[key].strip(), ", ".join(row[at] for at in names))
            for row in table.rows[top + 1 :]
            if row[key].strip()
        ]

    def sheet(self, table: Table, column: str, title: str) -> Sheet:
        found = header_of(table, lambda header: "Display ID" in header and "grade" in map(str.casefold, header))
        if found is None:
            what = "no header with Display ID and grade"
            raise LmsError(problem(table.path, 1, "", what, "the grades.csv of Sakai's Download All"))
        top, header = found
        rows = tuple(row for row in table.rows[top + 1 :] if row)
        keys = [header.index(name) for name in ("Display ID", "ID") if name in header]
        return Sheet(
            grade=[name.casefold() for name in header].index("grade"),
            rows=rows,
            keys={
                at: each for at, row in enumerate(rows) if (each := tuple(row[key].strip() for key in keys if row[key]))
            },
        )

    def feedback(self, grades: Sequence[Grade]) -> Iterable[tuple[str, bytes]]:
        for one in grades:
            if one.origin.place:
                yield f"{one.origin.place}/{_FEEDBACK}/feedback.html", one.html()
                yield f"{one.origin.place}/comments.txt", f"Autograder: {one.summary}\n".encode()

    def table_in_zip(self, grades: Sequence[Grade]) -> str:
        tops = {PurePosixPath(one.origin.place).parent.as_posix() for one in grades if one.origin.place}
        return f"{tops.pop()}/grades.csv" if len(tops) == 1 else ""

    def hints(self, what: str) -> Sequence[str]:
        if what == "grades":
            return ("it goes up in the same zip as the feedback: autograder feedback … --with this file",)
        return (
            "in Sakai: the assignment's Grade page, Upload All; tick Feedback attachments, Comments (and Grade File)",
        )


def _split(entry: Entry) -> tuple[str, re.Match[str], str] | None:
    """A student's folder (or the beginning that names have in its place), its parts, and what follows it."""
    parts = entry.path.parts
    for at, part in enumerate(parts[:2]):
        match = _FOLDER.fullmatch(part)
        if match and (at + 1 < len(parts) or entry.folder):
            return "/".join(parts[: at + 1]), match, "/".join(parts[at + 1 :])
    for at, part in enumerate(parts[-1:], start=len(parts) - 1):
        match = _FLAT.fullmatch(part)
        if match and at <= 1:
            front = f"{match['name']}({match['eid']})"
            return "/".join((*parts[:at], front)), match, match["rest"]
    return None


def _when(one: HandIn, entry: Entry) -> None:
    try:
        one.when = written(entry.read(1 << 10).decode("utf-8-sig", "replace"))
    except Unreadable as error:
        one.notes.append(f"Sakai's timestamp.txt {error}")


LMS = Sakai()
