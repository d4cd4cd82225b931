"""Filling an LMS's own table, and every trap in it named before the upload instead of after.

LMSs are lenient readers: a row they don't like is skipped, a number too high is cut or dropped, and the page says
"success". So all doubts are settled here, on our side of the upload, and told all at once, each with the file, the
line, what was found, what is allowed and what to do. With one doubt nothing is written, unless the TA asks to leave
the doubtful rows as they are (``--partial``).

=====================  ==========================================================================================
trap                   what tells it
=====================  ==========================================================================================
unknown id             a result whose id no row has: another assignment's table, or a group's id
stale table            a row says that the student handed in again after what was graded
another scale          the LMS's maximum differs from the assignment's points (``--scale`` converts)
out of range           a total below 0 or above the maximum, such as one corrected in grades.csv with a typing error
a grade that is there  some other number stands in the cell (``--overwrite`` replaces it)
a locked row           the LMS says that it will not take a grade
two for one            two results for one row, or two rows for one id
no total               the submission could not be graded: a person has to enter one in grades.csv
=====================  ==========================================================================================
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from autograder.lms.base import Grade, Sheet, problem
from autograder.lms.table import Row, Table, TableError

MARK = "Autograder:"
"""How our comments begin, so that the next filling knows its own from a person's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The switches of ``autograder gradebook``."""

    scale: bool = False
    overwrite: bool = False
    partial: bool = False


@dataclass(slots=True)
class Filled:
    """What came of it: ``problems`` for exit code 2, ``remarks`` to know, and the number of rows that got a grade."""

    problems: list[str] = field(default_factory=list)
    doubts: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)  # by text: the rows it holds for
    remarks: list[str] = field(default_factory=list)
    rows: int = 0


def fill(table: Table, sheet: Sheet, grades: Sequence[Grade], asked: Asked, zone: str) -> Filled:
    """Puts the grades into the table (in memory). Rows with a problem are left as they are."""
    filled = Filled()
    by_key: dict[str, list[int]] = {}
    for at, keys in sheet.keys.items():
        for key in dict.fromkeys(keys):
            by_key.setdefault(key, []).append(at)
    taken: dict[int, str] = {}
    for grade in grades:
        rows = _rows(grade, by_key, sheet, table, filled)
        for at in rows:
            if at in taken:
                filled.problems.append(
                    problem(
                        table.path, sheet.rows[at].line, grade.id,
                        f"a second result for this row (the first is {taken[at]})",
                        "one result a row: move the folder of one of the two out of the reports, with its line in "
                        "grades.csv",
                    )
                )  # fmt: skip
                continue
            taken[at] = grade.id
            _one(table, sheet, at, grade, asked, zone, filled)
    for (found, allowed), places in filled.doubts.items():
        (line, id), *more = sorted(places)
        who = f"{id} and {len(more)} more" if more else id
        filled.problems.append(problem(table.path, line, who, found, allowed))
    without = [row.line for at, row in enumerate(sheet.rows) if at in sheet.keys and at not in taken]
    if without:
        shown = ", ".join(map(str, without[:8])) + (", …" if len(without) > 8 else "")
        filled.remarks.append(f"{len(without)} rows without a result are left as they are (lines {shown})")
    return filled


def _rows(grade: Grade, by_key: dict[str, list[int]], sheet: Sheet, table: Table, filled: Filled) -> list[int]:
    """The rows that a grade goes to: one, or those of all members of a group."""
    members = [at for at, group in sheet.groups.items() if group and group == grade.origin.name]
    if members and not grade.rows:
        return members
    found: list[int] = []
    if sheet.shared and not grade.rows and grade.origin.key in by_key:
        return by_key[grade.origin.key]
    for key in grade.rows or grade.origin.members or ((grade.origin.key,) if grade.origin.key else ()):
        rows = by_key.get(key, [])
        if len(rows) == 1 or (rows and sheet.shared):
            found += rows
            continue
        at = sheet.rows[rows[0]].line if rows else 0
        what = f'the id "{key}" in {len(rows)} rows' if rows else f'no row with the id "{key}"'
        advice = "one row for each id: is it this assignment's table, downloaded for all students and groups?"
        filled.problems.append(problem(table.path, at, grade.id, what, f"{advice} (or say which with --ids)"))
    if not found and not grade.rows and not grade.origin.key and not grade.origin.members:
        what = "no id of the LMS for this result"
        filled.problems.append(problem(table.path, 0, grade.id, what, "say which rows it goes to with --ids"))
    return list(dict.fromkeys(found))


