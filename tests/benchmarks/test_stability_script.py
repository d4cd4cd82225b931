"""The benchmark's comparison, with graders of the tests' own: it finds every difference, and none where none is."""

from __future__ import annotations

import importlib.util
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rich.console import Console

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "stability.py"
CONDITIONS = ("idle", "busy", "quota")


@pytest.fixture(scope="module")
def stability() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("stability", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[spec.name]


def cases(stability: ModuleType) -> list[Any]:
    paths = ("pool_fib/solution.py", "pool_fib/right/fast.py", "pool_fib/wrong/slow.py")
    return [stability.Case("pool_fib", Path(path)) for path in paths]


def tally(stability: ModuleType, grade: Callable[[str, str, int], bytes], runs: int = 3) -> Any:
    """Three submissions under all conditions; ``grade`` gets label, condition, and how often it was called before."""

    def graded(condition: str, cases: Sequence[Any], runs: int) -> Iterator[tuple[Any, bytes]]:
        count = dict.fromkeys(cases, -1)

        def one(case: Any) -> bytes:
            count[case] += 1
            return grade(case.label, condition, count[case])

        yield from stability.grade_again(cases, runs, one)

    return stability.measure(cases(stability), CONDITIONS, runs, graded)


def printed(stability: ModuleType, tally: Any) -> list[str]:
    console = Console(width=100, file=io.StringIO())
    with console.capture() as capture:
        console.print(stability.table(tally, CONDITIONS))
    return capture.get().splitlines()


def cells(stability: ModuleType, tally: Any, label: str) -> list[str]:
    line = next(line for line in printed(stability, tally) if label in line)
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_equal_bytes(stability: ModuleType) -> None:
    found = tally(stability, lambda label, condition, run: label.encode())
    assert found.runs == 27
    assert found.unstable == []
    assert cells(stability, found, "wrong/slow") == ["pool_fib/wrong/slow", "3 → 1", "3 → 1", "3 → 1", "9 → 1"]
    closing = "27 gradings of 3 submissions, 3 distinct results.json: byte-identical for every submission."
    assert stability.closing(found) == closing


def test_one_run_differs(stability: ModuleType) -> None:
    def grade(label: str, condition: str, run: int) -> bytes:
        slow = label.endswith("slow") and condition == "busy" and run == 2
        return b"score: 0\n" if slow else b"score: 1\n"

    found = tally(stability, grade)
    assert [case.label for case in found.unstable] == ["pool_fib/wrong/slow"]
    assert cells(stability, found, "wrong/slow") == ["pool_fib/wrong/slow", "3 → 1", "3 → 2", "3 → 1", "9 → 2"]
    assert stability.closing(found).endswith("4 distinct results.json: 1 of 3 submissions DIFFER.")
    difference = stability.difference(found, found.unstable[0])
    assert "pool_fib/wrong/slow: 1× under busy" in difference
    assert "-score: 1" in difference
    assert "+score: 0" in difference


def test_conditions_differ(stability: ModuleType) -> None:
    """Each condition agrees with itself; together they don't."""
    found = tally(stability, lambda label, condition, run: b"late" if condition == "quota" else b"in time")
    assert len(found.unstable) == 3
    assert cells(stability, found, "solution") == ["pool_fib/solution", "3 → 1", "3 → 1", "3 → 1", "9 → 2"]


def test_submissions_take_turns(stability: ModuleType) -> None:
    order = [case.path.stem for case, _ in stability.grade_again(cases(stability), 2, lambda case: b"")]
    assert order == ["solution", "fast", "slow"] * 2


def test_default_set(stability: ModuleType) -> None:
    chosen = stability.chosen_cases(["pool_fib", "shared_array"], False)
    kinds = [case.path.parent.name for case in chosen]
    assert kinds == [kind for name in ("pool_fib", "shared_array") for kind in (name, "right", "wrong", "wrong")]
    assert len({case.path for case in chosen}) == len(chosen)
    assert all(case.path.is_file() for case in chosen)


def test_unknown_assignment(stability: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r"no assignment sorting; there are .*pool_fib"):
        stability.chosen_cases(["sorting"], False)


@pytest.mark.parametrize(
    "files",
    [
        {"cgroup.procs": "", "cgroup.controllers": "cpu"},
        {"cpu/cgroup.procs": "", "cpu/cpu.cfs_quota_us": "-1"},
        {},
    ],
    ids=["version 2", "version 1", "none"],
)
def test_no_cgroup_without_its_files(stability: ModuleType, tmp_path: Path, files: dict[str, str]) -> None:
    """A folder in which a new one does not get the kernel's files gives no quota, and is left as it was."""
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    before = sorted(tmp_path.rglob("*"))
    assert stability.make_cgroup(tmp_path) is None
    assert sorted(tmp_path.rglob("*")) == before


def test_the_whole_tree_is_stopped_and_goes_on(stability: ModuleType) -> None:
    """The throttle reaches children of children, and nothing stays stopped when it ends."""
    inner = "print('up', flush=True); print(input())"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    command = [sys.executable, "-c", outer]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        stopped = stability._stop_all(process.pid)
        assert process.pid in stopped
        assert len(stopped) == 2
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        stability._signal(stopped, signal.SIGCONT)
        with stability.throttle(process.pid):
            answer, _ = process.communicate("still here\n")
    assert answer == "still here\n"
