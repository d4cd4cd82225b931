"""Standard output and error. Every write of text is an ask, so that another task can come between any two of them:
``print(x)`` makes two, one for the text and one for the line break.

What C code writes to the file descriptors themselves is not seen here; the launcher sends it to a file.
"""

from __future__ import annotations

import builtins
import io
import os
import sys
from typing import Any

from autograder.world import wire
from autograder.world.guest import runtime


class _Bytes(io.RawIOBase):
    """``sys.stdout.buffer``."""

    def __init__(self, text: Out) -> None:
        self._text = text

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        content = bytes(data)
        self._text.write(content.decode("utf-8", "replace"))
        return len(content)


class Out(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr``."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.buffer = _Bytes(self)
        self.name = "<stdout>" if number == 1 else "<stderr>"
        self.mode = "w"
        self.line_buffering = True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return "strict"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return False

    def reconfigure(self, **options: Any) -> None:
        pass

    def write(self, text: str, /) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text and runtime.active:
            shown = text.encode("utf-8", "backslashreplace").decode()
            if self._number == 2:
                runtime.note(wire.Stderr(text=shown[:100_000]))
            elif not runtime.ask(wire.Write(text=shown)).ok:
                raise OSError(5, "Input/output error: standard output cannot be written")
        return len(text)

    def writelines(self, lines: Any, /) -> None:
        for line in lines:
            self.write(line)

    def close(self) -> None:
        pass


_real_print = builtins.print


def whole_print(
    *args: Any, sep: str | None = " ", end: str | None = "\n", file: Any = None, flush: bool = False
) -> None:
    """``print`` as one piece of output."""
    if file is not None and file is not sys.stdout:
        _real_print(*args, sep=sep, end=end, file=file, flush=flush)
        return
    text = (" " if sep is None else sep).join(str(arg) for arg in args) + ("\n" if end is None else end)
    sys.stdout.write(text)


def install(whole_prints: bool) -> None:
    sys.stdout = sys.__stdout__ = Out(1)  # type: ignore[assignment,misc]
    sys.stderr = sys.__stderr__ = Out(2)  # type: ignore[assignment,misc]
    if whole_prints:
        builtins.print = whole_print
    real_write = os.write

    def write(fd: int, data: Any, /) -> int:
        if fd not in (1, 2) or not runtime.active:
            return real_write(fd, data)
        out = sys.__stdout__ if fd == 1 else sys.__stderr__
        assert out is not None
        out.buffer.write(data)
        return len(data)

    os.write = write
