"""No LMS: a folder a student, as :mod:`autograder.intake` reads it, and any table with a column ``id``.

For courses that collect by mail, by git or by hand. The key is the submission's id, the folder's name. Grades go into
a column ``grade`` (or the one that ``--column`` names) of a table that has the ids in a column ``id``; without a
table, one is made. Feedback is a zip with a folder a submission. A roster is a table with a column ``id``, and if it
has them ``name`` and ``submitted``, a time as in grading.yml.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.archives import Download
from autograder.lms.base import Grade, HandIn, LmsError, Sheet, Student, Usual, problem
from autograder.lms.columns import chosen, header_of
from autograder.lms.fill import csv_text, number_text
from autograder.lms.table import Table
from autograder.lms.times import spoken, written


class Plain(Usual):
    name = "plain"
    title = "a plain folder"

    def recognises(self, download: Download) -> bool:
        return False  # what nobody else recognises is looked through by autograder.intake

    def read(self, download: Download, remarks: list[str]) -> list[HandIn]:
        raise AssertionError("plain layouts are read by autograder.intake")

    def roster(self, table: Table) -> list[Student] | None:
        found = header_of(table, _has_id)
        if found is None:
            return None
        top, header = found
        places = {name.casefold(): at for at, name in enumerate(header)}
        id, name, when = places["id"], places.get("name", -1), places.get("submitted", -1)
        return [
            Student(row[id].strip(), row[id].strip(), row[name], written(row[when]) or spoken(row[when]))
            for row in table.rows[top + 1 :]
            if row[id].strip()
        ]

    def sheet(self, table: Table, column: str, title: str) -> Sheet:
        found = header_of(table, _has_id)
        if found is None:
            raise LmsError(problem(table.path, 1, "", 'no column "id"', 'a table with a column "id"'))
        top, header = found
        id = [name.casefold() for name in header].index("id")
        others = [at for at in range(len(header)) if at != id]
        rows = tuple(row for row in table.rows[top + 1 :] if row)
        return Sheet(
            grade=chosen(table, top, others, column or "grade", title),
            rows=rows,
            keys={at: (row[id].strip(),) for at, row in enumerate(rows) if row[id].strip()},
        )

    def blank(self, grades: Sequence[Grade]) -> str | None:
        known = [[one.origin.key, number_text(one.total)] for one in grades if one.total is not None]
        return csv_text([["id", "grade"], *known])

    def feedback(self, grades: Sequence[Grade]) -> Iterable[tuple[str, bytes]]:
        for one in grades:
            yield f"{one.id}/feedback.txt", one.text.encode()
            if one.page is not None:
                yield f"{one.id}/feedback.html", one.html()


def _has_id(header: list[str]) -> bool:
    return "id" in map(str.casefold, header)


LMS = Plain()
