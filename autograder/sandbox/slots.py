"""Numbers of users for guests: each launcher that runs as root has one to itself while it lives.

They need no entry in /etc/passwd. They lie where Debian's policy leaves room for those of the administrator, below
65536 so that a rootless container has them too. A slot is a locked file that goes back to the system with its process.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import stat
from pathlib import Path

FIRST, COUNT = 58_000, 256
FOLDERS = ("/run/concurrency-autograder", "/var/lib/concurrency-autograder", "/var/tmp/concurrency-autograder")


class Slot:
    """``user`` is ours until `release`."""

    def __init__(self, user: int, fd: int) -> None:
        self.user = user
        self._fd = fd

    def release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def take() -> Slot:
    """The first number that nobody uses. Raises OSError where there is none."""
    folder = private_folder(FOLDERS)
    for user in range(FIRST, FIRST + COUNT):
        if _has_name(user):
            continue
        slot = _taken(folder, user)
        if slot is not None:
            return slot
    raise OSError(f"all {COUNT} users for guests are taken")


def take_this(user: int) -> Slot | None:
    """A certain number, if nobody uses it: neither a launcher nor, under a name, the system. Raises OSError."""
    return None if _has_name(user) else _taken(private_folder(FOLDERS), user)


def _taken(folder: Path, user: int) -> Slot | None:
    fd = os.open(folder / str(user), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return Slot(user, fd)


def private_folder(candidates: tuple[str, ...], mode: int = 0o700) -> Path:
    """The first of these folders that is, or can be made, ours alone to write to."""
    for name in candidates:
        path = Path(name)
        try:
            path.mkdir(mode=mode, exist_ok=True)
            found = path.lstat()
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022:
            if stat.S_IMODE(found.st_mode) != mode:
                path.chmod(mode)
            return path
    raise OSError(f"none of {', '.join(candidates)} can be made a folder of our own")


def _has_name(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True
