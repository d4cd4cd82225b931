"""What the executor makes of a cluster's tasks: lost ones, refusing ones, and those of a grading before. Slurm's own
commands stand in a class here that runs tasks on the spot; tests/slurm has a real Slurm."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograder.batch import local, slurm, slurm_task
from autograder.batch.executor import Group, Reports, Running, reports
from autograder.batch.grading import grade_class
from autograder.batch.journal import NAME, content_key, key
from autograder.batch.slurm import Options, Slurm
from autograder.batch.slurm_commands import SlurmError, checked_options
from autograder.intake import find_submissions
from autograder.model import Assignment, CheckPolicy, Result, Status, Submission, Visibility
from autograder.sandbox.doctor import NotIsolated

ASSIGNMENT = Assignment(
    "pool_fib",
    "Pools",
    "pool_fib.py",
    Path("assignments/pool_fib"),
    (CheckPolicy("right", 3, Visibility.VISIBLE), CheckPolicy("fast", 2, Visibility.HIDDEN)),
)
CLASS = {"a": "right", "b": "fast", "c": "right", "d": "right fast", "e": "", "f": "fast too"}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("fake_graders")


@pytest.fixture
def submissions(tmp_path: Path) -> list[Submission]:
    for name, content in CLASS.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / ASSIGNMENT.file).write_text(content)
    return list(find_submissions(tmp_path / "class", ASSIGNMENT.file, tmp_path))


def everything(out: Path) -> dict[str, bytes]:
    return {str(one.relative_to(out)): one.read_bytes() for one in out.rglob("*") if one.is_file() and one.name != NAME}


class Lost(Exception):
    pass


class Cluster:
    """Runs each task when it is submitted. ``ends(id, tries)`` says how the task ends that comes to a submission, "" to
    judge it."""

    def __init__(self, ends: Callable[[str, int], str] = lambda id, tries: "", most: int = 1001) -> None:
        self._ends, self._most = ends, most
        self.jobs: list[list[list[str]]] = []  # the ids of each task of each job
        self.arguments: list[str] = []
        self.cancelled: list[tuple[str, ...]] = []
        self._states: dict[str, dict[int, str]] = {}
        self._tries: dict[str, int] = {}

    def submit(self, arguments: Sequence[str], script: str) -> str:
        self.arguments = list(arguments)
        (most,) = (int(match[1]) for word in arguments if (match := re.fullmatch(r"--array=0-(\d+)(%\d+)?", word)))
        (folder,) = (
            word.removeprefix("--output=").removesuffix("/log-%a") for word in arguments if "--output=" in word
        )
        job = str(len(self.jobs) + 1)
        self.jobs.append([])
        self._states[job] = {index: self._task(folder, index) for index in range(most + 1)}
        return job

    def _task(self, folder: str, index: int) -> str:
        self.jobs[-1].append([])
        try:
            code = slurm_task.main(folder, str(index))
        except Lost as lost:
            return str(lost)
        return "FAILED" if code else "COMPLETED"

    def states(self, job: str) -> dict[int, str]:
        return self._states[job]

    def cancel(self, *words: str) -> None:
        self.cancelled.append(words)

    def most_tasks(self) -> int:
        return self._most

    def run(self, groups: Sequence[Group], assignment: Assignment, running: Running) -> Iterator[tuple[Group, Any]]:
        """In the place of a task's workers."""
        fake = importlib.import_module("fake_graders")
        for group in groups:
            running([group.id])
            self.jobs[-1][-1].append(group.id)
            self._tries[group.id] = self._tries.get(group.id, 0) + 1
            end = self._ends(group.id, self._tries[group.id])
            if end:
                raise Lost(end)
            yield group, reports(local._Judging(assignment, fake.by_content)(group.submissions[0]), group, assignment)
        running([])


@pytest.fixture
def started(fake: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Cluster]:
    def start(*arguments: Any, **options: Any) -> Cluster:
        cluster = Cluster(*arguments, **options)

        class Workers:
            def __init__(self, jobs: int, grade: object) -> None:
                self.run = cluster.run

        monkeypatch.setattr(slurm_task, "Local", Workers)
        return cluster

    return start


def grade_on(
    cluster: Cluster, submissions: list[Submission], out: Path, chunk: int = 2, assignment: Assignment = ASSIGNMENT
) -> list[Result]:
    grade = importlib.import_module("fake_graders").by_content
    options = Options(chunk=chunk, every=0)
    executor = Slurm(out, options, grade=grade, commands=cluster)  # type: ignore[arg-type]
    return grade_class(submissions, assignment, out, executor=executor)


@pytest.fixture
def whole(tmp_path: Path, submissions: list[Submission], started: Callable[..., Cluster]) -> dict[str, bytes]:
    """The reports of an undisturbed grading."""
    grade_on(started(), submissions, tmp_path / "whole", chunk=100)
    return everything(tmp_path / "whole")


