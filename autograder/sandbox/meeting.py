"""The guest's side of a rendezvous: a call that waits at the judge until enough others are there.

This is loaded into the plain process beside the submission, so a program could spoil it; it would only spoil its own
confirmation. Who is there, the judge asks the kernel.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import threading
from collections.abc import Callable
from typing import Any

_inside = threading.local()


def attend(call: Callable[..., Any], name: str, module: str, path: str) -> Callable[..., Any]:
    """The function, whose outermost call in each thread first waits at the socket ``path`` until the judge hangs up;
    not at all where nobody listens there (any more). It stands in the module under its name, for pickle to find it."""

    @functools.wraps(call)
    def attended(*args: Any, **kwargs: Any) -> Any:
        if getattr(_inside, "value", False):
            return call(*args, **kwargs)
        _inside.value = True
        try:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as door:
                door.connect(path)
                door.recv(1)
            return call(*args, **kwargs)
        finally:
            _inside.value = False

    attended.__module__, attended.__name__, attended.__qualname__ = module, name, name
    return attended
