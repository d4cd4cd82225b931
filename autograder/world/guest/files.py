"""The run's folder, which all tasks share, and who looks at what is in it and who changes it.

A name in it (a file, or a folder) is a resource like a variable. Opening a file, making, renaming and removing one, and
asking whether one is there are places where another task may go on first, and so is the moment when what was written
reaches the file: when it is flushed or closed, or when its buffer is full. Two threads that save to one
"download.part", or both find that a folder is missing and make it, are then shown to meet.

By virtual time nothing comes in between: there such an operation takes no time. A program with a single task is left
alone: all that it does is ordered with everything that comes later.

The current folder is one of all threads of a process. When it has been changed, whoever uses a name uses it, too.

What was done is told afterwards, when it is known: ``mkdir`` changes nothing where the folder is there already. Whoever
lists a folder is not told of as looking at all that is in it, or no two tasks could make a file without meeting.
"""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import io
import os
from collections.abc import Callable
from typing import Any

from autograder.world import wire
from autograder.world.guest import memory, runtime

LONGEST = 200
"""Characters of a name that are told; a longer one is told by its end and a digest."""

folder = ""
"""The run's folder, with a slash at its end."""

points = False
"""Whether an operation is a place where another task may go on first."""

parent = False
"""Whether this process has started others."""

_told = 0
_moved = False  # whether the current folder was changed
_real_open, _real_lstat = io.open, os.lstat


def begin(run_folder: str, asks: bool) -> None:
    """The folder of this run, and whether operations in it ask."""
    global folder, points
    folder = os.path.join(run_folder, "")
    points = asks


def _place(path: Any) -> str:
    """The name in the run's folder that a path means, as long as somebody else could meet it there; else ""."""
    if isinstance(path, int) or not _others():
        return ""
    try:
        name = os.path.abspath(os.fsdecode(path))
    except (OSError, TypeError, ValueError):
        return ""  # the operation itself refuses it
    return name[len(folder) :] if name.startswith(folder) else ""


def _others() -> bool:
    """Whether this task has others beside it."""
    if not runtime.active or not (parent or runtime.process or memory.has_threads()):
        return False
    return runtime.mine.connection is not None  # else it is a thread that is no task


def _come(place: str) -> bool:
    """Before an operation: others may go on. Whether there is anything to tell after it. Of a process that has told
    too much already nothing more is told, and its operations are no places to switch at either."""
    if not place or _told >= wire.MOST_FILED // 4:  # a rename tells of two names, each with the current folder
        return False
    if points:
        runtime.ask(wire.Point())
    return True


def _tell(place: str, changed: bool) -> None:
    """After an operation: what it was."""
    global _told
    _told += 1
    encoded = os.fsencode(place)
    name = encoded.decode("utf-8", "replace")  # what is not UTF-8 can't be written to the wire
    if len(name) > LONGEST:
        name = f"{hashlib.sha256(encoded).hexdigest()[:16]}…{name[-LONGEST:]}"
    runtime.note(wire.Filed(name=name, changed=changed))
    if _moved:
        runtime.note(wire.Filed(name=_current(), changed=False))


def _current() -> str:
    """What the current folder of this process is called: no file has such a name in a run's folder."""
    return f"{wire.CURRENT}{runtime.process or ''}"


# What is in the folder ------------------------------------------------------------------------------------------------


def _looking(real: Callable[..., Any]) -> Callable[..., Any]:
    """A function that asks about the name that is its first argument."""

    def look(*args: Any, **options: Any) -> Any:
        place = _place(args[0] if args else options.get("path", ".")) if options.get("dir_fd") is None else ""
        told = _come(place)
        try:
            return real(*args, **options)
        finally:
            if told:
                _tell(place, False)

    return _as(look, real)


def _changing(real: Callable[..., Any], *names: str) -> Callable[..., Any]:
    """A function whose first arguments have these names, or "" for one that is no name in a folder. It changes what
    they mean; where it fails it has only looked."""

    def change(*args: Any, **options: Any) -> Any:
        given = dict(zip(names, args, strict=False)) | options
        relative = any(option.endswith("dir_fd") and value is not None for option, value in options.items())
        paths = [] if relative else [given[name] for name in names if name and name in given]
        places = [place for path in paths if (place := _place(path))]
        told = bool(places) and _come(places[0])
        done = False
        try:
            result = real(*args, **options)
            done = True
        finally:
            if told:
                for place in places:
                    _tell(place, done)
        return result

    return _as(change, real)


def _moving(real: Callable[..., Any]) -> Callable[..., Any]:
    """The change of the current folder."""

    def move(path: Any) -> None:
        global _moved
        told = _others() and _come(_current())
        real(path)
        _moved = _moved or told
        if told:
            runtime.note(wire.Filed(name=_current(), changed=True))

    return _as(move, real)


