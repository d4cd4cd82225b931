"""Blackboard Learn: *Assignment File Download* and *Work Offline* (Original), *Download / Upload grades* (Ultra).

**Names in the zip** (``gradebook_COURSE_ASSIGNMENT_TIME.zip``), which is flat. Blackboard's source is closed; the names
are those that the parsers of BBGradebookOrganiser (github.com/vangef/BBGradebookOrganiser) and others live on::

    Lab 3_ada_01_attempt_2026-11-23-10-36-48.txt             what Blackboard says of the attempt
    Lab 3_ada_01_attempt_2026-11-23-10-36-48_pool_fib.py     a file of it

A title and a username may hold ``_``, so that where the one ends can't be told from the name. The text file tells it:
its first line is ``Name: Ada Lovelace (ada_01)`` (the word in the language of the user). Without one, the username is
taken to hold no ``_``, and a note says so. The time is by the server's clocks; that of the text file is locale text
and is not read. Several attempts of one student are in the zip under several times: the latest counts.

**The table** (help.blackboard.com, "Work offline with grade data"): a download is tab delimited in UTF-16 and called
``.xls``, or comma delimited in UTF-8. ``Username`` is the key; the column is ``Lab 3 [Total Pts: 21 Score] |123456``
with Blackboard's id of it, and one without such an id would become a *new text column*. ``Feedback to Learner`` with
``Feedback Format`` (``HTML``) is in the download "with comments", and the only way back for feedback to many: there is
no upload of feedback files, which is why all of it goes into that column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from autograder.archives import Download, Unreadable
from autograder.lms.base import Grade, HandIn, LmsError, Piece, Sheet, Student, Usual, problem
from autograder.lms.columns import chosen, header_of
from autograder.lms.fill import amount
from autograder.lms.table import Table

_NAME = re.compile(r"(?P<stem>.+?_attempt_(?P<time>\d{4}(?:-\d\d){5}))(?:_(?P<file>.+)|(?P<about>\.txt))", re.DOTALL)
_COLUMN = re.compile(r".+\[[^\[\]]*?(?P<most>\d+(?:[.,]\d+)?)[^\[\]]*\].*\|\s*\d+", re.DOTALL)
_ABOUT = 1 << 18  # bytes of a text file about an attempt


class Blackboard(Usual):
    name = "blackboard"
    title = "Blackboard"

    def recognises(self, download: Download) -> bool:
        return any(_NAME.fullmatch(entry.path.as_posix()) for entry in download.files)

    def read(self, download: Download, remarks: list[str]) -> list[HandIn]:
        attempts: dict[str, HandIn] = {}
        about: dict[str, str] = {}
        for entry in download.files:
            match = _NAME.fullmatch(entry.path.as_posix())
            if match is None:
                remarks.append(f"not graded, because it is no attempt's: {entry.path}")
                continue
            stem = match["stem"]
            one = attempts.setdefault(stem, HandIn("", "", place=stem, when=_time(match["time"])))
            if match["about"]:
                try:
                    about[stem] = entry.read(_ABOUT).decode("utf-8-sig", "replace")
                except Unreadable as error:
                    one.notes.append(f"Blackboard's text about this attempt {error}")
            else:
                one.pieces.append(Piece(match["file"], entry))
        students: dict[str, list[HandIn]] = {}
        for stem, one in attempts.items():
            _who(one, stem, about.get(stem))
            students.setdefault(one.key, []).append(one)
        return [latest(several, "attempts") for several in students.values()]

    def roster(self, table: Table) -> list[Student] | None:
        found = header_of(table, lambda header: "Username" in header)
        if found is None:
            return None
        top, header = found
        key = header.index("Username")
        name = [header.index(each) for each in ("First Name", "Last Name") if each in header]
        return [
            Student(row[key].strip(), row[key].strip(), " ".join(row[at] for at in name))
            for row in table.rows[top + 1 :]
            if row[key].strip()
        ]

    def sheet(self, table: Table, column: str, title: str) -> Sheet:
        found = header_of(table, lambda header: "Username" in header)
        if found is None:
            what = "no column Username"
            raise LmsError(problem(table.path, 1, "", what, "a table that Blackboard made (Work Offline, Download)"))
        top, header = found
        columns = {at: match for at, name in enumerate(header) if (match := _COLUMN.fullmatch(name))}
        grade = chosen(table, top, list(columns), column, title)
        key = header.index("Username")
        rows = tuple(row for row in table.rows[top + 1 :] if row)
        keys = {at: (row[key].strip(),) for at, row in enumerate(rows) if row[key].strip()}
        most = amount(columns[grade]["most"])
        feedback = "Feedback to Learner"
        form = "Feedback Format"
        return Sheet(
            grade=grade,
            rows=rows,
            keys=keys,
            most={} if most is None else dict.fromkeys(keys, most),
            comment=header.index(feedback) if feedback in header else None,
            comment_format=(header.index(form), "HTML") if form in header else None,
            whole_feedback=True,
        )

    def feedback(self, grades: Sequence[Grade]) -> Iterable[tuple[str, bytes]]:
        raise LmsError(
            "found Blackboard, which takes no feedback files for many students at once\n"
            "  allowed: autograder gradebook, with a table downloaded with comments for this item: the feedback goes "
            'into its column "Feedback to Learner"'
        )

    def hints(self, what: str) -> Sequence[str]:
        return (
            "in Blackboard: Work Offline, Upload, delimiter Auto; clear the ticks of all other columns",
            'for the feedback, download with "Include Comments for this Item"',
        )


def latest(several: list[HandIn], word: str) -> HandIn:
    """The last of a student's hand-ins, and a note that there are earlier ones."""
    several.sort(key=lambda one: (one.when.isoformat() if one.when else "", one.place))
    last = several[-1]
    if len(several) > 1:
        when = f", of {last.when:%Y-%m-%d %H:%M}," if last.when else ""
        last.notes.append(f"there are {len(several)} {word}; the latest{when} is graded")
    return last


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")  # noqa: DTZ007 - the zone is the course's
    except ValueError:
        return None


def _who(one: HandIn, stem: str, about: str | None) -> None:
    """The username, from the text about the attempt where the stem confirms it, else from the stem alone."""
    front = stem[: stem.rindex("_attempt_")]
    for line in (about or "").splitlines()[:5]:
        match = re.fullmatch(r"[^:]*:\s*(?P<name>.*?)\s*\((?P<user>[^()]+)\)\s*", line)
        if match and front.endswith(f"_{match['user']}"):
            one.key = one.id = match["user"]
            one.name = match["name"]
            return
    one.key = one.id = front.rpartition("_")[2]
    one.notes.append(f'Blackboard\'s text about this attempt is missing; the username is taken to be "{one.key}"')


LMS = Blackboard()
