"""Canvas: *Download Submissions*, the exported gradebook, *Re-Upload Submissions* for comments.

**Names in the zip** (lib/content_zipper.rb), which is flat::

    lovelaceada_1042_7701_pool_fib.py              name, user id, attachment id, the file's name
    lovelaceada_LATE_1042_7701_pool_fib.py         handed in late
    anon_x7Gp2_7701_pool_fib.py, LATE_anon_x7…     anonymous grading: an id of its own, and no name
    lovelaceada_1042_text.html, …_link.html        a text or a link instead of a file
    groupb_1042_7701_pool_fib.py                   a group's name, with the user id of one of its members

The name is ``sortable_name`` in lower case without all that is no word character, and ``_42_`` within a name loses its
underscores so that the ids stay findable. The zip has no times: only ``LATE`` says that one was late, never by how
much. Canvas has a late policy of its own that applies to uploaded grades as well.

**A resubmitted file is renamed** (Attachment.make_unique_filename, canvas-lms#2310): ``pool_fib.py`` becomes
``pool_fib-1.py``, from the eighth time on ``pool_fib-UUID.py``. The suffix is taken off before names are compared;
among files that are then of one name the one with the highest attachment id is the latest.

**The gradebook** (gradebook_exporter.rb, gradebook_importer.rb): ``Student,ID,SIS Login ID,Section,…``, then a column
an assignment, ``Title (4711)`` with the assignment's id. Below the header stands a row ``    Points Possible``, and in
some a row "Manual Posting". ``ID`` is the user id of the zip. A column whose id and title Canvas does not know *offers
to make a new assignment*, which is why only the TA's own export is filled and none is made up. ``EX`` stands for
excused.

**Comments** (infer_comment_context_from_filename in abstract_assignment.rb): of a file's name, split at ``_`` and
without ``LATE``, the first two parts that are numbers are the user and the attachment, and the attachment has to
belong to that user's submission. So a feedback file has the very name of the file that was graded, and since Canvas
shows it under the student's name for it (canvas-lms#2406), it is plain text: a page of HTML would be called
pool_fib.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from autograder.archives import Download
from autograder.lms.base import Grade, HandIn, LmsError, Piece, Sheet, Student, Usual, problem
from autograder.lms.columns import chosen, header_of
from autograder.lms.fill import amount
from autograder.lms.table import Table
from autograder.notebook import SUFFIX

_UPLOAD = re.compile(r"(?P<name>.*?)_(?P<late>LATE_)?(?P<id>\d+)_(?P<file>(?P<attachment>\d+)_.+)", re.DOTALL)
_ONLINE = re.compile(r"(?P<name>.*?)_(?P<late>LATE_)?(?P<id>\d+)_(?P<file>(?:text|link)\.html)", re.DOTALL)
_ANONYMOUS = re.compile(
    r"(?P<name>)(?P<late>LATE_)?anon_(?P<id>[A-Za-z0-9]+)_(?P<file>(?P<attachment>\d+)_.+|(?:text|link)\.html)",
    re.DOTALL,
)
_AGAIN = re.compile(r"-(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=\.)")
_COLUMN = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)", re.DOTALL)


class Canvas(Usual):
    name = "canvas"
    title = "Canvas"

    def recognises(self, download: Download) -> bool:
        names = [entry.path.as_posix() for entry in download.files]
        return bool(names) and all("/" not in name and _match(name, anonymous=None) for name in names)

    def read(self, download: Download, remarks: list[str]) -> list[HandIn]:
        names = [entry.path.as_posix() for entry in download.files]
        anonymous = bool(names) and all(_ANONYMOUS.fullmatch(name) for name in names)
        found: dict[str, HandIn] = {}
        pieces: dict[str, list[tuple[int, str, Piece]]] = {}
        for entry, name in zip(download.files, names, strict=True):
            match = _match(name, anonymous)
            if match is None or "/" in name:
                remarks.append(f"not graded, because it has no ids in its name: {name}")
                continue
            key = match["id"]
            stem = f"anon_{key}" if anonymous else f"{match['name']}_{key}"
            one = found.setdefault(key, HandIn(key, stem, match["name"]))
            one.late |= match["late"] is not None
            attachment, _, file = match["file"].partition("_") if "attachment" in _groups(match) else ("0", "", "")
            pieces.setdefault(key, []).append((int(attachment), name, Piece(file or match["file"], entry)))
        for key, one in found.items():
            _number(one, sorted(pieces[key], key=lambda each: each[:2]))
        return list(found.values())

    def roster(self, table: Table) -> list[Student] | None:
        found = header_of(table, lambda header: header[:1] == ["Student"] and "ID" in header)
        if found is None:
            return None
        at, header = found
        id = header.index("ID")
        return [
            Student(row[id].strip(), f"{_zip_name(row[0])}_{row[id].strip()}", row[0])
            for row in table.rows[at + 1 :]
            if row[id].strip().isdigit()
        ]

    def sheet(self, table: Table, column: str, title: str) -> Sheet:
        found = header_of(table, lambda header: header[:1] == ["Student"] and "ID" in header)
        if found is None:
            what = "no header with Student and ID"
            raise LmsError(problem(table.path, 1, "", what, "a gradebook that Canvas exported (Grades, Export)"))
        top, header = found
        grade = chosen(table, top, [at for at, name in enumerate(header) if _COLUMN.fullmatch(name)], column, title)
        id = header.index("ID")
        rows = tuple(row for row in table.rows[top + 1 :] if row)
        points = next((amount(row[grade]) for row in rows if row[0].strip() == "Points Possible"), None)
        students = {at: row for at, row in enumerate(rows) if row[id].strip().isdigit()}
        return Sheet(
            grade=grade,
            rows=rows,
            keys={at: (row[id].strip(),) for at, row in students.items()},
            most={} if points is None else dict.fromkeys(students, points),
            locked={at: "EX: the student is excused" for at, row in students.items() if row[grade].strip() == "EX"},
        )

    def feedback(self, grades: Sequence[Grade]) -> Iterable[tuple[str, bytes]]:
        return ((one.origin.place, one.text.encode()) for one in grades if one.origin.place)

    def hints(self, what: str) -> Sequence[str]:
        if what == "grades":
            return (
                "in Canvas: Grades, Import; if it asks about a new assignment, stop: the column is another course's",
                "grades of an anonymous assignment can be imported only after its names are shown again",
            )
        return (
            "in Canvas: the assignment's SpeedGrader or Grades, Re-Upload Submissions; every upload adds comments anew",
        )


def _match(name: str, anonymous: bool | None) -> re.Match[str] | None:
    """``anonymous`` is a matter of the whole download: a student called Anon is told from it by the others."""
    named = None if anonymous else _UPLOAD.fullmatch(name) or _ONLINE.fullmatch(name)
    return named or (None if anonymous is False else _ANONYMOUS.fullmatch(name))


def _groups(match: re.Match[str]) -> set[str]:
    return {name for name, value in match.groupdict().items() if value is not None}


def _number(one: HandIn, pieces: list[tuple[int, str, Piece]]) -> None:
    """Takes Canvas's suffixes off, and numbers files that are then of one name in order of attachment."""
    seen: dict[str, int] = {}
    for _, place, piece in pieces:
        name = _AGAIN.sub("", piece.name, count=1)
        number = seen[name] = seen.get(name, -1) + 1
        if name != piece.name and name.endswith((".py", SUFFIX)):
            one.notes.append(f'"{piece.name}" is Canvas\'s name for a file handed in again as "{name}"')
        one.pieces.append(Piece(name, piece.entry, number))
        if name.endswith((".py", SUFFIX)) or not one.place:
            one.place = place


def _zip_name(sortable: str) -> str:
    """A ``sortable_name`` as content_zipper.rb writes it into a file's name."""
    return re.sub(r"\W", "", re.sub(r"_(\d+)_", r"\1", sortable).lower())


LMS = Canvas()
