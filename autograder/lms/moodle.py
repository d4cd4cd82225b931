"""Moodle: *Download all submissions*, *Download grading worksheet*, *Upload multiple feedback files in a zip*.

**Names in the zip** (mod/assign/classes/downloader.php; seen in Moodle 4.3 and 4.5)::

    Ada Lovelace_17_assignsubmission_file/src/pool_fib.py      the full name, the participant id, the plugin
    Participant_17_assignsubmission_file/pool_fib.py           anonymous submissions
    Ada Lovelace_17_assignsubmission_file_/pool_fib.py         before 4.1
    Ada Lovelace_17_assignsubmission_file_pool_fib.py          without folders (a preference of the user)
    Group B_4_assignsubmission_file/pool_fib.py                a team, with the *group's* id
    Default group_assignsubmission_file/pool_fib.py            those in no group: no id at all

The number is the id of a *participant of this assignment*, not of the user; the worksheet's ``Identifier`` column says
``Participant 17``. A name has ``_`` turned into a space and ``& < > " ' : \\ | / ``` taken out, so it is for people
only. Which of an id of a team and of a participant a number is, can't be told from the zip. The worksheet helps: the
row of participant 17 has a name, and if Moodle would not have written *that* name into the zip, the id is refused.
With the worksheet as the roster, its column ``Group`` says who is in a team; the grade and the feedback then go to
each member's own id.

**The worksheet** (mod/assign/gradingtable.php; read back by mod/assign/feedback/offline/importgradeslib.php): UTF-8
with a byte order mark, comma, headers in the user's language. Moodle looks for ``Identifier``, ``Grade`` and ``Last
modified (grade)`` by the words of the language it runs in. A worksheet in another language than English is read by its
shape: a number at the end of every first cell, and the maximum, the same number in every row, right behind the grade.
The worksheet is also the roster: it lists those who handed in nothing, and it alone says when something was handed in
(read in English only), by the clock of the user who downloaded it.

**What Moodle does without saying so**, each seen on 4.5: a grade out of range is dropped while its comment is saved; a
row whose grade was changed since the worksheet was downloaded is skipped, and *uploading feedback files changes it*,
so the worksheet has to go first; a feedback file for an unknown participant is ignored.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from autograder.archives import Download
from autograder.lms.base import Grade, HandIn, LmsError, Piece, Sheet, Student, Usual, problem
from autograder.lms.fill import MARK, amount, csv_text, number_text
from autograder.lms.table import Table
from autograder.lms.times import spoken

_NAME = re.compile(
    r"(?P<name>[^/]*?)(?:_(?P<id>\d+))?_assignsubmission_(?P<plugin>[a-z]+)(?:_?/|_)(?P<path>.+)", re.DOTALL
)
_ID, _GRADE, _MOST = "Identifier", "Grade", "Maximum grade"
_OPEN, _HANDED_IN, _GRADED = "Grade can be changed", "Last modified (submission)", "Last modified (grade)"
_COMMENT, _GROUP = "Feedback comments", "Group"
_FIRST = (
    "upload this worksheet before the feedback files: those change the grades' dates, and Moodle then skips rows in "
    'silence ("Update records even if they have been modified more recently" undoes that)'
)


class Moodle(Usual):
    name = "moodle"
    title = "Moodle"

    def recognises(self, download: Download) -> bool:
        return any(_NAME.fullmatch(entry.path.as_posix()) for entry in download.files)

    def read(self, download: Download, remarks: list[str]) -> list[HandIn]:
        found: dict[str, HandIn] = {}
        for entry in download.files:
            path = entry.path.as_posix()
            match = _NAME.fullmatch(path)
            if match is None:
                remarks.append(f"not graded, because it has no participant in its name: {path}")
                continue
            name, id = match["name"], match["id"] or ""
            stem = f"{name}_{id}" if id else name
            one = found.setdefault(stem, HandIn(id, stem, name, place=stem))
            if not id and not one.notes:
                one.notes.append("Moodle's download has no id for this hand-in, so its grade has to be put in by hand")
            one.pieces.append(Piece(match["path"], entry))
        names = {one.name for one in found.values()}
        if names == {"Participant"} or (len(names) == 1 and len(found) > 1):
            for one in found.values():
                one.name = ""  # the word for everybody whose name is hidden, in the user's language
        return list(found.values())

    def roster(self, table: Table) -> list[Student] | None:
        columns = _columns(table)
        if columns is None:
            return None
        name, when = columns.get("Full name", -1), columns.get(_HANDED_IN, -1)
        students = []
        for row in table.rows[1:]:
            key = _participant(row[0])
            if key:
                stem = f"{_folder_name(row[name]) or 'Participant'}_{key}"
                students.append(Student(key, stem, row[name], spoken(row[when]), row[columns.get(_GROUP, -1)]))
        return students

    def sheet(self, table: Table, column: str, title: str) -> Sheet:
        columns = _columns(table)
        if columns is None:
            found = ", ".join(table.rows[0].values) if table.rows else "no rows"
            raise LmsError(
                problem(
                    table.path,
                    1,
                    "",
                    f"the columns {found}",
                    f"a grading worksheet, with the columns {_ID}, {_GRADE} and {_GRADED}",
                )
            )
        rows = tuple(row for row in table.rows[1:] if row)
        each = dict(enumerate(rows))
        most = {at: number for at, row in each.items() if (number := amount(row[columns.get(_MOST, -1)])) is not None}
        closed = {at: 'Moodle says that the grade can\'t be changed ("No" in that column)'
                  for at, row in each.items() if row[columns.get(_OPEN, -1)] == "No"}  # fmt: skip
        changed: dict[int, datetime] = {}
        for at, row in each.items():
            when = spoken(row[columns.get(_HANDED_IN, -1)])
            if when is not None:
                changed[at] = when
        return Sheet(
            grade=columns[_GRADE],
            rows=rows,
            keys={at: (key,) for at, row in each.items() if (key := _participant(row[columns[_ID]]))},
            most=most,
            comment=columns.get(_COMMENT),
            names={at: _folder_name(row[columns["Full name"]]) for at, row in each.items() if "Full name" in columns},
            locked=closed,
            changed=changed,
            groups={at: row[columns[_GROUP]] for at, row in each.items() if row[columns.get(_GROUP, -1)]},
        )

    def blank(self, grades: Sequence[Grade]) -> str | None:
        """The four columns that the import needs. ``-`` is how a worksheet says "not graded yet"."""
        rows = [[_ID, _GRADE, _GRADED, _COMMENT]]
        rows += [
            [f"Participant {key}", number_text(one.total), "-", comment(one)]
            for one in grades
            for key in one.origin.members or filter(None, [one.origin.key])
            if one.total is not None
        ]
        return csv_text(rows, mark="\ufeff")

    def feedback(self, grades: Sequence[Grade]) -> Iterable[tuple[str, bytes]]:
        """``NAME_ID_assignsubmission_file/feedback.html``: importziplib.php takes the second part between ``_`` for the
        participant, so that the name must hold none."""
        for one in grades:
            for key in one.origin.members or filter(None, [one.origin.key]):
                name = _folder_name(one.origin.name) or "Participant"
                yield f"{name}_{key}_assignsubmission_file/feedback.html", one.html()

    def hints(self, what: str) -> Sequence[str]:
        if what == "grades":
            return (_FIRST,)
        return ("upload it after the worksheet (Upload multiple feedback files in a zip)",)


def comment(grade: Grade) -> str:
    """What goes into the worksheet's comment: Moodle takes it for HTML."""
    return f"<p>{html.escape(f'{MARK} {grade.summary}')}</p>"


