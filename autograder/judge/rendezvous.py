"""Are there really several at work at once? The kernel's word for it, without a clock.

In the real run, every outermost call of one function waits at the judge until so many distinct threads or processes
have come to it. A parallel program gets them together, however slow the machine; one that works through its items in
turn never does: the first to come waits for a second that nobody starts. Who came is told by the kernel (the process at
the other end of a Unix socket, SO_PEERCRED in unix(7), and its threads in /proc/PID/task), not by the program.

That nobody else will come can't be known for certain from outside. It is assumed once all threads of the program have
slept through `PATIENCE` without using any time of a processor: one that only has to wait for its turn on a busy machine
is runnable and does not sleep. And it only sends the submission to a person; a score never depends on it.
"""

from __future__ import annotations

import contextlib
import inspect
import select
import socket
import struct
import time
from collections import Counter
from pathlib import Path

from autograder.sandbox import meeting

MODULE = "autograder_meeting"
"""The guest's side under the name by which a submission's own processes can import it."""

POSSIBLE = hasattr(socket, "SO_PEERCRED") and Path("/proc/self/task").is_dir()
"""Whether the kernel tells (Linux)."""

PATIENCE = 3.0
"""Seconds that every thread of the program must have slept before nobody else is expected."""

_LOOK = 0.1  # seconds between two looks at the program's threads


class Rendezvous:
    """The place in a run's folder where calls of ``function`` wait for ``parties`` to be there at once."""

    def __init__(self, folder: Path, function: str, parties: int) -> None:
        self.function = function
        self.parties = parties
        self.most = 0
        self._path = folder / "meet"
        # Beside the submission, since guests may read nothing of the grader's own code.
        (folder / f"{MODULE}.py").write_bytes(inspect.getsource(meeting).encode())
        self._listener: socket.socket | None = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._path.chmod(0o777)  # for guests with another user id
        self._listener.listen(256)
        self._there: list[tuple[int, socket.socket]] = []

    @property
    def met(self) -> bool:
        return self.most >= self.parties

    def epilogue(self) -> bytes:
        """What to write behind the submission's last line, for its calls to come here."""
        name = self.function
        return (
            f"\n\nif callable(globals().get({name!r})):\n"
            f"    from {MODULE} import attend as __attend\n"
            f"    {name} = __attend({name}, {name!r}, __name__, {str(self._path)!r})\n"
        ).encode()

    def hold(self, answer: socket.socket, guest: int, deadline: float) -> None:
        """Let calls come and wait until enough are there, nobody else will come, the run has given its ``answer``, or
        the ``deadline`` (of ``time.monotonic()``) is over; then let all go on, those still to come too. ``guest`` is
        the pid of the program's first process."""
        asleep = 0.0
        before = -1
        poll = select.poll()  # select(2) would know no descriptor above 1023
        for one in (answer, self._listener):
            if one is not None:
                poll.register(one, select.POLLIN)
        while self._listener is not None and time.monotonic() < deadline:
            ready = {fd for fd, _ in poll.poll(_LOOK * 1000)}
            if answer.fileno() in ready:
                break
            if self._listener.fileno() in ready:
                door, _ = self._listener.accept()
                self._there.append((_peer(door), door))
                self.most = max(self.most, self._present())
                if self.met:
                    break
                asleep = 0.0
                continue
            used = _time_used(guest)
            asleep = asleep + _LOOK if used is not None and used == before else 0.0
            before = -1 if used is None else used
            if asleep >= PATIENCE:
                break
        self.close()

    def _present(self) -> int:
        """How many threads wait, at most as many in a process as it has."""
        waiting = Counter(pid for pid, _ in self._there)
        return sum(min(count, _threads(pid)) for pid, count in waiting.items())

    def close(self) -> None:
        """Let all go on."""
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        self._path.unlink(missing_ok=True)
        for _, door in self._there:
            door.close()


def _peer(door: socket.socket) -> int:
    """The process at the other end."""
    pid, _, _ = struct.unpack("3i", door.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return int(pid)


def _threads(pid: int) -> int:
    return len(_listed(Path(f"/proc/{pid}/task")))


def _time_used(pid: int) -> int | None:
    """Clock ticks of a processor that the process and its descendants have used; None if one of their threads does not
    sleep (proc(5): the state, and utime and stime of /proc/PID/task/TID/stat)."""
    total = 0
    family = [pid]
    while family:
        pid = family.pop()
        for task in _listed(Path(f"/proc/{pid}/task")):
            with contextlib.suppress(OSError):
                # The name of the program may hold anything, a bracket and spaces too.
                fields = (task / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                if fields[0] in ("R", "D"):
                    return None
                total += int(fields[11]) + int(fields[12])
            with contextlib.suppress(OSError):
                family += map(int, (task / "children").read_text().split())
    return total


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
