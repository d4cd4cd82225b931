"""Gradescope: *Export Submissions*, for those who grade at home what was handed in there.

**The export** (no document of Gradescope's; from the parsers that others wrote): ``assignment_ID_export/`` with a
folder a submission, ``submission_4711/…``, and beside them ``submission_metadata.yml``, written by Ruby::

    submission_4711:
      :submitters:
      - :name: Ada Lovelace
        :sid: '900123'
        :email: ada@example.org
      :created_at: 2026-11-23 10:36:48.123456789 Z
      :score: 17.0
      :results: {…}

``:sid`` and ``:email`` may be absent, and there may be several submitters (a group), or none. The file is read without
any of YAML's types and without Ruby's; without the file, the folders still are submissions.

**Back into Gradescope** goes nothing of this. It takes grades only from its own container, whose zip an instructor
uploads once. The exported scores (``First Name,Last Name,SID,Email,…,Total Score,Max Points,Status,Submission ID,…``)
can be filled for a course's records or for another LMS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from autograder.archives import Download, Unreadable, listed
from autograder.lms.base import Grade, HandIn, LmsError, Piece, Sheet, Student, Usual, problem
from autograder.lms.columns import header_of
from autograder.lms.fill import amount
from autograder.lms.table import Table
from autograder.lms.times import written

_FOLDER = re.compile(r"submission_(?P<id>\d+)")
_ABOUT = "submission_metadata.yml"
_MAX_ABOUT = 64 << 20  # bytes: it holds the whole results of every submission


class Gradescope(Usual):
    name = "gradescope"
    title = "Gradescope"

    def recognises(self, download: Download) -> bool:
        tops = {entry.path.parts[0] for entry in download.entries}
        return _ABOUT in tops or (bool(tops) and all(_FOLDER.fullmatch(top) for top in tops))

    def read(self, download: Download, remarks: list[str]) -> list[HandIn]:
        found: dict[str, HandIn] = {}
        about: dict[str, Any] = {}
        for entry in download.entries:
            top, *below = entry.path.parts
            match = _FOLDER.fullmatch(top)
            if match is None:
                if top == _ABOUT:
                    about = _metadata(entry.read, remarks)
                else:
                    remarks.append(f"not graded, because it lies in no submission's folder: {entry.path}")
                continue
            one = found.setdefault(top, HandIn(match["id"], top, place=top))
            if below and not entry.folder:
                one.pieces.append(Piece("/".join(below), entry))
        for top, one in found.items():
            _describe(one, about.get(top))
        empty = [top for top in about if _FOLDER.fullmatch(top) and top not in found]
        if empty:
            remarks.append(f"without files in the export: {listed(empty)}")
        return list(found.values())

    def roster(self, table: Table) -> list[Student] | None:
        found = header_of(table, lambda header: {"SID", "Email"} <= set(header))
        if found is None:
            return None
        top, header = found
        students = []
        for row in table.rows[top + 1 :]:
            key = next((row[header.index(name)].strip() for name in ("SID", "Email") if row[header.index(name)]), "")
            name = " ".join(row[header.index(each)] for each in ("First Name", "Last Name") if each in header)
            number = row[header.index("Submission ID")].strip() if "Submission ID" in header else ""
            when = written(row[header.index("Submission Time")]) if "Submission Time" in header else None
            if number or key:
                students.append(Student(number or key, f"submission_{number}" if number else key, name, when))
        return list({one.key: one for one in students}.values())  # a group has one submission in several rows

    def sheet(self, table: Table, column: str, title: str) -> Sheet:
        found = header_of(table, lambda header: {"SID", "Email", "Total Score"} <= set(header))
        if found is None:
            what = "no header with SID, Email and Total Score"
            raise LmsError(problem(table.path, 1, "", what, "the scores that Gradescope exports (Review Grades)"))
        top, header = found
        rows = tuple(row for row in table.rows[top + 1 :] if row)
        ids = [header.index(name) for name in ("SID", "Email") if name in header]
        most = header.index("Max Points") if "Max Points" in header else -1
        if "Submission ID" in header:
            ids.append(header.index("Submission ID"))
        return Sheet(
            grade=header.index("Total Score"),
            rows=rows,
            keys={at: tuple(row[id].strip() for id in ids if row[id].strip()) for at, row in enumerate(rows)},
            most={at: number for at, row in enumerate(rows) if (number := amount(row[most])) is not None},
            shared=True,
        )

    def feedback(self, grades: Sequence[Grade]) -> Iterable[tuple[str, bytes]]:
        raise LmsError(
            "found Gradescope, which takes no feedback from a file\n"
            "  allowed: grading inside of Gradescope's own container, or sending each student's feedback.txt by mail"
        )

    def hints(self, what: str) -> Sequence[str]:
        return ("Gradescope takes no grades from a file: this one is for your records or for another LMS",)


def _metadata(read: Any, remarks: list[str]) -> dict[str, Any]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # text only: no types of YAML's, none of Ruby's
    try:
        content = yaml.load(read(_MAX_ABOUT).decode("utf-8-sig"), Loader=loader)
    except (Unreadable, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        remarks.append(
            f"{_ABOUT} can't be read, so that who handed in and when is not known ({str(error).splitlines()[0]})"
        )
        return {}
    return content if isinstance(content, dict) else {}


def _describe(one: HandIn, about: Any) -> None:
    """Who handed in and when, as far as the metadata say so."""
    if not isinstance(about, dict):
        return
    when = about.get(":created_at")
    one.when = written(when) if isinstance(when, str) else None
    people = about.get(":submitters")
    people = [person for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    one.name = " and ".join(str(person[":name"]) for person in people if person.get(":name"))
    keys = [next((str(person[key]) for key in (":sid", ":email") if person.get(key)), "") for person in people]
    one.members = tuple(key for key in keys if key)
    if len(people) > 1:
        one.notes.append(f"handed in by a group: {one.name}")


LMS = Gradescope()
