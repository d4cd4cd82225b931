"""The folders of runs: a working folder, and one for what libraries keep on disk, both empty and the guest's own.

Making and removing them costs a journalling file system more time than many a run takes. So a pair that nothing was
done to serves again. That nothing was done is a fact: whoever makes, removes or renames a file in a folder, or changes
its rights, times or attributes, sets the time of its last change (st_ctime), which nobody can set to a value of their
choice (inode(7)). The clock of that time stands still for some milliseconds, though, and what is done to a folder in
the moment in which it was made leaves no trace; so one serves again only if it was of some age when its run began.
"""

from __future__ import annotations

import os
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from autograder.scratch import remove_tree

AGE = 0.05
"""Seconds: some times the longest tick of Linux's clock for files (1 / CONFIG_HZ, at most 0.01)."""
SPARE = 8
"""Pairs that wait for a run: enough that the one that has waited longest is of that age."""


@dataclass(frozen=True)
class Pair:
    """The folders ``work`` and ``scratch`` beside each other in one of their own."""

    work: Path
    scratch: Path
    marks: tuple[tuple[int, ...], ...]
    made: float

    @property
    def outer(self) -> Path:
        return self.work.parent

    def old(self) -> bool:
        return time.monotonic() - self.made > AGE

    def untouched(self) -> bool:
        try:
            return self.marks == (_mark(self.work), _mark(self.scratch))
        except OSError:
            return False

    def remove(self) -> None:
        try:
            # Most runs leave nothing behind.
            os.rmdir(self.work)
            os.rmdir(self.scratch)
            os.rmdir(self.outer)
        except OSError:
            remove_tree(self.outer)


def _mark(folder: Path) -> tuple[int, ...]:
    found = os.lstat(folder)
    return found.st_ino, found.st_mode, found.st_uid, found.st_ctime_ns


class Folders:
    """The folders of one launcher's runs, in ``base``. ``user`` is whose they are; -1: our own user's, whose guests
    could write into any of them, so that none serves twice."""

    def __init__(self, base: Path, user: int) -> None:
        self._base, self._user = base, user
        self._made = 0
        self._spare: deque[Pair] = deque()
        self._taken: dict[Path, Pair] = {}  # by the working folder: those that may serve again

    def take(self) -> tuple[Path, Path]:
        """A new empty working folder for a run, and one for what its libraries keep on disk."""
        pair = self._spare.popleft() if self._spare and self._spare[0].old() else None
        if pair is None:
            pair = self._make()
        else:
            self._taken[pair.work] = pair
        return pair.work, pair.scratch

    def give_back(self, work: Path) -> None:
        """Remove the folders of a run, whose processes have ended, or keep them for another one."""
        pair = self._taken.pop(work, None)
        # The guests of all runs are one user: this one may have been in those that wait, too.
        for other in [one for one in self._spare if not one.untouched()]:
            self._spare.remove(other)
            other.remove()
        if pair is not None and pair.untouched():
            self._spare.append(pair)
            return
        (pair or Pair(work, work.parent / "scratch", (), 0.0)).remove()
        if self._user < 0:
            # Guests of our own user may write beside their run's folder, too. The next run finds nothing of it.
            self._base.chmod(0o711)
            for name in os.listdir(self._base):
                remove_tree(self._base / name)
        elif len(self._spare) < SPARE:
            self._spare.append(self._make())

    def left(self) -> list[Path]:
        """What lies there between two runs and is none of the empty folders that wait for one."""
        return sorted({*self._base.rglob("*")} - {*self.waiting()})

    def waiting(self) -> list[Path]:
        """The folders that wait for a run."""
        return [path for pair in self._spare for path in (pair.outer, pair.work, pair.scratch)]

    def _make(self) -> Pair:
        self._made += 1
        outer = self._base / str(self._made)
        work, scratch = outer / "work", outer / "scratch"
        outer.mkdir(mode=0o711)
        for folder in (work, scratch):
            folder.mkdir(mode=0o700)
            if self._user >= 0:
                os.chown(folder, self._user, self._user)
        return Pair(work, scratch, (_mark(work), _mark(scratch)), time.monotonic())
