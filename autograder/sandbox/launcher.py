"""The launcher: a warm process that has imported what guests need and forks one for every run.

It never runs a line of student code itself and holds no secret: it is started with a clean environment before any
submission is known. As a subreaper it inherits whatever a guest leaves behind, and `sweep` ends and reaps all of it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from typing import Any

import msgspec

from autograder.sandbox import layers
from autograder.world import wire

SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER, prctl(2)."""


class Fork(msgspec.Struct, tag=True):
    boot: wire.Boot


class Sweep(msgspec.Struct, tag=True):
    """Kill and reap everything that was forked and everything that it started."""


class Forked(msgspec.Struct):
    pid: int


class Swept(msgspec.Struct):
    """``statuses``: wait status by pid of what was reaped."""

    statuses: dict[int, int]


def main(control: int, kind: str, packages: list[str]) -> None:
    """Serve requests from the judge until it closes the connection. ``kind`` is "world" or "real"."""
    if kind == "world":
        from autograder.world.guest import boot

        boot.prepare(packages)
        run: Any = boot.run
    else:
        from autograder.sandbox import real

        real.prepare(packages)
        run = real.run
    _become_subreaper()
    decoder = msgspec.msgpack.Decoder(Fork | Sweep)
    connection = socket.socket(fileno=control)
    connection.sendall(wire.pack(Forked(os.getpid())))
    while True:
        data, fds, _, _ = socket.recv_fds(connection, 1 << 20, 4)
        if not data:
            _sweep()
            return
        while len(data) < 4 + int.from_bytes(data[:4], "big"):
            data += connection.recv(1 << 20)
        request = decoder.decode(data[4:])
        if isinstance(request, Sweep):
            connection.sendall(wire.pack(Swept(_sweep())))
            continue
        pid = os.fork()
        if pid == 0:
            # The other ends of the control connection must not live on in a guest.
            guest, raw_output = socket.socket(fileno=fds[0]), fds[1]
            try:
                layers.enter(request.boot, guest, raw_output)
                run(request.boot, guest)
            finally:
                os._exit(1)
        for fd in fds:
            os.close(fd)
        connection.sendall(wire.pack(Forked(pid)))


def _become_subreaper() -> None:
    """Let orphans of guests become our children (Linux)."""
    with contextlib.suppress(Exception):
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(SUBREAPER, 1, 0, 0, 0)


def _children() -> list[int]:
    """All children of this process, those inherited from dead guests included (Linux: proc(5))."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return []


def _sweep() -> dict[int, int]:
    statuses: dict[int, int] = {}
    rounds = 0
    while True:
        children = _children()
        for pid in children:
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(pid, signal.SIGKILL)
        try:
            pid, status = os.waitpid(-1, 0 if children else os.WNOHANG)
        except ChildProcessError:
            return statuses
        if pid:
            statuses[pid] = status
        else:
            rounds += 1
            if rounds > 200:
                return statuses
            time.sleep(0.005)  # no list of children on this system: wait for those whose group was killed


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
