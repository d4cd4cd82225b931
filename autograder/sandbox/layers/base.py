"""What a layer is: something that a fork enters before a guest runs in it, and a probe that tries to get out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Where the guests of one launcher live: what all their runs have in common, known before the first of them.

    ``base`` is the launcher's own folder, in which each run gets its working folder; ``canary`` a file beside it that
    every user may read, but no guest; ``user`` the number of the user and group that guests become, -1 where they stay
    who they are; ``readable`` what guests may read and run beside the system's libraries (the interpreter, packages);
    ``caged`` whether the launcher itself sits in namespaces of its own (`namespaces`); ``kind`` is "world" for guests
    of a conductor, "real" for plain processes, "probe" for guests that try the layers; ``filter`` the compiled list of
    refused calls (`calls`), empty where it cannot be had.
    """

    kind: str
    base: str
    canary: str
    user: int = -1
    readable: list[str] = []
    caged: bool = False
    filter: bytes = b""


class Amounts(msgspec.Struct, frozen=True):
    """What one run may use. Bytes, seconds, and numbers of tasks and of files."""

    folder: str
    memory: int
    cpu: int
    processes: int
    disk: int
    files: int


class Layer(Protocol):
    """One layer. ``title`` says what it stops, ``advice`` how a machine gets it."""

    name: str
    title: str
    advice: str

    def missing(self) -> str:
        """Why this machine, or this user on it, cannot have the layer; "" if it can. Asked before `prepare`."""

    def prepare(self, place: Place) -> str:
        """Once in the launcher, for all guests. Returns what `name` should say about the machine ("abi 7"), or "".
        Raises OSError where the layer cannot be had after all."""

    def enter(self, amounts: Amounts) -> None:
        """In the fork. Raises OSError where the layer cannot be entered: the guest must not run then."""

    def probe(self, known: Known) -> str:
        """In a guest that has entered all layers: try what this one must stop. What got through, or ""."""


class Known(msgspec.Struct, frozen=True):
    """What a probe needs to know to try: things outside that a guest must not reach.

    ``judge`` is the judge's process, ``canary`` a file that any user may read, ``socket`` the abstract name that the
    judge listens on, ``outside`` a folder that any user may write to, ``secrets`` files of the course and the class
    that must stay unread.
    """

    judge: int
    canary: str
    socket: str
    outside: str
    secrets: list[str] = []


@dataclass(frozen=True)
class Attempt:
    """Something that a guest tries, and what it is called."""

    what: str
    act: Callable[[], object]


def through(*attempts: Attempt) -> str:
    """Carry out attempts that all must be refused. Names those that were not."""
    return ", ".join(attempt.what for attempt in attempts if _succeeds(attempt.act))


def _succeeds(act: Callable[[], object]) -> bool:
    try:
        act()
    except (OSError, ValueError, MemoryError):
        return False
    return True


def readable_by_all(path: str | Path) -> bool:
    """Whether a user who owns nothing may read this file, or list this folder: every folder above must let it in."""
    real = Path(path).resolve()
    try:
        own = real.stat().st_mode
        above = all(folder.stat().st_mode & 0o001 for folder in real.parents)
    except OSError:
        return False
    return above and (own & 0o005 == 0o005 if real.is_dir() else bool(own & 0o004))
