"""From the reports folder back to the LMS: the table of grades filled in, the zip of feedback made.

The folder is the only source. ``OUT/ID/results.json`` knows the LMS's id of each hand-in, ``OUT/ID/feedback.txt`` is
what the student reads (or feedback.html, unless a person has changed the text since), and the total comes from
``OUT/grades.csv``, because that is where a person corrects one. Which cell and which file name is the LMS's business
(:mod:`autograder.lms`); here is what is the same for all: reading, refusing, writing whole or not at all, and an
archive that is equal for equal reports.

``--ids FILE`` is for when the LMS's downloads and tables have no id in common (Brightspace), or a group's members
stand in no file. Where the file does not exist it is *written*, with proposals where just one row has the name of the
hand-in, and nothing else is done: a name is a hint to a person and never the ground of a grade.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from autograder.lms import named
from autograder.lms.base import Grade, Lms, LmsError, Sheet, problem
from autograder.lms.fill import Asked, Filled, amount, csv_text, fill, number_text
from autograder.lms.table import Table, load
from autograder.model import Course, Origin
from autograder.report import gradebook as book
from autograder.report.page import says_the_same
from autograder.review import settle

_PLAINLY = Asked()
_MADE = ".gradebook"  # in OUT: that a table was made, for LMSs where it has to go up first


def grades_table(
    out: Path,
    lms: str,
    course: Course,
    to: Path,
    export: Path | None = None,
    column: str = "",
    ids: Path | None = None,
    asked: Asked = _PLAINLY,
) -> list[str]:
    """``autograder gradebook``: writes the table, returns remarks. Raises ``LmsError`` with all that is wrong."""
    system, grades, assignment = _read(out, lms)
    _refuse_over(to, export)
    remarks = _to_look_at(grades)
    title = course.assignments[assignment].title if assignment in course.assignments else assignment
    where = str(to)
    if export is None:
        text = system.blank(grades)
        if text is None:
            raise LmsError(
                f"found no --from for {system.title}\n  allowed: --from with a table that {system.title} exported: "
                "one made from nothing would not have its ids"
            )
        content, count = text.encode(), sum(one.total is not None for one in grades)
        remarks += [f"{one.id}: not in the table, having no total" for one in grades if one.total is None]
    else:
        table = load(export)
        sheet = system.sheet(table, column, title)
        if ids is not None:
            grades = _with_ids(grades, ids, table, sheet)
        filled = fill(table, sheet, grades, asked, course.timezone)
        _refuse(filled, asked)
        content, count = table.bytes(), filled.rows
        remarks += filled.remarks
        where += f', column "{_header(table, sheet)}"'
    _write(to, content)
    _write(out / _MADE, system.name.encode())
    return [f"{count} rows have a grade of the {len(grades)} results, in {where}", *remarks, *system.hints("grades")]


def feedback_zip(out: Path, lms: str, to: Path, beside: Path | None = None, *, alone: bool = False) -> list[str]:
    """``autograder feedback``: writes the zip, returns remarks. ``beside`` is the filled table, for an LMS that takes
    both in one; ``alone`` is the TA's word that no table is to go before."""
    system, grades, _ = _read(out, lms)
    if system.name == "moodle" and not alone and not (out / _MADE).exists():
        raise LmsError(
            f"{out}: found no worksheet made from these reports yet; allowed: autograder gradebook first, and its "
            "worksheet uploaded before this zip (feedback files change the dates of grades, and Moodle then skips the "
            "worksheet's rows in silence), or --alone where no worksheet is to come"
        )
    entries = dict(system.feedback([one for one in grades if one.origin.place or system.name == "plain"]))
    if beside is not None:
        name = system.table_in_zip(grades)
        if not name:
            raise LmsError(f"--with: found {beside}; allowed: nothing, {system.title} takes no table in this zip")
        entries[name] = _bytes(beside)
    if not entries:
        raise LmsError(f"{out}: found no hand-in that feedback could go back to; allowed: reports of a download")
    without = [one.id for one in grades if not one.origin.place and system.name != "plain"]
    remarks = [f"no file for {id}: nothing was handed in" for id in without]
    _write(to, archive(entries))
    return [f"{len(entries)} files are in {to}", *_to_look_at(grades), *remarks, *system.hints("feedback")]


def archive(entries: dict[str, bytes]) -> bytes:
    """A zip of the entries in order, the same bytes for the same entries: no dates, no owner."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            zipped.writestr(info, entries[name])
    return content.getvalue()


# --- the reports ---------------------------------------------------------------------------------------------------


def _read(out: Path, lms: str) -> tuple[Lms, list[Grade], str]:
    """The LMS, what there is of each submission, in order of id, and the assignment's name."""
    settle(out)
    table = book.load(out / "grades.csv", ())
    reports: dict[str, Any] = {}
    for path in sorted(out.glob("*/results.json")):
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
            report["extra_data"]["assignment"], book.row(report)
        except (ValueError, KeyError, TypeError):
            continue  # not one of ours
        reports[path.parent.name] = report
    if not reports:
        raise LmsError(f"{out}: found no results; allowed: the OUT of autograder grade")
    origins = {id: _origin(id, report) for id, report in reports.items()}
    system = named(lms or _only_one(out, origins))
    grades = []
    for id, report in reports.items():
        origin = origins[id]
        if system.name == "plain":
            origin = replace(origin, lms="plain", key=id)
        elif origin.lms != system.name:
            what = f"a hand-in from {named(origin.lms).title}"
            raise LmsError(problem(out / id / "results.json", 0, "", what, f"--lms {origin.lms}"))
        grades.append(_grade(out, id, report, origin, table))
    _refuse_twins(out, grades)
    return system, grades, next(iter(reports.values()))["extra_data"]["assignment"]


