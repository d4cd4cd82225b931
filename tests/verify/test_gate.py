"""The gate, with a judge of the tests' own; and once with the real one, on a small assignment."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder import cli
from autograder.batch import local
from autograder.judge.grade import grade
from autograder.model import (
    Assignment,
    CheckPolicy,
    Finding,
    Limits,
    Outcome,
    Result,
    Status,
    Submission,
    Verdict,
    Visibility,
)
from autograder.verify import gate, report

SOLUTION = "def f(t):\n    t.start()\n    t.join()\n"


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    folder = tmp_path / "assignments" / "tiny"
    for kind in ("right", "wrong"):
        (folder / kind).mkdir(parents=True)
    (folder / "solution.py").write_text(SOLUTION)
    (folder / "right" / "other.py").write_text("started = joined = 't.start() t.join()'\n")
    (folder / "wrong" / "no_start.py").write_text("# fails: started\nx = 't.join()'\n")
    (folder / "wrong" / "no_join.py").write_text("# fails: joined\nx = 't.start()'\n")
    checks = tuple(CheckPolicy(name, 1.0, Visibility.VISIBLE) for name in ("started", "joined"))
    return Assignment("tiny", "Tiny", "tiny.py", folder, checks, limits=Limits(work=20_000, operations=2_000))


def by_text(submission: Submission, assignment: Assignment) -> Result:
    """A judge that reads: started is who says so once, and joined who then says that."""
    assert submission.path is not None
    text = submission.path.read_text()
    times = (text.count("t.start()"), text.partition("t.start()")[2].count("t.join("))
    verdicts = []
    for check, count in zip(assignment.checks, times, strict=True):
        passed = count == 1
        finding = None if passed else Finding("wrong", "It is not.")
        verdicts.append(Verdict(check, "", Outcome.PASSED if passed else Outcome.FAILED, finding))
    return Result(submission.id, assignment.name, tuple(verdicts), Status.GRADED)


def judging(one: Callable[[Submission, Assignment], Result | str]) -> gate.Judge:
    def judge(
        submissions: Sequence[Submission], assignment: Assignment, jobs: int, grade: local.Grade | None, /
    ) -> Iterator[tuple[Submission, Result | str]]:
        for submission in submissions:
            yield submission, one(submission, assignment)

    return judge


def verified(
    assignment: Assignment, judge: Callable[[Submission, Assignment], Result | str] = by_text, **options: Any
) -> gate.Report:
    scratch = assignment.folder.parents[1] / "scratch"
    scratch.mkdir(exist_ok=True)
    return gate.verify(gate.plan(assignment, gate.Options(**options)), scratch, judge=judging(judge))


def listed(assignment: Assignment, *names: str) -> None:
    entries = "".join(
        f"- {{operator: {operator}, line: {line}, reason: As good.}}\n"
        for operator, _, line in (name.partition(" ") for name in names)
    )
    (assignment.folder / "equivalent.yml").write_text(entries)


def test_everything_holds(assignment: Assignment) -> None:
    listed(assignment, "join_with_a_limit t.join()")
    found = verified(assignment, repeat=3)
    assert found.problems == []
    assert [survivor.mutant.name for survivor in found.survivors] == []
    assert found.green
    assert (found.right, found.passed, found.wrong, found.failed, found.equivalent) == (2, 2, 2, 2, 1)
    assert found.caught == found.mutants - 1 > 5


def test_a_survivor_is_shown_as_a_diff(assignment: Assignment) -> None:
    found = verified(assignment)
    assert [survivor.mutant.operator for survivor in found.survivors] == ["join_with_a_limit"]
    assert not found.green
    console = Console(file=io.StringIO(), width=100)
    with console.capture() as capture:
        report.show(found, console)
        report.table([found, found], console)
    text = capture.get()
    assert "join_with_a_limit in f: t.join() → t.join(0.1)" in text
    assert "Waits for a while only." in text
    assert "    -    t.join()\n    +    t.join(0.1)\n" in text
    assert "all" in text.splitlines()[-1]


def test_a_listed_mutant_that_is_caught_is_refused(assignment: Assignment) -> None:
    listed(assignment, "join_with_a_limit t.join()", "run_for_start t.start()", "run_for_start u.start()")
    found = verified(assignment)
    path = assignment.folder / "equivalent.yml"
    assert sorted(problem.partition(": run_for_start")[0] for problem in found.problems) == [
        f"{path}:2: the mutant is caught, by started, joined",
        f"{path}:3: fits no mutant of solution.py; the program or the operators have changed",
    ]


def test_a_right_program_fails(assignment: Assignment) -> None:
    (assignment.folder / "right" / "other.py").write_text("t.start()")
    found = verified(assignment, mutants=False)
    assert found.passed == 1
    assert found.problems == [
        f'{assignment.folder / "right/other.py"}: a right program, but the check "joined" failed: It is not.'
    ]


def test_a_right_program_is_not_for_a_person_to_look_at(assignment: Assignment) -> None:
    def reviewed(submission: Submission, assignment: Assignment) -> Result:
        result = by_text(submission, assignment)
        return Result(result.submission, result.assignment, result.verdicts, Status.REVIEW, ("uses sockets",))

    found = verified(assignment, reviewed, mutants=False)
    assert any('its status is "review": uses sockets' in problem for problem in found.problems)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# fails: joined\nt.start()\nt.join()\n", "does not fail joined"),
        ("# fails: jioned\nt.start()\n", "there is no check jioned"),
        ("t.start()\n", "its first line has to be"),
    ],
)
def test_a_wrong_program(assignment: Assignment, text: str, problem: str) -> None:
    (assignment.folder / "wrong" / "third.py").write_text(text)
    found = verified(assignment, mutants=False)
    assert (found.wrong, found.failed) == (3, 2)
    assert len(found.problems) == 1
    assert f"third.py:1: {problem}" in found.problems[0]


def test_a_check_without_a_wrong_program(assignment: Assignment) -> None:
    (assignment.folder / "wrong" / "no_join.py").unlink()
    found = verified(assignment, mutants=False)
    assert found.problems == [f'{assignment.folder}: no file in wrong/ names the check "joined"']


def test_results_that_change(assignment: Assignment) -> None:
    times: dict[str, int] = {}

    def moody(submission: Submission, assignment: Assignment) -> Result:
        result = by_text(submission, assignment)
        times[submission.id] = times.get(submission.id, 0) + 1
        if submission.id == "wrong/no_join.py" and times[submission.id] == 3:
            verdict = Verdict(result.verdicts[1].check, "", Outcome.FAILED, Finding("wrong", "Something else."))
            return Result(result.submission, result.assignment, (result.verdicts[0], verdict), Status.GRADED)
        return result

    assert verified(assignment, moody, mutants=False, repeat=2).green
    times.clear()
    found = verified(assignment, moody, mutants=False, repeat=3)
    path = assignment.folder / "wrong/no_join.py"
    assert found.problems == [f"{path}: judged again, its results.json is another one"]


def test_what_was_not_decided_is_not_caught(assignment: Assignment) -> None:
    def crashing(submission: Submission, assignment: Assignment) -> Result | str:
        assert submission.path is not None
        if "t.run()" in submission.path.read_text():
            return "killed by SIGSEGV"
        return by_text(submission, assignment)

    found = verified(assignment, crashing)
    (survivor,) = (one for one in found.survivors if one.mutant.operator == "run_for_start")
    assert survivor.remark == "the grader's process ended over it (killed by SIGSEGV)"


def test_mutants_of_right_programs_too(assignment: Assignment) -> None:
    (assignment.folder / "right" / "other.py").write_text("def g(t):\n    t.start()\n    t.join()\n")
    few = gate.plan(assignment, gate.Options())
    many = gate.plan(assignment, gate.Options(all_right=True))
    assert {mutant.file for mutant in few.mutants} == {"solution.py"}
    assert {mutant.file for mutant in many.mutants} == {"solution.py", "right/other.py"}
    assert gate.plan(assignment, gate.Options(schedules=99)).assignment.schedules == 99


# --- with the real judge -----------------------------------------------------------------------------------------

REAL = """\
from threading import Thread


