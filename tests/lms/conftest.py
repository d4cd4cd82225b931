"""Downloads made by the rules of each LMS, a course, and reports made by hand: nothing here is judged."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from autograder.batch.executor import with_origin
from autograder.intake import Intake
from autograder.late import with_lateness
from autograder.lms.collect import Wanted, collect
from autograder.model import (
    Assignment,
    CheckPolicy,
    Course,
    Deadline,
    LatePolicy,
    Limits,
    Machine,
    Outcome,
    Result,
    Status,
    Submission,
    Verdict,
    Visibility,
)
from autograder.report import gradebook, gradescope
from autograder.report.feedback import feedback
from autograder.report.page import feedback_page
from autograder.report.text import write_whole

FILE = "pool_fib.py"
CHECKS = tuple(CheckPolicy(name, points, Visibility.VISIBLE) for name, points in (("right", 13), ("fast", 8)))
ASSIGNMENT = Assignment("pool_fib", "Lab 3", FILE, Path("assignments/pool_fib"), CHECKS)

NOT_LATE = LatePolicy()

Zip = Callable[..., Path]
Read = Callable[..., Intake]


def course(zone: str = "Europe/Berlin", due: datetime | None = None, late: LatePolicy = NOT_LATE) -> Course:
    return Course(
        "A course",
        zone,
        Path(),
        Machine(),
        Limits(),
        8,
        late,
        {"pool_fib": ASSIGNMENT},
        {"pool_fib": Deadline(due, late)},
    )


def shared_lms(*names: str) -> Path:
    """The real exports. They belong to no checkout, so that they are looked for beside one; see their README."""
    places = [Path(os.environ["LMS_EXPORTS"])] if "LMS_EXPORTS" in os.environ else []
    places += [above / "shared" / "lms" for above in Path(__file__).resolve().parents]
    for place in places:
        if place.joinpath(*names).exists():
            return place.joinpath(*names)
    pytest.skip(f"no real exports here: ../shared/lms/{'/'.join(names)} (or set LMS_EXPORTS to their folder)")


@pytest.fixture
def download(tmp_path: Path) -> Zip:
    """Makes a zip of names and contents."""

    def make(entries: dict[str, str | bytes], name: str = "download.zip") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as zipped:
            for entry, content in entries.items():
                zipped.writestr(entry, content)
        return path

    return make


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads PATHs as ``autograder grade`` does."""
    count = 0

    def look(*paths: Path, zone: str = "Europe/Berlin", **wanted: object) -> Intake:
        nonlocal count
        count += 1
        scratch = tmp_path / f"scratch{count}"
        scratch.mkdir()
        return collect(paths, FILE, scratch, None, zone, Wanted(**wanted))  # type: ignore[arg-type]

    return look


def contents(found: Intake) -> dict[str, str | None]:
    """What is graded of each submission: the content of its file, None where there is none."""
    return {one.id: one.path.read_text(encoding="utf-8") if one.path else None for one in found.submissions}


def keys(found: Intake) -> dict[str, str]:
    return {one.id: one.origin.key for one in found.submissions if one.origin}


def report(submission: Submission, points: Sequence[str] = ("right",), status: Status = Status.GRADED) -> Result:
    """A result as the judge would give it; of a submission without a file, no points."""
    verdicts = tuple(
        Verdict(
            check,
            f"It is {check.name}.",
            Outcome.PASSED if check.name in points and submission.path else Outcome.FAILED,
        )
        for check in CHECKS
    )
    return Result(submission.id, "pool_fib", verdicts, status, problem=submission.problem, notes=submission.notes)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def write_reports(out: Path, found: Intake, policy: Course | None = None, **points: Sequence[str]) -> Path:
    """The reports of submissions, as `batch.grading` writes them, without judging one. ``points`` are the checks that
    the hand-in of a key passes, after a ``_``; others pass the first."""
    submissions = with_lateness(found.submissions, (policy or course()).deadlines["pool_fib"])
    book = gradebook.load(out / "grades.csv", [check.name for check in CHECKS])
    for one in submissions:
        key = one.origin.key if one.origin else one.id
        result = with_origin(report(one, points.get(f"_{key}", ("right",))), one)
        written = gradescope.results(result, FILE)
        (out / one.id).mkdir(parents=True, exist_ok=True)
        write_whole(out / one.id / "results.json", gradescope.dumps(written))
        write_whole(out / one.id / "feedback.txt", feedback(result, FILE))
        book.add(one.id, gradebook.row(written))
    book.write(out / "grades.csv")
    return out


@pytest.fixture
def graded(out: Path) -> Callable[..., Path]:
    """`write_reports`, into a folder of the test's own."""

    def write(found: Intake, policy: Course | None = None, **points: Sequence[str]) -> Path:
        return write_reports(out, found, policy, **points)

    return write


def corrected(out: Path, id: str, total: str) -> None:
    """A person puts another total into grades.csv."""
    book = gradebook.load(out / "grades.csv", [])
    book.rows[id] = book.rows[id] | {"total": total}
    book.write(out / "grades.csv")


def without_origin(found: Intake) -> Intake:
    return Intake(tuple(replace(one, origin=None) for one in found.submissions), found.remarks)


@pytest.fixture
def with_page(out: Path) -> Callable[[str], str]:
    """Puts a feedback.html beside a feedback.txt, as made together with it, and returns it."""

    def write(id: str) -> str:
        result = Result(id, "pool_fib", (), Status.GRADED)
        write_whole(out / id / "feedback.txt", feedback(result, FILE))
        write_whole(out / id / "feedback.html", feedback_page(result, FILE))
        return feedback_page(result, FILE)

    return write