def _only_one(out: Path, origins: dict[str, Origin]) -> str:
    names = {origin.lms for origin in origins.values()}
    if len(names) > 1:
        raise LmsError(f"{out}: found hand-ins from {' and '.join(sorted(names))}; allowed: --lms with one of them")
    return names.pop()


def _origin(id: str, report: dict[str, Any]) -> Origin:
    about = report["extra_data"].get("lms")
    if about is None:
        return Origin("plain", id)
    when = about["submitted"]
    return Origin(
        about["name"], about["id"], about["student"], about["place"], tuple(about["members"]),
        None if when is None else datetime.fromisoformat(when), about["late"],
    )  # fmt: skip


def _grade(out: Path, id: str, report: dict[str, Any], origin: Origin, table: book.Gradebook) -> Grade:
    row = table.rows.get(id) or book.row(report)
    total, most = amount(row.get("total", "")), sum(test["max_score"] for test in report["tests"])
    if total is None and row.get("total", "").strip():
        found = f'the total "{row["total"]}"'
        raise LmsError(problem(out / "grades.csv", 0, id, found, f"a number from 0 to {number_text(most)}, or nothing"))
    late = report["extra_data"].get("late")
    summary = "not graded yet" if total is None else f"{number_text(total)} of {number_text(most)} points"
    if late is not None and late["days"]:
        summary += f", {late['days']} day{'s'[: late['days'] != 1]} late (-{number_text(late['percent'])} %)"
    feedback = out / id / "feedback.txt"
    text = feedback.read_text(encoding="utf-8") if feedback.exists() else ""
    page = out / id / "feedback.html"
    same = page.exists() and says_the_same(page, text)
    status = report["extra_data"]["status"]
    return Grade(id, origin, total, float(most), status, text, summary, page=page if same else None)


def _refuse_twins(out: Path, grades: Sequence[Grade]) -> None:
    first: dict[str, str] = {}
    for one in grades:
        if one.origin.key and first.setdefault(one.origin.key, one.id) != one.id:
            what = f'the id "{one.origin.key}" twice, in "{first[one.origin.key]}" and "{one.id}"'
            raise LmsError(
                problem(out, 0, "", what, "one result each: remove the older folder and its row in grades.csv")
            )


def _to_look_at(grades: Sequence[Grade]) -> list[str]:
    waiting = [one.id for one in grades if one.status == "review"]
    return [f"still to be looked at by a person (autograder review): {', '.join(waiting)}"] if waiting else []


# --- ids -----------------------------------------------------------------------------------------------------------


def _with_ids(grades: list[Grade], path: Path, table: Table, sheet: Sheet) -> list[Grade]:
    """The grades with the rows that a person gave them. Without the file it is written, and the command ends."""
    if not path.exists():
        _write(path, _proposals(grades, sheet).encode())
        raise LmsError(
            f"{path}: found no such file; it has been written now, with a proposal where just one row has the name\n"
            f"  what to do: look through it, complete the column row (a key of {table.path}; a line more for each "
            "further member of a group), and run the command again"
        )
    given = load(path)
    header = [cell.strip() for cell in given.rows[0].values] if given.rows else []
    if header[:2] != ["id", "row"]:
        raise LmsError(problem(path, 1, "", f"the columns {', '.join(header) or '(none)'}", "id, row, and more"))
    rows: dict[str, list[str]] = {}
    problems = []
    known = {one.id for one in grades}
    for row in given.rows[1:]:
        if row and row[0].strip() not in known:
            problems.append(problem(path, row.line, "", f'the id "{row[0]}"', "an id of grades.csv"))
        elif row and row[1].strip():
            rows.setdefault(row[0].strip(), []).append(row[1].strip())
    if problems:
        raise LmsError("\n".join(problems))
    return [replace(one, rows=tuple(rows.get(one.id, ()))) for one in grades]


def _proposals(grades: Sequence[Grade], sheet: Sheet) -> str:
    by_name: dict[str, list[str]] = {}
    for at, keys in sheet.keys.items():
        by_name.setdefault(_letters(sheet.names.get(at, "")), []).append(keys[0])
    lines = [["id", "row", "name"]]
    for one in grades:
        same = by_name.get(_letters(one.origin.name), []) if one.origin.name else []
        lines.append([one.id, same[0] if len(same) == 1 else "", one.origin.name])
    return csv_text(lines)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


# --- writing -------------------------------------------------------------------------------------------------------


def _refuse(filled: Filled, asked: Asked) -> None:
    if not filled.problems:
        return
    if not asked.partial:
        more = f"{len(filled.problems)} problems, so that nothing was written; --partial leaves these rows as they are"
        raise LmsError("\n".join([*filled.problems, more]))
    filled.remarks[:0] = [f"left as it is: {one}" for one in filled.problems]


def _refuse_over(to: Path, export: Path | None) -> None:
    if export is not None and to.resolve() == export.resolve():
        raise LmsError(f"-o: found {to}, the table itself; allowed: another file, so that the LMS's own stays")


def _header(table: Table, sheet: Sheet) -> str:
    top = max(
        (at for at, row in enumerate(table.rows) if sheet.rows and row.line < sheet.rows[0].line and row), default=0
    )
    return table.rows[top][sheet.grade].strip()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LmsError(f"{path}: found no readable file ({error.strerror}); allowed: the filled table") from None


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        raise LmsError(f"{path}: can't be written ({error.strerror})") from None
    finally:
        beside.unlink(missing_ok=True)