def say(text):
    print(text)


def say_all(texts):
    threads = [Thread(target=say, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""

CHECKS = '''\
def test_started(submission):
    """Says all."""
    run = submission.run("say_all", ["a", "b", "c"], strategy="nonpreemptive").completed()
    assert "".join(sorted(run.output.text)).strip() == "abc"
    run.assert_alive_together(3, "thread")


def test_joined(submission):
    """Waits for all."""
    for run in submission.explore("say_all", ["a", "b", "c"]):
        run.assert_joined()
'''


def test_a_small_assignment_for_real(assignment: Assignment) -> None:
    """Checks with two holes: nobody asks which thread prints, and no thread is ever slow."""
    (assignment.folder / "solution.py").write_text(REAL)
    (assignment.folder / "test_hidden.py").write_text(CHECKS)
    found = verified(assignment, lambda one, of: grade(one, of, first_failure=True, real=False), programs=False)
    assert found.problems == []
    survivors = {survivor.mutant.operator for survivor in found.survivors}
    assert {"daemon", "called_not_passed", "join_with_a_limit"} <= survivors
    assert not survivors & {"join_at_once", "drop_join", "drop_start", "run_for_start", "late_binding", "one_turn"}
    assert found.caught > 15


def test_judging_can_end_with_the_first_failure(assignment: Assignment, tmp_path: Path) -> None:
    (assignment.folder / "test_hidden.py").write_text(CHECKS)
    program = tmp_path / "tiny.py"
    program.write_text(REAL.replace("thread.start()", "pass"))
    whole = grade(Submission("x", program), assignment, real=False)
    short = grade(Submission("x", program), assignment, real=False, first_failure=True)
    assert [verdict.check.name for verdict in whole.verdicts] == ["started", "joined"]
    assert [(verdict.check.name, verdict.outcome) for verdict in short.verdicts] == [("started", Outcome.FAILED)]
    assert short.status is Status.GRADED


# --- the command -------------------------------------------------------------------------------------------------


def run(*args: str) -> object:
    with pytest.raises(SystemExit) as exited:
        cli.main(args)
    return exited.value.code


@pytest.fixture
def course(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with the tiny assignment, the judge that reads, and the current folder in it."""
    root = assignment.folder.parents[1]
    (root / "grading.yml").write_text(
        "course: {name: Tiny}\nassignments:\n  tiny:\n    title: Tiny\n    file: tiny.py\n    checks:\n"
        "      started: {points: 1}\n      joined: {points: 1}\n"
    )
    (assignment.folder / "test_hidden.py").write_text(CHECKS)
    monkeypatch.setattr(gate.verify, "__kwdefaults__", gate.verify.__kwdefaults__ | {"judge": judging(by_text)})
    monkeypatch.chdir(root)
    return root


def test_command(course: Path, assignment: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", "tiny") == 1
    assert "t.join(0.1)" in capsys.readouterr().out
    assert run("verify", "--no-mutants") == 0
    listed(assignment, "join_with_a_limit t.join()")
    assert run("verify", "-j", "2") == 0
    printed = capsys.readouterr()
    assert "tiny" in printed.out
    assert printed.err == ""


def test_command_misuse(course: Path, assignment: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", "tyni") == 2
    assert run("verify", "--repeat", "0") == 2
    (assignment.folder / "equivalent.yml").write_text("- operator: x\n")
    assert run("verify", "tiny") == 2
    assert 'equivalent.yml:1: found an entry without "line"' in capsys.readouterr().err
