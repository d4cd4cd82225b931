"""Landlock: the files, ports, abstract sockets and processes that a guest may reach, and no others.

A ruleset says what is handled, which is denied, and which folders are excepted
(https://docs.kernel.org/userspace-api/landlock.html). It is made once, in the launcher; a fork enters it in some tenths
of a millisecond and cannot leave it. What a kernel can deny depends on its ABI: files from 1 (Linux 5.13), TCP ports
from 4, signals and abstract sockets to the outside from 6. What Landlock never denies is looking whether a path exists
(stat(2)), and below ABI 9 connecting to a socket that has a path: both are left to the rights of the user.
"""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

from autograder import system
from autograder.sandbox.layers.base import Amounts, Attempt, Known, Place, through

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
"""Programs and libraries, read and run."""
READ = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/sys/devices/system/cpu")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
SHARED_MEMORY = "/dev/shm"


class Landlock:
    name = "landlock"
    title = "files outside the run's own folder, /proc, TCP, abstract sockets and signals to other processes"
    advice = "needs Linux 5.13 or newer with Landlock among its security modules (kernel parameter lsm=landlock,…)"

    def missing(self) -> str:
        if not system.linux():
            return "not on this system"
        import landlockpy

        return "" if landlockpy.supported() else "the kernel has no Landlock, or the container hides it"

    def prepare(self, place: Place) -> str:
        from landlockpy import AccessFS, Ruleset, Scope

        read = AccessFS.READ_FILE | AccessFS.READ_DIR
        self._rules = rules = Ruleset(scoped=Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL)
        everything = rules.handled_fs & ~(AccessFS.MAKE_CHAR | AccessFS.MAKE_BLOCK)
        for paths, access in (
            (SYSTEM, read | AccessFS.EXECUTE),
            (place.readable, read | AccessFS.EXECUTE),
            (READ, read),
            (DEVICES, AccessFS.READ_FILE | AccessFS.WRITE_FILE),
            ([SHARED_MEMORY], everything & ~AccessFS.EXECUTE),
            ([place.base], everything),
        ):
            for path in paths:
                if os.path.exists(path):
                    folder = os.path.isdir(path)
                    rules.allow_path(path, access if folder else access & ~(AccessFS.READ_DIR))
        return f"landlock {rules.abi_version}"

    def enter(self, amounts: Amounts) -> None:
        self._rules.restrict(no_new_privs=False)

    def probe(self, known: Known) -> str:
        attempts = [
            Attempt("a file that every user may read", lambda: Path(known.canary).read_bytes()),
            Attempt("a file in a folder that every user may write to", lambda: _leave(known.outside)),
            Attempt("the list of processes", lambda: os.listdir("/proc")),
        ]
        if self._rules.abi_version >= 6:
            attempts.append(Attempt("a signal to the judge", lambda: _signal(known.judge)))
            attempts.append(Attempt("an abstract socket of the judge's", lambda: _connect(known.socket)))
        return through(*attempts)


def _leave(folder: str) -> None:
    path = os.path.join(folder, "left-by-a-probe")
    with open(path, "x"):
        pass
    os.unlink(path)


def _signal(pid: int) -> None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        # In namespaces of its own the guest cannot even name the judge.
        raise PermissionError(errno.EPERM, "no such process") from None


def _connect(name: str) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("\0" + name)
