"""What lies in a download, a zip or a folder, looked at without trusting any of it.

A download is untrusted input made of untrusted input: names come from students, sizes and checksums from whoever made
the archive. So nothing here unpacks. A :class:`Download` *lists* its files as :class:`Entry` values, and an entry's
content is read only when someone asks for it, never more than the bytes asked for. What becomes of it is written under
a name of our own, which is why a name such as ``../../x.py`` can do no harm here; it is left out all the same and
named, since no LMS makes one.

========================  ========================================================================================
harm                      what keeps it off
========================  ========================================================================================
a name that leaves        ``parts`` knows it (``..``, an absolute path, a drive letter, backslashes of old Windows)
a link, a device, a pipe  an entry with a ``refused`` reason; never opened, in a zip or in a folder
a zip bomb                ``Entry.read(limit)`` stops at the limit, whatever the archive says about sizes
too many entries          ``MAX_ENTRIES``, counted before any is looked at
a damaged or locked file  ``Unreadable`` from ``read``: it costs one student the file, not the class the download
names in another code     names are UTF-8 also where the archive forgot to say so (macOS)
========================  ========================================================================================
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from autograder.notebook import MAX_NOTEBOOK, is_notebook

if TYPE_CHECKING:
    # Imported where used: a student's check of one file reads no archive.
    from zipfile import ZipFile, ZipInfo

MAX_FILE = 1 << 20  # bytes of one file to grade
MAX_ENTRIES = 50_000  # entries of one archive
MAX_DEPTH = 20  # folders within folders in an archive: what lies deeper is nobody's submission

_JUNK = frozenset({"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"})
_NO_JUNK = re.compile(r"\.(?!_).*(?:_assignsubmission_|\([^()]+\))", re.DOTALL)
"""A hidden name that is none: Moodle and Sakai put a student's or a group's name first, and a group may be ".NET"."""
_SHOWN = 5  # names in "found: …"


class Unreadable(Exception):
    """A file or an archive whose content can't be had: says why, in words for a sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a download, under its path there. ``refused`` is what it is where it is no file to be opened."""

    path: PurePosixPath
    open: Callable[[int], bytes] = field(repr=False, compare=False)
    refused: str = ""
    folder: bool = False  # an empty folder that the archive names: some LMSs tell something by one

    def read(self, limit: int = MAX_FILE) -> bytes:
        """The content, if it has at most ``limit`` bytes. Raises :class:`Unreadable`."""
        if self.refused:
            raise Unreadable(f"is {self.refused}, not a file")
        content = self.open(limit + 1)
        if len(content) > limit:
            raise Unreadable(f"is too big: it has more than {limit} bytes")
        return content


@dataclass(frozen=True, slots=True)
class Download:
    """The entries of a zip or a folder in order of their paths, and what was left out, in words for the TA."""

    entries: tuple[Entry, ...]
    remarks: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.folder)

    def inside(self) -> Download | None:
        """The same without the one folder that everything lies in: someone packed the folder, not what is in it."""
        tops = {entry.path.parts[0] for entry in self.entries}
        if len(tops) != 1 or not self.files or any(len(entry.path.parts) < 2 for entry in self.files):
            return None
        (top,) = tops
        return Download(
            tuple(
                Entry(entry.path.relative_to(top), entry.open, entry.refused, entry.folder)
                for entry in self.entries
                if len(entry.path.parts) > 1
            ),
            self.remarks,
        )


def of_folder(folder: Path) -> Download:
    """The files below a folder. Links are listed and never followed."""
    found: list[Entry] = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not junk(name))
        here = PurePosixPath(Path(place).relative_to(folder).as_posix())
        for name in sorted([*files, *(name for name in folders if (Path(place) / name).is_symlink())]):
            path = Path(place) / name
            mode = path.lstat().st_mode
            if not junk(name):
                found.append(Entry(here / name, _reader(path), "" if stat.S_ISREG(mode) else kind(mode)))
        if len(found) > MAX_ENTRIES:
            raise Unreadable(f"has more than {MAX_ENTRIES} files")
        if place != str(folder) and not folders and not files:
            found.append(Entry(here, lambda limit: b"", folder=True))
    return Download(tuple(sorted(found, key=lambda entry: entry.path)))


