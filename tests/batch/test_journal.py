"""A grading goes on where an earlier one ended: nothing is lost, nothing graded twice, and the bytes are the same."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from autograder.batch import journal, local
from autograder.batch.journal import NAME, Journal, content_key, key, policy_key
from autograder.batch.local import OutputError, grade_class
from autograder.intake import find_submissions
from autograder.model import Assignment, CheckPolicy, Lateness, Result, Status, Submission, Visibility

ROOT = Path(__file__).parents[2]
ASSIGNMENT = Assignment(
    "pool_fib",
    "Pools",
    "pool_fib.py",
    Path("assignments/pool_fib"),
    (CheckPolicy("right", 3, Visibility.VISIBLE), CheckPolicy("fast", 2, Visibility.HIDDEN)),
)
CLASS = {"a": "right", "b": "fast", "c": "right", "d": "right fast", "e": "segfault", "f": "raise"}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("fake_graders")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def hand_in(tmp_path: Path, **contents: str) -> list[Submission]:
    for name, content in contents.items():
        (tmp_path / "class" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "class" / name / ASSIGNMENT.file).write_text(content)
    return [one for one in find_submissions(tmp_path / "class", ASSIGNMENT.file, tmp_path) if one.id in contents]


def everything(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != NAME
    }


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids that are given to the judges."""
    ids: list[str] = []
    real = local.judge_all

    def spy(submissions: list[Submission], *rest: object) -> object:
        ids.extend(submission.id for submission in submissions)
        return real(submissions, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(local, "judge_all", spy)
    return ids


def test_the_same_command_again_grades_nothing(tmp_path: Path, out: Path, fake: ModuleType, judged: list[str]) -> None:
    submissions = hand_in(tmp_path, a="right", b="fast", c="")
    first = grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    before = everything(out)
    judged.clear()
    seen: list[Result] = []
    second = grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content, progress=seen.append)
    assert judged == []
    assert everything(out) == before
    assert [(one.submission, one.score, one.status) for one in second] == [
        (one.submission, one.score, one.status) for one in first
    ]
    assert [one.submission for one in seen] == ["a", "b", "c"]


def test_again_grades_all(tmp_path: Path, out: Path, fake: ModuleType, judged: list[str]) -> None:
    submissions = hand_in(tmp_path, a="right", b="fast")
    for _ in range(2):
        grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content, again=True)
    assert judged == ["a", "b", "a", "b"]


@pytest.mark.parametrize("what", ["file", "policy", "late", "report gone", "report changed", "journal gone"])
def test_what_has_changed_is_graded_anew(
    tmp_path: Path, out: Path, fake: ModuleType, judged: list[str], what: str
) -> None:
    submissions = hand_in(tmp_path, a="right", b="fast")
    grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    judged.clear()
    assignment, changed = ASSIGNMENT, ["b"]
    match what:
        case "file":
            submissions = hand_in(tmp_path, a="right", b="right fast")
        case "policy":
            assignment = replace(ASSIGNMENT, schedules=ASSIGNMENT.schedules + 1)
            changed = ["a", "b"]
        case "late":
            when = datetime(2026, 12, 8, tzinfo=UTC)
            submissions[1] = replace(submissions[1], lateness=Lateness(when, when, 0, 0.0))
        case "report gone":
            (out / "b" / "feedback.txt").unlink()
        case "report changed":
            (out / "b" / "results.json").write_text("{}")
        case "journal gone":
            (out / NAME).unlink()
            changed = ["a", "b"]
    grade_class(submissions, assignment, out, grade=fake.by_content)
    assert judged == changed


def test_a_test_that_was_mended_grades_all_anew(tmp_path: Path) -> None:
    (tmp_path / "test_hidden.py").write_text("1")
    assignment = replace(ASSIGNMENT, folder=tmp_path)
    before = policy_key(assignment)
    assert policy_key(assignment) == before
    (tmp_path / "test_hidden.py").write_text("2")
    assert policy_key(assignment) != before


def test_what_came_out_broken_is_tried_again(tmp_path: Path, out: Path, fake: ModuleType, judged: list[str]) -> None:
    submissions = hand_in(tmp_path, a="right", b="segfault")
    grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    judged.clear()
    (_, broken) = grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    assert judged == ["b", "b"]  # once, and once more alone
    assert broken.status is Status.BROKEN


def test_files_of_one_content_are_judged_once(tmp_path: Path, out: Path, fake: ModuleType, judged: list[str]) -> None:
    submissions = hand_in(tmp_path, a="right", b="fast", c="right", d="right")
    submissions[3] = replace(submissions[3], notes=("d's own",))
    results = grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    assert judged == ["a", "b"]
    assert [(one.submission, one.score) for one in results] == [("a", 3), ("b", 2), ("c", 3), ("d", 3)]
    assert results[3].notes == ("d's own",)
    alone = tmp_path / "alone"
    grade_class(submissions[2:3], ASSIGNMENT, alone, grade=fake.by_content)
    assert everything(alone)["c/results.json"] == everything(out)["c/results.json"]


