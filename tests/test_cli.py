"""The commands: what they print and where, and with which code they exit. The judge is a stand-in."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from autograder import __version__, cli
from autograder.batch import grading
from autograder.batch.executor import broken
from autograder.model import Assignment, CheckPolicy, Finding, Outcome, Result, Status, Submission, Verdict, Visibility
from autograder.world.schedule import ScheduleError

GRADING = """\
course:
  name: A course
assignments:
  pool_fib:
    title: Pools
    file: pool_fib.py
    checks:
      right: {points: 3, visibility: visible}
      fast: {points: 2, visibility: visible}
      secret: {points: 7, visibility: hidden}
  shared_array:
    title: Arrays
    file: shared_array.py
    checks:
      sums: {points: 1, visibility: visible}
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with two assignments, and the current folder in it."""
    (tmp_path / "grading.yml").write_text(GRADING)
    tests = {"pool_fib": ("right", "fast", "secret"), "shared_array": ("sums",)}
    for name, checks in tests.items():
        (tmp_path / "assignments" / name).mkdir(parents=True)
        text = "".join(f'def test_{check}(submission):\n    """It is {check}."""\n\n\n' for check in checks)
        (tmp_path / "assignments" / name / "test_public.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Judge:
    """Stands in for autograder.judge.grade and .replay, in this process."""

    def __init__(self) -> None:
        self.calls: list[tuple[Submission, Assignment, bool]] = []
        self.result: Result | None = None
        self.pictures = False

    def grade(
        self, submission: Submission, assignment: Assignment, *, public_only: bool = False, pictures: bool = False
    ) -> Result:
        self.pictures = pictures
        self.calls.append((submission, assignment, public_only))
        if self.result is not None:
            return self.result
        text = submission.path.read_text() if submission.path else ""
        return Result(
            submission.id,
            assignment.name,
            tuple(
                Verdict(
                    check,
                    f"It is {check.name}.",
                    Outcome.PASSED if check.name in text else Outcome.FAILED,
                    None if check.name in text else Finding("wrong value", "It is not.", schedule="3f9a2c"),
                )
                for check in assignment.checks
            ),
            Status.GRADED,
            problem=submission.problem,
        )


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    judge = Judge()
    grading = ModuleType("autograder.judge.grade")
    grading.grade = judge.grade  # type: ignore[attr-defined]
    replaying = ModuleType("autograder.judge.replay")

    def replay(file: Path, schedule: str, assignment: Assignment) -> str:
        if schedule == "damaged":
            raise ScheduleError("the schedule is damaged: found \x1b")
        return f"{file.name} on {schedule} for {assignment.name}\n\n"

    replaying.replay = replay  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "autograder.judge.grade", grading)
    monkeypatch.setitem(sys.modules, "autograder.judge.replay", replaying)
    return judge


@pytest.fixture
def fake_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """``autograder grade`` with a stand-in that the workers can import."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "batch"))
    fake = importlib.import_module("fake_graders")
    monkeypatch.setattr(grading, "grade_class", partial(grading.grade_class, grade=fake.by_content))


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as exited:
        cli.main(args)
    assert isinstance(exited.value.code, int)
    return exited.value.code


def hand_in(folder: Path, content: str, file: str = "pool_fib.py") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(content)
    return folder / file


# --- check -------------------------------------------------------------------------------------------------------


