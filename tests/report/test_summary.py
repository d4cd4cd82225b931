"""summary.html: what the class looks like to those who teach it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.model import Finding, Lateness, Outcome, Result, Status, Verdict, Visibility
from autograder.report import gradebook, gradescope
from autograder.report.gradebook import Gradebook
from autograder.report.summary import EXAMPLES, summary_page
from tests.report.html import Page

HOSTILE = "<script>alert(1)</script>\"'\x1b\u202e{{ 7*1913 }}"


@pytest.fixture
def book() -> Gradebook:
    return Gradebook(["alone", "fast", "secret"])


@pytest.fixture
def add(tmp_path: Path, book: Gradebook, verdict: Callable[..., Verdict]) -> Callable[..., None]:
    """Grades one more: the checks named in ``failed`` are not passed."""

    def one(id: str, *failed: str, kind: str = "race", **changes: object) -> None:
        verdicts = tuple(
            verdict(
                name,
                2,
                Outcome.FAILED if name in failed else Outcome.PASSED,
                Visibility.HIDDEN if name == "secret" else Visibility.VISIBLE,
                Finding(kind, "why") if name in failed else None,
            )
            for name in ("alone", "fast", "secret")
        )
        result = replace(Result(id, "pool_fib", verdicts, Status.GRADED), **changes)
        report = gradescope.results(result)
        (tmp_path / id).mkdir()
        (tmp_path / id / "results.json").write_text(gradescope.dumps(report))
        book.add(id, gradebook.row(report))

    return one


def rows(page: Page) -> str:
    return re.sub(r"\s+", " ", page.text)


def test_an_ordinary_class(tmp_path: Path, book: Gradebook, add: Callable[..., None]) -> None:
    add("aaltonen")
    add("bauer", "fast")
    add("chen", "fast", "secret")
    add("diaz", "fast", kind="deadlock")
    text = summary_page(tmp_path, "pool_fib", book)
    page, said = Page(text), rows(Page(text))
    assert "submissions 4" in said
    assert "points on average 4.0" in said
    assert "with all points 1" in said
    assert said.index("The check fast holds. 2 3 of 4") < said.index("The check secret holds. hidden 2 1 of 4")
    assert "The check alone holds. 2 0 of 4" in said
    assert "race The check fast holds. 2 bauer, chen" in said
    assert "deadlock The check fast holds. 1 diaz" in said
    assert "60 to under 70 % 2" in said
    assert {"aaltonen/feedback.html", "chen/feedback.html"} <= {about["href"] for about in page.all("a")}
    assert text == summary_page(tmp_path, "pool_fib", book)


def test_what_a_person_must_look_at(tmp_path: Path, book: Gradebook, add: Callable[..., None]) -> None:
    add("bauer", status=Status.REVIEW, reviews=("uses asyncio", "two reasons"))
    add("chen")
    add("diaz", status=Status.BROKEN, reviews=("the grader failed",))
    said = rows(Page(summary_page(tmp_path, "pool_fib", book)))
    assert "bauer review uses asynciotwo reasons" in said
    assert "diaz broken the grader failed" in said
    assert "could not be graded 1" in said
    assert "– of 6" in said


def test_late(tmp_path: Path, book: Gradebook, add: Callable[..., None]) -> None:
    due = datetime(2026, 12, 1, 12, tzinfo=UTC)
    for id, days in (("bauer", 1), ("chen", 2), ("diaz", 0)):
        add(id, lateness=Lateness(due.replace(day=1 + days), due, days, 10.0 * days))
    said = rows(Page(summary_page(tmp_path, "pool_fib", book)))
    assert "late 2" in said
    assert said.index("chen 2 2026-12-03 12:00 (UTC+0000) 20 % 6 4.8") < said.index(
        "bauer 1 2026-12-02 12:00 (UTC+0000) 10 %"
    )


def test_what_could_not_be_checked_counts_in_no_rate(tmp_path: Path, book: Gradebook, add: Callable[..., None]) -> None:
    add("bauer", "alone", "fast", "secret", problem="A syntax error.")
    add("chen")
    said = rows(Page(summary_page(tmp_path, "pool_fib", book)))
    assert "A syntax error. 1 bauer" in said
    assert "The check fast holds. 2 0 of 1" in said
    assert "race" not in said


def test_a_person_s_changes_in_the_table_count(tmp_path: Path, book: Gradebook, add: Callable[..., None]) -> None:
    add("bauer", "fast")
    book.rows["bauer"]["total"] = "6"
    assert "bauer 6 of 6 graded" in rows(Page(summary_page(tmp_path, "pool_fib", book)))
    book.rows["bauer"]["total"] = "see me"
    assert "bauer see me of 6 graded" in rows(Page(summary_page(tmp_path, "pool_fib", book)))


def test_examples_are_few(tmp_path: Path, book: Gradebook, add: Callable[..., None]) -> None:
    for number in range(30):
        add(f"s{number:02}", "fast")
    said = rows(Page(summary_page(tmp_path, "pool_fib", book)))
    assert f"race The check fast holds. 30 {', '.join(f's{number:02}' for number in range(EXAMPLES))} " in said


def test_nobody_has_handed_in(tmp_path: Path, book: Gradebook) -> None:
    assert "submissions 0" in rows(Page(summary_page(tmp_path, "pool_fib", book)))


def test_other_files_in_the_folder_are_no_results(tmp_path: Path, book: Gradebook, add: Callable[..., None]) -> None:
    add("bauer")
    for name, text in (("x", "{"), ("y", "[]"), ("z", '{"extra_data": {"assignment": "other"}}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_text(text)
    assert "submissions 1" in rows(Page(summary_page(tmp_path, "pool_fib", book)))


def test_results_of_an_earlier_version_have_no_kind(tmp_path: Path, book: Gradebook, add: Callable[..., None]) -> None:
    add("bauer", "fast")
    path = tmp_path / "bauer" / "results.json"
    report = json.loads(path.read_text())
    for test in report["tests"]:
        del test["extra_data"]["finding"]
    path.write_text(json.dumps(report))
    assert "not passed The check fast holds. 1 bauer" in rows(Page(summary_page(tmp_path, "pool_fib", book)))


def test_hostile_names_are_only_text(tmp_path: Path, book: Gradebook, add: Callable[..., None]) -> None:
    id = 'javascript:alert("1")<b>'
    add(id, "fast", kind=HOSTILE, status=Status.REVIEW, reviews=(HOSTILE,))
    add("bauer", "fast", problem=HOSTILE)
    text = summary_page(tmp_path, "pool_fib", book)
    page = Page(text)
    assert not page.tags & {"script", "b", "img"}
    assert all(re.fullmatch(r"(#main|[\w%.]+/feedback\.html)", about["href"]) for about in page.all("a"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "13391" not in page.text
