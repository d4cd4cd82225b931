"""Copies of interpreters and packages: made once, kept while they are used, removed when nobody will."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.sandbox import interpreter
from autograder.sandbox.interpreter import UNUSED_DAYS, _copy, _Original


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(interpreter, "_used", {})
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache"


def original(tmp_path: Path, name: str) -> _Original:
    (tmp_path / name).mkdir(exist_ok=True)
    return _Original("packages", str(tmp_path / name))


def making(text: str, made: list[str] | None = None) -> Callable[[Path], None]:
    def make(part: Path) -> None:
        part.mkdir()
        (part / "module.py").write_text(text)
        if made is not None:
            made.append(text)

    return make


def release() -> None:
    """As when the processes that use copies have ended."""
    for fd in interpreter._used.values():
        os.close(fd)
    interpreter._used.clear()


def copies(folder: Path) -> set[str]:
    return {(path / "module.py").read_text() for path in folder.iterdir() if path.is_dir()}


def test_a_copy_is_made_once(tmp_path: Path, folder: Path) -> None:
    made: list[str] = []
    homes = {_copy(folder, original(tmp_path, "one"), making("one", made)) for _ in range(3)}
    release()
    homes.add(_copy(folder, original(tmp_path, "one"), making("one", made)))
    assert made == ["one"]
    assert [(home / "module.py").read_text() for home in homes] == ["one"]


@pytest.mark.parametrize("why", ["gone", "changed", "unused"])
def test_a_copy_that_nobody_will_use_goes_when_another_is_made(tmp_path: Path, folder: Path, why: str) -> None:
    home = _copy(folder, original(tmp_path, "one"), making("one"))
    if why == "gone":
        shutil.rmtree(tmp_path / "one")
    elif why == "changed":
        os.utime(tmp_path / "one", (0, 0))
    else:
        os.utime(f"{home}.of", (time.time() - (UNUSED_DAYS + 1) * 86_400,) * 2)
    _copy(folder, original(tmp_path, "two"), making("two"))
    assert copies(folder) == {"one", "two"}  # it is in use
    release()
    _copy(folder, original(tmp_path, "three"), making("three"))
    assert copies(folder) == {"two", "three"}
    assert not Path(f"{home}.of").exists()


def test_use_keeps_a_copy(tmp_path: Path, folder: Path) -> None:
    home = _copy(folder, original(tmp_path, "one"), making("one"))
    os.utime(f"{home}.of", (0, 0))
    release()
    _copy(folder, original(tmp_path, "one"), making("one"))
    release()
    _copy(folder, original(tmp_path, "two"), making("two"))
    assert copies(folder) == {"one", "two"}


def test_a_copy_that_could_not_be_made_leaves_nothing(tmp_path: Path, folder: Path) -> None:
    def fail(part: Path) -> None:
        part.mkdir()
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        _copy(folder, original(tmp_path, "one"), fail)
    assert [path for path in folder.iterdir() if path.is_dir()] == []
    assert (_copy(folder, original(tmp_path, "one"), making("one")) / "module.py").exists()


def test_what_a_killed_process_began_is_removed(tmp_path: Path, folder: Path) -> None:
    (folder / "making-abc" / "whole").mkdir(parents=True)
    (folder / "packages-0123").mkdir()  # of a version that noted nothing: it may be in use
    (folder / "packages-4567").mkdir()
    os.utime(folder / "packages-4567", (0, 0))
    home = _copy(folder, original(tmp_path, "one"), making("one"))
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"packages-0123", home.name}


def test_processes_that_want_a_copy_at_the_same_time(tmp_path: Path, folder: Path) -> None:
    one, other = original(tmp_path, "one"), original(tmp_path, "two")
    made = tmp_path / "made"
    pids = []
    for number in range(6):
        pid = os.fork()
        if pid == 0:
            try:
                text = "one" if number % 2 else "two"

                def make(part: Path, text: str = text) -> None:
                    making(text)(part)
                    with made.open("a") as file:
                        file.write(f"{text}\n")

                home = _copy(folder, one if number % 2 else other, make)
                os._exit((home / "module.py").read_text() != text)
            finally:
                os._exit(2)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * 6
    assert sorted(made.read_text().split()) == ["one", "two"]
