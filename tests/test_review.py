"""The review queue: what waits, and decisions that outlive whatever comes after them. The judge is a stand-in."""

from __future__ import annotations

import csv
import importlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from autograder import cli, overrides, review
from autograder.batch import journal, reports
from autograder.batch.grading import grade_class
from autograder.intake import find_submissions
from autograder.model import (
    Assignment,
    CheckPolicy,
    Finding,
    Lane,
    Lateness,
    Origin,
    Outcome,
    Override,
    Picture,
    Result,
    Speedups,
    Status,
    Stroke,
    Submission,
    Verdict,
    Visibility,
)
from autograder.overrides import Decision, OverridesError
from autograder.report import gradebook, gradescope
from autograder.report.feedback import feedback
from autograder.report.text import write_whole
from autograder.review import Asked, ReviewError

ASSIGNMENT = Assignment(
    "pool_fib",
    "Pools",
    "pool_fib.py",
    Path("assignments/pool_fib"),
    (CheckPolicy("right", 3, Visibility.VISIBLE), CheckPolicy("fast", 2, Visibility.HIDDEN)),
)
NOW = datetime(2026, 12, 7, 10, tzinfo=UTC)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "batch"))
    return importlib.import_module("fake_graders")


@pytest.fixture
def grade(tmp_path: Path, fake: ModuleType) -> Callable[..., Path]:
    """Grades files of these contents into a folder, which is returned."""

    def graded(*, again: bool = False, **contents: str) -> Path:
        for name, content in contents.items():
            (tmp_path / "class" / name).mkdir(parents=True, exist_ok=True)
            (tmp_path / "class" / name / ASSIGNMENT.file).write_text(content)
        found = find_submissions(tmp_path / "class", ASSIGNMENT.file, tmp_path)
        grade_class(found, ASSIGNMENT, tmp_path / "out", grade=fake.by_content, again=again)
        return tmp_path / "out"

    return graded


def table(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def report(out: Path, id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / id / "results.json").read_text())
    return found


def everything(out: Path) -> dict[str, bytes]:
    hidden = {journal.NAME, overrides.NAME}
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in hidden
    }


def run(*args: object) -> int:
    with pytest.raises(SystemExit) as exited:
        cli.main([str(arg) for arg in args])
    assert isinstance(exited.value.code, int)
    return exited.value.code


# The queue ------------------------------------------------------------------------------------------------------------