def test_those_without_a_file_are_told_apart_by_the_reason() -> None:
    one, other = Submission("a", None, "none"), Submission("b", None, "a link")
    assert content_key(one) != content_key(other)
    assert content_key(one) == content_key(replace(one, id="c"))
    assert key(one, "", "") == key(replace(one, id="c"), "", "")  # ids are the journal's own column


def test_a_second_grading_at_the_same_time_is_refused(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    submissions = hand_in(tmp_path, a="right")
    out.mkdir()
    with Journal(out), pytest.raises(OutputError, match="another grading writes into this folder"):
        grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    assert everything(out) == {}


@pytest.mark.parametrize("torn", range(1, 12, 2))
def test_a_torn_line_is_none_and_spoils_none(out: Path, torn: int) -> None:
    out.mkdir()
    with Journal(out) as written:
        written.add("a", "key a", {})
        written.add("b", "key b", {})
    whole = (out / NAME).read_bytes()
    (out / NAME).write_bytes(whole[:-torn])
    with Journal(out) as read:
        assert read.has("a", "key a")
        assert read.has("b", "key b") == (torn == 1)  # only the line's end is missing
        read.add("c", "key c", {})
    with Journal(out) as read:
        assert read.has("a", "key a")
        assert read.has("c", "key c")


@pytest.mark.parametrize("line", [b"", b"\xff\xfe", b"00000000 {}", journal._checksum(b"[1]") + b" [1]"])
def test_lines_that_are_not_ours(out: Path, line: bytes) -> None:
    out.mkdir()
    (out / NAME).write_bytes(line + b"\n")
    with Journal(out) as read:
        assert read.entries == {}


# --- the end at any moment --------------------------------------------------------------------------------------------

GRADING = """
import os, sys
from pathlib import Path

sys.path[:0] = [{tests!r}, {root!r}]
import fake_graders
from autograder.batch import local
from test_journal import ASSIGNMENT, find_submissions

if __name__ == "__main__":
    left = int(sys.argv[3])

    def step():
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)

    def stepping(real):
        # A step before each call that leaves something behind on the disk, and one after it.
        def wrapped(*args, **options):
            step()
            result = real(*args, **options)
            step()
            return result
        return wrapped

    os.fsync = stepping(os.fsync)
    Path.replace = stepping(Path.replace)
    Path.mkdir = stepping(Path.mkdir)
    class_folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    submissions = find_submissions(class_folder, ASSIGNMENT.file, class_folder)
    local.grade_class(submissions, ASSIGNMENT, out, 2, grade=fake_graders.by_content)
    print("steps", 10**9 - left)
"""


@pytest.fixture
def grading(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`grade_class` in a process of its own that is killed at its n-th step on the file system."""
    script = tmp_path / "grading.py"
    script.write_text(GRADING.format(tests=str(Path(__file__).parent), root=str(ROOT)))
    hand_in(tmp_path, **CLASS)

    def run(out: Path, steps: int = 10**9) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(script), str(tmp_path / "class"), str(out), str(steps)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize("part", range(4))
def test_killed_at_any_moment_and_started_again(
    tmp_path: Path, grading: Callable[..., subprocess.CompletedProcess[str]], part: int
) -> None:
    whole = tmp_path / "whole"
    done = grading(whole)
    assert done.returncode == 0, done.stderr
    steps = int(done.stdout.split()[-1])
    assert steps > 60
    for moment in range(1 + part * 5, steps, 20):
        out = tmp_path / f"killed-{moment}"
        assert grading(out, moment).returncode == -9
        assert grading(out).returncode == 0
        assert everything(out) == everything(whole), moment
        shutil.rmtree(out)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="mounting a small disk needs root")
def test_a_full_disk(tmp_path: Path, fake: ModuleType) -> None:
    submissions = hand_in(tmp_path, **{f"s{number:02}": f"right {number}" for number in range(12)})
    whole, small = tmp_path / "whole", tmp_path / "small"
    grade_class(submissions, ASSIGNMENT, whole, grade=fake.by_content)
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", small], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        with pytest.raises(OutputError, match="No space left on device"):
            grade_class(submissions, ASSIGNMENT, small, grade=fake.by_content)
        done = len(list(small.glob("*/results.json")))
        assert 0 < done < 12
        subprocess.run(["mount", "-o", "remount,size=16m", small], check=True)
        grade_class(submissions, ASSIGNMENT, small, grade=fake.by_content)
        assert everything(small) == everything(whole)
    finally:
        subprocess.run(["umount", small], check=True)
