"""Images that a check gives to a program and looks for after it, without Pillow.

What a check says then holds whatever the grader has installed: only the submission needs a package for images.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from autograder.judge.failure import CheckFailed

if TYPE_CHECKING:
    from autograder.judge.run import Run

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(width: int, height: int, colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    """A PNG of one colour, for the ``files`` of a run."""
    rows = (b"\0" + bytes(colour) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits a channel, red, green and blue
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def expect_png(run: Run, path: str, width: int, height: int) -> None:
    """Fail unless the run's folder holds a PNG of this size."""
    content = run.files.get(path)
    if content is None:
        raise CheckFailed("wrong files", f"After {run.call} there should be a file {path}.", run)
    if not content.startswith(_SIGNATURE[:4]) or len(content) < 24:
        raise CheckFailed("wrong files", f"After {run.call} {path} is no PNG.", run)
    size = struct.unpack(">II", content[16:24])
    if size != (width, height):
        raise CheckFailed(
            "wrong files",
            f"After {run.call} {path} has {size[0]} x {size[1]} pixels; it should have {width} x {height}.",
            run,
        )
