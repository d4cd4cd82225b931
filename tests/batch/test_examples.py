"""The invented class that `make demo` grades: that it is one, and that its README tells of everybody in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from autograder.config import load_course
from autograder.intake import collect

ROOT = Path(__file__).parents[2]
CLASS = ROOT / "examples" / "class"
ASSIGNMENTS = load_course(ROOT).assignments


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_assignment_has_hand_ins(name: str, tmp_path: Path) -> None:
    found = collect([CLASS / name], ASSIGNMENTS[name].file, tmp_path)
    assert found.remarks == ()
    assert sum(one.path is not None for one in found.submissions) >= 3
    assert all(one.notes == () for one in found.submissions)


def test_the_readme_tells_of_everybody() -> None:
    rows = re.findall(r"^\| (\w*) *\| (\w+) \| (\S.*) \|$", (CLASS / "README.md").read_text(), re.MULTILINE)
    told, assignment = [], ""
    for name, student, _ in rows[1:]:
        assignment = name or assignment
        told.append((assignment, student))
    assert told == sorted(told, key=lambda one: (list(ASSIGNMENTS).index(one[0]), one[1]))
    assert set(told) == {(path.parent.name, path.name) for path in CLASS.glob("*/*") if path.is_dir()}
    assert len(told) >= 16


def test_only_one_is_no_python() -> None:
    broken = []
    for path in sorted(CLASS.glob("*/*/*.py")):
        try:
            ast.parse(path.read_text(encoding="utf-8"))
        except SyntaxError:
            broken.append(path.parent.name)
    assert broken == ["novak"]