def test_check_a_good_file(course: Path, judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    file = hand_in(course / "bauer", "right fast")
    assert run("check", "bauer/pool_fib.py") == 0
    printed = capsys.readouterr()
    assert printed.out == "✓ It is right. (3/3)\n✓ It is fast. (2/2)\n\n2 of 2 checks passed.\n"
    assert printed.err == ""
    ((submission, assignment, public_only),) = judge.calls
    assert (submission, assignment.name, public_only) == (Submission("bauer", file), "pool_fib", True)


def test_check_a_wrong_file(course: Path, judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course / "bauer", "right")
    for path in ("bauer", "bauer/pool_fib.py"):
        assert run("check", path) == 1
        printed = capsys.readouterr().out
        assert "✗ It is fast. (0/2)\n    It is not.\n" in printed
        assert "autograder replay bauer/pool_fib.py 3f9a2c" in printed


def test_check_tells_nothing_of_hidden_checks(course: Path, judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course / "bauer", "right fast")
    assert run("check", "bauer") == 0  # though the hidden check fails
    printed = capsys.readouterr()
    assert "secret" not in printed.out + printed.err
    assert "7" not in printed.out
    assert "12" not in printed.out


def test_check_draws_a_timeline(
    course: Path, judge: Judge, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: bool(opened.append(url)) or True)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    hand_in(course / "bauer", "right fast  # mine")
    for display, said in ((":0", " (opened)"), ("", "")):
        monkeypatch.setenv("DISPLAY", display)
        assert run("check", "bauer", "--timeline") == 0
        assert capsys.readouterr().out.endswith(f"2 of 2 checks passed.\n\nTimeline  pool_fib.timeline.html{said}\n")
    page = course / "pool_fib.timeline.html"
    assert opened == [page.as_uri()]
    assert judge.pictures
    assert "It is right." in page.read_text()
    assert "# mine" in page.read_text()
    assert "secret" not in page.read_text()


def test_check_writes_a_timeline_where_it_is_told_to(
    course: Path, judge: Judge, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: pytest.fail("nobody asked for it"))
    monkeypatch.setenv("DISPLAY", ":0")
    file = hand_in(course / "bauer", "right")
    assert run("check", "bauer", "-o", "out.html") == 1  # a check fails, and is drawn all the same
    assert capsys.readouterr().out.endswith("Timeline  out.html\n")
    assert "It is not." in (course / "out.html").read_text()
    (course / "folder.html").mkdir()
    for wrong in ("bauer/pool_fib.py", "nowhere/out.html", "folder.html"):
        assert run("check", "bauer", "-o", wrong) == 2
        assert wrong in capsys.readouterr().err
    assert file.read_text() == "right"
    assert run("check", "bauer") == 1
    assert not judge.pictures


def test_a_timeline_of_a_file_that_can_not_be_run(course: Path, judge: Judge) -> None:
    (course / "bauer" / "pool_fib.py").mkdir(parents=True)
    assert run("check", "bauer", "-o", "out.html") == 1
    assert "is a folder" in (course / "out.html").read_text()


def test_check_with_the_assignment_named(course: Path, judge: Judge) -> None:
    hand_in(course, "right fast", "mine.py")
    assert run("check", "pool_fib", "mine.py") == 0
    assert run("check", "mine.py") == 2
    assert run("check", "shared_array", "mine.py") == 1
    assert [assignment.name for _, assignment, _ in judge.calls] == ["pool_fib", "shared_array"]


def test_check_in_the_folder_of_the_file(course: Path, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(course / "bauer", "right fast")
    monkeypatch.chdir(course / "bauer")
    assert run("check", ".") == 0


def test_check_a_file_that_can_not_be_run(course: Path, judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    (course / "bauer" / "pool_fib.py").mkdir(parents=True)
    assert run("check", "bauer") == 1
    assert 'Your program could not be checked: "pool_fib.py" is a folder' in capsys.readouterr().out


@pytest.mark.parametrize("outcome", [Outcome.INCONCLUSIVE, Outcome.ERROR])
def test_check_is_not_passed_by_what_was_not_decided(course: Path, judge: Judge, outcome: Outcome) -> None:
    hand_in(course / "bauer", "")
    verdict = Verdict(CheckPolicy("right", 3, Visibility.VISIBLE), "It is right.", outcome)
    judge.result = Result("bauer", "pool_fib", (verdict,), Status.REVIEW)
    assert run("check", "bauer") == 1


def test_check_is_not_passed_by_a_file_that_can_not_be_run(course: Path, judge: Judge) -> None:
    hand_in(course / "bauer", "")
    hidden = Verdict(CheckPolicy("secret", 3, Visibility.HIDDEN), "It is secret.", Outcome.FAILED)
    judge.result = Result("bauer", "pool_fib", (hidden,), Status.GRADED, problem="a syntax error")
    assert run("check", "bauer") == 1


def test_check_refuses_misuse(course: Path, judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course / "both", "")
    hand_in(course / "both", "", "shared_array.py")
    hand_in(course / "class" / "a", "")
    hand_in(course / "class" / "b", "")
    cases = {
        ("nobody.py",): "nobody.py: there is no such file or folder",
        ("pool_fib",): '"pool_fib" is an assignment: give the file, too',
        ("fibs", "both"): 'found the assignment "fibs"\n  allowed: pool_fib, shared_array',
        ("both",): "both: found pool_fib.py, shared_array.py; which assignment is it?",
        ("class",): "class: found none of the assignments' files; which assignment is it?",
        ("pool_fib", "class"): "class: found 2 submissions (a, b)\n  allowed: one",
        ("grading.yml",): "grading.yml: found grading.yml; which assignment is it?",
        (): "Missing argument",
        ("a", "b", "c"): "unexpected extra argument",
    }
    for args, message in cases.items():
        assert run("check", *args) == 2
        printed = capsys.readouterr()
        assert message in printed.err
        assert "Traceback" not in printed.err
        assert printed.out == ""
    assert judge.calls == []


# --- grade -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fake_workers")
def test_grade_a_class(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course / "class" / "bauer", "right")
    hand_in(course / "class" / "Bauer", "right fast secret")
    (course / "class" / "chen").mkdir()
    (course / "class" / "loose.py").write_text("")
    assert run("grade", "pool_fib", "class", "-o", "out", "--jobs", "2") == 0
    printed = capsys.readouterr()
    assert printed.err == (
        "note: class: not graded, because it lies in no student's folder: loose.py\n"
        'note: bauer-2: another submission has the id "bauer" already: this one is graded as "bauer-2"\n'
    )
    lines = [" ".join(line.split()) for line in printed.out.splitlines()]
    assert lines[0] == "id points status not passed"
    assert lines[2:4] == ["Bauer 12/12 graded", "bauer-2 3/12 graded fast, secret"]
    assert lines[4].startswith("chen 0/12 graded no file")
    assert printed.out.endswith(
        "\n3 submissions\n\nGrades    out/grades.csv\nFeedback  out/<id>/feedback.html (and .txt)\n"
        "Summary   out/summary.html\n"
    )
    assert (course / "out" / "grades.csv").read_text().splitlines()[0] == "id,right,fast,secret,total,max,status"
    assert (course / "out" / "chen" / "results.json").exists()


@pytest.mark.usefixtures("fake_workers")
def test_grade_says_what_could_not_be_graded(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course / "class" / "bauer", "right")
    hand_in(course / "class" / "chen", "raise")
    assert run("grade", "pool_fib", "class/bauer", "class/chen", "-o", "out") == 1
    printed = capsys.readouterr().out
    assert "–/12" in printed
    assert "2 submissions, 1 could not be graded" in printed


@pytest.mark.usefixtures("fake_workers")
def test_grade_refuses_misuse(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course / "class" / "bauer", "right")
    (course / "full").mkdir()
    (course / "full" / "grades.csv").write_text("Student,Grade\n")
    (course / "bad.yml").write_text(GRADING.replace("points: 3", "points: three"))
    cases = {
        ("fibs", "class", "-o", "out"): 'found the assignment "fibs"',
        ("pool_fib", "nobody", "-o", "out"): "nobody: there is no such file",
        ("pool_fib", "class", "-o", "class/out"): "the reports would lie among the submissions",
        ("pool_fib", "class", "-o", "full"): "found the columns Student, Grade",
        ("pool_fib", "class", "-o", "grading.yml"): "can't be written",
        ("pool_fib", "class", "-o", "out", "--jobs", "0"): "--jobs",
        ("pool_fib", "class"): "'-o'",
        (
            "pool_fib",
            "class",
            "-o",
            "out",
            "--config",
            "bad.yml",
        ): "bad.yml:8: assignments.pool_fib.checks.right.points",
        ("pool_fib", "class", "-o", "out", "--config", "none.yml"): "none.yml",
    }
    for args, message in cases.items():
        assert run("grade", *args) == 2
        printed = capsys.readouterr()
        assert message in " ".join(printed.err.split("\n")), args
        assert "Traceback" not in printed.err
        assert printed.out == ""
    assert not (course / "out").exists()


def test_grade_stopped_by_ctrl_c(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(course / "class" / "a", "")
    hand_in(course / "class" / "b", "")

    def one_and_stop(submissions, assignment, out, jobs, *, executor, progress, running, again):  # type: ignore[no-untyped-def]
        progress(broken(submissions[0], assignment, ""))
        raise KeyboardInterrupt

    monkeypatch.setattr(grading, "grade_class", one_and_stop)
    assert run("grade", "pool_fib", "class", "-o", "out") == 130
    assert "stopped: 1 of 2 were graded; their reports are in out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--executor", "cloud"], 'found "cloud"; allowed: local, slurm'),
        (["--chunk", "5"], "found without --executor slurm"),
        (["--slurm-option=--time=5"], "found without --executor slurm"),
        (["--executor", "slurm", "--slurm-option", "time=5"], "a long option of sbatch in one word"),
        (["--executor", "slurm", "--slurm-option=--array=1-9"], "allowed: any but --array"),
        (["--executor", "slurm"], "allowed: --executor slurm where Slurm's commands are installed"),
    ],
)
def test_grade_on_a_cluster_refuses_misuse(
    course: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
) -> None:
    hand_in(course / "class" / "a", "")
    monkeypatch.setenv("PATH", str(course))
    assert run("grade", "pool_fib", "class", "-o", "out", *options) == 2
    printed = capsys.readouterr()
    assert message in " ".join(printed.err.replace("│", " ").split())
    assert "Traceback" not in printed.err


