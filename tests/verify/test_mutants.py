"""What holds of all mutants, shown on the course's own solutions."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.verify import equivalent
from autograder.verify.mutants import mutants, written

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
SOLUTIONS = sorted(ASSIGNMENTS.glob("*/solution.py"))


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.parent.name)
def test_mutants_of_a_solution(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    found = mutants(source)
    assert len(found) > 40
    assert len({mutant.source for mutant in found}) == len(found)
    assert written(source) not in {mutant.source for mutant in found}
    names = {(one.operator, one.scope, one.line, one.becomes, one.nth) for one in found}
    assert len(names) == len(found)
    for mutant in found:
        ast.parse(mutant.source)
        assert mutant.diff.startswith(f"--- solution.py\n+++ {mutant.operator}\n@@")
        script, before = (text.partition("if __name__")[2] for text in (mutant.source, mutant.before))
        assert script == before
        assert ast.get_docstring(ast.parse(mutant.source)) == ast.get_docstring(ast.parse(source))
    entries = equivalent.load(path.with_name(equivalent.FILE))
    listed, problems = equivalent.assigned(entries, found)
    assert problems == []
    assert len(listed) == len(entries)


def test_the_same_mutants_every_time() -> None:
    source = (
        "import threading\nlock = threading.Lock()\n\ndef f(t):\n    with lock:\n        t.start()\n        t.join()\n"
    )
    assert mutants(source) == mutants(source)


def test_a_name_outlives_edits_elsewhere() -> None:
    (before,) = (one for one in mutants("def f(t):\n    t.start()  # go\n") if one.operator == "run_for_start")
    source = '"""New."""\nimport os\n\n\ndef f(t):\n    os.sync()\n\n    t.start()\n'
    (after,) = (one for one in mutants(source) if one.operator == "run_for_start")
    assert before.name == after.name == "run_for_start in f: t.start() → t.run()"


def test_equal_lines_are_told_apart() -> None:
    found = [
        one for one in mutants("def f():\n    a()\n    b()\n    a()\n    c()\n") if one.operator == "drop_statement"
    ]
    assert [(one.line, one.nth) for one in found] == [("a()", 1), ("b()", 1), ("a()", 2), ("c()", 1)]
    assert found[2].name.endswith("(no. 2)")


def test_imports_annotations_and_decorators_stay() -> None:
    source = "from a import b\n\n@cache(3)\ndef f(n: 'int'=4) -> 'x':\n    pass\n"
    for mutant in mutants(source):
        assert mutant.source.startswith("from a import b\n\n@cache(3)\ndef f(n: 'int'=")
        assert "-> 'x'" in mutant.source


def test_no_mutants_of_nothing() -> None:
    assert mutants('"""Only words."""\n') == []
