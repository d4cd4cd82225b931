"""A run's folders serve again only where the run before has not touched them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.sandbox import folders
from autograder.sandbox.folders import Folders


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(folders.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def own(tmp_path: Path, time: list[float]) -> Folders:
    """The folders of another user's guests: two pairs wait, and are old enough."""
    (tmp_path / "guests").mkdir()
    found = Folders(tmp_path / "guests", os.getuid())
    for work, _ in [found.take(), found.take()]:
        found.give_back(work)
    time[0] += 1
    # And old enough for the file system, whose clock moves on in steps.
    made, clock = newest(tmp_path / "guests"), tmp_path / "clock"
    clock.touch()
    while clock.stat().st_ctime_ns <= made:
        os.utime(clock)
    return found


def newest(folder: Path) -> int:
    return max(path.stat().st_ctime_ns for path in folder.rglob("*"))


def test_untouched_folders_serve_again(own: Folders, time: list[float]) -> None:
    first = own.take()
    own.give_back(first[0])
    second = own.take()
    assert second[0] != first[0]
    assert own.take() == first
    assert own.left() == sorted(path for pair in (first, second) for path in (*pair, pair[0].parent))


def changed_and_put_back(work: Path) -> None:
    (work / "file").touch()
    (work / "file").unlink()


def replaced(work: Path) -> None:
    work.rmdir()
    work.mkdir(0o700)


def attribute(work: Path) -> None:
    try:
        os.setxattr(work, "user.seen", b"1")
    except OSError as error:
        pytest.skip(f"no attributes in this file system: {error.strerror}")


TOUCHES: dict[str, Callable[[Path], object]] = {
    "a file": lambda work: (work / "file").touch(),
    "a file in the other folder": lambda work: (work.parent / "scratch" / "file").touch(),
    "a file that is gone": changed_and_put_back,
    "rights": lambda work: work.chmod(0o755),
    "times": lambda work: os.utime(work, ns=(1, 1)),
    "another folder": replaced,
    "no folder": lambda work: work.rmdir(),
    "an attribute": attribute,
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_touched_folders_do_not(own: Folders, time: list[float], touch: Callable[[Path], object]) -> None:
    work, _ = own.take()
    touch(work)
    own.give_back(work)
    assert not work.parent.exists()
    assert own.left() == []
    time[0] += 1
    following, scratch = own.take()
    assert following != work
    assert [*following.iterdir(), *scratch.iterdir()] == []


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_nor_do_those_that_waited_meanwhile(own: Folders, touch: Callable[[Path], object]) -> None:
    """All guests of a launcher are one user, and can find where the others' folders lie."""
    work, _ = own.take()
    waiting = next(path for path in own.waiting() if path.name == "work")
    touch(waiting)
    own.give_back(work)
    assert not waiting.parent.exists()
    assert work in own.waiting()
    assert own.left() == []


def test_new_folders_serve_once(tmp_path: Path, time: list[float]) -> None:
    """What happens in the moment in which a folder is made can leave its times as they were."""
    own = Folders(tmp_path, os.getuid())
    work, _ = own.take()
    own.give_back(work)
    assert not work.exists()
    second, _ = own.take()
    own.give_back(second)
    assert not second.exists()


def test_folders_of_our_own_user_serve_once(tmp_path: Path, time: list[float]) -> None:
    """Guests of the grader's own user may write beside their folder, too."""
    own = Folders(tmp_path, -1)
    for _ in range(3):
        work, _ = own.take()
        (tmp_path / "beside").mkdir()
        own.give_back(work)
        assert [*tmp_path.iterdir()] == []
        time[0] += 1
