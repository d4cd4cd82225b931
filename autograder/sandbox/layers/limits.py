"""Limits that the kernel holds for one process, setrlimit(2): memory, CPU time, files, descriptors, tasks.

What they cannot hold is watched from outside (`sandbox.watch`): the memory of all processes of a run together, and what
lies on disk.

RLIMIT_AS counts address space, and a thread's stack is reserved whole: at glibc's 8 MiB a limit of 1 GiB would allow a
hundred threads. So stacks are as large as leaves half of the memory to the heap, and MALLOC_ARENA_MAX=1 (in the
environment of guests) keeps malloc from reserving 64 MiB for each thread.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import resource

from autograder import system
from autograder.sandbox.layers.base import Amounts, Attempt, Known, Place, through

LARGEST_FILE = 64 << 20
FEW = (("RLIMIT_MSGQUEUE", 0), ("RLIMIT_MEMLOCK", 0), ("RLIMIT_SIGPENDING", 1024))
"""What else a user has of the kernel's memory: bytes of queues, bytes kept in memory, signals that wait."""
SMALLEST_STACK, LARGEST_STACK = 256 << 10, 8 << 20


class Limits:
    name = "limits"
    title = "more memory, CPU time, files and descriptors of one process than it may use"
    advice = "needs nothing but a POSIX system"

    def __init__(self) -> None:
        self._own_user = False
        self._kind = ""
        self._caged = False

    def missing(self) -> str:
        return ""

    def prepare(self, place: Place) -> str:
        self._own_user, self._kind, self._caged = place.user >= 0, place.kind, place.caged
        return ""

    def enter(self, amounts: Amounts) -> None:
        limit(resource.RLIMIT_CORE, 0)
        limit(resource.RLIMIT_FSIZE, min(LARGEST_FILE, amounts.disk))
        if system.linux():  # macOS has the constant and refuses every value
            limit(resource.RLIMIT_AS, amounts.memory)
        limit(resource.RLIMIT_NOFILE, 1024 + 2 * amounts.processes)
        # SIGXCPU at the limit says why; SIGKILL follows for those who ignore it.
        limit(resource.RLIMIT_CPU, amounts.cpu, amounts.cpu + 2)
        for name, most in FEW:
            if hasattr(resource, name):
                limit(getattr(resource, name), most)
        _first_to_go()
        if hasattr(resource, "RLIMIT_NPROC") and (self._own_user or self._caged):
            # Counted by user: no more than a thread and its service threads for each task, and one to spare.
            limit(resource.RLIMIT_NPROC, 2 * amounts.processes + 16)
        size = stack_size(amounts)
        _thread.stack_size(size)
        if self._kind == "real":
            # An interpreter that is started anew takes the size of its threads' stacks from this.
            resource.setrlimit(resource.RLIMIT_STACK, (size, LARGEST_STACK))

    def probe(self, known: Known) -> str:
        soft = resource.getrlimit(resource.RLIMIT_AS)[0]

        def write() -> None:
            with open("large", "wb") as file:
                file.truncate(LARGEST_FILE + 1)

        attempts = [
            Attempt("a file over the limit", write),
            Attempt("memory over the limit", lambda: bytearray(soft + 1)),
        ]
        if hasattr(os, "geteuid") and os.geteuid() != 0:
            raised = (soft, resource.RLIM_INFINITY)
            attempts.append(Attempt("a limit raised", lambda: resource.setrlimit(resource.RLIMIT_AS, raised)))
        return through(*attempts)


def _first_to_go() -> None:
    """Where the machine runs out of memory all the same (of the kernel's own, say, which holds what sockets and pipes
    are full of), the kernel ends a guest and not the judge: proc(5), oom_score_adj."""
    with contextlib.suppress(OSError):
        file = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(file, b"1000")
        os.close(file)


def stack_size(amounts: Amounts) -> int:
    """Bytes of a thread's stack, a multiple of 64 KiB."""
    share = amounts.memory // (2 * max(amounts.processes, 1))
    return max(SMALLEST_STACK, min(LARGEST_STACK, share)) >> 16 << 16


def limit(which: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit; one that is lower already stays."""
    _, most = resource.getrlimit(which)
    hard = soft if hard is None else hard
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(which, (soft, hard))
