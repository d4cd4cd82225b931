"""The launcher: a warm process that has imported what guests need and forks one for every run.

It never runs a line of student code itself and holds no secret: it is started with a clean environment before any
submission is known, and what a run is about comes to the guest past it, in a file that it only hands on. So nothing of
one submission can be found in the memory of the next. As a subreaper it inherits whatever a guest leaves behind, and
`sweep` ends and reaps all of it.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import traceback
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any

import msgspec

from autograder.sandbox.layers import Amounts, Place, kernel
from autograder.sandbox.stack import Stack
from autograder.sandbox.sweep import end_leftovers, sweep
from autograder.sandbox.watch import OPEN, Watch
from autograder.world import frames, wire


class Fork(msgspec.Struct, tag=True):
    """Start a guest. Along come its connection, the file for its raw output, and a file that holds its `wire.Boot`."""

    amounts: Amounts


class Sweep(msgspec.Struct, tag=True):
    """Kill and reap everything that was forked and everything that it started."""


class Ready(msgspec.Struct):
    """``layers`` are there, ``failed`` are not, for these reasons."""

    layers: list[str]
    failed: dict[str, str]


class Forked(msgspec.Struct):
    pid: int


class Swept(msgspec.Struct):
    """``statuses``: wait status by pid of what was reaped. ``reason``: why the watch ended the run, if it did."""

    statuses: dict[int, int]
    reason: str = ""


def main(control: int, place: Place, packages: list[str], checkout: str) -> None:
    """Serve requests from the judge until it closes the connection. ``checkout`` is where this package was found;
    guests look for no modules there for its sake."""
    sys.excepthook = partial(_last_words, os.write)  # both are the system's own, while sys.stderr will be the world's
    prepared = _prepared(place.kind, packages)
    stack = Stack(place)
    run = partial(prepared, stack.layers) if place.kind == "probe" else prepared
    fork = kernel.bare_fork if place.kind == "world" and kernel.can_fork_bare() else os.fork
    end_leftovers(place.user)
    watch = Watch(os.getpid(), place.user, place.caged, OPEN if "landlock" in stack.failed else OPEN[:1])
    # Once: where this package is installed, the others lie in the same folder, which stands there a second time. A
    # process that a plain run starts by spawn imports them anew.
    if checkout in sys.path:
        sys.path.remove(checkout)
    if place.kind != "real":
        os.environ.pop("LD_LIBRARY_PATH", None)  # for this interpreter, and for those that it starts
    decoder = msgspec.msgpack.Decoder(Fork | Sweep)
    connection = socket.socket(fileno=control)
    connection.sendall(frames.pack(Ready(stack.names, stack.failed)))
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    ended: dict[int, int] = {}
    reason = ""
    while True:
        wait = watch.wait()
        if not poll.poll(None if wait is None else wait * 1000 + 1):
            reason = watch.look()
            if reason:
                watch.end()
                ended = sweep(place.user, place.caged, watch)
            continue
        try:
            data, fds, _, _ = socket.recv_fds(connection, 1 << 20, 4)
        except ConnectionError:  # the judge went without reading our last answer
            data, fds = b"", []
        if not data:
            sweep(place.user, place.caged, watch)
            return
        while len(data) < 4 + int.from_bytes(data[:4], "big"):
            more = connection.recv(1 << 20)
            if not more:  # the judge was killed in the midst of a request
                sweep(place.user, place.caged, watch)
                return
            data += more
        request = decoder.decode(data[4:])
        if isinstance(request, Sweep):
            watch.end()
            statuses = ended | sweep(place.user, place.caged, watch)
            connection.sendall(frames.pack(Swept(statuses, reason)))
            ended, reason = {}, ""
            continue
        pid = fork()
        if pid == 0:
            try:
                guest, raw_output, boot = socket.socket(fileno=fds[0]), fds[1], fds[2]
                try:
                    stack.enter(request.amounts, guest, raw_output, boot)
                except (OSError, ValueError) as error:
                    os.write(raw_output, str(error).encode("utf-8", "replace"))
                    raise
                run(_booted(boot), guest)
            finally:
                os._exit(1)
        for fd in fds:
            os.close(fd)
        watch.begin(request.amounts, pid)
        connection.sendall(frames.pack(Forked(pid)))


def _last_words(
    write: Callable[[int, bytes], int], kind: type[BaseException], error: BaseException, tb: TracebackType | None
) -> None:
    """On standard error, where the judge's own goes: the launcher has no other way to say why it ends."""
    write(2, "".join(traceback.format_exception(kind, error, tb)).encode("utf-8", "replace"))


def _prepared(kind: str, packages: list[str]) -> Any:
    """What a guest of this kind runs, with all that it needs imported."""
    if kind == "world":
        from autograder.world.guest import boot

        boot.prepare(packages)
        return boot.run
    if kind == "real":
        from autograder.sandbox import real

        real.prepare(packages)
        return real.run
    from autograder.sandbox import probes

    return probes.run


def _booted(fd: int) -> wire.Boot:
    boot = msgspec.msgpack.decode(os.pread(fd, os.fstat(fd).st_size, 0), type=wire.Boot)
    os.close(fd)
    return boot
