"""The gate of every assignment: right programs get full marks, each wrong one fails the checks that it names.

A file in wrong/ begins with ``# fails: CHECK[, CHECK…]``: these must fail, others may, so only these are run here
(``autograder verify`` runs all of them, and asks that each be decided).
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from autograder.config import load_course
from autograder.judge.grade import check_titles, grade
from autograder.model import Assignment, Outcome, Result, Status, Submission

COURSE = Path(__file__).parents[2]
FEWEST_WRONG = 10
FEWEST_RIGHT = 3


@cache
def assignments() -> dict[str, Assignment]:
    return load_course(COURSE / "grading.yml").assignments


def files(kind: str) -> list[tuple[str, Path]]:
    """Every file of a kind, with its assignment's name."""
    found = []
    for name, assignment in assignments().items():
        paths = [assignment.folder / "solution.py"] if kind == "solution" else (assignment.folder / kind).glob("*.py")
        found += [(name, path) for path in sorted(paths)]
    return found


def ids(found: list[tuple[str, Path]]) -> list[str]:
    return [f"{name}/{path.stem}" for name, path in found]


def judge(name: str, path: Path, only: frozenset[str] | None = None) -> Result:
    return grade(Submission(path.stem, path), assignments()[name], only=only)


def header(path: Path) -> set[str]:
    """The checks that a wrong file says it fails."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# fails: "), f"{path.name} must begin with '# fails: CHECK'"
    return {name.strip() for name in first.removeprefix("# fails: ").split(",")}


RIGHT = files("solution") + files("right")
WRONG = files("wrong")


@pytest.mark.parametrize("name", assignments())
def test_doing_nothing_earns_nothing(name: str, tmp_path: Path) -> None:
    """Who starts nothing has joined everything, and is never in a deadlock: no check may be passed by that alone."""
    tree = ast.parse((assignments()[name].folder / "solution.py").read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    path = tmp_path / assignments()[name].file
    path.write_text("".join(f"def {function}(*args, **kwargs):\n    pass\n" for function in functions))
    assert [verdict.check.name for verdict in judge(name, path).verdicts if verdict.outcome == Outcome.PASSED] == []


@pytest.mark.parametrize(("name", "path"), RIGHT, ids=ids(RIGHT))
def test_a_right_program_gets_full_marks(name: str, path: Path) -> None:
    result = judge(name, path)
    failed = {verdict.check.name: verdict.finding for verdict in result.verdicts if verdict.outcome != Outcome.PASSED}
    assert not failed
    assert result.score == result.max_score > 0
    assert result.status is Status.GRADED, result.reviews


@pytest.mark.parametrize(("name", "path"), WRONG, ids=ids(WRONG))
def test_a_wrong_program_fails_the_checks_it_names(name: str, path: Path) -> None:
    named = header(path)
    result = judge(name, path, frozenset(named))
    assert {verdict.check.name: verdict.outcome for verdict in result.verdicts} == dict.fromkeys(named, Outcome.FAILED)
    assert all(verdict.finding is not None and verdict.finding.message for verdict in result.verdicts)


@pytest.mark.parametrize("name", list(assignments()))
def test_every_check_has_a_wrong_program(name: str) -> None:
    assignment = assignments()[name]
    named = set().union(*(header(path) for other, path in WRONG if other == name))
    assert named == {check.name for check in assignment.checks}


@pytest.mark.parametrize("name", list(assignments()))
def test_the_course_has_what_it_promises(name: str) -> None:
    assignment = assignments()[name]
    assert len([path for other, path in WRONG if other == name]) >= FEWEST_WRONG
    assert len([path for other, path in RIGHT if other == name]) > FEWEST_RIGHT
    assert set(check_titles(assignment, public_only=False)) == {check.name for check in assignment.checks}
    assert check_titles(assignment, public_only=True)
    assert "# BEGIN SOLUTION" in (assignment.folder / "solution.py").read_text(encoding="utf-8")
    assert (assignment.folder / "handout.md").stat().st_size > 1000