@pytest.mark.parametrize("chunk", [1, 4])
def test_chunks_do_not_show(tmp_path, submissions, started, whole, chunk: int) -> None:  # type: ignore[no-untyped-def]
    seen: list[list[str]] = []
    cluster = started()
    out, grade = tmp_path / "out", importlib.import_module("fake_graders").by_content
    options = Options(cpus=3, tasks=2, chunk=chunk, more=("--time=5",), every=0)
    executor = Slurm(out, options, grade=grade, commands=cluster)
    grade_class(submissions, ASSIGNMENT, out, executor=executor, running=lambda ids: seen.append(list(ids)))
    assert everything(out) == whole
    # c has the bytes of a, and is not judged.
    assert cluster.jobs == [[["a"], ["b"], ["d"], ["e"], ["f"]] if chunk == 1 else [["a", "b", "d", "e"], ["f"]]]
    assert {"--time=5", "--cpus-per-task=3", f"--array=0-{len(cluster.jobs[0]) - 1}%2"} < set(cluster.arguments)
    assert seen[-1] == []
    assert cluster.cancelled == []


def test_what_a_lost_task_had_not_come_to_is_given_out_again(tmp_path, submissions, started, whole) -> None:  # type: ignore[no-untyped-def]
    cluster = started(lambda id, tries: "OUT_OF_MEMORY" if (id, tries) == ("b", 1) else "")
    grade_on(cluster, submissions, tmp_path / "out", chunk=3)
    assert cluster.jobs == [[["a", "b"], ["e", "f"]], [["d"], ["b"]]]  # the suspect alone
    assert everything(tmp_path / "out") == whole


def test_what_ends_its_task_twice_is_broken_and_nothing_else(tmp_path, submissions, started, whole) -> None:  # type: ignore[no-untyped-def]
    cluster = started(lambda id, tries: "TIMEOUT" if id == "d" else "")
    results = grade_on(cluster, submissions, tmp_path / "out", chunk=3)
    assert [one.submission for one in results if one.status is Status.BROKEN] == ["d"]
    assert results[3].reviews == ("the grader's process ended twice over it (Slurm: TIMEOUT)",)
    assert {name for name, text in everything(tmp_path / "out").items() if whole[name] != text} == {
        *(f"d/{name}" for name in ("evidence.json", "feedback.html", "feedback.txt", "results.json")),
        "grades.csv",
        "summary.html",
    }
    grade_on(started(), submissions, tmp_path / "out")
    assert everything(tmp_path / "out") == whole


def test_a_node_that_goes_down_is_nobodys_fault(tmp_path, submissions, started, whole) -> None:  # type: ignore[no-untyped-def]
    cluster = started(lambda id, tries: "NODE_FAIL" if id == "e" and tries < 5 else "")
    with pytest.raises(SlurmError, match=r"job 4 was lost without a submission done \(NODE_FAIL\)"):
        grade_on(cluster, submissions, tmp_path / "out", chunk=100)
    grade_on(cluster, submissions, tmp_path / "out")
    assert everything(tmp_path / "out") == whole


def test_tasks_that_never_begin_are_told_with_what_they_said(tmp_path, submissions, started) -> None:  # type: ignore[no-untyped-def]
    cluster = started()

    def fails(folder: str, index: int) -> str:
        (Path(folder) / f"log-{index}").write_text("python: not found\n")
        return "FAILED"

    cluster._task = fails
    with pytest.raises(SlurmError, match=r"(?s)job 1 was lost without .*FAILED.*python: not found"):
        grade_on(cluster, submissions, tmp_path / "out")
    assert len(cluster.jobs) == 1