def _as(function: Callable[..., Any], real: Any) -> Callable[..., Any]:
    """The function under the name of the one that it stands for."""
    function.__name__ = function.__qualname__ = real.__name__
    function.__module__, function.__doc__ = real.__module__, real.__doc__
    for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids):
        if real in able:
            able.add(function)
    return function


# Files that are open --------------------------------------------------------------------------------------------------


class _Written:
    """A buffer that tells when what was written to it reaches its file.

    Whoever writes only fills the buffer, which nobody else sees; but in a buffer that several tasks write to, the
    order of their writes is the order in the file. No lock of the buffer is held while others go on.
    """

    opened_as = ""
    opener = 0
    size = 0
    pending = 0  # bytes that may still be in the buffer
    several = False  # whether others than its opener have written to it

    def __repr__(self) -> str:
        return _shown(super().__repr__())

    def meets_others(self) -> bool:
        """Before a write: whether its order among those of other tasks is one in the file."""
        self.several = self.several or runtime.current != self.opener
        return self.several

    def write(self, data: Any, /) -> int:
        with contextlib.suppress(TypeError):  # what is no data is refused below
            self.pending += memoryview(data).nbytes
        place = _place(self.opened_as)
        told = (self.meets_others() or self.pending > self.size) and _come(place)
        written: int = super().write(data)  # type: ignore[misc]
        if told:
            _tell(place, True)
            self.pending = 1  # of what did not fit a part may be left
        return written

    def flush(self) -> None:
        place = _place(self.opened_as)
        told = bool(self.pending) and _come(place)
        self.pending = 0
        super().flush()  # type: ignore[misc]
        if told:
            _tell(place, True)


def _shown(text: str) -> str:
    """Programs print their files. From 3.13 on a file says the name of its type alone where that is a subclass."""
    return "<_io." + text.removeprefix("<").removeprefix("_io.")


class _Writer(_Written, io.BufferedWriter):
    pass


class _Random(_Written, io.BufferedRandom):
    pass


class _Text(io.TextIOWrapper):
    """Text on its way to a `_Written`."""

    def __repr__(self) -> str:
        return _shown(super().__repr__())

    def write(self, text: str, /) -> int:
        buffer: Any = self.buffer
        place = _place(buffer.opened_as)
        told = buffer.meets_others() and _come(place)
        written = super().write(text)
        if told:
            _tell(place, True)
        return written


for _class, _name in ((_Writer, "BufferedWriter"), (_Random, "BufferedRandom"), (_Text, "TextIOWrapper")):
    _class.__name__ = _class.__qualname__ = _name
    _class.__module__ = "_io"


def _open(
    file: Any,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: Any = None,
) -> Any:
    place = _place(file)
    told = _come(place)
    opened: Any = None
    new = told and isinstance(mode, str) and ("w" in mode or "x" in mode or ("a" in mode and not _is_there(file)))
    try:
        opened = _real_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    finally:
        if told:
            _tell(place, new and opened is not None)
    if not runtime.active or isinstance(file, int) or not any(letter in mode for letter in "wax+"):
        return opened
    path = os.path.abspath(os.fsdecode(file))
    return _telling(opened, path, mode, buffering, newline) if path.startswith(folder) else opened


def _is_there(file: Any) -> bool:
    try:
        _real_lstat(file)
    except OSError:
        return False
    return True


def _telling(opened: Any, path: str, mode: str, buffering: int, newline: str | None) -> Any:
    """The same open file as one that tells. One without a buffer stays as it is."""
    text = opened if type(opened) is io.TextIOWrapper else None
    buffer = opened if text is None else text.buffer
    kinds: dict[Any, Any] = {io.BufferedWriter: _Writer, io.BufferedRandom: _Random}
    kind = kinds.get(type(buffer))
    if kind is None:
        return opened
    if text is not None:
        form = text.encoding, text.errors, newline, text.line_buffering, text.write_through
        text.detach()
    raw = buffer.detach()
    size = buffering if buffering > 1 else max(raw._blksize, 1)
    told = kind(raw, size)
    told.opened_as, told.opener, told.size = path, runtime.current, size
    if text is None:
        return told
    wrapper: Any = _Text(told, *form)
    wrapper.mode = mode
    return wrapper


def in_child() -> None:
    """After a fork: what was told was the parent's."""
    global _told, _moved, parent
    _told = 0
    _moved = False
    parent = False


def install() -> None:
    """Patch ``open`` and what of ``os`` has to do with names of files."""
    io.open = builtins.open = _as(_open, _real_open)
    system: Any = os
    for name in ("stat", "lstat", "access", "listdir", "scandir"):
        setattr(system, name, _looking(getattr(os, name)))
    for name in ("mkdir", "rmdir", "remove", "unlink", "truncate"):
        setattr(system, name, _changing(getattr(os, name), "path"))
    system.chdir = _moving(os.chdir)
    for name in ("rename", "replace", "link"):
        setattr(system, name, _changing(getattr(os, name), "src", "dst"))
    system.symlink = _changing(os.symlink, "", "dst")
