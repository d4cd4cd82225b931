"""grades.csv: a row a submission, sorted by id.

Columns: ``id``, one a check with its score, ``total``, ``max``, ``status`` (graded, review or broken). Where the
course has a due date and the LMS gave a time, ``late`` (days begun) and ``earned`` (the points before the late policy)
stand in front of the total, which is what counts; where a person has decided (`autograder review`), so does
``override``, in words. What was not decided is an empty cell, not a 0: a check that the grader could not decide, and
the total of a submission that could not be graded. UTF-8, comma, ``\\n``, two lines for two rows even where an id holds
a quote.

**What was already graded is never lost.** A row of an earlier grading stays as it is unless its submission is graded
again, also where a person has changed it since. Columns that a person has added stay too, with their values: those
after ``status`` stay after it, those between the checks (or of a check that the course has dropped) stand after the
course's own checks. A file that is not such a table, or not of these columns, is refused rather than replaced.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula. Ids made by ``intake`` never
begin so; an id from elsewhere gets an apostrophe in front, which spreadsheets read as "this is text" and which is
taken off again when the file is read. Scores are plain numbers, and nothing else here comes from a submission.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.report.text import one_line, points, write_whole

FIXED = ("id", "total", "max", "status")
OPTIONAL = ("late", "earned", "override")
"""Columns that a table has only where some row has a value for them."""

Row = dict[str, str]


class GradebookError(Exception):
    """A grades.csv that can't be carried on: says which, what was found and what is allowed."""


@dataclass(slots=True)
class Gradebook:
    """The table of one assignment. ``checks`` are the columns between id and total, ``more`` those after status."""

    checks: list[str]
    more: list[str] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)

    def add(self, id: str, row: Row) -> None:
        """Puts in the row of a submission that was graded now; the values in the columns of a person stay."""
        before = self.rows.get(id, {})
        self.rows[id] = {column: before[column] for column in self.more if column in before} | row

    def text(self) -> str:
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        there = {column for row in self.rows.values() for column in OPTIONAL if row.get(column)}
        if there & {"late", "earned"}:
            there |= {"late", "earned"}
        optional = (column for column in OPTIONAL if column in there)
        columns = (*self.checks, *optional, "total", "max", "status", *self.more)
        writer.writerow(["id", *columns])
        for id in sorted(self.rows):
            row = self.rows[id]
            cells = (row.get(column, "") for column in columns)
            writer.writerow([_guarded(id), *cells])
        return lines.getvalue()

    def write(self, path: Path) -> str:
        """Returns the SHA-256 of the file."""
        return write_whole(path, self.text())


def row(results: Mapping[str, Any]) -> Row:
    """The row of one submission, told from its results.json (``gradescope.results``)."""
    tests = results["tests"]
    decided = {"passed", "failed"}
    cells = {
        column(test["extra_data"]["check"]): points(test["score"])
        if test["extra_data"]["outcome"] in decided or "given" in test["extra_data"]
        else ""
        for test in tests
    }
    status = results["extra_data"]["status"]
    late = results["extra_data"].get("late")
    if late is not None:
        cells |= {"late": str(late["days"]), "earned": "" if status == "broken" else points(late["earned"])}
    if (override := results["extra_data"].get("override")) is not None:
        cells["override"] = in_words(override)
    return cells | {
        "total": "" if status == "broken" else points(results["score"]),
        "max": points(sum(test["max_score"] for test in tests)),
        "status": status,
    }


def in_words(override: Mapping[str, Any]) -> str:
    """What a person decided, on one line; never begins as a formula does."""
    if override["score"] is not None:
        what = f"points set to {points(override['score'])}"
    elif override["checks"]:
        what = "points given: " + ", ".join(f"{check} {points(value)}" for check, value in override["checks"].items())
    else:
        what = "seen, the points stand"
    by = f" by {override['by']}" if override["by"] else ""
    return f"{what}{by}: {one_line(override['reason'], 400)}"


def column(check: str) -> str:
    """The column of a check: its name, made different from the columns that every table has."""
    return f"check {check}" if check in (*FIXED, *OPTIONAL) else check


def load(path: Path, checks: Iterable[str]) -> Gradebook:
    """The table in ``path``, or an empty one where there is none, with a column for each of ``checks``."""
    columns = [column(check) for check in checks]
    if not path.exists():
        return Gradebook(columns)
    try:
        # Excel puts a byte order mark in front.
        lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise GradebookError(f"{path}: this is no table of grades ({error})\n  allowed: {_ALLOWED}") from None
    header = lines[0] if lines else []
    places = [header.index(name) if header.count(name) == 1 else -1 for name in FIXED]
    id, total, most, status = places
    if id != 0 or not 0 < total < most < status or len(set(header)) != len(header):
        raise GradebookError(f"{path}: found the columns {', '.join(header) or '(none)'}\n  allowed: {_ALLOWED}")
    book = Gradebook(
        columns
        + [
            name
            for name in [*header[1:total], *header[total + 1 : status]]
            if name not in {*columns, *FIXED, *OPTIONAL}
        ],
        header[status + 1 :],
    )
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cells):
            continue
        cells += [""] * (len(header) - len(cells))
        name = _unguarded(cells[0])
        if len(cells) > len(header) or not name or name in book.rows:
            what = "more cells than columns" if len(cells) > len(header) else "an id twice" if name else "no id"
            raise GradebookError(f"{path}, row {number}: found {what}\n  allowed: {_ALLOWED}")
        book.rows[name] = dict(zip(header[1:], cells[1:], strict=True))
    return book


_ALLOWED = (
    "a table of this command, with the columns id, the checks, total, max, status, and one row an id "
    "(mend it, move it away, or choose another folder)"
)


def _guarded(id: str) -> str:
    return f"'{id}" if id[:1] in {"=", "+", "-", "@", "\t", "\r", "'"} else id


def _unguarded(cell: str) -> str:
    return cell.removeprefix("'")