# --- the others --------------------------------------------------------------------------------------------------


def test_replay(course: Path, judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course / "bauer", "")
    hand_in(course, "", "mine.py")
    for args in (["bauer/pool_fib.py", "3f9a"], ["bauer", "3f9a"]):
        assert run("replay", *args) == 0
        assert capsys.readouterr().out == "pool_fib.py on 3f9a for pool_fib\n"
    assert run("replay", "mine.py", "3f9a", "--assignment", "shared_array") == 0
    assert capsys.readouterr().out == "mine.py on 3f9a for shared_array\n"


def test_replay_refuses_misuse(course: Path, judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course / "bauer", "")
    (course / "link").mkdir()
    (course / "link" / "pool_fib.py").symlink_to(course / "bauer" / "pool_fib.py")
    cases = {
        ("bauer", "damaged"): "the schedule is damaged: found \\x1b\n",
        ("nobody.py", "3f9a"): "nobody.py: there is no such file",
        ("link/pool_fib.py", "3f9a"): "is a link to another place, not a file",
        ("bauer", "3f9a", "-a", "fibs"): 'found the assignment "fibs"',
        ("bauer",): "Missing argument 'SCHEDULE'",
    }
    for args, message in cases.items():
        assert run("replay", *args) == 2
        printed = capsys.readouterr()
        assert message in printed.err
        assert "Traceback" not in printed.err
        assert printed.out == ""


