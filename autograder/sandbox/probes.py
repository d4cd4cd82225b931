"""The guest's side of `doctor`: a guest that enters all layers and then tries to get through each.

A layer that is there in name may be there in name only (gVisor takes a Landlock ruleset's place with "no such call", a
container's own filter can refuse what a layer needs): only what was tried and refused counts.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Sequence

import msgspec

from autograder.sandbox.layers import Known, Layer
from autograder.world import frames, wire

with contextlib.suppress(ImportError, RuntimeError, OSError):
    import pyseccomp as pyseccomp  # looks for its library, which a guest could not


class Tried(msgspec.Struct):
    """By layer, what got through ("" if nothing); the secrets that could be read, whichever layer should have kept
    them; and the process that was left behind to be swept away."""

    through: dict[str, str]
    secrets: str
    orphan: int


def run(layers: Sequence[Layer], boot: wire.Boot, connection: socket.socket) -> None:
    """Try, report, and end. Never returns. What to try on comes over the connection."""
    try:
        body = frames.receive(connection)
        if body is not None:
            known = msgspec.msgpack.decode(body, type=Known)
            through = {layer.name: _probed(layer, known) for layer in layers}
            connection.sendall(frames.pack(Tried(through, _read(known.secrets), _orphan())))
    finally:
        os._exit(0)


def _probed(layer: Layer, known: Known) -> str:
    try:
        return layer.probe(known)
    except Exception as error:
        return f"the probe failed: {type(error).__name__}: {error}"


def _read(paths: list[str]) -> str:
    read = []
    for path in paths:
        with contextlib.suppress(OSError), open(path, "rb") as file:
            file.read(1)
            read.append(path)
    return ", ".join(read)


def _orphan() -> int:
    """A grandchild in a session of its own that outlives its parent and this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        orphan = os.fork()
        if orphan == 0:
            signal.pause()
        os.write(writing, str(orphan).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(reading, 20))
