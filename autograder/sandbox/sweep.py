"""Ends a run for good: every process of it, and what it left outside its folder."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import time

from autograder.sandbox.watch import SHARED_MEMORY, Watch

STUBBORN = 3
"""Rounds of killing one by one, after which processes that fork faster than that are killed all at once."""


def sweep(user: int, caged: bool, watch: Watch) -> dict[int, int]:
    """Kill and reap all descendants of this process, and remove what they left outside their folder. Returns wait
    statuses by pid."""
    statuses: dict[int, int] = {}
    rounds = 0
    while True:
        children = _children(watch.forked)
        for pid in children:
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(pid, signal.SIGKILL)
        try:
            pid, status = os.waitpid(-1, 0 if children else os.WNOHANG)
            while pid:
                statuses[pid] = status
                watch.forked.discard(pid)
                pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        rounds += 1
        if rounds >= STUBBORN:
            _kill_all(user, caged)
        if not children:
            if rounds > 200:
                break
            time.sleep(0.005)  # no list of children on this system: wait for those whose group was killed
    if caged:
        # There it belongs to the guests' own user, who may have closed it.
        with contextlib.suppress(OSError):
            os.chmod(SHARED_MEMORY, 0o1777)
    for path, found in list(watch.outside()):
        remove(path, stat.S_ISDIR(found.st_mode))
    return statuses


def remove(path: str, folder: bool) -> None:
    """Remove what a guest has left, a folder however deep it is and whatever rights it has. Nothing follows links."""
    with contextlib.suppress(OSError):
        (os.rmdir if folder else os.unlink)(path)
        return
    if not folder:
        return
    for command in (["chmod", "-R", "u+rwx", "--", path], ["rm", "-rf", "--", path]):
        os.spawnvp(os.P_WAIT, command[0], command)


def _kill_all(user: int, caged: bool) -> None:
    """kill(2) of -1 reaches all processes that one may kill, in one step that no fork slips through. Here these are
    the guests: those of their user, or all in our namespace."""
    if caged:
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
    else:
        kill_all(user)


def kill_all(user: int) -> None:
    """Kill all processes of a guest's user. For root, and where nobody else has that number."""
    if user <= 0:
        return
    pid = os.fork()
    if pid == 0:
        try:
            os.setresuid(user, user, user)
            os.kill(-1, signal.SIGKILL)  # all but itself (kill(2))
        finally:
            os._exit(0)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def end_leftovers(user: int) -> None:
    """Before the first run: a launcher that was killed cannot sweep, and its number may be ours now."""
    kill_all(user)


def _children(forked: set[int]) -> list[int]:
    """All children of this process, those inherited from dead guests included (Linux: proc(5)); elsewhere those that it
    forked itself."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return sorted(forked)
