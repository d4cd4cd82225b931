"""Frames: how a message travels on a connection between a guest, the conductor and the launcher.

A frame is a 4-byte big-endian length and that many bytes of msgpack, at most `LARGEST`. One message is under way at a
time, so that whatever follows a frame unasked is a fault of the other side's. What the bytes mean is `wire`'s.
"""

from __future__ import annotations

import socket
import struct
import time

import msgspec

LARGEST = 32 << 20
"""Bytes of the largest frame."""

MALFORMED = (msgspec.DecodeError, ValueError, RecursionError)
"""What decoding a message of the other side's may raise: text that is not UTF-8 is a ValueError of its own."""

_LENGTH = struct.Struct(">I")


class WireError(Exception):
    """The other side sent what no honest guest sends, or went away in the middle of a frame."""


_encoder = msgspec.msgpack.Encoder()


def pack(message: object) -> bytes:
    """A message with its frame."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


def receive(connection: socket.socket, deadline: float | None = None) -> bytes | None:
    """The body of the next frame, or None where the other side has closed the connection between frames. Raises
    TimeoutError where the whole frame has not come by ``deadline`` (of ``time.monotonic()``)."""
    data = _some(connection, deadline, 65536)
    if not data:
        return None
    while len(data) < 4:
        data += _more(connection, deadline)
    (length,) = _LENGTH.unpack_from(data)
    if length > LARGEST:
        raise WireError(f"a frame of {length} bytes; the largest allowed is {LARGEST}")
    if len(data) == length + 4:
        return data[4:]
    chunks = bytearray(data)
    while len(chunks) < length + 4:
        chunks += _more(connection, deadline)
    if len(chunks) > length + 4:
        raise WireError("a second message before the first was answered")
    return bytes(chunks[4:])


def receive_with_fd(connection: socket.socket) -> tuple[bytes | None, int | None]:
    """Like `receive`, with the file descriptor that came along, if any."""
    data, fds, _, _ = socket.recv_fds(connection, 65536, 4)
    if not data:
        return None, None
    while len(data) < 4:
        data += _more(connection)
    (length,) = _LENGTH.unpack_from(data)
    if length > LARGEST:
        raise WireError(f"a frame of {length} bytes; the largest allowed is {LARGEST}")
    while len(data) < length + 4:
        data += _more(connection)
    return data[4:], fds[0] if fds else None


def _some(connection: socket.socket, deadline: float | None, size: int) -> bytes:
    if deadline is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
    return connection.recv(size)


def _more(connection: socket.socket, deadline: float | None = None) -> bytes:
    data = _some(connection, deadline, 1 << 20)
    if not data:
        raise WireError("the connection was closed in the middle of a message")
    return data
