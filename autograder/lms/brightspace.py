"""D2L Brightspace: *Download* of all submissions, *Export Grades* and *Import Grades*, *Add Feedback Files*.

**Names in the zip**, from the parsers of those who use it (D2L's source is closed)::

    104332-88120 - Ada Lovelace - Sep 24, 2024 926 PM/pool_fib.py
    index.html

A folder a submission; a student with two of them has two folders, of which the later counts. Of the two numbers one is
the assignment's, the same in the whole zip, and the other the student's; which is which D2L does not document, so that
it is told by what differs. (With one student there is nothing to tell it by: then both together are the id.) The time
has no colon and is by the clock of the user who downloaded it.

**The table** (community.d2l.com, "Import grades"): ``OrgDefinedId,Username,Last Name,…,Lab 3 Points Grade <Numeric
MaxPoints:21 …>,…,End-of-Line Indicator``; exports put ``#`` before ids, and the last column is ``#`` in every row. Of
OrgDefinedId and Username one is needed. A grade above the maximum is *cut to it* unless the item may exceed it.

**The gap.** The number in the folder is in no table. Names are not joined on, so that a person has to say once whose
number is whose: the first ``autograder gradebook`` writes a file of proposals (``--ids``), to be looked through and
used from then on.

**Feedback** goes back in folders of the same names (Add Feedback Files, a zip).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from autograder.archives import Download
from autograder.lms.base import Grade, HandIn, LmsError, Piece, Sheet, Student, Usual, problem
from autograder.lms.blackboard import latest
from autograder.lms.columns import chosen, header_of
from autograder.lms.fill import amount
from autograder.lms.table import Row, Table
from autograder.lms.times import spoken

_FOLDER = re.compile(
    r"(?P<first>\d+)-(?P<second>\d+) - (?P<name>.+) - (?P<when>[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4} \d{3,4} [AP]M)",
    re.DOTALL,
)
_COLUMN = re.compile(r"(?P<title>.+) Points Grade(?:\s*<.*?MaxPoints:(?P<most>[\d.,]+).*>)?", re.DOTALL)
_END = "End-of-Line Indicator"


class Brightspace(Usual):
    name = "brightspace"
    title = "Brightspace"

    def recognises(self, download: Download) -> bool:
        return any(_FOLDER.fullmatch(entry.path.parts[0]) for entry in download.entries)

    def read(self, download: Download, remarks: list[str]) -> list[HandIn]:
        folders: dict[str, list[Piece]] = {}
        for entry in download.entries:
            top = entry.path.parts[0]
            if not _FOLDER.fullmatch(top):
                if entry.path.as_posix() != "index.html":
                    remarks.append(f"not graded, because it lies in no student's folder: {entry.path}")
                continue
            pieces = folders.setdefault(top, [])
            if not entry.folder and len(entry.path.parts) > 1:
                pieces.append(Piece(entry.path.relative_to(top).as_posix(), entry))
        matches = {top: match for top in folders if (match := _FOLDER.fullmatch(top))}
        which = _varying([(match["first"], match["second"]) for match in matches.values()])
        students: dict[str, list[HandIn]] = {}
        for top, match in matches.items():
            key = match[which] if which else f"{match['first']}-{match['second']}"
            when = spoken(match["when"].replace(".", ""))
            one = HandIn(key, f"{match['name']}_{key}", match["name"], folders[top], top, when=when)
            students.setdefault(key, []).append(one)
        return [latest(several, "submissions") for several in students.values()]

    def roster(self, table: Table) -> list[Student] | None:
        return None  # its tables don't hold the number that its downloads have

    def sheet(self, table: Table, column: str, title: str) -> Sheet:
        found = header_of(table, lambda header: bool({"OrgDefinedId", "Username"} & set(header)))
        if found is None:
            what = "neither OrgDefinedId nor Username"
            raise LmsError(problem(table.path, 1, "", what, "a table that Brightspace exported, with both keys"))
        top, header = found
        if _END not in header:
            allowed = f'"{_END}" as the last column: Brightspace refuses the import without it'
            raise LmsError(problem(table.path, table.rows[top].line, "", "no such column", allowed))
        columns = {at: match for at, name in enumerate(header) if (match := _COLUMN.fullmatch(name))}
        grade = chosen(table, top, list(columns), column, title)
        rows = tuple(row for row in table.rows[top + 1 :] if row)
        ids = [header.index(name) for name in ("OrgDefinedId", "Username") if name in header]
        keys = {at: _keys(row, ids) for at, row in enumerate(rows)}
        name = [header.index(each) for each in ("First Name", "Last Name") if each in header]
        most = amount(columns[grade]["most"] or "")
        return Sheet(
            grade=grade,
            rows=rows,
            keys={at: each for at, each in keys.items() if each},
            most={} if most is None else dict.fromkeys(keys, most),
            names={at: " ".join(row[each] for each in name) for at, row in enumerate(rows)} if name else {},
        )

    def feedback(self, grades: Sequence[Grade]) -> Iterable[tuple[str, bytes]]:
        for one in grades:
            if one.origin.place:
                yield f"{one.origin.place}/feedback.html", one.html()

    def hints(self, what: str) -> Sequence[str]:
        if what == "grades":
            return ('in Brightspace: Grades, Enter Grades, Import; leave "Create new grade item" without a tick',)
        return ("in Brightspace: the assignment's Submissions, Add Feedback Files; publish the feedback afterwards",)


def _varying(numbers: list[tuple[str, str]]) -> str:
    """Which of the two numbers is the student's: the one that differs. ``""`` where that can't be told."""
    first, second = ({pair[at] for pair in numbers} for at in (0, 1))
    if len(first) > 1 and len(second) == 1:
        return "first"
    return "second" if len(second) > 1 and len(first) == 1 else ""


def _keys(row: Row, ids: Sequence[int]) -> tuple[str, ...]:
    return tuple(key for at in ids if (key := row[at].strip().removeprefix("#")))


LMS = Brightspace()
