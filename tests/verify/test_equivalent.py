"""The list of equivalent mutants: what it excuses, and what it refuses, with the line."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from autograder.verify import equivalent
from autograder.verify.mutants import mutants

SOURCE = "def f(ts):\n    for t in ts:\n        t.join()\n"


def listed(folder: Path, text: str) -> list[equivalent.Entry]:
    path = folder / equivalent.FILE
    path.write_text(dedent(text))
    return equivalent.load(path)


def test_no_list(tmp_path: Path) -> None:
    assert equivalent.load(tmp_path / equivalent.FILE) == []
    assert listed(tmp_path, "# nothing yet\n") == []


def test_an_entry_finds_its_mutant(tmp_path: Path) -> None:
    entries = listed(
        tmp_path,
        """
        - operator: join_with_a_limit
          in: f
          line: t.join()
          reason: Fast enough.
        """,
    )
    found, problems = equivalent.assigned(entries, mutants(SOURCE))
    assert problems == []
    ((mutant, entry),) = found.items()
    assert mutant.becomes == "t.join(0.1)"
    assert (entry.reason, entry.at) == ("Fast enough.", 2)


@pytest.mark.parametrize(
    ("operator", "line", "problem"),
    [
        ("join_with_a_limit", "u.join()", "equivalent.yml:1: fits no mutant of solution.py"),
        ("not_all_of_them", '"for t in ts:"', "equivalent.yml:1: fits 4 mutants; say more"),
    ],
)
def test_an_entry_fits_one_mutant(tmp_path: Path, operator: str, line: str, problem: str) -> None:
    entries = listed(tmp_path, f"- {{operator: {operator}, line: {line}, reason: Why not.}}\n")
    found, problems = equivalent.assigned(entries, mutants(SOURCE))
    assert found == {}
    assert len(problems) == 1
    assert problem in problems[0]


def test_one_mutant_stands_there_once(tmp_path: Path) -> None:
    entry = "- {operator: join_with_a_limit, line: t.join(), reason: Why not.}\n"
    found, problems = equivalent.assigned(listed(tmp_path, entry * 2), mutants(SOURCE))
    assert len(found) == 1
    assert problems == [f"{tmp_path / equivalent.FILE}:2: the same mutant as in line 1"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("operator: x\n", 1, "a list of entries"),
        ("- x\n", 1, "a mapping with the keys operator"),
        ("- operator: x\n  line: y\n", 1, 'an entry without "reason"'),
        ("- operator: x\n  line: y\n  reason: ' '\n", 1, 'an entry without "reason"'),
        ("- operator: x\n  line: y\n  reason: z\n  scope: f\n", 4, 'the key "scope"'),
        ("- operator: x\n  line: 3\n  reason: z\n", 2, "text (in quotes"),
        ("- operator: x\n  line: y\n  reason: z\n  nth: two\n", 4, "a whole number"),
        ("- operator: x\n  operator: y\n", 2, "twice"),
        ("- operator: [\n", 2, "no valid YAML"),
    ],
)
def test_the_list_is_read_strictly(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(equivalent.EquivalentError) as refused:
        listed(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path / equivalent.FILE}:{line}: found ")
    assert words in str(refused.value)
