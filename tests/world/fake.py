"""A guest that is none: it says what a test has it say, over the connection that a real one would have."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import msgspec

from autograder.model import Limits, Machine
from autograder.world import frames, wire
from autograder.world.conductor import Conductor, Recording
from autograder.world.http import Answer, site
from autograder.world.schedule import make


def done(**changes: Any) -> wire.Done:
    return wire.Done(report=msgspec.msgpack.encode(wire.Report(**{"outcome": "returned", **changes})))


class FakeGuest:
    """Sends what it is told to, one thing after each go; threads and processes that it is given never come."""

    def __init__(self, connection: socket.socket, messages: list[Any]) -> None:
        self.connection = connection
        self.messages = messages
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with self.connection, suppress(OSError, frames.WireError):
            for message in self.messages:
                if message is not None:
                    self.connection.sendall(message if isinstance(message, bytes) else frames.pack(message))
                body, fd = frames.receive_with_fd(self.connection)
                if fd is not None:
                    socket.socket(fileno=fd).close()
                if body is None:
                    return


@contextmanager
def conducted(*messages: Any, strategy: str = "virtual", **limits: Any) -> Iterator[Conductor]:
    ours, theirs = socket.socketpair()
    machine = Machine()
    conductor = Conductor(
        ours,
        make(strategy, machine),
        machine=machine,
        limits=Limits(**limits),
        site=site({"http://a": Answer(b"a")}),
        launch=lambda task, connection: None,
    )
    guest = FakeGuest(theirs, list(messages))
    try:
        yield conductor
    finally:
        conductor.close()
        guest.thread.join()


def play(*messages: Any, strategy: str = "virtual", **limits: Any) -> Recording:
    """An import whose guest says hello, and then this."""
    with conducted(wire.Hello(), *messages, strategy=strategy, **limits) as conductor:
        recording = conductor.carry_out(wire.Command())
        if recording.outcome not in ("returned", "raised", "missing"):
            again = conductor.carry_out(wire.Command("f"))
            assert (again.outcome, again.reason) == (recording.outcome, recording.reason)
        return recording
