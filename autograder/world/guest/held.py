"""What the world cannot hold: named for the result, so that a person looks at the submission.

An audit hook (PEP 578) sees the calls by which a program leaves the world: raw forks, other programs, sockets, foreign
libraries. Forks and programs are refused, since nobody would know their tasks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from autograder.world import wire
from autograder.world.guest import runtime

_REFUSED = {
    "os.fork": "os.fork",
    "os.forkpty": "os.forkpty",
    "os.system": "os.system",
    "os.exec": "os.exec",
    "os.posix_spawn": "os.posix_spawn",
    "subprocess.Popen": "subprocess",
    "pty.spawn": "pty.spawn",
    # Waiting on one would wait in real time, for a network that is not there.
    "socket.__new__": "sockets",
}
_NAMED = {
    "ctypes.dlopen": "a foreign library (ctypes)",
    "signal.pthread_kill": "signal.pthread_kill",
    "sys.settrace": "sys.settrace",
    "sys.setprofile": "sys.setprofile",
}
_depth = 0


@contextmanager
def allowed() -> Iterator[None]:
    """Around the world's own uses of what is watched."""
    global _depth
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1


def unheld(what: str) -> None:
    runtime.note(wire.Unheld(what=what))


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event not in _REFUSED and event not in _NAMED:
        return
    if not runtime.active or _depth:
        return
    who = _who()
    if who is None:
        return
    what = who or _REFUSED.get(event) or _NAMED[event]
    unheld(what)
    if event in _REFUSED:
        raise PermissionError(1, f"{what} is not possible here")


def _who() -> str | None:
    """ "asyncio" if it asked, "" for the student's code or another library, None for the world itself."""
    frame: FrameType | None = sys._getframe(2)
    direct = True
    while frame is not None:
        if frame.f_code.co_filename == runtime.student_file:
            return ""
        module = frame.f_globals.get("__name__", "")
        if module.startswith("asyncio"):
            return "asyncio"
        if module.startswith("autograder."):
            # Below a library's frames it only started what the program gave it: Thread(target=os.fork).
            return None if direct else ""
        direct = direct and module in ("socket", "ctypes")
        frame = frame.f_back
    return ""


def install() -> None:
    sys.addaudithook(_hook)
