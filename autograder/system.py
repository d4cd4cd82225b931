"""What the operating system gives: the one place that asks which one it is.

- **Linux**: everything. Layers of the sandbox may be missing all the same; `autograder doctor` tries them.
- **macOS** and other Unix: a self-check (``check``, ``watch``, ``replay``) without the sandbox's layers. Grading
  refuses.
- **Windows**: no run at all. A run is a fork of a warm interpreter, and its messages come over Unix sockets that are
  handed on to it; Windows has neither. WSL is a Linux within Windows, and there all of it works.

Reading the course, making templates, explaining findings and the tables of an LMS work everywhere; what else `build`
makes is made where programs run.
"""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
from collections.abc import Iterable

WSL = "https://learn.microsoft.com/windows/wsl/install"

PROJECTS = {"PIL": "pillow"}
"""Packages that are installed under another name than they are imported by."""

EXTRAS = {"PIL": "images"}
"""Packages that come with an extra of this project."""


class Unsupported(Exception):
    """This computer cannot run submissions. The text says why, and what to do."""


def linux() -> bool:
    """Whether the system has what the layers of the sandbox are made of."""
    return sys.platform == "linux"


def lacking() -> str:
    """What a run of a submission needs and this system has not, with the way out; "" where nothing is missing."""
    needed = {"os.fork": hasattr(os, "fork"), "socket.send_fds": hasattr(socket, "send_fds")}
    missing = [name for name, there in needed.items() if not there]
    if not missing:
        return ""
    if sys.platform in ("win32", "cygwin"):
        return (
            "programs cannot be run on Windows itself: a run needs what only Unix has"
            f" ({', '.join(missing)}).\nUse WSL, the Linux within Windows: run `wsl --install` once ({WSL}), open it,"
            " and install and start the autograder there."
        )
    return f"programs cannot be run here: Python on {sys.platform} has no {' and no '.join(missing)}"


def require(packages: Iterable[str] = ()) -> None:
    """Raise `Unsupported` where submissions that import these packages cannot be run."""
    reason = lacking()
    if reason:
        raise Unsupported(reason)
    for package in packages:
        if importlib.util.find_spec(package) is None:
            project = PROJECTS.get(package, package)
            what = f'"concurrency-autograder[{EXTRAS[package]}]"' if package in EXTRAS else project
            raise Unsupported(f"this assignment needs {project}, which is not installed here: pip install {what}")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def desktop() -> bool:
    """Whether there is a screen to show a page on, and not only a terminal."""
    own = sys.platform in ("darwin", "win32")
    return own or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
