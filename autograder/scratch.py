"""Temporary folders that are removed also when their process could not.

A folder of ours is ``autograder-*`` among the system's temporary files, with a file ``.lock`` in it that its process
holds locked (flock(2)) while it lives. A process that is killed leaves the folder, and the lock goes with the process:
a folder of our own user whose lock nobody holds is nobody's, and the next process removes it (`remove_stale`).

Folders without such a file are never touched, whatever their name. Two processes that make and remove folders at the
same time do not meet: whoever has locked a file makes sure that it is still the one with that name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

PREFIX = "autograder-"
LOCK = ".lock"


class Scratch:
    """A new folder, ``path``, until `remove`. Use as a context manager, which gives the path. In ``parent``, or among
    the system's temporary files. Raises OSError."""

    def __init__(self, parent: Path | None = None) -> None:
        fd = None
        while fd is None:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
            fd = _held(self.path / LOCK, os.O_CREAT | os.O_EXCL)
        self._fd = fd

    def remove(self) -> None:
        if self._fd >= 0:
            _remove(self.path)
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.remove()


def remove_stale(parent: Path | None = None) -> list[Path]:
    """Remove the folders whose processes are gone. Returns which."""
    removed = []
    parent = parent or Path(tempfile.gettempdir())
    with contextlib.suppress(OSError):
        for path in sorted(parent.glob(f"{PREFIX}*")):
            with contextlib.suppress(OSError):
                found = path.lstat()
                if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
                    continue
                fd = _held(path / LOCK, 0)
                if fd is not None:
                    try:
                        _remove(path)
                        removed.append(path)
                    finally:
                        os.close(fd)
    return removed


def _held(lock: Path, flags: int) -> int | None:
    """The descriptor of a lock file that is ours from now on; None where it is another's, or is gone."""
    import fcntl  # not on Windows, where nothing can be run

    fd = os.open(lock, flags | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ours, named = os.fstat(fd), lock.stat()
        if (ours.st_dev, ours.st_ino, ours.st_uid) == (named.st_dev, named.st_ino, os.geteuid()):
            return fd
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(fd)
        raise
    os.close(fd)
    return None


def _remove(folder: Path) -> None:
    """The lock last, so that what is left of it, should this be ended, is still known to be ours."""
    for path in list(folder.iterdir()):
        if path.name != LOCK:
            remove_tree(path)
    (folder / LOCK).unlink(missing_ok=True)
    try:
        folder.rmdir()
    except OSError:  # something is still being written into it
        remove_tree(folder)


def remove_tree(path: Path) -> None:
    """Remove a folder that a submission has written to, or a file, however deep."""
    if path.is_symlink() or not path.is_dir():
        path.unlink()
        return
    try:
        shutil.rmtree(path, ignore_errors=False)
    except (RecursionError, OSError):
        # Before 3.13 rmtree recurses, and a run may leave folders without permissions. Neither follows links.
        subprocess.run(["chmod", "-R", "u+rwx", "--", str(path)], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", "--", str(path)], check=False)
