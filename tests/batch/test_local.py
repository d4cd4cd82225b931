"""Grading a class: what is written, in which order, and that nothing one submission does costs another its grade."""

from __future__ import annotations

import csv
import importlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from types import ModuleType

import pytest

from autograder.batch import executor, local, reports
from autograder.batch.executor import Group, broken
from autograder.batch.grading import OutputError, grade_class
from autograder.batch.journal import NAME
from autograder.intake import find_submissions
from autograder.model import Assignment, CheckPolicy, Outcome, Result, Status, Submission, Visibility
from autograder.report.gradebook import GradebookError

ASSIGNMENT = Assignment(
    "pool_fib",
    "Pools",
    "pool_fib.py",
    Path("assignments/pool_fib"),
    (CheckPolicy("right", 3, Visibility.VISIBLE), CheckPolicy("fast", 2, Visibility.HIDDEN)),
)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The stand-ins, importable by the workers too: they are started with this process's sys.path."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("fake_graders")


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Ctrl-C as in a terminal: a shell that starts us in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


REPORTS = ("evidence.json", "feedback.html", "feedback.txt", "pool_fib.py", "results.json")


def hand_in(tmp_path: Path, **contents: str) -> list[Submission]:
    for name, content in contents.items():
        (tmp_path / "class" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "class" / name / ASSIGNMENT.file).write_text(content)
    found = find_submissions(tmp_path / "class", ASSIGNMENT.file, tmp_path)
    return [submission for submission in found if submission.id in contents]


def table(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row.pop("id"): row for row in csv.DictReader(file)}


