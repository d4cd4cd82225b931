"""Sakai: *Download All* of an assignment, and *Upload All* of the same tree.

**The tree** (zipSubmissions and zipGroupSubmissions of assignment/impl/…/AssignmentServiceImpl.java)::

    Lab 3/grades.csv                                              or grades.xls
    Lab 3/Lovelace, Ada(ada)/timestamp.txt
    Lab 3/Lovelace, Ada(ada)/Submission attachment(s)/pool_fib.py
    Lab 3/Lovelace, Ada(ada)/Lovelace, Ada(ada)_submissionText.html
    Lab 3/Lovelace, Ada(ada)/Feedback Attachment(s)/              empty, to be filled
    Lab 3/Lovelace, Ada(ada)/feedbackText.html, comments.txt
    Lab 3/Group B (8d5b0c1e-…)/timestamp.txt, members.txt, …      a group, with its id
    Lab 3/8d5b0c1e-… Anonymous/timestamp.txt, …                   anonymous grading: the id of the submission

In brackets stands the eid, the name that one logs in with. Names are without accents and whatever else is not ASCII
(escapeInvalidCharsEntry), and a title may hold brackets, too. Folders of attachments have names in the site's language,
so that the one with files in it is taken for the submission's unless it is known as the other. Without folders (an
option of the download) all parts are joined with ``_``. A second attachment of one name is called ``pool_fib+1.py``;
which of them came later is said nowhere. ``timestamp.txt`` holds an instant in UTC: ISO 8601, in older versions 17
digits.

**grades.csv**: ``"Lab 3","SCORE_GRADE_TYPE"``, an empty line, then ``Display ID,ID,Last Name,First
Name,grade,Submission date,Late submission``, of groups ``Group,ID,…,grade,…``. The display id is the eid, the id of an
anonymous hand-in the name of its folder.

**The upload** is the tree again, with grades.csv at its top if grades are to go with it: ``autograder feedback
--with``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

from autograder.archives import Download, Entry, Unreadable
from autograder.lms.base import Grade, HandIn, LmsError, Piece, Sheet, Student, Usual, problem
from autograder.lms.columns import header_of
from autograder.lms.table import Table
from autograder.lms.times import written

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ANONYMOUS = rf"(?P<anonymous>{_UUID} [^/_]+)"
_GROUP = rf"(?P<group>.+) \((?P<id>{_UUID})\)"
_FOLDER = re.compile(rf"{_ANONYMOUS}|{_GROUP}|(?P<name>.*)\((?P<eid>[^()]+)\)", re.DOTALL)
_FLAT = re.compile(rf"(?P<front>{_ANONYMOUS}|(?P<name>.*?)\((?P<eid>[^()]+)\))_(?P<rest>.+)", re.DOTALL)
_SUBMITTED, _FEEDBACK = "Submission attachment(s)", "Feedback Attachment(s)"
_TIME, _MEMBERS = "timestamp.txt", "members.txt"
_GRADES = ("grades.csv", "grades.xls", "grades.xlsx")
_OURS = re.compile(r"comments\.txt|feedbackText\.html|.*_submissionText\.html", re.DOTALL)
_AGAIN = re.compile(r"\+\d+(?=\.[^.]*$|$)")


class Sakai(Usual):
    name = "sakai"
    title = "Sakai"

    def recognises(self, download: Download) -> bool:
        return _depth(download) is not None

    def read(self, download: Download, remarks: list[str]) -> list[HandIn]:
        found: dict[str, HandIn] = {}
        depth = _depth(download) or 0
        for entry in download.entries:
            split = _split(entry, depth)
            if split is None:
                if entry.path.name not in _GRADES and not entry.folder:
                    remarks.append(f"not graded, because it lies in no student's folder: {entry.path}")
                continue
            place, match, rest = split
            one = found.setdefault(place, _hand_in(match, place))
            if entry.folder:
                continue
            if rest == _TIME:
                _read_about(one, entry, _tell_when)
            elif rest == _MEMBERS and match.groupdict().get("group"):
                _read_about(one, entry, _tell_members)
            elif not _OURS.fullmatch(rest) and not rest.startswith(_FEEDBACK):
                first, _, below = rest.partition("/")
                name = below or first.removeprefix(f"{_SUBMITTED}_")
                one.pieces.append(Piece(name, entry))
        for one in found.values():
            _rename_again(one)
        return list(found.values())

    def roster(self, table: Table) -> list[Student] | None:
        found = header_of(table, _has_ids)
        if found is None:
            return None
        top, header = found
        key = header.index("Display ID" if "Display ID" in header else "ID")
        names = [header.index(name) for name in ("Group", "Last Name", "First Name") if name in header]
        students = []
        for row in table.rows[top + 1 :]:
            if row[key].strip():
                name = ", ".join(row[at] for at in names)
                students.append(Student(row[key].strip(), name if "Group" in header else row[key].strip(), name))
        return students

    def sheet(self, table: Table, column: str, title: str) -> Sheet:
        found = header_of(table, _has_ids)
        if found is None:
            what = "no header with ID and grade"
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


def _has_ids(header: list[str]) -> bool:
    return bool({"Display ID", "ID"} & set(header)) and "grade" in map(str.casefold, header)


def _depth(download: Download) -> int | None:
    """How many folders lie above those of the students: 1, or 0 where the outermost was left out; None where this is no
    such tree. Asked of the whole download, since a title and a student's own folder may hold brackets as well."""
    for depth in (1, 0):
        for entry in download.entries:
            found = _split(entry, depth)
            if found is not None and (found[2] == _TIME or found[2].startswith(_SUBMITTED)):
                return depth
    return None


def _split(entry: Entry, depth: int) -> tuple[str, re.Match[str], str] | None:
    """A student's folder (or the beginning that names have in its place), its parts, and what follows it."""
    parts = entry.path.parts
    if len(parts) <= depth:
        return None
    above, part = parts[:depth], parts[depth]
    if len(parts) > depth + 1 or entry.folder:
        match = _FOLDER.fullmatch(part)
        return match and ("/".join((*above, part)), match, "/".join(parts[depth + 1 :]))
    match = _FLAT.fullmatch(part)
    return match and ("/".join((*above, match["front"])), match, match["rest"])


def _hand_in(match: re.Match[str], place: str) -> HandIn:
    told = match.groupdict()
    if told["anonymous"]:
        return HandIn(told["anonymous"], told["anonymous"], place=place)
    if told.get("group"):
        return HandIn(told["id"], told["group"].strip(), told["group"].strip(), place=place)
    return HandIn(told["eid"], told["eid"], told["name"].strip(), place=place)


def _read_about(one: HandIn, entry: Entry, tell: Callable[[HandIn, str], None]) -> None:
    """What a text of Sakai's own says of a hand-in."""
    try:
        tell(one, entry.read(1 << 16).decode("utf-8-sig", "replace"))
    except Unreadable as error:
        one.notes.append(f"Sakai's {entry.path.name} {error}")


def _tell_when(one: HandIn, text: str) -> None:
    one.when = written(text)


def _tell_members(one: HandIn, text: str) -> None:
    one.notes.append(f"handed in by a group: {text.strip()}")


def _rename_again(one: HandIn) -> None:
    """Gives attachments of one name that name again, so that none of them is taken for the only one."""
    names = {piece.name for piece in one.pieces}
    for at, piece in enumerate(one.pieces):
        name = _AGAIN.sub("", piece.name, count=1)
        if name in names:
            one.pieces[at] = Piece(name, piece.entry, piece.number)


LMS = Sakai()