def test_what_waits(grade: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    out = grade(a="right", b="raise", c="right fast")
    assert run("review", out) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{out}: 1 to be looked at\n\nb   – of 5 points   broken\n")
    assert "the grader failed: ZeroDivisionError" in said
    assert str(out / "b" / "feedback.html") in said
    review.decide(out, "b", Asked(score="4", reason="By hand.", by="Ada"), NOW)
    assert run("review", out) == 0
    assert capsys.readouterr().out == f"{out}: nothing to be looked at, 1 decided\n"
    assert run("review", out, "--all") == 0
    assert "→ points set to 4 by Ada: By hand." in capsys.readouterr().out


def test_one_in_full(grade: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    out = grade(a="right")
    assert run("review", out, "a") == 0
    said = capsys.readouterr().out
    assert "Points      3 of 5" in said
    assert f"File        {out / 'a' / 'pool_fib.py'}" in said
    assert "  fast\n    ✗ It is fast. (0/2)\n        It does not." in said  # hidden ones too
    assert (out / "a" / "pool_fib.py").read_text() == "right"


# Decisions ------------------------------------------------------------------------------------------------------------


def test_a_score(grade: Callable[..., Path]) -> None:
    out = grade(a="right", b="right fast")
    assert review.decide(out, "a", Asked(score="4.5", reason="Nearly.", by="Ada"), NOW) == "a: 4.5 of 5 points, graded"
    row = table(out)["a"]
    assert (row["total"], row["status"], row["override"]) == ("4.5", "graded", "points set to 4.5 by Ada: Nearly.")
    assert table(out)["b"]["override"] == ""
    found = report(out, "a")
    jsonschema.validate(found, json.loads(gradescope.SCHEMA.read_text()))
    assert found["score"] == 4.5
    assert found["extra_data"]["override"] == {"reason": "Nearly.", "by": "Ada", "score": 4.5, "checks": {}}
    for name in ("feedback.txt", "feedback.html"):
        text = (out / "a" / name).read_text()
        assert "Ada has looked at this submission and has set its points: Nearly." in text
        assert "fast" not in text  # the check is hidden, as before
    assert "points set to 4.5 by Ada: Nearly." in (out / "summary.html").read_text()


def test_points_for_checks(grade: Callable[..., Path]) -> None:
    out = grade(a="")
    review.decide(out, "a", Asked(checks=("right=2.5", "fast=1"), reason="A typo."), NOW)
    row = table(out)["a"]
    assert (row["right"], row["fast"], row["total"]) == ("2.5", "1", "3.5")
    tests = report(out, "a")["tests"]
    assert [(test["score"], test["status"], test["extra_data"]["outcome"]) for test in tests] == [
        (2.5, "failed", "failed"),  # what the program did is no matter of opinion
        (1, "failed", "failed"),
    ]
    text = (out / "a" / "feedback.txt").read_text()
    assert "Points      2.5 of 3 for the checks shown here" in text
    assert "✗ It is right. (2.5/3, set by a person)" in text
    assert "set by a person" in (out / "a" / "feedback.html").read_text()


def test_seen_and_the_points_stand(grade: Callable[..., Path]) -> None:
    out = grade(a="right")
    review.decide(out, "a", Asked(stands=True, reason="Fine."), NOW)
    assert table(out)["a"]["override"] == "seen, the points stand: Fine."
    assert (
        "A person has looked at this submission; its points stand as they are: Fine."
        in (out / "a" / "feedback.txt").read_text()
    )


def test_a_withdrawal_leaves_no_trace_in_the_reports(grade: Callable[..., Path]) -> None:
    out = grade(a="right", b="fast")
    before = everything(out)
    review.decide(out, "a", Asked(score="1", reason="No."), NOW)
    review.decide(out, "a", Asked(score="2", reason="Yes."), NOW)
    assert table(out)["a"]["total"] == "2"
    assert everything(out) != before
    review.decide(out, "a", Asked(withdraw=True, by="Ada", reason="Wrong student."), NOW)
    assert everything(out) == before
    said = review.told(out, "a")
    assert "2026-12-07T10:00:00Z  1 points, No." in said
    assert "2026-12-07T10:00:00Z  withdrawn by Ada Wrong student." in said


def test_a_decision_outlives_grading(grade: Callable[..., Path], fake: ModuleType) -> None:
    out = grade(a="right", b="fast")
    review.decide(out, "a", Asked(score="4", reason="Nearly."), NOW)
    decided = everything(out)
    grade()
    assert everything(out) == decided
    grade(again=True)
    assert everything(out) == decided
    for name in everything(out):
        (out / name).unlink()
    (out / journal.NAME).unlink()
    grade()
    assert everything(out) == decided


def test_nothing_is_graded_again_for_a_decision(grade: Callable[..., Path], tmp_path: Path) -> None:
    out = grade(a="patient right")
    review.decide(out, "a", Asked(score="4", reason="Nearly."), NOW)
    grade()
    assert (tmp_path / "class" / "a" / "attempts").read_text() == "x"


def test_another_file_asks_again(grade: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    out = grade(a="right")
    review.decide(out, "a", Asked(score="4", reason="Nearly.", by="Ada"), NOW)
    grade(a="right, really")
    row = table(out)["a"]
    assert (row["total"], row["status"]) == ("3", "review")
    reason = "another file has been handed in since a person decided (Ada: 4 points, Nearly.): decide again"
    assert report(out, "a")["extra_data"]["reviews"] == [reason]
    assert "A person will look at this submission" in (out / "a" / "feedback.txt").read_text()
    assert run("review", out, "a") == 0
    assert "[asks again, see above]" in capsys.readouterr().out
    grade(a="right")  # the old file after all
    assert table(out)["a"]["total"] == "4"
    grade(a="fast")
    review.decide(out, "a", Asked(stands=True, reason="Seen."), NOW)
    assert (table(out)["a"]["total"], table(out)["a"]["status"]) == ("2", "graded")


def result(**changes: Any) -> Result:
    verdicts = (
        Verdict(ASSIGNMENT.checks[0], "", Outcome.PASSED),
        Verdict(ASSIGNMENT.checks[1], "", Outcome.FAILED, Finding("race", "Why.")),
    )
    return replace(Result("a", "pool_fib", verdicts, Status.REVIEW, ("asyncio",)), **changes)


def decision(override: Override, **changes: Any) -> Decision:
    return replace(Decision("a", "", "content", override, 3.0, ("asyncio",)), **changes)


SCORE, CHECKS, STANDS = Override("x", score=4), Override("x", checks=(("fast", 2),)), Override("x")
CHEAPER = (Verdict(CheckPolicy("fast", 1, Visibility.VISIBLE), "", Outcome.FAILED),)


@pytest.mark.parametrize(
    ("override", "found", "content", "why"),
    [
        (SCORE, result(), "other", "another file has been handed in since"),
        (SCORE, result(verdicts=CHEAPER), "content", "the whole is worth 1 points since"),
        (CHECKS, result(verdicts=CHEAPER), "content", "the check fast is worth 1 points since"),
        (CHECKS, result(verdicts=()), "content", "the check fast is gone since"),
        (CHECKS, result(status=Status.BROKEN), "content", "the submission can't be graded any more since"),
        (STANDS, result(verdicts=CHEAPER), "content", "the points are 0 and were 3 since"),
        (STANDS, result(reviews=("asyncio", "ctypes")), "content", "there is a new reason to look since"),
        (SCORE, result(status=Status.BROKEN), "content", ""),
        (SCORE, result(reviews=("ctypes",)), "content", ""),
        (CHECKS, result(reviews=("ctypes",)), "content", ""),
        (STANDS, result(reviews=()), "content", ""),
    ],
)
def test_when_a_person_is_asked_again(override: Override, found: Result, content: str, why: str) -> None:
    decided = overrides.apply(found, content, decision(override))
    if why:
        assert decided.reviews[-1].startswith(f"{why} a person decided (")
        assert decided.status is (Status.BROKEN if found.status is Status.BROKEN else Status.REVIEW)
        assert (decided.override, decided.score) == (None, found.score)
    else:
        assert decided.override == override
        assert decided.status is Status.GRADED


def test_the_late_policy_and_a_decision() -> None:
    late = Lateness(NOW, datetime(2026, 12, 6, 9, tzinfo=UTC), 1, 10)
    late_one = result(lateness=late)
    assert overrides.apply(late_one, "content", decision(CHECKS)).score == 4.5  # 5 less 10 %
    scored = overrides.apply(late_one, "content", decision(SCORE))
    assert scored.score == 4
    assert "are those that a person has set." in " ".join(feedback(scored).split())
    assert gradebook.row(gradescope.results(scored))["earned"] == "3"


def test_an_undecided_check_that_a_person_has_seen() -> None:
    verdicts = (Verdict(ASSIGNMENT.checks[0], "", Outcome.INCONCLUSIVE), result().verdicts[1])
    found = result(verdicts=verdicts)
    assert "a person will look at it" in feedback(found)
    seen = overrides.apply(found, "content", decision(Override("x", checks=(("right", 2),))))
    assert "a person has looked at it" in feedback(seen)
    assert "will look" not in feedback(seen)
    row = gradebook.row(gradescope.results(seen))
    assert (row["right"], row["total"]) == ("2", "2")


# What goes back -------------------------------------------------------------------------------------------------------


def test_gradebook_and_feedback_take_the_decision(
    grade: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])
    out = grade(a="right", b="raise")
    # Written down, and killed before any report showed it.
    content = journal.sha256_of(out / "a" / "pool_fib.py")
    overrides.add(out, Decision("a", "2026-12-07T10:00:00Z", content, Override("Nearly.", score=4), 3.0))
    assert run("gradebook", out, "--lms", "plain", "-o", tmp_path / "up.csv") == 0
    assert "a,4\n" in (tmp_path / "up.csv").read_text()
    assert run("feedback", out, "--lms", "plain", "-o", tmp_path / "back.zip") == 0
    with zipfile.ZipFile(tmp_path / "back.zip") as zipped:
        text = b"".join(zipped.read(name) for name in zipped.namelist() if "a/" in name).decode()
    assert "has set its points: Nearly." in text


class Killed(BaseException):
    """Stands for a kill: nothing catches it."""


@pytest.mark.parametrize("moment", range(5))  # three reports, the table, the summary
def test_killed_while_the_reports_are_written(
    grade: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    out = grade(a="right", b="fast")
    asked = Asked(score="4", reason="Nearly.")
    review.decide(out, "a", asked, NOW)
    whole = everything(out)
    review.decide(out, "a", Asked(withdraw=True), NOW)
    left = moment

    def dying(path: Path, text: str | bytes) -> str:
        nonlocal left
        if not left:
            raise Killed
        left -= 1
        return write_whole(path, text)

    with monkeypatch.context() as patch:
        for module in (reports, gradebook, review):
            patch.setattr(module, "write_whole", dying)
        with pytest.raises(Killed):
            review.decide(out, "a", asked, NOW)
    grade()
    assert everything(out) == whole


# The log --------------------------------------------------------------------------------------------------------------


def test_a_torn_line_is_no_decision_and_spoils_none(grade: Callable[..., Path]) -> None:
    out = grade(a="right")
    review.decide(out, "a", Asked(score="4", reason="Nearly."), NOW)
    whole = (out / overrides.NAME).read_bytes()
    (out / overrides.NAME).write_bytes(whole + whole[:-1])
    assert len(overrides.load(out).by_id["a"]) == 1
    review.decide(out, "a", Asked(score="2", reason="No."), NOW)
    assert [one.override and one.override.score for one in overrides.load(out).by_id["a"]] == [4, 2]


@pytest.mark.parametrize(
    "line", ["no JSON", "[]", '{"id": "a"}', '{"id": "a", "when": "", "content": "", "decision": 7}']
)
def test_a_damaged_line_is_not_passed_over(grade: Callable[..., Path], line: str) -> None:
    out = grade(a="right")
    review.decide(out, "a", Asked(score="4", reason="Nearly."), NOW)
    (out / overrides.NAME).write_text(f"{line}\n" + (out / overrides.NAME).read_text())
    with pytest.raises(OverridesError, match=r"overrides\.jsonl:1: found "):
        review.settle(out)
    assert run("review", out) == 2


def test_the_log_outlives_everything(tmp_path: Path) -> None:
    given = [
        Decision("a", "now", "c", Override("Why?\n\ud800", "Ada", 2.5), None, ("x",)),
        Decision("b", "now", "c", Override("Why", checks=(("f", 1), ("g", 0.5))), 3),
        Decision("a", "now", "c", None, why="No.", by="Ada"),
    ]
    for one in given:
        overrides.add(tmp_path, one)
    log = overrides.load(tmp_path)
    assert [*log.by_id["a"], *log.by_id["b"]] == [given[0], given[2], given[1]]
    assert log.latest("a") is None
    assert log.latest("b") == given[1]


def test_a_grading_that_is_at_work_is_waited_for(grade: Callable[..., Path]) -> None:
    out = grade(a="right")
    with journal.Journal(out), pytest.raises(ReviewError, match="a grading that writes into this folder"):
        review.decide(out, "a", Asked(score="4", reason="Nearly."), NOW)
    assert not (out / overrides.NAME).exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nobody"], 'found no submission "nobody"; allowed: a'),
        (["a", "--score", "6", "--reason", "x"], '--score: found "6"; allowed: a number from 0 to 5'),
        (["a", "--score", "nan", "--reason", "x"], '--score: found "nan"; allowed'),
        (["a", "--score", "-1", "--reason", "x"], '--score: found "-1"; allowed'),
        (["a", "--score", "4"], "--reason: found nothing; allowed"),
        (["a", "--reason", "x"], "found a reason, but no decision; allowed: one of --score"),
        (["a", "--score", "4", "--stands", "--reason", "x"], "found --score and --stands; allowed: one of"),
        (["a", "--check", "slow=1", "--reason", "x"], '--check: found "slow=1"; allowed: NAME=POINTS, where NAME is'),
        (["a", "--check", "right", "--reason", "x"], '--check: found "right"; allowed'),
        (["a", "--check", "right=4", "--reason", "x"], '--check right: found "4"; allowed: a number from 0 to 3'),
        (["a", "--check", "right=1", "--check", "right=2", "--reason", "x"], "found right twice"),
        (["a", "--withdraw"], "found no decision about a; allowed"),
        (["a", "--stands", "--reason", "x" * 2001], "found 2001 characters; allowed: at most 2000"),
        (["b", "--stands", "--reason", "x"], "could not be graded, so that it has no points; allowed: --score"),
        (["--score", "4", "--reason", "x"], "a decision is about one submission"),
    ],
)
def test_what_is_refused(
    grade: Callable[..., Path], capsys: pytest.CaptureFixture[str], args: list[str], message: str
) -> None:
    out = grade(a="right", b="raise")
    before = everything(out)
    capsys.readouterr()
    assert run("review", out, *args) == 2
    assert message in capsys.readouterr().err
    assert everything(out) == before
    assert not (out / overrides.NAME).exists()


def test_no_such_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("review", tmp_path / "none") == 2
    assert "found no such folder; allowed: the OUT of autograder grade" in capsys.readouterr().err


def test_a_submission_of_another_version(grade: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    out = grade(a="right")
    (out / "a" / reports.EVIDENCE).write_text("{}")
    assert run("review", out, "a") == 2
    assert "--regrade a" in capsys.readouterr().err


# The evidence ---------------------------------------------------------------------------------------------------------


def keep(out: Path, found: Result, submission: Submission) -> None:
    (out / submission.id).mkdir()
    texts = reports.texts(found, submission, ASSIGNMENT, reports.source_of(submission.path))
    reports.write(out, submission, ASSIGNMENT.file, texts, None)


def test_evidence_is_the_result_to_the_last_bit(tmp_path: Path) -> None:
    picture = Picture("steps", 6.5, (Lane("main", "main", 0, 6),), (Stroke(0, 1, 2, "hold", "l"),), ((3, 7),))
    speedups = Speedups(((1, 1.0), (4, None)), 2.5, 2, "cores")
    finding = Finding("race", "Why.", (1, 2), "lanes", "schedule", (3,), picture, speedups)
    drawn = Verdict(ASSIGNMENT.checks[0], "Title.", Outcome.FAILED, finding, "scope", (picture,))
    origin = Origin("moodle", "17", "Ada \udc80", members=("1", "2"), submitted=NOW)
    late = Lateness(NOW, NOW, 0, 0)
    whole = result(verdicts=(drawn,), origin=origin, lateness=late, reviews=("\ud800",), layers=("seccomp",))
    keep(tmp_path, whole, Submission("a", None, "Nothing."))
    found = reports.evidence(tmp_path / "a")
    assert found == reports.Evidence(whole, "pool_fib.py", "nothing: Nothing.")


def test_a_notebook_is_kept_as_the_python_that_was_judged(tmp_path: Path) -> None:
    book = {"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "source": "x = 1"}]}
    (tmp_path / "pool_fib.ipynb").write_text(json.dumps(book))
    submission = Submission("a", tmp_path / "pool_fib.ipynb")
    keep(tmp_path, result(), submission)
    assert "x = 1" in (tmp_path / "a" / "pool_fib.py").read_text()
    assert "cell_type" not in (tmp_path / "a" / "feedback.html").read_text()


def test_a_file_that_is_gone_is_not_kept(grade: Callable[..., Path], tmp_path: Path) -> None:
    out = grade(a="right", b="right")
    (tmp_path / "class" / "a" / "pool_fib.py").unlink()
    (tmp_path / "class" / "a" / "notes.txt").touch()
    grade()
    assert not (out / "a" / "pool_fib.py").exists()
    assert (out / "b" / "pool_fib.py").exists()
