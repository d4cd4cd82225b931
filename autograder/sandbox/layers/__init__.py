"""The layers around a guest: a file each, with what it stops and a probe that tries to get through.

Which of them a launcher uses is decided once, by who the judge is:

- root: a user of the guest's own, and the rest (`AS_ROOT`). Works within the default limits of Docker.
- another user of Linux: namespaces of their own, made by bubblewrap, and the rest (`AS_USER`)
- elsewhere: a session and limits alone, enough for a self-check and for no official grade

A layer that a machine cannot give is left out and named, by `doctor` and in every result; official grading refuses to
start unless they are `OPTIONAL`. One that it can give and that then fails in a fork ends that fork before any code of
a submission runs in it.
"""

from __future__ import annotations

import os

from autograder.sandbox.layers.base import Amounts, Known, Layer, Place
from autograder.sandbox.layers.calls import Seccomp
from autograder.sandbox.layers.files import Landlock
from autograder.sandbox.layers.limits import Limits
from autograder.sandbox.layers.namespaces import Namespaces
from autograder.sandbox.layers.privileges import NoNewPrivileges
from autograder.sandbox.layers.reaper import Subreaper
from autograder.sandbox.layers.session import Session
from autograder.sandbox.layers.user import OwnUser

AS_ROOT: tuple[type[Layer], ...] = (Subreaper, Session, Limits, OwnUser, NoNewPrivileges, Landlock, Seccomp)
AS_USER: tuple[type[Layer], ...] = (Subreaper, Namespaces, Session, Limits, NoNewPrivileges, Landlock, Seccomp)
"""In the order in which a fork enters them: each leaves the rights that the next ones need."""

OPTIONAL = frozenset({"landlock"})
"""What official grading does without: beside it stands a user or namespaces of the guest's own. Reading the tests is
tried all the same, and grading refused where that succeeds."""


def all_layers() -> tuple[Layer, ...]:
    """Those for this user, whether the machine can give them or not."""
    return tuple(make() for make in (AS_ROOT if hasattr(os, "geteuid") and os.geteuid() == 0 else AS_USER))


def lacking(names: tuple[str, ...]) -> list[str]:
    """The layers that these are without, and that official grading requires."""
    there = {name.partition(" ")[0] for name in names}
    return [layer.name for layer in all_layers() if layer.name not in there | OPTIONAL]


__all__ = ["OPTIONAL", "Amounts", "Known", "Layer", "Place", "all_layers", "lacking"]
