"""A grading goes on where an earlier one ended: nothing is lost, nothing graded twice, and the bytes are the same."""

from __future__ import annotations

import csv
import importlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograder.batch import grading, journal, local
from autograder.batch.executor import Group, Running, reports
from autograder.batch.grading import OutputError, grade_class
from autograder.batch.journal import NAME, Journal, content_key, key, policy_key
from autograder.intake import find_submissions
from autograder.model import Assignment, CheckPolicy, Lateness, Result, Status, Submission, Visibility

ASSIGNMENT = Assignment(
    "pool_fib",
    "Pools",
    "pool_fib.py",
    Path("assignments/pool_fib"),
    (CheckPolicy("right", 3, Visibility.VISIBLE), CheckPolicy("fast", 2, Visibility.HIDDEN)),
)


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


def table(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row.pop("id"): row for row in csv.DictReader(file)}


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids that are given to the judges."""
    ids: list[str] = []
    real = local.run_all

    def spy(groups: list[Group], *rest: object) -> object:
        ids.extend(group.id for group in groups)
        return real(groups, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(local, "run_all", spy)
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


class Here:
    """An executor without processes, so that a grading can be begun and ended hundreds of times."""

    def run(self, groups: Sequence[Group], assignment: Assignment, running: Running) -> Iterator[tuple[Group, Any]]:
        for group in groups:
            running([group.id])
            yield group, reports(fake_graders_by_content(group.submissions[0], assignment), group, assignment)
        running([])


def fake_graders_by_content(submission: Submission, assignment: Assignment) -> Result:
    fake = importlib.import_module("fake_graders")
    result: Result = fake.by_content(submission, assignment)
    return result


def killed_at(moment: int, submissions: list[Submission], out: Path) -> int:
    """Grades in a process that is killed before or after its n-th call that leaves something behind on the disk.
    Returns how many of these it came to (in its exit code: at most 255), or -9."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(_grade_counting(moment, submissions, out))
        finally:
            os._exit(255)
    status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status)


def _grade_counting(moment: int, submissions: list[Submission], out: Path) -> int:
    count = 0

    def stepping(real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            nonlocal count
            for call in (lambda: None, lambda: real(*args, **options)):
                result = call()
                count += 1
                if count == moment:
                    os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    for place, name in ((os, "fsync"), (os, "write"), (Path, "replace"), (Path, "mkdir")):
        setattr(place, name, stepping(getattr(place, name)))
    grade_class(submissions, ASSIGNMENT, out, executor=Here())
    return count


@pytest.mark.parametrize("part", range(4))
def test_killed_at_any_moment_and_started_again(tmp_path: Path, fake: ModuleType, part: int) -> None:
    submissions = hand_in(tmp_path, a="right", b="fast", c="right")
    whole = tmp_path / "whole"
    grade_class(submissions, ASSIGNMENT, tmp_path / "warm", executor=Here())  # what is only made once
    steps = killed_at(0, submissions, whole)
    assert 60 < steps < 255
    for moment in range(1 + part, steps + 1, 4):
        out = tmp_path / f"killed-{moment}"
        assert killed_at(moment, submissions, out) == -9
        assert killed_at(0, submissions, out) >= 0
        assert everything(out) == everything(whole), moment
        shutil.rmtree(out)


@pytest.mark.parametrize("part", range(4))
def test_killed_in_the_midst_of_regrading(tmp_path: Path, fake: ModuleType, part: int) -> None:
    """A row of the table that was there before is as new as the reports, wherever a second grading ended."""
    before = hand_in(tmp_path, a="right", b="fast", c="right fast")
    whole, graded = tmp_path / "whole", tmp_path / "graded"
    killed_at(0, before, graded)
    after = hand_in(tmp_path, a="fast", b="right", c="right fast right")
    grade_class(after, ASSIGNMENT, tmp_path / "warm", executor=Here())
    steps = killed_at(0, after, whole)
    for moment in range(1 + part, steps, 4):
        out = tmp_path / f"killed-{moment}"
        shutil.copytree(graded, out)
        killed_at(moment, after, out)
        assert killed_at(0, after, out) >= 0
        assert everything(out) == everything(whole), moment
        shutil.rmtree(out)


def test_a_row_of_a_large_class_that_was_not_written_any_more(
    tmp_path: Path, fake: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large class's table is not written after each: what the journal has and the table has not is mended, unless a
    person has changed the table in between."""
    monkeypatch.setattr(grading, "OFTEN", 0)
    out = tmp_path / "out"
    killed_at(0, hand_in(tmp_path, **dict.fromkeys("abc", "right"), **{f"z{n:03}": "" for n in range(200)}), out)
    edited = (out / "grades.csv").read_text().replace("c,3,0,3,", "c,3,0,4.5,")
    for text, total in (((out / "grades.csv").read_text(), "2"), (edited, "3")):
        (out / "grades.csv").write_text(text)
        changed = [one for one in hand_in(tmp_path, a="fast", b="right fast") if one.id == "a"]
        with Journal(out) as kept:
            kept.note(grading.TABLE, {"sha256": journal.sha256_of(out / "grades.csv")} if text != edited else {})
            key_of_a = key(changed[0], content_key(changed[0]), policy_key(ASSIGNMENT))
            (made,) = reports(fake.by_content(changed[0], ASSIGNMENT), Group((changed[0],)), ASSIGNMENT)
            written = {name: grading.write_whole(out / "a" / name, text) for name, text in made.items()}
            kept.add("a", key_of_a, written)  # and here it was killed
        grade_class(changed, ASSIGNMENT, out, executor=Here())
        assert table(out)["a"]["total"] == total
    assert table(out)["c"]["total"] == "4.5"


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
