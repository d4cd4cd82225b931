"""The commands from end to end: a TA's Monday, once with the judge and otherwise with a stand-in."""

from __future__ import annotations

import importlib
import json
import zipfile
from functools import partial
from pathlib import Path

import jsonschema
import pytest

from autograder import cli
from autograder.batch import grading
from autograder.report.gradescope import SCHEMA
from tests.lms.conftest import Zip

ROOT = Path(__file__).parents[2]
GRADING = """\
course:
  name: A course
  timezone: Europe/Berlin
late: {per_day_percent: 10, max_days: 3}
assignments:
  locked_printing:
    title: Lab 3
    file: locked_printing.py
    due: 2026-11-22T23:59
    checks:
"""
HEADER = "Identifier,Full name,Grade,Maximum grade,Last modified (submission),Last modified (grade),Feedback comments\n"


def run(*args: object) -> int:
    with pytest.raises(SystemExit) as exited:
        cli.main([str(arg) for arg in args])
    assert isinstance(exited.value.code, int)
    return exited.value.code


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one small assignment and a due date, and the current folder in it."""
    folder = tmp_path / "assignments" / "locked_printing"
    folder.mkdir(parents=True)
    (folder / "test_public.py").write_text('def test_right(submission):\n    """It is right."""\n')
    (tmp_path / "grading.yml").write_text(GRADING + "      right: {points: 10, visibility: visible}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def fake_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "batch"))
    fake = importlib.import_module("fake_graders")
    monkeypatch.setattr(grading, "grade_class", partial(grading.grade_class, grade=fake.by_content))


def moodle(**contents: str) -> dict[str, str]:
    return {f"{name.replace('_', ' ')[:-2]}_{name[-1]}_assignsubmission_file/locked_printing.py": text
            for name, text in contents.items()}  # fmt: skip


def worksheet(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


ADA = 'Participant 1,Ada,{},10.00,"Monday, 23 November 2026, 10:36 AM",-,{}'
BO = 'Participant 2,Bo,{},10.00,"Sunday, 22 November 2026, 11:59 PM",-,{}'


@pytest.mark.usefixtures("fake_workers")
def test_a_class_its_late_days_and_a_regrade(course: Path, download: Zip, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = worksheet(course / "w.csv", ADA.format("", ""), BO.format("", ""))
    path = download(moodle(Ada_1="right", Bo_2="wrong"))
    assert run("grade", "locked_printing", path, "-o", "out", "--roster", sheet, "-j", "2") == 0
    assert "recognised as a download from Moodle" in capsys.readouterr().err
    assert (course / "out" / "grades.csv").read_text() == (
        "id,right,late,earned,total,max,status\nAda_1,10,1,10,9,10,graded\nBo_2,0,0,0,0,10,graded\n"
    )
    before = (course / "out" / "Ada_1" / "results.json").read_bytes()
    # Bo may hand in again; only Bo is graded, and Ada's row and report stay.
    path = download(moodle(Ada_1="wrong", Bo_2="right"))
    assert run("grade", "locked_printing", path, "-o", "out", "--roster", sheet, "--regrade", "Bo_2") == 0
    assert (course / "out" / "grades.csv").read_text().splitlines()[1:] == [
        "Ada_1,10,1,10,9,10,graded",
        "Bo_2,10,0,10,10,10,graded",
    ]
    assert (course / "out" / "Ada_1" / "results.json").read_bytes() == before
    assert run("grade", "locked_printing", path, "-o", "new", "--roster", sheet, "--since", "2026-11-23T00:00") == 0
    assert [path.name for path in (course / "new").iterdir() if path.is_dir()] == ["Ada_1"]
    assert run("gradebook", "out", "--from", sheet, "-o", "up.csv") == 0
    assert capsys.readouterr().out.endswith('2 rows have a grade of the 2 results, in up.csv, column "Grade"\n')
    said = "<p>Autograder: {}</p>"
    ada = ADA.format("9", '"' + said.format("9 of 10 points, 1 day late (-10 %)") + '"')
    bo = BO.format("10", said.format("10 of 10 points"))
    assert (course / "up.csv").read_text(encoding="utf-8") == f"{HEADER}{ada}\n{bo}\n"
    assert run("feedback", "out", "-o", "up.zip") == 0


@pytest.mark.usefixtures("fake_workers")
def test_misuse_is_told_with_code_2(course: Path, download: Zip, capsys: pytest.CaptureFixture[str]) -> None:
    path = download(moodle(Ada_1="right"))
    assert run("grade", "locked_printing", path, "-o", "out") == 0
    capsys.readouterr()
    (course / "bad.csv").write_text('a,"b\n')
    cases: dict[tuple[str, ...], str] = {
        ("grade", "locked_printing", str(path), "-o", "x", "--lms", "ilias"): 'found the LMS "ilias"',
        ("grade", "locked_printing", str(path), "-o", "x", "--regrade", "Eve"): '--regrade: found "Eve"',
        ("grade", "locked_printing", str(path), "-o", "x", "--since", "noon"): '--since: found "noon"',
        (
            "grade",
            "locked_printing",
            str(path),
            "-o",
            "x",
            "--roster",
            "bad.csv",
        ): "bad.csv: found quotes that don't pair",
        ("gradebook", "nowhere", "-o", "up.csv"): "nowhere: found no such folder",
        ("gradebook", "assignments", "-o", "up.csv"): "assignments: found no results",
        ("gradebook", "out", "-o", "up.csv", "--lms", "canvas"): "found a hand-in from Moodle; allowed: --lms moodle",
        ("gradebook", "out", "-o", "up.csv", "--from", "none.csv"): "none.csv: found no readable file",
        ("feedback", "out", "-o", "up.zip"): "found no worksheet made from these reports yet",
        ("feedback", "out", "-o", "up.zip", "--alone", "--with", "bad.csv"): "Moodle takes no table in this zip",
        ("feedback", "out", "-o", "no/up.zip", "--alone"): "no/up.zip: can't be written",
    }
    for args, message in cases.items():
        assert run(*args) == 2, args
        printed = capsys.readouterr()
        assert message in printed.err
        assert "Traceback" not in printed.err
    assert not (course / "x").exists()
    assert not list(course.glob("up.*"))


@pytest.mark.usefixtures("fake_workers")
def test_two_results_of_one_student_are_refused(
    course: Path, download: Zip, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("Ada_1", "Ada_King_1"):  # a name that was changed in Moodle in between
        assert run("grade", "locked_printing", download(moodle(**{name: "right"})), "-o", "out") == 0
    assert run("gradebook", "out", "-o", "up.csv") == 2
    assert 'found the id "1" twice, in "Ada King_1" and "Ada_1"; allowed: one result each' in capsys.readouterr().err


def test_from_the_download_to_the_upload_with_the_judge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, download: Zip, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ROOT / "assignments" / "locked_printing"
    (tmp_path / "assignments").mkdir()
    (tmp_path / "assignments" / "locked_printing").symlink_to(source)
    checks = (ROOT / "grading.yml").read_text().partition("  locked_printing:")[2].partition("checks:\n")[2]
    (tmp_path / "grading.yml").write_text(GRADING + checks.partition("\n\n")[0] + "\n")
    monkeypatch.chdir(tmp_path)
    path = download(moodle(Ada_1=(source / "solution.py").read_text(), Bo_2="import threading\n"))
    sheet = worksheet(tmp_path / "w.csv", *(row.format("", "").replace("10.00", "20.00") for row in (ADA, BO)))
    assert run("grade", "locked_printing", path, "-o", "one", "--roster", sheet, "-j", "2") == 0
    assert run("grade", "locked_printing", path, "-o", "two", "--roster", sheet, "--regrade", "Bo_2") == 0
    for name in ("results.json", "feedback.txt", "feedback.html"):
        assert (tmp_path / "one" / "Bo_2" / name).read_bytes() == (tmp_path / "two" / "Bo_2" / name).read_bytes()
    report = json.loads((tmp_path / "one" / "Ada_1" / "results.json").read_text())
    jsonschema.validate(report, json.loads(SCHEMA.read_text()))
    assert report["score"] == 18
    assert report["extra_data"]["lms"]["id"] == "1"
    assert run("gradebook", "one", "--from", sheet, "-o", "up.csv") == 0
    grades = [line.split(",")[2] for line in (tmp_path / "up.csv").read_text().splitlines()]
    assert grades == ["Grade", "18", "0"]
    assert run("feedback", "one", "-o", "up.zip") == 0
    with zipfile.ZipFile(tmp_path / "up.zip") as zipped:
        page = zipped.read("Ada_1_assignsubmission_file/feedback.html").decode()
    assert page == (tmp_path / "one" / "Ada_1" / "feedback.html").read_text()
    assert "18 of 20 (earned 20, less for being late)" in page
