"""A session of the guest's own: nothing of the judge's is open in it, and it can be killed as one.

- an own session and process group (setsid(2)): a signal to the group stays in it, and there is no terminal
- standard input from /dev/null, output and errors of C code into a file of the judge's
- every other descriptor closed but the connection to the conductor, an empty working folder
- it ends with the launcher (PR_SET_PDEATHSIG, prctl(2))
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket

from autograder.sandbox.layers import kernel
from autograder.sandbox.layers.base import Amounts, Attempt, Known, Place, through

MOST_DESCRIPTORS = 65536
"""Where closing ends: no limit of ours lets a launcher open more."""

_chdir = os.chdir  # the system's own, and not what a world puts in its place


class Session:
    name = "session"
    title = "signals to the process group, descriptors and variables left over from the judge"
    advice = "needs nothing but a POSIX system"

    def missing(self) -> str:
        return "" if hasattr(os, "setsid") else "this system has no sessions"

    def prepare(self, place: Place) -> str:
        return ""

    def enter(self, amounts: Amounts) -> None:
        os.setsid()
        os.umask(0o077)
        _chdir(amounts.folder)

    def probe(self, known: Known) -> str:
        leads = os.getsid(0) == os.getpid() == os.getpgrp()
        inherited = "" if leads else "the process group of the judge"
        return through(Attempt("a terminal", lambda: os.close(os.open("/dev/tty", os.O_RDWR)))) or inherited


def keep_only(connection: socket.socket, raw_output: int, boot: int) -> None:
    """Leave open what the guest uses, and nothing else."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(raw_output, 1)
    os.dup2(raw_output, 2)
    first, second = sorted((connection.fileno(), boot))
    os.closerange(3, first)
    os.closerange(first + 1, second)
    os.closerange(second + 1, MOST_DESCRIPTORS)


def end_with_parent() -> None:
    """After the change of user, which would undo it."""
    with contextlib.suppress(OSError):
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
