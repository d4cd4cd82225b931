"""What the world cannot hold: named for the result, so that a person looks at the submission.

An audit hook (PEP 578) sees the calls by which a program leaves the world: raw forks, other programs, sockets, foreign
libraries. Forks and programs are refused, since nobody would know their tasks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
}
_NAMED = {
    "socket.__new__": "sockets",
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
    if event in _REFUSED:
        unheld(_REFUSED[event])
        raise PermissionError(1, f"{_REFUSED[event]} is not possible here")
    frame = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("autograder."):
            return
        if module.startswith("asyncio"):
            unheld("asyncio")
            return
        frame = frame.f_back  # type: ignore[assignment]
    unheld(_NAMED[event])


def install() -> None:
    sys.addaudithook(_hook)
