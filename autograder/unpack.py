"""Unpacking an archive of submissions, which is not trusted.

Only Python files and notebooks are unpacked with their content. Of all others only the name is of use (to say what was
found instead), so that they become empty files and a zip bomb has nothing to fill.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.archives import MAX_DEPTH, MAX_ENTRIES, Unreadable, damages, junk, kind, largest, parts
from autograder.notebook import SUFFIX

if TYPE_CHECKING:
    # Imported where used: a student's check of one file reads no archive.
    from zipfile import ZipFile, ZipInfo

CODE = (".py", SUFFIX)
MAX_EXTRACTED = 256 << 20  # bytes unpacked from one archive
LONGEST_NAME, LONGEST_PATH = 255, 3000  # bytes that Linux and macOS have room for; a path also has those above it
SHORT_NAME = 80  # bytes at most of what a name is cut to


def unpack(archive: Path, file: str, root: Path) -> dict[Path, str]:
    """Unpack what concerns an assignment's ``file`` into the empty folder ``root``; returns where the entries are that
    are neither files nor folders, and what they are. Raises `Unreadable`."""
    import zipfile

    try:
        with zipfile.ZipFile(archive) as zipped:
            return _entries(zipped, file, root)
    except damages() as error:
        raise Unreadable(f"is damaged or of a kind that can't be read ({error})") from None
    except OSError as error:
        raise Unreadable(f"can't be unpacked ({error.strerror or error})") from None


def _entries(zipped: ZipFile, file: str, root: Path) -> dict[Path, str]:
    entries = zipped.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(f"has {len(entries)} entries\n  allowed: at most {MAX_ENTRIES}")
    refused: dict[Path, str] = {}
    room = MAX_EXTRACTED
    for entry in entries:
        names = parts(entry)
        if names is None:
            # Nobody makes such a name by accident: the archive was made to do harm.
            raise Unreadable(f'holds "{entry.filename}", which lies outside of it; nothing was unpacked from it')
        if not names or len(names) > MAX_DEPTH or any(junk(name) for name in names):
            continue
        place = root.joinpath(*_fitting(names))
        mode = entry.external_attr >> 16
        if entry.filename.endswith(("/", "\\")):
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            refused[place] = kind(mode)
        elif names[-1] != file and not (names[-1].endswith(CODE) and not entry.flag_bits & 0x1 and not place.exists()):
            with suppress(OSError):  # a name too long for this file system
                place.touch()
        elif entry.flag_bits & 0x1:
            raise Unreadable(f'is encrypted ("{entry.filename}")\n  allowed: one without password')
        elif place.exists():
            raise Unreadable(f'holds "{entry.filename}" twice')
        else:
            room -= _copy(zipped, entry, place)
            if room < 0:
                raise Unreadable(f"unpacks to more than {MAX_EXTRACTED} bytes")
    return refused


def _fitting(names: Sequence[str]) -> list[str]:
    """These names of a path, those that a file system has no room for cut: one student's must not stop the others. A
    name that was cut is still another one than that of another student."""
    longest = LONGEST_NAME if sum(len(os.fsencode(name)) + 1 for name in names) <= LONGEST_PATH else SHORT_NAME
    return [name if len(os.fsencode(name)) <= longest else _cut(name) for name in names]


def _cut(name: str) -> str:
    sign = hashlib.sha256(os.fsencode(name)).hexdigest()[:12]
    return f"{name[: SHORT_NAME // 8]}…{sign}{Path(name).suffix[:10]}"


def _copy(zipped: ZipFile, entry: ZipInfo, place: Path) -> int:
    """Unpacks one file, but no more than shows that it is too big; returns the bytes written.

    What the archive says about sizes is not believed: reading stops at the bound.
    """
    with zipped.open(entry) as source:
        return place.write_bytes(source.read(largest(place.name) + 1))
