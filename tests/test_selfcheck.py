"""A student's own check: once, and again whenever the file is saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from autograder import selfcheck
from autograder.config import load_course
from autograder.model import Assignment
from autograder.selfcheck import Checked

ROOT = Path(__file__).parents[1]


@pytest.fixture
def assignment() -> Assignment:
    return load_course(ROOT).assignments["warm_up"]


def solution(assignment: Assignment) -> str:
    return (assignment.folder / "solution.py").read_text()


def test_each_save_is_checked_anew(assignment: Assignment, tmp_path: Path) -> None:
    file = tmp_path / assignment.file
    right = solution(assignment)
    file.write_text(right.replace("thread.start()", "pass"))

    def saves() -> Iterator[object]:
        file.write_text(right)
        yield "saved"
        file.unlink()
        yield "gone for a moment"
        file.write_text(right + "\n!")
        yield "saved in the middle of a thought"

    shown: list[Checked] = []
    selfcheck.watch(file, assignment, shown.append, saves())
    assert [checked.passed for checked in shown] == [False, True, False, False]
    assert "2 of 3 checks passed." in shown[0].text
    assert "3 of 3 checks passed." in shown[1].text
    assert "warm_up.py" in shown[2].text
    assert "syntax" in shown[3].text


def test_only_the_public_checks_are_run(assignment: Assignment) -> None:
    checked = selfcheck.check(assignment.folder / "wrong" / "sleep_for_join.py", assignment)
    assert checked.passed
    assert "process_is_joined" not in checked.text


@pytest.mark.parametrize("by_name", [True, False])
def test_saves_are_told_by_the_system(by_name: bool, tmp_path: Path) -> None:
    """Written into, or replaced by another file of the name, as editors do; other files are nobody's affair."""
    file = tmp_path / "warm_up.py"
    file.write_text("")
    found: list[object] = []
    told, ended = Event(), Event()

    def listen() -> None:
        for change in selfcheck.saves(file if by_name else tmp_path, "warm_up.py"):
            found.append(change)
            told.set()
            break
        ended.set()

    listener = Thread(target=listen, daemon=True)
    listener.start()
    # Nothing tells when the watching has begun, so it is saved until it is seen.
    for number in range(600):
        (tmp_path / "other.py").write_text(str(number))
        new = tmp_path / "new.tmp"
        new.write_text(str(number))
        new.replace(file)
        if told.wait(0.1):
            break
    assert ended.wait(60)
    assert [Path(path).name for _, path in found[0]] == ["warm_up.py"] * len(found[0])  # type: ignore[arg-type,attr-defined]
