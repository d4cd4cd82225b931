"""docs/findings.md: each kind of finding has its section, and each program there gives what the page shows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from autograder.judge.grade import grade
from autograder.model import CheckPolicy, Finding, Outcome, Result, Submission, Verdict, Visibility
from autograder.report.feedback import explanation

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "findings.md"

CHECKS = {
    "interleaving": """
        for run in submission.exhaust("f"):
            run.output.assert_whole_blocks()
        """,
    "race": """
        for run in submission.exhaust("f"):
            run.assert_no_lost_update()
        """,
    "deadlock": """
        for run in submission.exhaust("f"):
            run.completed()
        """,
    "lost message": """
        run = submission.run("f")
        expect_each_once(run.value, [2, 4, 6, 8], run.call, run)
        """,
    "doubled message": """
        run = submission.run("f")
        expect_each_once(run.value, [2, 4], run.call, run)
        """,
    "never read": """
        for run in submission.exhaust("f"):
            expect_each_once(run.value, [0, 1, 2], run.call, run)
        """,
    "never ends": """
        submission.run("f").completed()
        """,
    "not drained": """
        submission.run("f").completed()
        """,
    "busy waiting": """
        submission.run("f", costs={"question": 0.1}).assert_no_busy_waiting()
        """,
    "lock": """
        run = submission.run("f")
        if not run.locks_used:
            raise CheckFailed("lock", f"{run.call} used no lock.", run)
        """,
    "not joined": """
        submission.run("f", strategy="nonpreemptive").assert_joined()
        """,
    "not closed": """
        submission.run("f", strategy="roundrobin").assert_joined()
        """,
    "not parallel": """
        def f(cores):
            return submission.run("f", costs={"work": 1}, machine={"cores": cores}).completed()

        if 3 / f(4).elapsed < 2:
            message = f"Three times one second of work took {f(4).elapsed:.2f} s."
            raise not_faster(message, f(4), lambda cores: 3 / f(cores).elapsed, wanted=2)
        """,
    "wrong process": """
        run = submission.run("f").completed()
        if any(write.task == run.main.id for write in run.output.writes):
            raise CheckFailed("wrong process", f"{run.call} prints in the main process.", run)
        """,
    "wrong thread": """
        run = submission.run("f", watch=("work",)).completed()
        if run.main.id in run.call_tasks("work"):
            raise CheckFailed("wrong thread", f"{run.call}: the main thread itself calls work.", run)
        """,
    "wrong number of threads": """
        run = submission.run("f", 3).completed()
        if len(run.threads) != 3:
            message = f"{run.call} started {len(run.threads)} thread(s) for 3 pieces of work."
            raise CheckFailed("wrong number of threads", message, run)
        """,
    "wrong value": """
        for run in submission.exhaust("f", [1, 2]):
            expect(run.value, [1, 4], run.call, run)
        """,
    "wrong output": """
        submission.run("f").output.assert_whole_lines(["one", "two"])
        """,
    "wrong order": """
        @of_any_run
        def last(run):
            if run.output.lines[-1] != "finished":
                raise CheckFailed("wrong order", f"{run.call}: 'finished' has to be the last line.", run)

        for run in submission.exhaust("f"):
            last(run)
        """,
    "wrong files": """
        for run in submission.exhaust("f"):
            for name in "ab":
                expect_file(run, name, name.encode())
        """,
    "wrong requests": """
        run = submission.run("f", http=http.site({"https://example.com/a": http.Answer(body=b"a")})).completed()
        if len(run.requests) != 1:
            raise CheckFailed("wrong requests", f"{run.call} asked {len(run.requests)} times for one address.", run)
        """,
    "wrong time": """
        run = submission.run("f", 0.5).completed()
        if abs(run.elapsed - 0.5) > 0.1:
            raise CheckFailed("wrong time", f"{run.call} came back after {run.elapsed:.2f} seconds.", run)
        """,
    "wrong": """
        assert submission.run("f").value == 2, "f() should be 2"
        """,
    "raised": """
        submission.run("f", []).completed()
        """,
    "not raised": """
        submission.run("f").raised("ValueError")
        """,
    "wrong exception": """
        submission.run("f").raised("ValueError")
        """,
    "missing": 'submission.run("f").completed()',
    "limit": 'submission.run("f").completed()',
    "exited": 'submission.run("f").completed()',
    "crashed": 'submission.run("f").completed()',
    "import": 'submission.run("f").completed()',
    "syntax error": 'submission.run("f").completed()',
    "error": "raise KeyError('a mistake of the check')",
}
"""What a check asks, for the kinds that a program can have."""

BY_VARIABLE = {
    ("run.py", "_failure"): {"limit", "exited", "crashed"},
    ("failure.py", "of"): set(),  # of a finding that has its kind
    ("local.py", "_in_short"): set(),  # likewise
    ("failure.py", "finding"): set(),
    ("explain.py", "explain_line_problem"): {"interleaving", "wrong output"},
    ("test_hidden.py", "assert_released"): set(),  # of another failure
}
"""Where a kind is not written at the call, by file and function: what it can be."""


# The page -------------------------------------------------------------------------------------------------------------


def sections() -> dict[str, str]:
    """The page's sections about kinds: title and text."""
    parts = re.split(r"^### (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], (text.partition("\n## ")[0] for text in parts[2::2]), strict=True))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def produced() -> set[str]:
    """The kinds that the code can make."""
    files = [*ROOT.glob("autograder/**/*.py"), *ROOT.glob("assignments/*/test_*.py")]
    return {kind for path in files for kind in kinds_in(path)}


def kinds_in(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name not in ("CheckFailed", "Finding") or not call.args:
                continue
            match call.args[0]:
                case ast.Constant(value=str(kind)):
                    yield kind
                case ast.IfExp(body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other))):
                    yield from (one, other)
                case _:
                    assert (path.name, function.name) in BY_VARIABLE, f"{path}:{call.lineno}: which kinds?"
                    yield from BY_VARIABLE[path.name, function.name]


