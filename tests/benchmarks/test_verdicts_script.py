"""The command that prints the rates: what it gathers from the others, and that each kind of failure is one here too."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
NAMES = ("verdicts", "detection", "stability", "interpreters")


@pytest.fixture(scope="module")
def verdicts() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("verdicts")
    finally:
        sys.path.remove(str(BENCHMARKS))
        for name in NAMES:
            sys.modules.pop(name, None)


def tally(verdicts: ModuleType, results: dict[str, bytes]) -> Any:
    found = verdicts.stability.Tally()
    for condition, result in results.items():
        found.add(verdicts.stability.Case("pool_fib", Path("pool_fib/solution.py")), condition, result, 2)
    return found


def rows(verdicts: ModuleType, *, missed: bool = False, alarm: bool = False) -> list[Any]:
    judged = verdicts.detection.Judged
    programs = [
        judged("right", alarm, not alarm, 9),
        judged("wrong", not missed, missed, 3),
        judged("mutant", True, False, 2),
    ]
    return [verdicts.detection.Row("pool_fib", 1, programs)]


def report(verdicts: ModuleType, **changes: Any) -> Any:
    return verdicts.gate.Report("pool_fib", **{"right": 2, "passed": 2, "wrong": 3, "failed": 3, **changes})


def held(verdicts: ModuleType, **changes: Any) -> list[bool]:
    """Which of the four hold: all of them, unless something is changed."""
    given = {
        "rows": rows(verdicts),
        "reports": [report(verdicts)],
        "variants": 30,
        "tally": tally(verdicts, {"3.11 idle": b"{}", "3.13 busy": b"{}"}),
        "versions": ["3.11", "3.13"],
        "asked": ["3.11", "3.13"],
        **changes,
    }
    return [holds for holds, _ in verdicts.sentences(**given)]


def test_all_hold(verdicts: ModuleType) -> None:
    assert held(verdicts) == [True, True, True, True]


def test_each_failure_is_one_here(verdicts: ModuleType) -> None:
    assert held(verdicts, rows=rows(verdicts, missed=True)) == [False, True, True, True]
    assert held(verdicts, rows=rows(verdicts, alarm=True)) == [False, True, True, True]
    assert held(verdicts, reports=[report(verdicts, failed=2)]) == [True, False, True, True]
    assert held(verdicts, reports=[report(verdicts, passed=1)]) == [True, False, True, True]
    assert held(verdicts, reports=[report(verdicts, problems=["a check without a file"])]) == [True, False, True, True]
    assert held(verdicts, variants=29) == [True, True, False, True]
    differs = tally(verdicts, {"3.11 idle": b"{}", "3.13 idle": b"{ }"})
    assert held(verdicts, tally=differs) == [True, True, True, False]
    assert held(verdicts, versions=["3.11"]) == [True, True, True, False]  # one that was asked for is missing
    assert held(verdicts, tally=verdicts.stability.Tally(), versions=[]) == [True, True, True, False]


def test_what_is_said_of_a_free_threaded_build(verdicts: ModuleType) -> None:
    def said(versions: list[str]) -> str:
        found = verdicts.sentences(
            rows(verdicts), [], 30, tally(verdicts, {"3.13 idle": b"{}"}), versions, [*versions, "3.12"]
        )
        return found[3][1]

    assert "no free-threaded one is installed here; left out: 3.12." in said(["3.13"])
    assert "a free-threaded one among them (3.13t)" in said(["3.13", "3.13t"])


def test_versions_come_together(verdicts: ModuleType) -> None:
    one = tally(verdicts, {"idle": b"{}", "busy": b"{}"})
    other = tally(verdicts, {"idle": b"{}", "busy": b"[]"})
    merged = verdicts.together({"3.11": one, "3.13": other})
    assert merged.runs == 8
    assert {condition for _, condition in merged.seen} == {"3.11 idle", "3.11 busy", "3.13 idle", "3.13 busy"}
    assert [case.label for case in merged.unstable] == ["pool_fib/solution"]
    assert not verdicts.together({"3.11": one}).unstable


def test_a_tally_is_saved_and_read(verdicts: ModuleType) -> None:
    before = tally(verdicts, {"idle": b'{"score": 1}', "busy": "ü".encode()})
    assert verdicts.stability.loads(verdicts.stability.dumps(before)) == before


def test_a_version_without_results_is_said_and_left_out(verdicts: ModuleType, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'no module named msgspec' >&2\nexit 1\n")
    python.chmod(0o755)
    said: list[str] = []
    assert verdicts.graded_again({"3.13t": python}, [], said.append) == {}
    assert said == ["Python 3.13t: no results: no module named msgspec"]


def test_this_python_is_among_the_installed(verdicts: ModuleType) -> None:
    assert verdicts.this_version() in verdicts.installed()
    assert verdicts.environment(verdicts.this_version(), Path("unused")) == (Path(sys.executable), "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--assignment", "nothing"], "no assignment nothing; there are "),
        (["--python", "2.7"], "Python 2.7 is not installed here; there are "),
        (["--conditions", "hot"], "--conditions: found hot, allowed are idle, busy, quota"),
        (["--runs", "0"], "--runs and --jobs must be at least 1"),
    ],
)
def test_misuse(arguments: list[str], said: str) -> None:
    command = [sys.executable, str(BENCHMARKS / "verdicts.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
