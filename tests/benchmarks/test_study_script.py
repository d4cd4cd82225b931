"""The textbook programs are decided, by questions that know none of them, in the runs that the benchmark promises."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "study.py"
PROGRAMS = sorted((SCRIPT.parent / "study").glob("*.py"))
KINDS = {"a": "interleaving", "b": "race", "c": "deadlock", "d": "not parallel", "e": "race"}


@pytest.fixture(scope="module")
def study() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("study", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[spec.name]


def test_each_kind_in_wrong_and_right_form(study: ModuleType) -> None:
    found = list(study.programs())
    assert {path.stem[0] for path, right in found if right} == KINDS.keys()
    assert {path.stem[0] for path, right in found if not right} == KINDS.keys()


@pytest.mark.parametrize("n", [2, None], ids=["main(2)", "main()"])
@pytest.mark.parametrize("path", [one for one in PROGRAMS if "right" not in one.stem], ids=lambda path: path.stem)
def test_wrong_one_is_shown_in_five_runs(study: ModuleType, path: Path, n: int | None) -> None:
    decision = study.decide(path, n, most=study.MOST_RUNS)
    assert decision.kind == KINDS[path.stem[0]]
    assert 0 < decision.found <= decision.shown <= study.MOST_RUNS
    assert study.held(False, decision)


@pytest.mark.parametrize("path", [one for one in PROGRAMS if "right" in one.stem], ids=lambda path: path.stem)
def test_right_one_is_exhausted_without_a_finding(study: ModuleType, path: Path) -> None:
    decision = study.decide(path, 2)
    assert (decision.kind, decision.exhausted) == ("", True)
    assert study.held(True, decision)


def test_a_search_that_was_cut_is_no_proof(study: ModuleType) -> None:
    decision = study.decide(SCRIPT.parent / "study" / "b_right.py", 2, most=2)
    assert (decision.kind, decision.runs, decision.exhausted) == ("", 2, False)
    assert not study.held(True, decision)


def test_a_prediction_is_not_yet_shown(study: ModuleType) -> None:
    decision = study.decide(SCRIPT.parent / "study" / "b_counter.py", 2, most=1)
    assert (decision.kind, decision.found, decision.shown) == ("race", 1, 0)
    assert not study.held(False, decision)


def test_numbers_below_one_are_refused() -> None:
    for option in ("--n", "--times"):
        done = subprocess.run([sys.executable, str(SCRIPT), option, "0"], capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "must be at least 1" in done.stderr
        assert "Traceback" not in done.stderr
