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
PAGE = os.sysconf("SC_PAGE_SIZE")
SHARED_MEMORY = "/dev/shm"


class Watch:
    """``root`` is the process whose descendants are the run; ``user`` theirs, -1 if it is our own."""

    def __init__(self, root: int, user: int, caged: bool) -> None:
        self._root, self._user, self._caged = root, user, caged
        self._next = 0.0
        self._amounts: Amounts | None = None
        self._free = 0
        self.forked: set[int] = set()  # that have not been reaped yet

    def begin(self, amounts: Amounts, pid: int) -> None:
        """A run begins, or a further process of it is started for a task: a fork with this pid."""
        self.forked.add(pid)
        if self._amounts is None:
            self._amounts = amounts
            self._next = time.monotonic() + FIRST
            self._free = _free(amounts.folder)

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
        if sum(map(_private, pids)) > most:
            with self._as_guest():
                used = sum(map(_proportional, pids))
            if used > most:
                return f"its processes used more than {amounts.memory >> 20} MiB of memory together"
        size, count = self._on_disk(amounts)
        if count > amounts.files:
            return f"it made more than {amounts.files} files"
        if size <= amounts.disk and self._free - _free(amounts.folder) > amounts.disk:
            with self._as_guest():
                size += sum(map(_unlinked, pids))
        if size > amounts.disk:
            return f"it filled more than {amounts.disk >> 20} MiB of disk and shared memory"
        return ""

    def _on_disk(self, amounts: Amounts) -> tuple[int, int]:
        size, count = 0, 0
        folders = [os.path.dirname(amounts.folder)]
        while folders and count <= amounts.files and size <= amounts.disk:
            with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
                for entry in entries:
                    count += 1
                    with contextlib.suppress(OSError):
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
        return size + sum(found.st_blocks * 512 for _, found in self.shared_files()), count

    def shared_files(self) -> Iterator[tuple[str, os.stat_result]]:
        """The guests' files in shared memory, as far as they can be told from those of others."""
        if self._user < 0 and not self._caged:
            return
        with contextlib.suppress(OSError), os.scandir(SHARED_MEMORY) as entries:
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
        os.seteuid(self._user)
        try:
            yield
        finally:
            os.seteuid(0)


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


def _private(pid: int) -> int:
    """Bytes in memory that belong to no file; those shared with a parent since a fork among them."""
    with contextlib.suppress(OSError, ValueError), open(f"/proc/{pid}/statm") as file:
        fields = file.read().split()
        return (int(fields[1]) - int(fields[2])) * PAGE
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
        return _private(pid)  # it hides, or the kernel is older than 5.5


def _unlinked(pid: int) -> int:
    """Bytes on disk of files that are open in a process and have no name any more."""
    size = 0
    with contextlib.suppress(OSError):
        for fd in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                found = os.stat(f"/proc/{pid}/fd/{fd}")
                size += found.st_blocks * 512 if found.st_nlink == 0 else 0
    return size


def _free(folder: str) -> int:
    try:
        found = os.statvfs(folder)
    except OSError:
        return 0
    return found.f_bavail * found.f_frsize