def test_build_template(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solution = "def fib(n: int) -> int:\n    # BEGIN SOLUTION\n    return n\n    # END SOLUTION\n"
    for name in ("pool_fib", "shared_array"):
        (course / "assignments" / name / "solution.py").write_text(solution)
        (course / "assignments" / name / "handout.md").write_text("# Fib\n")
    assert run("build", "template", "pool_fib") == 0
    assert str(course / "student_template" / "pool_fib" / "pool_fib.py") in capsys.readouterr().out.splitlines()
    assert [folder.name for folder in (course / "student_template").iterdir()] == ["pool_fib"]
    assert run("build", "template") == 0
    assert (course / "student_template" / "shared_array" / "shared_array.py").exists()
    assert run("build", "template", "fibs") == 2
    (course / "assignments" / "pool_fib" / "solution.py").write_text("# BEGIN SOLUTION\n")
    assert run("build", "template", "pool_fib") == 2
    assert "solution.py:1: " in capsys.readouterr().err


def test_config_prints_what_is_in_force(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config") == 0
    printed = capsys.readouterr().out
    assert "cores: 4" in printed
    (course / "again.yml").write_text(printed)
    assert run("config", "--config", "again.yml") == 0
    assert capsys.readouterr().out == printed
    (course / "grading.yml").write_text("course: {}\nfoo: 1\n")
    assert run("config") == 2
    assert 'grading.yml:2: found the unknown key "foo"' in capsys.readouterr().err


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"autograder {__version__}\n"
    assert run("--help") == 0
    printed = capsys.readouterr().out
    assert all(command in printed for command in ("check", "grade", "replay", "build", "config"))
    assert run("frobnicate") == 2
    assert "No such command 'frobnicate'" in capsys.readouterr().err


def test_a_fault_of_our_own_is_not_hidden(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(course: object) -> str:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("autograder.config.describe", fail)
    assert run("config") == 70
    printed = capsys.readouterr().err
    assert "Traceback (most recent call last)" in printed
    assert "ZeroDivisionError: ours" in printed
    assert "a fault of the autograder, not of a submission; please report it" in printed


@pytest.mark.parametrize("name", sorted(cli.MISUSE))
def test_what_counts_as_misuse_exists(name: str) -> None:
    module, _, kind = name.rpartition(".")
    error = getattr(importlib.import_module(module), kind)
    assert issubclass(error, Exception)
    assert f"{error.__module__}.{error.__qualname__}" == name


def test_starting_imports_only_what_is_needed() -> None:
    """Help and the arguments come before everything that is slow to import."""
    program = "import sys, autograder.cli; print(*sorted(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = set(printed.stdout.split())
    assert "typer" in modules
    slow = {"pytest", "pydantic", "yaml", "multiprocessing", "zipfile", "rich.console", "autograder.config"}
    assert not modules & slow


def test_a_check_does_not_load_what_makes_pages() -> None:
    program = "import sys, autograder.report.terminal, autograder.judge.grade; print('jinja2' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert printed.stdout == "False\n"


def test_a_terminal_without_the_marks_still_gets_the_report(course: Path) -> None:
    (course / "grading.yml").write_text(GRADING.replace("A course", "Köln ✓"), encoding="utf-8")
    command = [sys.executable, "-m", "autograder", "config"]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, capture_output=True, encoding="latin-1", env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "Köln \\u2713" in done.stdout