def everything(out: Path) -> dict[str, bytes]:
    """All reports; the journal beside them is in the order in which they came."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != NAME
    }


def test_a_class(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    submissions = hand_in(tmp_path, chen="right fast", bauer="right", aaltonen="")
    (tmp_path / "class" / "diaz").mkdir()
    submissions.append(Submission("diaz", None, "no file was handed in"))
    seen: list[str] = []
    results = grade_class(
        submissions[::-1],
        ASSIGNMENT,
        out,
        grade=fake.by_content,
        progress=lambda result: seen.append(result.submission),
    )
    assert [result.submission for result in results] == ["aaltonen", "bauer", "chen", "diaz"]
    assert seen == ["diaz", "chen", "bauer", "aaltonen"]
    assert sorted(everything(out)) == [
        *(f"{id}/{name}" for id in ("aaltonen", "bauer", "chen") for name in REPORTS),
        *(f"diaz/{name}" for name in REPORTS if name != ASSIGNMENT.file),  # who handed in nothing
        "grades.csv",
        "summary.html",
    ]
    assert (out / "grades.csv").read_text() == (
        "id,right,fast,total,max,status\n"
        "aaltonen,0,0,0,5,graded\nbauer,3,0,3,5,graded\nchen,3,2,5,5,graded\ndiaz,0,0,0,5,graded\n"
    )
    assert json.loads((out / "bauer" / "results.json").read_text())["score"] == 3
    text = (out / "bauer" / "feedback.txt").read_text()
    assert "✓ It is right. (3/3)" in text
    assert "fast" not in text


def test_the_number_of_jobs_does_not_show(tmp_path: Path, fake: ModuleType) -> None:
    submissions = hand_in(tmp_path, a="right", b="fast", c="", d="right fast", e="raise")
    one = grade_class(submissions, ASSIGNMENT, tmp_path / "one", 1, grade=fake.by_content)
    four = grade_class(submissions, ASSIGNMENT, tmp_path / "four", 4, grade=fake.by_content)
    assert one == four
    assert everything(tmp_path / "one") == everything(tmp_path / "four")


def test_a_fault_of_the_grader_breaks_one_submission_only(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    submissions = hand_in(tmp_path, a="right", b="raise", c="right fast")
    results = grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    assert [result.status for result in results] == [Status.GRADED, Status.BROKEN, Status.GRADED]
    (reason,) = results[1].reviews
    assert reason.startswith("the grader failed: ZeroDivisionError: the grader's own (line ")
    assert reason.endswith(" of fake_graders)")
    assert str(tmp_path) not in reason
    assert table(out)["b"] == {"right": "", "fast": "", "total": "", "max": "5", "status": "broken"}
    assert "fault of the grader" in (out / "b" / "feedback.txt").read_text()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_worker_that_dies_takes_nobody_with_it(tmp_path: Path, out: Path, fake: ModuleType, jobs: int) -> None:
    submissions = hand_in(tmp_path, a="right", b="segfault", c="right", d="exit", e="right", f="once right")
    results = grade_class(submissions, ASSIGNMENT, out, jobs, grade=fake.by_content)
    assert {result.submission: result.status.value for result in results} == {
        "a": "graded",
        "b": "broken",
        "c": "graded",
        "d": "broken",
        "e": "graded",
        "f": "graded",  # at the second try
    }
    assert results[1].reviews == ("the grader's process ended twice over it (killed by SIGSEGV)",)
    assert results[3].reviews == ("the grader's process ended twice over it (exit code 7)",)
    assert results[5].score == 3
    assert len(table(out)) == 6


def test_broken_says_nothing_about_the_program() -> None:
    result = broken(Submission("a", None, notes=("note",)), ASSIGNMENT, "why")
    assert [verdict.outcome for verdict in result.verdicts] == [Outcome.ERROR, Outcome.ERROR]
    assert (result.score, result.max_score, result.reviews, result.notes) == (0, 5, ("why",), ("note",))


def test_what_was_graded_before_ctrl_c_stays(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    submissions = hand_in(tmp_path, a="right", b="forever", c="right too")
    fifo = tmp_path / "class" / "b" / "fifo"
    os.mkfifo(fifo)
    pids: list[int] = []

    def interrupt() -> None:
        pids.append(int(fifo.read_text()))  # the worker is in the midst of b
        # To this very thread: given to another one, it would not wake the main thread from its waiting.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    user = threading.Thread(target=interrupt)
    user.start()
    with pytest.raises(KeyboardInterrupt):
        grade_class(submissions, ASSIGNMENT, out, 1, grade=fake.by_content)
    user.join()
    assert sorted(everything(out)) == [*(f"a/{name}" for name in REPORTS), "grades.csv"]
    assert list(table(out)) == ["a"]
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
    assert (tmp_path / "class" / "b" / "unwound").exists()  # as a sandbox would have been

    fifo.unlink()
    grade_class(hand_in(tmp_path, b="fast", c="right too"), ASSIGNMENT, out, grade=fake.by_content)
    assert {id: row["total"] for id, row in table(out).items()} == {"a": "3", "b": "2", "c": "3"}


def test_ctrl_c_in_the_midst_of_writing_waits(
    tmp_path: Path, out: Path, fake: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result that is there is written whole, journal and row with it."""
    real, sent = reports.write_whole, []

    def interrupted(path: Path, text: str | bytes) -> str:
        if path.name == "feedback.html" and not sent:
            sent.append(path)
            signal.raise_signal(signal.SIGINT)
        return real(path, text)

    monkeypatch.setattr(reports, "write_whole", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade_class(hand_in(tmp_path, a="right", b="fast"), ASSIGNMENT, out, grade=fake.by_content)
    assert {path.relative_to(out).as_posix() for path in sent} == {"a/feedback.html"}
    assert sorted(everything(out)) == [*(f"a/{name}" for name in REPORTS), "grades.csv"]
    assert list(table(out)) == ["a"]
    seen: list[str] = []
    monkeypatch.undo()
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    submissions = hand_in(tmp_path, a="right", b="fast")
    grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content, running=seen.extend)
    assert seen == ["b"]  # a is not judged again