def _columns(table: Table) -> dict[str, int] | None:
    """The columns by their English names. Moodle 4.3 writes "Maximum Grade"."""
    header = table.rows[0].values if table.rows else []
    english = {name.casefold(): name for name in (_ID, _GRADE, _MOST, _OPEN, _HANDED_IN, _GRADED, _COMMENT, _GROUP)}
    columns = {english.get(name.casefold(), name): at for at, name in enumerate(header)}
    if {_ID, _GRADE, _GRADED} <= set(columns):
        return columns
    return _by_shape(table)


def _by_shape(table: Table) -> dict[str, int] | None:
    """The columns of a worksheet in another language; those after the grade have a fixed order."""
    rows = [row for row in table.rows[1:] if row]
    if not rows or not all(re.fullmatch(r"\D*[^\W\d]\D* ?\d+", row[0].strip()) for row in rows):
        return None
    for most in range(3, len(table.rows[0].cells) - 3):
        values = {row[most] for row in rows}
        if len(values) == 1 and amount(next(iter(values))):
            places = {_ID: 0, _GRADE: most - 1, _MOST: most, _OPEN: most + 1, _HANDED_IN: most + 2, _GRADED: most + 3}
            return places | ({_COMMENT: most + 4} if most + 4 < len(table.rows[0].cells) else {})
    return None


def _participant(cell: str) -> str:
    """The number at the end of ``Participant 17``. The word before it is in the user's language."""
    match = re.fullmatch(r"\D*?0*(\d+)", cell.strip())
    return match[1] if match else ""


def _folder_name(name: str) -> str:
    """A full name as downloader.php writes it into a file name."""
    return re.sub(r"""[&<>"'`:\\|/]""", "", name.replace("_", " ")).strip()


LMS = Moodle()