def test_each_kind_has_a_section_and_no_section_is_dead() -> None:
    assert set(sections()) == produced()


def test_what_todays_builds_hide_is_said_of_each_kind_that_tasks_can_have() -> None:
    text = PAGE.read_text(encoding="utf-8")
    between = re.search(r"^## Between threads and processes$(.*?)^## ", text, flags=re.MULTILINE | re.DOTALL)
    assert between is not None
    kinds = {*re.findall(r"^### (.+)$", between[1], flags=re.MULTILINE), "wrong value", "wrong order"}
    assert len(kinds) > 15
    assert not [kind for kind in kinds if "\n**On today's builds:** " not in sections()[kind]]


# Its programs ---------------------------------------------------------------------------------------------------------


def shown(result: Result) -> str:
    """The explanation as the page has it, with the schedule left out."""
    (verdict,) = result.verdicts
    text = "\n".join(explanation(verdict, "program.py"))
    return re.sub(r"(program\.py) \w[\w-]+$", r"\1 SCHEDULE", text, flags=re.MULTILINE) + "\n"


def hidden(kind: str) -> str:
    body = "\n".join(f"    {line}".rstrip() for line in dedent(CHECKS.get(kind, "pass")).strip().split("\n"))
    return f"def test_it(submission):\n{body}\n"


def result_of(kind: str, program: str | None, assignment: Any, tmp_path: Path) -> Result:
    made = assignment(hidden(kind), imports=("requests",))
    path = tmp_path / "program.py"
    if kind == "inconclusive":
        policy = CheckPolicy("it", 1.0, Visibility.VISIBLE)
        finding = Finding("inconclusive", "f(): no end within 60 s of real time")
        return Result("s1", "tiny", (Verdict(policy, "it", Outcome.INCONCLUSIVE, finding),), status="review")  # type: ignore[arg-type]
    if kind == "missing file":
        return grade(Submission("s1", None), made, real=False)
    if kind == "unreadable file":
        path.write_bytes(b" " * (2 << 20))
    else:
        path.write_text(program or "", encoding="utf-8")
    return grade(Submission("s1", path), made, real=False)


@pytest.mark.parametrize("kind", list(sections()))
def test_the_program_gives_what_the_page_shows(kind: str, assignment: Any, tmp_path: Path) -> None:
    section = sections()[kind]
    programs = blocks(section, "python")
    result = result_of(kind, programs[0] if programs else None, assignment, tmp_path)
    (verdict,) = result.verdicts
    assert verdict.finding is not None
    assert verdict.finding.kind == kind
    assert blocks(section, "text") == [shown(result)]
    assert all(len(line) <= 96 or "autograder replay" in line for line in shown(result).split("\n"))


@pytest.mark.parametrize("kind", [kind for kind, text in sections().items() if len(blocks(text, "python")) > 1])
def test_the_mended_program_passes(kind: str, assignment: Any, tmp_path: Path) -> None:
    (verdict,) = result_of(kind, blocks(sections()[kind], "python")[1], assignment, tmp_path).verdicts
    assert verdict.outcome is Outcome.PASSED, verdict.finding
