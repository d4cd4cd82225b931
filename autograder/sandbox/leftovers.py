"""What graders that were killed have left on this machine, removed when the next one starts.

- Folders: see `autograder.scratch`.
- Processes of a guest's own user, whose launcher was killed with its grader: a guest ends with its launcher, but not
  the processes that it started itself. A user's number is free when no grader holds its slot (`sandbox.slots`), and
  then whatever runs under it, or lies in shared memory, is nobody's.

A grader that lives holds its folders' locks and its slots, so that nothing of its own is ever touched. One in a
container may have slots of its own, of the same numbers: a user of whom anything runs in another place than ours
(pid_namespaces(7), chroot(2)) is left alone.
"""

from __future__ import annotations

import contextlib
import os

from autograder import scratch
from autograder.sandbox import slots, sweep
from autograder.sandbox.watch import SHARED_MEMORY

_done = False


def remove_once() -> None:
    """`remove`, at the first call in this process."""
    global _done
    if not _done:
        _done = True
        remove()


def remove() -> None:
    scratch.remove_stale()
    if os.geteuid() != 0:
        return
    for user in sorted((_owners("/proc") | _owners(SHARED_MEMORY)) - _elsewhere()):
        with contextlib.suppress(OSError):
            slot = slots.take_this(user)
            if slot is not None:
                try:
                    sweep.kill_all(user)
                    _unlink(user)
                finally:
                    slot.release()


def _owners(folder: str) -> set[int]:
    """Which of the guests' users own something in there."""
    owners = set()
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                owners.add(entry.stat(follow_symlinks=False).st_uid)
    return {user for user in owners if slots.FIRST <= user < slots.FIRST + slots.COUNT}


def _elsewhere() -> set[int]:
    """The users of whom something runs in another place."""
    here, root = os.readlink("/proc/self/ns/pid"), os.stat("/")
    users = set()
    with contextlib.suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                # Not told to root without SYS_PTRACE: in a container, which sees no process but its own.
                with contextlib.suppress(OSError):
                    there = os.readlink(f"{entry.path}/ns/pid"), os.stat(f"{entry.path}/root")
                    if there[0] != here or not os.path.samestat(there[1], root):
                        users.add(entry.stat(follow_symlinks=False).st_uid)
    return users


def _unlink(user: int) -> None:
    with contextlib.suppress(OSError), os.scandir(SHARED_MEMORY) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.stat(follow_symlinks=False).st_uid == user:
                    sweep.remove(entry.path, entry.is_dir(follow_symlinks=False))
