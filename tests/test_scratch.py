"""Temporary folders whose process was killed are removed by the next; those of others, and of people, are not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.scratch import LOCK, Scratch, remove_stale

KILLED = """
import os, sys
from autograder.scratch import Scratch
scratch = Scratch()
(scratch.path / "deep" / "er").mkdir(parents=True)
(scratch.path / "deep" / "file").write_text("x")
(scratch.path / "deep").chmod(0)
print(scratch.path, flush=True)
os.kill(os.getpid(), 9) if sys.argv[1] == "kill" else sys.stdin.read()
"""


def start(tmp_path: Path, what: str) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, what],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_folder_lives_as_long_as_its_process(tmp_path: Path) -> None:
    killed, stale = start(tmp_path, "kill")
    alive, used = start(tmp_path, "wait")
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert remove_stale(tmp_path) == [stale]
    assert not stale.exists()
    assert used.exists()
    alive.communicate("")
    assert remove_stale(tmp_path) == [used]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_removed_in_good_order(tmp_path: Path) -> None:
    with Scratch(tmp_path) as path:
        (path / "file").write_text("")
        assert remove_stale(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["no lock", "a link", "a file", "a link as lock"])
def test_what_is_not_ours_stays(tmp_path: Path, what: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "thesis.txt").write_text("three years")
    (home / LOCK).write_text("")
    path = tmp_path / "autograder-mine"
    if what == "no lock":
        path.mkdir()
        (path / "results.csv").write_text("")
    elif what == "a link":
        path.symlink_to(home)
    elif what == "a file":
        path.write_text("")
    else:
        path.mkdir()
        (path / LOCK).symlink_to(home / LOCK)
    before = sorted(tmp_path.rglob("*"))
    assert remove_stale(tmp_path) == []
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user")
def test_another_users_folder_stays(tmp_path: Path) -> None:
    path = tmp_path / "autograder-theirs"
    path.mkdir()
    (path / LOCK).write_text("")
    os.chown(path, 58_255, 58_255)
    os.chown(path / LOCK, 58_255, 58_255)
    assert remove_stale(tmp_path) == []


def test_a_lock_that_was_removed_in_between_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cleaner that is as fast as can be: it finds the folder before its maker has locked it."""
    import fcntl

    real, removed = fcntl.flock, []

    def flock(fd: int, operation: int) -> None:
        if not removed:
            removed.append(None)  # what follows locks for itself
            removed[:] = remove_stale(tmp_path)
        real(fd, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    with Scratch(tmp_path) as path:
        assert len(removed) == 1
        assert removed != [path]
        assert list(tmp_path.iterdir()) == [path]
