"""The few calls of Linux that Python has no name for, through libc: prctl(2) and syscall(2)."""

from __future__ import annotations

import ctypes
import os
import sys

from autograder import system

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_GET_NO_NEW_PRIVS = 39
SECCOMP_MODE_FILTER = 2

_libc = ctypes.CDLL(None, use_errno=True)
_held = ctypes.PyDLL(None, use_errno=True)
"""The same, keeping the GIL during a call."""


def prctl(option: int, argument: object = 0, more: object = 0) -> int:
    """prctl(2). Raises OSError."""
    if not system.linux():
        raise OSError(38, "no prctl on this system")
    result = int(_libc.prctl(option, argument, more, 0, 0))
    if result == -1:
        raise _failure()
    return result


def syscall(number: int, *arguments: object) -> int:
    """syscall(2), for calls that glibc does not wrap. Raises OSError."""
    result = int(_libc.syscall(number, *arguments))
    if result == -1:
        raise _failure()
    return result


def can_fork_bare() -> bool:
    """Whether `bare_fork` may stand for ``os.fork`` in a process of one thread."""
    return system.linux() and getattr(sys, "_is_gil_enabled", lambda: True)()


def bare_fork() -> int:
    """fork(2) by a process of one thread that holds no lock of Python's: 0 in the child, else its pid. Raises OSError.

    What ``os.fork`` does in the child beside (PyOS_AfterFork_Child) is about threads that are no longer there, locks
    that they may have held, and modules that want to know: of all this there is nothing in a launcher, and it costs
    more than the fork itself. The GIL stays with the thread, which is the child's main thread.
    """
    result = int(_held.fork())
    if result == -1:
        raise _failure()
    return result


def _failure() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