def test_a_node_without_a_sandbox_refuses(tmp_path, submissions, started, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def refuse(folders: object, *, degraded: bool) -> str:
        raise NotIsolated("this machine lacks landlock")

    monkeypatch.setattr(slurm_task.doctor, "admit", refuse)
    cluster = started()
    executor = Slurm(tmp_path / "out", Options(every=0), commands=cluster)  # the real judge
    with pytest.raises(SlurmError, match=r"task 0 of job 1 refused to judge: .*: this machine lacks landlock"):
        grade_class(submissions, ASSIGNMENT, tmp_path / "out", executor=executor)
    assert cluster.jobs == [[[]]]
    assert cluster.cancelled


def test_a_job_that_somebody_cancelled_is_not_given_out_again(tmp_path, submissions, started, whole) -> None:  # type: ignore[no-untyped-def]
    cluster = started(lambda id, tries: "CANCELLED" if id == "d" else "")
    with pytest.raises(SlurmError, match="job 1 was cancelled"):
        grade_on(cluster, submissions, tmp_path / "out", chunk=100)
    assert len(cluster.jobs) == 1
    again = started()
    grade_on(again, submissions, tmp_path / "out", chunk=100)
    assert again.jobs == [[["d", "e", "f"]]]
    assert everything(tmp_path / "out") == whole


def groups_of(submissions: list[Submission], policy: str = "policy") -> list[Group]:
    return [Group((one,), (key(one, content_key(one), policy),)) for one in submissions]


def took(executor: Slurm, groups: list[Group], most: int = 100) -> list[tuple[Group, list[Reports]]]:
    running = executor.run(groups, ASSIGNMENT, lambda ids: None)
    try:
        return [one for _, one in zip(range(most), running, strict=False)]
    finally:
        running.close()  # type: ignore[attr-defined]


def test_what_a_job_of_before_has_done_is_taken_over(tmp_path, submissions, started) -> None:  # type: ignore[no-untyped-def]
    first = started()
    grade = importlib.import_module("fake_graders").by_content
    before = Slurm(tmp_path, Options(every=0), grade=grade, commands=first)
    taken = took(before, groups_of(submissions), 1)
    (folder,) = (tmp_path / slurm.FOLDER).iterdir()
    assert first.cancelled == [("--name", f"autograder-{folder.name}")]
    (folder / "part-0-9-9").write_bytes(b"torn")

    second = started()
    again = took(Slurm(tmp_path, Options(every=0), grade=grade, commands=second), groups_of(submissions))
    assert second.jobs == []
    assert second.cancelled == first.cancelled
    assert again[0] == taken[0]
    assert {group.id for group, _ in again} == set(CLASS)
    assert not (tmp_path / slurm.FOLDER).exists()


@pytest.mark.parametrize("what", ["policy", "file", "broken"])
def test_what_has_changed_since_is_judged_anew(tmp_path, submissions, started, what: str) -> None:  # type: ignore[no-untyped-def]
    if what == "broken":  # which is tried again by every grading
        submissions[0].path.write_text("raise")
    grade = importlib.import_module("fake_graders").by_content
    took(Slurm(tmp_path, Options(every=0), grade=grade, commands=started()), groups_of(submissions), 1)
    if what == "file":
        submissions[0].path.write_text("right fast")
    second = started()
    executor = Slurm(tmp_path, Options(every=0), grade=grade, commands=second)
    took(executor, groups_of(submissions, "other" if what == "policy" else "policy"))
    judged = [id for job in second.jobs for task in job for id in task]
    assert judged == (sorted(CLASS) if what == "policy" else ["a"])


def test_a_large_class_fits_into_an_array(tmp_path, submissions, started, whole) -> None:  # type: ignore[no-untyped-def]
    cluster = started(most=2)
    grade_on(cluster, submissions, tmp_path / "out", chunk=1)
    assert [len(task) for task in cluster.jobs[0]] == [3, 2]
    assert everything(tmp_path / "out") == whole


@pytest.mark.parametrize("what", ["a link", "open to others"])
def test_a_folder_that_others_may_write_to_is_refused(tmp_path, submissions, started, what: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "out").mkdir()
    folder = tmp_path / "out" / slurm.FOLDER
    if what == "a link":
        (tmp_path / "other").mkdir()
        folder.symlink_to(tmp_path / "other")
    else:
        folder.mkdir()
        folder.chmod(0o777)
    cluster = started()
    with pytest.raises(SlurmError, match="others may write here"):
        grade_on(cluster, submissions, tmp_path / "out")
    assert cluster.jobs == []


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("-pshort", "a long option of sbatch in one word"),
        ("short", "a long option of sbatch in one word"),
        ("--array=1", "allowed: any but --array, "),
        ("--wrap=rm", "allowed: any but --array, "),
    ],
)
def test_options_that_would_undo_ours_are_refused(word: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        checked_options(["--partition=short", word])
    assert checked_options(["--partition=short", "--exclusive"]) == ("--partition=short", "--exclusive")


def test_a_machine_without_slurm(tmp_path, submissions, fake, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SlurmError, match=r"(scontrol|sbatch): No such file .*\n  allowed: .* commands are installed"):
        grade_class(submissions, ASSIGNMENT, tmp_path / "out", executor=Slurm(tmp_path / "out"))


def test_a_queue_that_is_silent_for_a_while(tmp_path, submissions, started, whole, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(slurm, "SILENT", 3)
    cluster = started(lambda id, tries: "OUT_OF_MEMORY" if (id, tries) == ("a", 1) else "")
    asked: list[str] = []
    real = cluster.states

    def states(job: str) -> dict[int, str]:
        asked.append(job)
        if len(asked) in (1, 2, 4, 5):
            raise SlurmError("squeue failed: Unable to contact slurm controller")
        return real(job)

    cluster.states = states
    grade_on(cluster, [replace(one) for one in submissions], tmp_path / "out")
    assert everything(tmp_path / "out") == whole


def test_a_queue_that_stays_silent(tmp_path, submissions, started, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(slurm, "SILENT", 3)
    cluster = started(lambda id, tries: "TIMEOUT")

    def silent(job: str) -> dict[int, str]:
        raise SlurmError("squeue failed: Unable to contact slurm controller")

    cluster.states = silent
    with pytest.raises(SlurmError, match="Unable to contact"):
        grade_on(cluster, submissions, tmp_path / "out")
    assert cluster.cancelled