def of_zip(source: Path | bytes) -> Download:
    """The files in a zip. Raises :class:`Unreadable` where it is none, or too big to look at."""
    import zipfile

    with _readable():
        archive = zipfile.ZipFile(BytesIO(source) if isinstance(source, bytes) else source)
        infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise Unreadable(f"has {len(infos)} entries, and at most {MAX_ENTRIES} are allowed")
    found: list[Entry] = []
    outside: list[str] = []
    for info in infos:
        path = parts(info)
        if path is None:
            outside.append(info.filename)
            continue
        if not path or len(path) > MAX_DEPTH or any(junk(part) for part in path):
            continue
        mode = info.external_attr >> 16
        folder = info.filename.endswith(("/", "\\"))
        odd = not folder and stat.S_IFMT(mode) not in (0, stat.S_IFREG)
        found.append(Entry(PurePosixPath(*path), _unzipper(archive, info), kind(mode) if odd else "", folder))
    remark = f"left out, because the name lies outside of the archive: {listed(outside)}"
    return Download(tuple(sorted(found, key=lambda entry: entry.path)), (remark,) if outside else ())


def parts(info: ZipInfo) -> tuple[str, ...] | None:
    """An entry's path, part by part; None for one that would leave the folder it is unpacked to."""
    name = info.filename
    if not info.flag_bits & 0x800:
        # macOS writes UTF-8 without saying so; what is not UTF-8 stays in the archive's own code page.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    name = name.replace("\\", "/")  # old Windows tools
    if name.startswith("/") or re.match(r"[A-Za-z]:/", name) or ".." in name.split("/"):
        return None
    return PurePosixPath(name).parts


def largest(name: str) -> int:
    """How many bytes a file of this name may have that is to be graded."""
    return MAX_NOTEBOOK if is_notebook(name) else MAX_FILE


def junk(name: str) -> bool:
    """Whether some system or editor left it there, so that it is nobody's submission."""
    return name in _JUNK or (name.startswith(".") and not _NO_JUNK.match(name))


def kind(mode: int) -> str:
    """What a thing of this mode is, in words."""
    kinds = {
        stat.S_IFREG: "a file",
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a link to another place",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode), "a device")


def listed(names: Sequence[str]) -> str:
    """The first of the names, and how many more there are."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f", … and {more} more" if more > 0 else "")


def damages() -> tuple[type[Exception], ...]:
    """What `zipfile` raises for an archive that is damaged, or made by means that it lacks."""
    import lzma
    import zipfile
    import zlib

    return (
        zipfile.BadZipFile,  # no archive, a checksum that is wrong
        zlib.error,  # damaged data, by the method of compression
        lzma.LZMAError,
        EOFError,  # data that ends too early
        ValueError,  # a place or a size that is none, a name in no code
        NotImplementedError,  # a method of compression that this Python lacks
    )


@contextmanager
def _readable() -> Iterator[None]:
    """Turns the many errors of a bad archive into one that says so."""
    try:
        yield
    except damages() as error:
        raise Unreadable(f"is damaged or of a kind that can't be read ({error})") from None
    except OSError as error:  # the file system's, or bz2's word for damaged data
        raise Unreadable(f"is damaged or of a kind that can't be read ({error})") from None
    except RuntimeError as error:
        if "encrypted" not in str(error):  # zipfile has no class of its own for it
            raise
        raise Unreadable("is encrypted") from None


def _unzipper(archive: ZipFile, info: ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        with _readable(), archive.open(info) as source:
            return source.read(limit)

    return read


def _reader(path: Path) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        try:
            with path.open("rb") as source:
                return source.read(limit)
        except OSError as error:
            raise Unreadable(f"can't be read ({error.strerror or error})") from None

    return read