def test_ctrl_c_itself_does_not_reach_the_workers(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    """A terminal sends it to all of its processes; what becomes of a worker is for the one that started it to say."""
    submissions = hand_in(tmp_path, a="patient right")
    fifo, go = (tmp_path / "class" / "a" / name for name in ("fifo", "go"))
    os.mkfifo(fifo)
    os.mkfifo(go)

    def interrupt() -> None:
        os.kill(int(fifo.read_text()), signal.SIGINT)
        go.write_text("on")

    user = threading.Thread(target=interrupt, daemon=True)
    user.start()
    (result,) = grade_class(submissions, ASSIGNMENT, out, 1, grade=fake.by_content)
    assert result.score == 3
    assert fake.attempts_made(fifo) == 1
    user.join()


@pytest.mark.parametrize("seed", range(3))
def test_workers_that_are_killed_cost_nobody_anything(tmp_path: Path, fake: ModuleType, seed: int) -> None:
    """Whenever one is killed: at most the one that it was at has to be graded by the same command again."""
    submissions = hand_in(tmp_path, **{f"s{number}": f"right {number}" for number in range(6)})
    draw, killed = random.Random(seed), []

    def running(ids: Sequence[str]) -> None:
        workers = sorted(one.pid or 0 for one in active_children())
        if ids and draw.random() < 0.7:
            killed.append(draw.choice(workers))
            os.kill(killed[-1], signal.SIGKILL)

    out, whole = tmp_path / "out", tmp_path / "whole"
    results = grade_class(submissions, ASSIGNMENT, out, 2, grade=fake.by_content, running=running)
    assert killed
    assert [one.submission for one in results] == [one.id for one in submissions]
    assert len(table(out)) == 6
    for place in (out, whole):
        grade_class(submissions, ASSIGNMENT, place, 2, grade=fake.by_content)
    assert everything(out) == everything(whole)


LEADER = """
import sys
from pathlib import Path

sys.path[:0] = [{tests!r}, {root!r}]
import fake_graders
from autograder.batch import grading
from test_local import ASSIGNMENT, find_submissions

if __name__ == "__main__":
    submissions = find_submissions(Path({folder!r}), ASSIGNMENT.file, Path({folder!r}))
    grading.grade_class(submissions, ASSIGNMENT, Path({out!r}), 2, grade=fake_graders.by_content)
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="pidfd_open(2)")
def test_workers_end_with_a_grader_that_is_killed(tmp_path: Path, out: Path) -> None:
    hand_in(tmp_path, a="forever", b="forever too")
    fifos = [tmp_path / "class" / name / "fifo" for name in "ab"]
    for fifo in fifos:
        os.mkfifo(fifo)
    script = tmp_path / "leader.py"
    root, folder = str(Path(__file__).parents[2]), str(tmp_path / "class")
    script.write_text(LEADER.format(tests=str(Path(__file__).parent), root=root, folder=folder, out=str(out)))
    with subprocess.Popen([sys.executable, str(script)]) as leader:
        workers = [os.pidfd_open(int(fifo.read_text())) for fifo in fifos]  # each in the midst of its submission
        leader.kill()
    for worker in workers:
        select.select([worker], [], [])  # ended
        os.close(worker)
    assert all(fifo.with_name("unwound").exists() for fifo in fifos)  # as their sandboxes would have been


def test_what_a_judge_says_of_a_notebook_stays(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    """Its notes go to all whose file is the same, beside those of their own."""
    submissions = hand_in(tmp_path, a="right noted", b="right noted")
    submissions = [replace(one, notes=(f"of {one.id}",)) for one in submissions]
    grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    for id in "ab":
        about = json.loads((out / id / "results.json").read_text())["extra_data"]
        assert about["notes"] == [f"of {id}", "a cell was left out"]


def test_a_report_that_can_not_be_made_breaks_one_submission_only(
    tmp_path: Path, out: Path, fake: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one, other) = hand_in(tmp_path, a="right", b="right fast")
    real = reports.feedback_page

    def page(result: Result, file: str, content: bytes | None) -> str:
        if content == b"right":
            raise RecursionError("a page without end")
        return real(result, file, content)

    monkeypatch.setattr(reports, "feedback_page", page)
    made = [executor.reports(fake.by_content(each, ASSIGNMENT), Group((each,)), ASSIGNMENT)[0] for each in (one, other)]
    status = [json.loads(each["results.json"])["extra_data"]["status"] for each in made]
    assert status == ["broken", "graded"]
    assert "RecursionError: a page without end" in made[0]["results.json"]


def test_who_is_being_graded_is_told(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    submissions, told = hand_in(tmp_path, a="right", b="fast", c="right"), []
    grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content, running=lambda ids: told.append(list(ids)))
    assert told == [["a"], ["b"], []]


def test_a_machine_that_starts_no_worker_says_so(
    tmp_path: Path, out: Path, fake: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(work: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(local, "_Worker", fails)
    with pytest.raises(local.WorkerError, match="no worker can be started: Resource temporarily unavailable"):
        grade_class(hand_in(tmp_path, a="right"), ASSIGNMENT, out, grade=fake.by_content)


def test_an_error_in_progress_ends_the_workers_too(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    def fail(result: Result) -> None:
        raise LookupError(result.submission)

    with pytest.raises(LookupError):
        grade_class(hand_in(tmp_path, a="", b="right"), ASSIGNMENT, out, 2, grade=fake.by_content, progress=fail)
    assert len(table(out)) == 1


def test_earlier_grades_are_carried_on(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    submissions = hand_in(tmp_path, a="right", b="right", c="right")
    grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    by_hand = (out / "grades.csv").read_text().replace("a,3,0,3,", "a,3,0,4.5,")
    (out / "grades.csv").write_text(by_hand)
    grade_class(hand_in(tmp_path, b="fast"), ASSIGNMENT, out, grade=fake.by_content)
    assert {id: row["total"] for id, row in table(out).items()} == {"a": "4.5", "b": "2", "c": "3"}


def test_a_row_that_was_not_written_is_made_from_the_results(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    grade_class(hand_in(tmp_path, a="right", b="fast"), ASSIGNMENT, out, grade=fake.by_content)
    whole = (out / "grades.csv").read_text()
    (out / "grades.csv").unlink()
    (out / "other").mkdir()
    (out / "other" / "results.json").write_text('{"score": 1}')  # not ours
    grade_class([], ASSIGNMENT, out, grade=fake.by_content)
    assert (out / "grades.csv").read_text() == whole


def test_another_assignments_folder_is_refused(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    submissions = hand_in(tmp_path, a="right")
    grade_class(submissions, ASSIGNMENT, out, grade=fake.by_content)
    before = everything(out)
    other = Assignment("shared_array", "Arrays", "shared_array.py", Path(), ASSIGNMENT.checks)
    with pytest.raises(OutputError) as error:
        grade_class(submissions, other, out, grade=fake.by_content)
    assert 'found a result of the assignment "pool_fib"' in str(error.value)
    assert f"-o {out / 'shared_array'}" in str(error.value)
    assert everything(out) == before


def test_a_foreign_table_is_refused_before_anything_is_graded(tmp_path: Path, out: Path, fake: ModuleType) -> None:
    out.mkdir()
    (out / "grades.csv").write_text("Student,Grade\n")
    with pytest.raises(GradebookError):
        grade_class(hand_in(tmp_path, a="right"), ASSIGNMENT, out, grade=fake.by_content)
    assert everything(out) == {"grades.csv": b"Student,Grade\n"}


def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path, fake: ModuleType) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file: can't be written"):
        grade_class(hand_in(tmp_path, a=""), ASSIGNMENT, tmp_path / "file", grade=fake.by_content)


def test_misuse_is_refused(tmp_path: Path, out: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        grade_class([], ASSIGNMENT, out, 0)
    with pytest.raises(ValueError, match="not distinct"):
        grade_class([Submission("a", None), Submission("A", None)], ASSIGNMENT, out)
