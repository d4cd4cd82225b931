"""grades.csv: its form, and that no grading loses what an earlier one or a person put there."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.model import Outcome, Result, Status, Verdict
from autograder.report import gradescope
from autograder.report.gradebook import Gradebook, GradebookError, column, load, row

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_row_of_a_result(mixed: Result) -> None:
    assert row(gradescope.results(mixed)) == {
        "every_text": "3",
        "whole": "0",
        "joined": "1",
        "one_lock": "0",
        "total": "4",
        "max": "7.5",
        "status": "graded",
    }


def test_what_was_not_decided_is_empty(verdict: Callable[..., Verdict]) -> None:
    verdicts = (verdict("a"), verdict("b", 2, Outcome.INCONCLUSIVE), verdict("c", 2, Outcome.ERROR))
    report = gradescope.results(Result("x", "pool_fib", verdicts, Status.REVIEW))
    assert row(report) == {"a": "2", "b": "", "c": "", "total": "2", "max": "6", "status": "review"}
    report = gradescope.results(Result("x", "pool_fib", verdicts, Status.BROKEN))
    assert row(report)["total"] == ""


def test_the_file(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    book = load(path, ["a", "total"])
    book.add("chen", {"a": "1", "check total": "2", "total": "3", "max": "3", "status": "graded"})
    book.add('Müller, "J"', {"a": "0", "check total": "", "total": "", "max": "3", "status": "broken"})
    book.write(path)
    assert path.read_bytes().decode() == (
        'id,a,check total,total,max,status\n"Müller, ""J""",0,,,3,broken\nchen,1,2,3,3,graded\n'
    )
    assert load(path, ["a", "total"]) == book


def test_earlier_rows_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    # A byte order mark, CRLF, a total changed by hand, columns added by hand, a check that is no longer in the course.
    path.write_bytes(
        "\ufeffid,old,a,total,max,status,comment\r\nbauer,1,2,99,5,graded,well done\r\nchen,,1,1,5,graded,\r\n".encode()
    )
    book = load(path, ["a", "b"])
    book.add("chen", {"a": "2", "b": "3", "total": "5", "max": "5", "status": "graded"})
    book.write(path)
    assert path.read_text(encoding="utf-8") == (
        "id,a,b,old,total,max,status,comment\nbauer,2,,1,99,5,graded,well done\nchen,2,3,,5,5,graded,\n"
    )
    book = load(path, ["a", "b"])
    book.add("bauer", {"a": "0", "b": "3", "total": "3", "max": "5", "status": "graded"})
    assert book.text().splitlines()[1] == "bauer,0,3,,3,5,graded,well done"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "found the columns (none)"),
        ("id;a;total;max;status\n", "found the columns id;a;total;max;status"),
        ("name,grade\nbauer,1\n", "found the columns name, grade"),
        ("id,a,total,max\n", "found the columns id, a, total, max"),
        ("id,a,a,total,max,status\n", "found the columns id, a, a, total"),
        ("id,a,total,max,status\nbauer,1,1,1,graded\nbauer,2,2,2,graded\n", "row 3: found an id twice"),
        ("id,a,total,max,status\n,1,1,1,graded\n", "row 2: found no id"),
        ("id,a,total,max,status\nbauer,1,1,1,graded,x\n", "row 2: found more cells than columns"),
        ('id,a,total,max,status\n"bauer,1', "this is no table of grades"),
    ],
)
def test_what_is_not_our_table_is_refused(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "grades.csv"
    path.write_text(text)
    with pytest.raises(GradebookError) as error:
        load(path, ["a"])
    assert str(error.value).startswith(str(path))
    assert found in str(error.value)
    assert "allowed: " in str(error.value)
    path.write_bytes(b"id,a\xff")
    with pytest.raises(GradebookError):
        load(path, ["a"])


@pytest.mark.parametrize("id", ["=1+1", "+1", "-1", "@x", "'x", "'=1"])
def test_no_id_is_a_formula(tmp_path: Path, id: str) -> None:
    path = tmp_path / "grades.csv"
    book = load(path, ["a"])
    book.add(id, {"a": "1", "total": "1", "max": "1", "status": "graded"})
    book.write(path)
    assert rows(path)[0]["id"] == f"'{id}"
    assert list(load(path, ["a"]).rows) == [id]


@UNHURRIED
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.text("0123456789.")))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, scores: dict[str, str]) -> None:
    path = tmp_path_factory.mktemp("out") / "grades.csv"
    book = Gradebook(["a"])
    for id, score in scores.items():
        book.add(id, {"a": score, "total": score, "max": "1", "status": "graded"})
    book.write(path)
    assert load(path, ["a"]) == book


def test_columns_of_checks_differ_from_the_fixed_ones() -> None:
    assert [column(name) for name in ("id", "max", "speed")] == ["check id", "check max", "speed"]


def test_the_order_of_adding_does_not_show(mixed: Result) -> None:
    one, other = Gradebook(["whole"]), Gradebook(["whole"])
    cells = row(gradescope.results(replace(mixed)))
    for id in ("a", "b"):
        one.add(id, cells)
    for id in ("b", "a"):
        other.add(id, cells)
    assert one.text() == other.text()
