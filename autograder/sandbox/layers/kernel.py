"""The few calls of Linux that Python has no name for, through libc: prctl(2) and syscall(2)."""

from __future__ import annotations

import ctypes
import os

from autograder import system

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_READ = 23
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_GET_NO_NEW_PRIVS = 39
SECCOMP_MODE_FILTER = 2

_libc = ctypes.CDLL(None, use_errno=True)


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


def _failure() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
