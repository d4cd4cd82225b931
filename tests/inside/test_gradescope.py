"""A hand-in in a Gradescope-style container, laid out in a temporary folder: every way ends in a good results.json."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from autograder.build.bundle import only
from autograder.build.gradescope import build_gradescope
from autograder.config import describe, load_course
from autograder.inside import gradescope, hand_in
from autograder.inside.gradescope import Told, read_metadata
from autograder.model import Course, Result, Status, Submission
from autograder.report.gradescope import SCHEMA

COURSE = Path(__file__).parents[2]
ZONE = ZoneInfo("America/New_York")
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
METADATA: dict[str, Any] = {
    "id": 123456,
    "created_at": "2026-12-08T10:00:00.000000-05:00",
    "assignment": {"due_date": "2026-12-08T12:00:00-05:00", "total_points": "20.0", "group_size": None},
    "submission_method": "upload",
    "users": [{"email": "zoe@example.edu", "id": 7, "name": "Zoë Ng"}],
    "previous_submissions": [{"submission_time": "2026-12-07T10:00:00-05:00", "score": 0.0, "results": {}}],
}


@pytest.fixture
def metadata(tmp_path: Path) -> Path:
    return tmp_path / "submission_metadata.json"


def told(metadata: Path, content: Any) -> Told:
    metadata.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_metadata(metadata, ZONE)


def test_metadata(metadata: Path) -> None:
    found = told(metadata, METADATA)
    assert found == Told(
        "123456",
        ("Zoë Ng",),
        datetime(2026, 12, 8, 10, tzinfo=ZONE),
        datetime(2026, 12, 8, 12, tzinfo=ZONE),
        2,
    )


def test_an_extension_counts_and_in_a_group_the_latest(metadata: Path) -> None:
    users = [
        {"name": "a", "assignment": {"due_date": "2026-12-10T12:00:00-05:00"}},
        {"name": "b", "assignment": {"due_date": "2026-12-09T12:00:00-05:00"}},
    ]
    assert told(metadata, METADATA | {"users": users}).due == datetime(2026, 12, 10, 12, tzinfo=ZONE)


def test_a_time_without_an_offset_is_the_courses(metadata: Path) -> None:
    found = told(metadata, METADATA | {"created_at": "2026-07-01T10:00:00"})
    assert found.submitted is not None
    assert found.submitted.astimezone(UTC) == datetime(2026, 7, 1, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "truncated"),
        ("{", "truncated"),
        ("[]", "Expected `object`"),
        ('{"created_at": "soon"}', "created_at"),
        ('{"created_at": "2026-12-08T10:00:00Z", "users": 3}', "users"),
        ("{}", "does not say when"),
        ("[" * 100_000, "submission_metadata.json"),
    ],
)
def test_metadata_that_say_nothing(metadata: Path, content: str, reason: str) -> None:
    found = told(metadata, content)
    assert reason in found.problem
    assert found.submitted is None


def test_no_metadata_at_all(metadata: Path) -> None:
    assert "can't be read" in read_metadata(metadata, ZONE).problem


# --- grading ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(COURSE)


@pytest.fixture
def root(course: Course, tmp_path: Path) -> Path:
    """/autograder with warm_up in it, before anything is handed in."""
    assignment = course.assignments["warm_up"]
    inside = tmp_path / "autograder"
    tests = inside / "source" / "assignments" / "warm_up"
    tests.mkdir(parents=True)
    for name in ("test_public.py", "test_hidden.py"):
        shutil.copy(assignment.folder / name, tests)
    (inside / "source" / "grading.yml").write_text(describe(only(course, assignment)), encoding="utf-8")
    (inside / "submission").mkdir()
    (inside / "results").mkdir()
    (inside / "submission_metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")
    return inside


def graded(root: Path, *options: str) -> dict[str, Any]:
    assert gradescope.main([str(root), "--allow-degraded", *options]) == 0
    report = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    VALIDATOR.validate(report)
    return dict(report)


def put(root: Path, course: Course, name: str = "warm_up.py") -> None:
    shutil.copy(course.assignments["warm_up"].folder / "solution.py", root / "submission" / name)


def test_a_right_program(root: Path, course: Course) -> None:
    put(root, course)
    report = graded(root)
    assert report["score"] == sum(check.points for check in course.assignments["warm_up"].checks)
    assert {test["status"] for test in report["tests"]} == {"passed"}
    assert [test["extra_data"]["check"] for test in report["tests"]] == [
        check.name for check in course.assignments["warm_up"].checks
    ]
    assert report["extra_data"]["submission"] == "123456"
    assert report["extra_data"]["late"]["days"] == 0
    assert report["extra_data"]["lms"]["attempt"] == 2
    assert "leaderboard" not in report


def test_a_leaderboard_where_one_is_asked_for(root: Path, course: Course) -> None:
    put(root, course)
    report = graded(root, "--leaderboard")
    assert report["leaderboard"] == [{"name": "Points", "value": report["score"], "order": "desc"}]


def test_two_days_late_costs_what_grading_yml_says(root: Path, course: Course) -> None:
    put(root, course)
    late = METADATA | {"created_at": "2026-12-10T11:00:00-05:00"}
    (root / "submission_metadata.json").write_text(json.dumps(late), encoding="utf-8")
    report = graded(root)
    full = sum(check.points for check in course.assignments["warm_up"].checks)
    assert report["score"] == pytest.approx(full * 0.8)
    assert "2 days begun" in report["output"]


def test_unreadable_metadata_cost_nothing_and_ask_for_a_person(root: Path, course: Course) -> None:
    put(root, course)
    (root / "submission_metadata.json").write_text("{", encoding="utf-8")
    report = graded(root)
    assert report["score"] == sum(check.points for check in course.assignments["warm_up"].checks)
    assert report["extra_data"]["status"] == "review"
    assert any("nothing has been taken off" in reason for reason in report["extra_data"]["reviews"])


def test_a_file_of_another_name_is_graded(root: Path, course: Course) -> None:
    put(root, course, "main.py")
    report = graded(root)
    assert report["score"] > 0
    assert any('"main.py"' in note for note in report["extra_data"]["notes"])


def test_nothing_handed_in(root: Path) -> None:
    report = graded(root)
    assert report["score"] == 0
    assert "the folder is empty" in report["output"]


def test_a_fault_of_the_graders_own(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("no launcher")

    monkeypatch.setattr(hand_in.intake, "handed_in", fails)
    report = graded(root)
    assert report["extra_data"]["status"] == "broken"
    assert "RuntimeError: no launcher" in report["extra_data"]["reviews"]
    assert "no launcher" not in report["output"]  # the staff's business


def test_a_machine_that_cannot_keep_it_in_is_no_fault_of_the_student(
    root: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.sandbox import doctor

    def refuses(folders: object, *, degraded: bool) -> str:
        raise doctor.NotIsolated("without landlock")

    monkeypatch.setattr(doctor, "admit", refuses)
    put(root, course)
    report = graded(root)
    assert report["extra_data"]["status"] == "broken"
    assert any("without landlock" in reason for reason in report["extra_data"]["reviews"])


def test_a_judge_that_dies_is_tried_once_more(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    assignment, tried = course.assignments["warm_up"], []
    submission = Submission("1", Path("warm_up.py"))

    def dies(submissions: list[Submission], *rest: object) -> Any:
        tried.append(submissions)
        yield submissions[0], "killed by SIGSEGV"

    monkeypatch.setattr(hand_in.local, "judge_all", dies)
    result: Result = hand_in._by_a_worker(submission, assignment)
    assert len(tried) == 2
    assert result.status is Status.BROKEN
    assert "SIGSEGV" in result.reviews[0]


# --- run_autograder ---------------------------------------------------------------------------------------------------


@pytest.fixture
def laid_out(course: Course, tmp_path: Path) -> Path:
    """/autograder as the zip makes it, its interpreter still missing."""
    inside = tmp_path / "autograder"
    archive = build_gradescope(course, course.assignments["warm_up"], tmp_path / "z.zip", degraded=True)
    shutil.unpack_archive(archive, inside / "source")
    shutil.copy(inside / "source" / "run_autograder", inside / "run_autograder")
    (inside / "submission").mkdir()
    (inside / "submission_metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")
    return inside


def run(root: Path, **environment: str) -> dict[str, Any]:
    done = subprocess.run(
        ["bash", str(root / "run_autograder")],
        env=os.environ | {"AUTOGRADER_ROOT": str(root)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    VALIDATOR.validate(report)
    assert sorted(path.name for path in (root / "results").iterdir()) == ["results.json"]
    return dict(report)


def interpreter(root: Path, script: str) -> None:
    """What the script takes for the interpreter of the image."""
    (root / "venv" / "bin").mkdir(parents=True)
    program = root / "venv" / "bin" / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_the_script_without_an_interpreter(laid_out: Path) -> None:
    report = run(laid_out)
    assert report["score"] == 0
    assert "setup.sh did not come to its end" in report["extra_data"]["reviews"][0]
    assert "says nothing about your program" in report["output"]


def test_the_script_where_the_grader_ends_badly(laid_out: Path) -> None:
    interpreter(laid_out, "exit 3")
    assert "exit code 3" in run(laid_out)["extra_data"]["reviews"][0]


def test_the_script_where_the_grader_does_not_end(laid_out: Path) -> None:
    interpreter(laid_out, "exec tail -f /dev/null")
    assert "no end within 0.1 s" in run(laid_out, AUTOGRADER_TIMEOUT="0.1")["extra_data"]["reviews"][0]


def test_the_script_grades(laid_out: Path, course: Course) -> None:
    interpreter(laid_out, f'exec "{sys.executable}" "$@"')
    put(laid_out, course)
    report = run(laid_out)
    assert report["score"] == sum(check.points for check in course.assignments["warm_up"].checks)
    for secret in ("source", "results"):
        assert not (laid_out / secret).stat().st_mode & 0o077


def test_nothing_that_was_handed_in_is_imported_by_the_grader(laid_out: Path, course: Course) -> None:
    interpreter(laid_out, f'exec "{sys.executable}" "$@"')
    put(laid_out, course)
    for name in ("autograder.py", "msgspec.py", "sitecustomize.py"):
        (laid_out / "submission" / name).write_text("raise SystemExit(9)\n")
    assert run(laid_out)["score"] > 0
