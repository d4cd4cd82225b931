"""The comparison with other tools: one oracle for all programs, and every answer told as it is."""

from __future__ import annotations

import importlib
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PROGRAMS = BENCHMARKS / "study"


@pytest.fixture(scope="module")
def scripts() -> Iterator[tuple[ModuleType, ModuleType]]:
    """compare.py, and the adapters' common half."""
    paths = [str(BENCHMARKS), str(BENCHMARKS / "adapters")]
    sys.path[:0] = paths
    names = ("compare", "whole_file")
    try:
        yield importlib.import_module(names[0]), importlib.import_module(names[1])
    finally:
        sys.path[:] = [path for path in sys.path if path not in paths]
        for name in (*names, "study", "interpreters"):
            sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("program", "texts"),
    [
        ("a_unlocked", {"ping ping \npong pong \n", "pong pong \nping ping \n"}),
        ("a_lock_each", {"ping ping \npong pong \n", "pong pong \nping ping \n"}),
        ("b_counter", {"4\n"}),
        ("c_two_orders", {"done\n"}),
        ("d_serialised", {"done\n"}),
        ("e_value", {"4\n"}),
    ],
)
def test_what_a_program_prints_one_thread_after_the_other(
    scripts: tuple[ModuleType, ModuleType], program: str, texts: set[str]
) -> None:
    _, whole_file = scripts
    stdout = sys.stdout
    assert whole_file.serial_outputs(str(PROGRAMS / f"{program}.py"), 2) == (texts, 2)
    assert sys.stdout is stdout


def test_each_module_is_made_anew(scripts: tuple[ModuleType, ModuleType], tmp_path: Path) -> None:
    _, whole_file = scripts
    path = tmp_path / "counts.py"
    path.write_text(
        "import threading\nseen = []\ndef main(n):\n    seen.append(n)\n    return seen, threading.Thread\n"
    )
    fresh = whole_file.loader(str(path))
    stand_in = object()
    assert fresh(stand_in)(1) == ([1], stand_in)
    assert fresh(stand_in)(2) == ([2], stand_in)
    assert threading.Thread is not stand_in


def test_an_answer_is_read_from_the_last_line(scripts: tuple[ModuleType, ModuleType]) -> None:
    compare, _ = scripts
    line = json.dumps({"kind": "deadlock", "schedules": 4, "seconds": 1.25, "exhausted": False, "note": ""})
    assert compare.read(f"hello\n{line}\n", "") == compare.Answer("deadlock", 4, 1.25, False, "")
    for broken in ("", "hello", "{}", "[1]", line[:-5]):
        answer = compare.read(broken, "Traceback\nOSError: no")
        assert answer.failed == "OSError: no", broken
    assert compare.read("", "").failed == "it said nothing"


def test_cells(scripts: tuple[ModuleType, ModuleType]) -> None:
    compare, _ = scripts
    answer = compare.Answer
    assert compare.cell(answer("race", 1, 0.5), right=False) == "found, 1 schedule, 0.50 s"
    assert "FALSE ALARM" in compare.cell(answer("race", 3, 0.5), right=True)
    assert compare.cell(answer("", 6, 0.5, True), right=True) == "clean, all of 6 schedules, 0.50 s"
    assert "not found" in compare.cell(answer("", 6, 0.5), right=False)
    assert "undecided: no end" in compare.cell(answer(failed="no end"), right=True)


def test_closing_counts_each_kind(scripts: tuple[ModuleType, ModuleType]) -> None:
    compare, _ = scripts
    one = compare.Answer
    answers = [(False, one("race", 1)), (False, one()), (True, one("", 2, 0.1, True)), (True, one("race", 1))]
    assert compare.closing("x", answers) == (
        "x: 1 of 2 wrong programs found, 1 false alarms on 2 right ones, 1 of these exhausted."
    )


def test_what_cannot_be_installed_is_said(
    scripts: tuple[ModuleType, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare, _ = scripts
    monkeypatch.setattr(compare, "BUILD", tmp_path / "build")
    assert compare.environment(compare.INTERLEAVE, {"3.11": Path("python3.11"), "3.13t": Path("python3.13t")}) == (
        None,
        "it needs Python 3.12 or newer",
    )
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'no room' >&2\nexit 1\n")
    python.chmod(0o755)
    assert compare.environment(compare.INTERLEAVE, {"3.12": python}) == (None, "no room")
    assert not (tmp_path / "build" / "ready").exists()


def test_all_are_asked_of_all(scripts: tuple[ModuleType, ModuleType]) -> None:
    compare, _ = scripts
    asked: list[str] = []
    columns = [("a", lambda path: compare.Answer("race", 1)), ("b", lambda path: compare.Answer("", 2, 0.1, True))]
    table, said = compare.compare(columns, asked.append)
    count = len(list(PROGRAMS.glob("*.py")))
    assert table.row_count == count
    assert len(asked) == 2 * count
    assert {name: len(answers) for name, answers in said.items()} == {"a": count, "b": count}
