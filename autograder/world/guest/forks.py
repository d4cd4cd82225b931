"""The real fork under ``Process``.

``os.fork`` has much to put right in a child (PyOS_AfterFork_Child): locks and states of threads that did not come
along, and the functions of ``os.register_at_fork``. All of it costs more than the fork itself, and where the process
has one thread, and nobody but the standard library registered anything, there is nothing to put right.
"""

from __future__ import annotations

import _thread
import os
from collections.abc import Callable
from typing import Any

from autograder.sandbox.layers import kernel
from autograder.world.guest import held

_bare = False
"""Whether a fork without Python's bookkeeping is possible, and nobody has asked for more than that."""


def install() -> None:
    """Patch ``os.register_at_fork``. After the modules of the standard library that use it were imported: what they
    want done is about locks that other threads may hold, and about random numbers, which have a seed of ours."""
    global _bare
    _bare = kernel.can_fork_bare()
    system: Any = os
    real = system.register_at_fork

    def register_at_fork(**functions: Callable[[], Any]) -> None:
        global _bare
        real(**functions)
        _bare = False

    system.register_at_fork = register_at_fork


def fork() -> int:
    """0 in the child, else its pid. Raises OSError."""
    # A thread that is only just ending is counted out before its state is deleted. It holds the interpreter's own locks
    # only together with the GIL, which is ours: in the child its state is left over, and nothing is locked.
    if _bare and not _thread._count():
        return kernel.bare_fork()
    with held.allowed():
        return os.fork()