def _one(table: Table, sheet: Sheet, at: int, grade: Grade, asked: Asked, zone: str, filled: Filled) -> None:
    row = sheet.rows[at]
    doubts = [*_doubts(sheet, at, grade, asked, zone)]
    text = ""
    if grade.total is not None:
        most = sheet.most.get(at)
        total = grade.total * most / grade.most if asked.scale and most is not None and grade.most else grade.total
        text = number_text(total, "," if _comma(table, sheet) else ".")
        there = row[sheet.grade].strip()
        if there and there not in ("-", "–") and amount(there) != amount(text) and not asked.overwrite:
            what = f"the grade {there} there already, and {text} to put in its place"
            doubts.append((what, "an empty cell or the same grade, or --overwrite to replace it"))
    for doubt in doubts:
        filled.doubts.setdefault(doubt, []).append((row.line, grade.id))
    if doubts:
        return
    try:
        table.set(row, sheet.grade, text)
        _comment(table, sheet, row, grade, filled)
    except TableError as error:
        filled.problems.append(str(error))
        return
    filled.rows += 1


def _doubts(sheet: Sheet, at: int, grade: Grade, asked: Asked, zone: str) -> list[tuple[str, str]]:
    """Pairs of what was found and what is allowed."""
    doubts = []
    most = sheet.most.get(at)
    if at in sheet.locked:
        doubts.append((sheet.locked[at], "a row that can be changed: unlock it in the LMS and download the table anew"))
    if grade.total is None:
        doubts.append(
            ("no total: it could not be graded", "a number: enter the total in grades.csv, or grade it again")
        )
        return doubts
    if most is not None and not asked.scale and abs(most - grade.most) > 1e-9:
        points, there = number_text(grade.most), number_text(most)
        doubts.append(
            (
                f"at most {there} points there, and {points} in grading.yml",
                f"the same on both sides: set the LMS's maximum to {points}, or --scale to convert",
            )
        )
    limit = grade.most if asked.scale or most is None else most
    if not 0 <= grade.total <= limit:
        doubts.append((f"the total {number_text(grade.total)}", f"0 to {number_text(limit)}: correct it in grades.csv"))
    name = sheet.names.get(at, "")
    team = sheet.groups.get(at) == grade.origin.name
    if name and grade.origin.name and not grade.rows and not team and not _same(name, grade.origin.name):
        doubts.append(
            (
                f'the name "{name}" in the row of id {grade.origin.key}, and "{grade.origin.name}" in the download',
                "the same person: is it a group's id (then say whose with --ids), or another assignment's table?",
            )
        )
    changed = sheet.changed.get(at)
    if changed is not None and grade.origin.submitted is not None and _later(changed, grade.origin.submitted, zone):
        doubts.append(
            (
                "a hand-in newer than the one that was graded",
                f'the one that was graded: download again and run autograder grade … --regrade "{grade.id}"',
            )
        )
    return doubts


def _comment(table: Table, sheet: Sheet, row: Row, grade: Grade, filled: Filled) -> None:
    if sheet.comment is None:
        return
    there = row[sheet.comment]
    if there.strip() and MARK not in there:
        filled.remarks.append(f"{table.path}:{row.line}: {grade.id}: has a comment by a person, which stays")
        return
    said = f"{MARK} {grade.summary}"
    if sheet.whole_feedback:
        said = f"{said}\n\n{grade.text}"
        text = f"<pre>{html.escape(said)}</pre>" if sheet.html else said
    else:
        text = f"<p>{html.escape(said)}</p>" if sheet.html else said
    if table.encoding == "latin-1" and sheet.html:
        text = text.encode("latin-1", "xmlcharrefreplace").decode("latin-1")
    table.set(row, sheet.comment, text)
    if sheet.comment_format is not None:
        table.set(row, *sheet.comment_format)


def _same(name: str, other: str) -> bool:
    """Whether two names may be one person's. For a doubt, never for a match."""
    return "".join(filter(str.isalnum, name)).casefold() == "".join(filter(str.isalnum, other)).casefold()


def _later(changed: datetime, graded: datetime, zone: str) -> bool:
    aware = changed if changed.tzinfo else changed.replace(tzinfo=ZoneInfo(zone))
    return (aware - graded).total_seconds() >= 60  # tables round to the minute


def _comma(table: Table, sheet: Sheet) -> bool:
    """Whether the file's numbers have a decimal comma, as those of a European spreadsheet do."""
    cells = [cell for row in sheet.rows for cell in row.values]
    return any(re.fullmatch(r"\d+,\d+", cell) for cell in cells) and not any(
        re.fullmatch(r"\d+\.\d+", cell) for cell in cells
    )


def amount(text: str) -> float | None:
    """The number in a cell, with a point or a comma; None where it holds none."""
    match = re.fullmatch(r"\s*(-?\d+)(?:[.,](\d+))?\s*", text)
    return float(f"{match[1]}.{match[2] or 0}") if match else None


def number_text(value: float, mark: str = ".") -> str:
    """A grade as it goes into a cell: two decimals at most, which is what LMSs keep."""
    return (f"{value:.2f}".rstrip("0").rstrip(".") or "0").replace(".", mark)


def csv_text(rows: Sequence[Sequence[str]], mark: str = "") -> str:
    """A table made from nothing."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    return mark + lines.getvalue()
