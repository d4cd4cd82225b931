"""What the kernel does not limit for a whole run: looked at from the launcher, a few times a second.

Memory of all processes together, their number, and what lies on disk. Watching finds out and ends the run; for the
blink of an eye in between, a run may have more. When it is found out depends on the machine, so what is said of such a
run is "inconclusive", never a fact about the program. Short runs are not looked at at all.

Pages that processes share after a fork are counted once (Pss of proc_pid_smaps_rollup(5)). That takes the rights of the
guest's user, which the launcher takes on for the moment: the guest's processes may then send it no signal and look into
it no more than before, for its real user stays root (kill(2), ptrace(2)).
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator

from autograder.sandbox.layers import Amounts

FIRST, EVERY = 0.1, 0.05
"""Seconds from the fork to the first look, and at least from one to the next."""
SHARE = 0.05
"""Of a core that watching may cost at most."""
INTERPRETER = 16 << 20
"""Bytes that each process may have beside: so much of what it shares with its parent it soon writes to. Without this,
starting too many processes would be a matter of memory on one machine and of their number on the next."""
SHARED_PAGES = (b"/dev/zero (deleted)\n", b"/SYSV00000000 (deleted)\n")
"""What memory without a file is called that processes share: counted as memory, and not as a file."""
SHARED_MEMORY = "/dev/shm"
OPEN = (SHARED_MEMORY, "/tmp", "/var/tmp", "/run/lock")
"""Folders that every user may write to. Landlock leaves a guest the first of them."""


class Watch:
    """``root`` is the process whose descendants are the run; ``user`` theirs, -1 if it is our own; ``folders`` are
    those outside their own that guests may write to."""

    def __init__(self, root: int, user: int, caged: bool, folders: tuple[str, ...] = (SHARED_MEMORY,)) -> None:
        self._root, self._user, self._caged, self._folders = root, user, caged, folders
        self._next = 0.0
        self._amounts: Amounts | None = None
        self.forked: set[int] = set()  # that have not been reaped yet

    def begin(self, amounts: Amounts, pid: int) -> None:
        """A run begins, or a further process of it is started for a task: a fork with this pid."""
        self.forked.add(pid)
        if self._amounts is None:
            self._amounts = amounts
            self._next = time.monotonic() + FIRST

    def end(self) -> None:
        self._amounts = None

    def wait(self) -> float | None:
        """Seconds until the next look; None: nothing runs."""
        return None if self._amounts is None else max(0.0, self._next - time.monotonic())

    def look(self) -> str:
        """What the run has too much of, in words; "" if nothing."""
        amounts = self._amounts
        if amounts is None:
            return ""
        began = time.monotonic()
        reason = self._look(amounts)
        now = time.monotonic()
        self._next = now + max(EVERY, (now - began) / SHARE)
        return reason

    def _look(self, amounts: Amounts) -> str:
        pids = descendants(self._root)
        if len(pids) > 2 * amounts.processes + 16:
            return f"it started more than {amounts.processes} processes"
        most = amounts.memory + len(pids) * INTERPRETER
        if sum(map(_resident, pids)) > most:
            with self._as_guest():
                used = sum(map(_proportional, pids))
            if used > most:
                return f"its processes used more than {amounts.memory >> 20} MiB of memory together"
        size, count = self._on_disk(amounts)
        if count > amounts.files:
            return f"it made more than {amounts.files} files"
        if size <= amounts.disk:
            with self._as_guest():
                size += _unlinked(pids)
        if size > amounts.disk:
            return f"it filled more than {amounts.disk >> 20} MiB of disk and shared memory"
        return ""

    def _on_disk(self, amounts: Amounts) -> tuple[int, int]:
        size, count = 0, 0
        folders = [os.path.dirname(amounts.folder)]
        for path, found in self.outside():
            size, count = size + found.st_blocks * 512, count + 1
            if stat.S_ISDIR(found.st_mode):
                folders.append(path)
        while folders and count <= amounts.files and size <= amounts.disk:
            with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
                for entry in entries:
                    count += 1
                    with contextlib.suppress(OSError):
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
        return size, count

    def outside(self) -> Iterator[tuple[str, os.stat_result]]:
        """The guests' files and folders outside their own, as far as they can be told from those of others."""
        if self._user < 0 and not self._caged:
            return
        for folder in self._folders:
            with contextlib.suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    with contextlib.suppress(OSError):
                        found = entry.stat(follow_symlinks=False)
                        if self._caged or found.st_uid == self._user:
                            yield entry.path, found

    @contextlib.contextmanager
    def _as_guest(self) -> Iterator[None]:
        if self._user < 0:
            yield
            return
        os.setegid(self._user)  # ptrace(2) asks for both
        os.seteuid(self._user)
        try:
            yield
        finally:
            os.seteuid(0)
            os.setegid(0)


def descendants(root: int) -> list[int]:
    """All processes below one (Linux: proc_pid_stat(5))."""
    children: dict[int, list[int]] = {}
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{name}/stat", "rb") as file:
                    # The name of a program may hold spaces and brackets.
                    parent = int(file.read().rpartition(b")")[2].split()[1])
                    children.setdefault(parent, []).append(int(name))
    found, new = [], children.get(root, [])
    while new:
        found += new
        new = [child for pid in new for child in children.get(pid, [])]
    return found


def _resident(pid: int) -> int:
    """Bytes in memory that belong to no file on disk; those shared with other processes among them, whole."""
    with contextlib.suppress(OSError, ValueError), open(f"/proc/{pid}/status", "rb") as file:
        fields = [line.split() for line in file if line.startswith((b"RssAnon:", b"RssShmem:"))]
        return sum(int(field[1]) for field in fields) * 1024
    return 0


def _proportional(pid: int) -> int:
    """Bytes in memory, those shared with others divided by their number."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            fields = dict(line.split()[:2] for line in file if line.startswith("Pss"))
        return (int(fields["Pss_Anon:"]) + int(fields["Pss_Shmem:"])) * 1024
    except FileNotFoundError:
        return 0
    except (OSError, KeyError, ValueError):
        return _resident(pid)  # it hides, or the kernel is older than 5.5


def _unlinked(pids: list[int]) -> int:
    """Bytes on disk of files that have no name any more, and that these processes have open or in their memory."""
    sizes: dict[tuple[int, int], int] = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            for fd in os.listdir(f"/proc/{pid}/fd"):
                with contextlib.suppress(OSError):
                    found = os.stat(f"/proc/{pid}/fd/{fd}")
                    if found.st_nlink == 0:
                        sizes[found.st_dev, found.st_ino] = found.st_blocks * 512
        with contextlib.suppress(OSError, ValueError), open(f"/proc/{pid}/maps", "rb") as file:
            for line in file:
                if line.endswith(b" (deleted)\n") and not line.endswith(SHARED_PAGES):
                    # Which blocks of it are there is not told: as many as the memory shows.
                    place, _, _, device, inode = line.split(None, 5)[:5]
                    first, last = (int(end, 16) for end in place.split(b"-"))
                    major, minor = (int(half, 16) for half in device.split(b":"))
                    sizes.setdefault((os.makedev(major, minor), int(inode)), last - first)
    return sum(sizes.values())
