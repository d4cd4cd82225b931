"""From what lies on disk to submissions: which files are handed in, and by whom.

A PATH is one of four things, and the submission's *id* is the name that a TA would call it by:

===========================================  ================================================================
PATH                                         id
===========================================  ================================================================
a .py file with the assignment's file name   the folder's name: ``class/bauer/pool_fib.py`` is bauer's
any other .py file                           the file's name without ``.py``: ``bauer.py`` is bauer's
a folder that holds the file                 the folder's name
a folder of such folders                     one submission a sub folder, its id the sub folder's name
a .zip of one of these                       as above; where the file lies at its top, the name of the .zip
===========================================  ================================================================

What can't be graded is never left out in silence. A sub folder without the file, a link, a folder that has the file's
name and a file of more than ``MAX_FILE`` bytes become submissions with a ``problem``; what lies beside the submissions
is named in ``Intake.remarks``; a PATH that is none of the four raises ``IntakeError``. What stands *in* the file is not
looked at here: empty, not UTF-8 and not Python are the judge's findings.

An id is also the name of a folder that reports are written to, so it is made safe for that (``safe_id``) and distinct
from every other without regard to case; the submission's ``notes`` say where an id differs from the name on disk.
Ids never begin with ``=``, ``+``, ``-`` or ``@`` either, which a spreadsheet would take for a formula.

Archives are not trusted. Only the files to grade are unpacked with their content; of all others only the name is of
use (to say what was found instead), so that they become empty files and a zip bomb has nothing to fill.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from autograder.model import Assignment, Submission

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

MAX_FILE = 1 << 20  # bytes of one file to grade
MAX_ENTRIES = 50_000  # entries of one archive
MAX_EXTRACTED = 256 << 20  # bytes unpacked from one archive
MAX_DEPTH = 20  # folders within folders in an archive: what lies deeper is nobody's submission
MAX_ID = 100  # characters of an id

_JUNK = frozenset({"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"})
_RESERVED = frozenset({"grades.csv"})  # lies beside the folders named by ids
_SHOWN = 5  # names in "found: …"
_LOOKED_AT = 500  # files of a folder looked at for it


class IntakeError(Exception):
    """A PATH that holds no submission: says which, what was found there and what is allowed."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The submissions of all PATHs, sorted by id, and what was passed over, in words for the TA."""

    submissions: tuple[Submission, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A hand-in under the name it has on disk. ``alone`` is the PATH, where that is a folder with nothing to grade:
    some student's empty folder if other PATHs hold more, a mistyped PATH if none does."""

    name: str
    path: Path | None
    problem: str | None = None
    alone: str = ""


def find_submissions(path: Path, file: str, scratch: Path) -> list[Submission]:
    """The submissions in one PATH, for an assignment whose file is named ``file``.

    ``scratch`` is an existing folder that archives are unpacked into; it has to last as long as the submissions.
    """
    return list(collect([path], file, scratch).submissions)


def collect(paths: Sequence[Path], file: str, scratch: Path, out: Path | None = None) -> Intake:
    """The submissions in all PATHs together, so that their ids are distinct.

    ``out`` is where reports will be written. It must not lie where submissions are looked for, or the next grading
    would take the reports for submissions.
    """
    remarks: list[str] = []
    found: list[_Found] = []
    seen: set[str] = set()
    for path in paths:
        if out is not None:
            _refuse_inside(out, path, file)
        place = os.path.abspath(path)  # noqa: PTH100 - resolve() would rename what lies behind a link
        if place in seen:
            remarks.append(f"{path} is given twice; it is graded once")
            continue
        seen.add(place)
        try:
            found += _scan(Path(place), path, file, scratch, remarks)
        except OSError as error:
            raise IntakeError(f"{error.filename or path}: can't be read ({error.strerror or error})") from None
    if all(one.alone for one in found):
        empty = "\n".join(f"{one.alone}: {one.problem}" for one in found)
        raise IntakeError(f"{empty}\n  allowed: {_allowed(file)}")
    submissions = _identify(found)
    if len(submissions) > 1 and all(one.path is None for one in submissions):
        remarks.append(f'not one of the {len(submissions)} submissions holds "{file}": is this the right assignment?')
    return Intake(tuple(submissions), tuple(remarks))


def only(path: Path, file: str, scratch: Path) -> Submission:
    """The one submission that PATH holds."""
    submissions = find_submissions(path, file, scratch)
    if len(submissions) != 1:
        raise IntakeError(
            f"{path}: found {len(submissions)} submissions ({_listed([one.id for one in submissions])})\n"
            "  allowed: one (a whole class is for: autograder grade)"
        )
    return submissions[0]


def regular_file(path: Path) -> Path:
    """``path``, if it is a file that may be opened."""
    if not os.path.lexists(path):
        raise IntakeError(f"{path}: there is no such file")
    problem = _found(path.name, path).problem
    if problem is not None:
        raise IntakeError(f"{path}: {problem}")
    return path


def named(assignments: Mapping[str, Assignment], name: str) -> Assignment:
    """The assignment of that name."""
    if name not in assignments:
        raise IntakeError(f'found the assignment "{name}"\n  allowed: {", ".join(assignments)}')
    return assignments[name]


def belonging_to(assignments: Mapping[str, Assignment], path: Path) -> Assignment:
    """The assignment whose file PATH is, by its name, or whose file the folder PATH holds."""
    files = {assignment.file: assignment for assignment in assignments.values()}
    if not os.path.lexists(path):
        hint = f'\n  "{path}" is an assignment: give the file, too' if str(path) in assignments else ""
        raise IntakeError(f"{path}: there is no such file or folder{hint}")
    found = sorted(file for file in files if _has(path, file)) if path.is_dir() else [path.name]
    if len(found) == 1 and found[0] in files:
        return files[found[0]]
    what = "none of the assignments' files" if path.is_dir() and not found else _listed(found)
    raise IntakeError(
        f"{path}: found {what}; which assignment is it?\n"
        f"  allowed: one of {', '.join(sorted(files))}, or the assignment's name before the PATH"
    )


def _allowed(file: str) -> str:
    return f'a .py file, a folder that holds "{file}", a folder of such folders, or a .zip of one of these'


def _refuse_inside(out: Path, path: Path, file: str) -> None:
    """A class folder must not hold the reports. One submission's own folder may: only its file is looked at."""
    inside, outside = out.resolve(), path.resolve()
    if path.is_dir() and not _has(path, file) and (inside == outside or outside in inside.parents):
        raise IntakeError(
            f"{out}: the reports would lie among the submissions of {path}, and be taken for some of them next time\n"
            "  allowed: a folder outside of it"
        )


def _scan(path: Path, given: Path, file: str, scratch: Path, remarks: list[str]) -> list[_Found]:
    """What one PATH holds. ``given`` is the PATH as it was typed, for messages."""
    if not os.path.lexists(path):
        raise IntakeError(f"{given}: there is no such file or folder\n  allowed: {_allowed(file)}")
    if path.is_dir():
        return _scan_folder(path, given, file, remarks)
    if path.suffix.lower() == ".zip":
        return _scan_archive(path, given, file, scratch, remarks)
    if path.suffix != ".py":
        raise IntakeError(
            f'{given}: found {_kind(path.lstat().st_mode)} named "{path.name}"\n  allowed: {_allowed(file)}'
        )
    return [_found(path.parent.name if path.name == file and path.parent.name else path.stem, path)]


def _scan_folder(folder: Path, given: Path, file: str, remarks: list[str]) -> list[_Found]:
    name = folder.name or "submission"  # the root of the file system has no name
    entries = [entry for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if not _junk(entry.name)]
    inner = [Path(entry.path) for entry in entries if entry.is_dir() and entry.name != file]
    if _has(folder, file):
        below = [one.name for one in inner if not one.is_symlink() and _has(one, file)]
        if below:
            remarks.append(
                f'{given} holds "{file}" itself, so that it is one submission; '
                f"those in folders below it are not graded: {_listed(below)}"
            )
        return [_found(name, folder / file)]
    if not inner:
        return [_Found(name, None, _absent(folder, file), alone=str(given))]
    loose = [entry.name for entry in entries if entry.name.endswith((".py", ".zip")) and not entry.is_dir()]
    if loose:
        remarks.append(f"{given}: not graded, because it lies in no student's folder: {_listed(loose)}")
    return [_found_in(one, file) for one in inner]


def _found_in(folder: Path, file: str) -> _Found:
    if folder.is_symlink():
        return _Found(folder.name, None, f'the folder "{folder.name}" is a link to another place')
    if not _has(folder, file):
        return _Found(folder.name, None, _absent(folder, file))
    return _found(folder.name, folder / file)


def _found(name: str, path: Path) -> _Found:
    """The file itself, unless it is one that must not be opened."""
    about = path.lstat()
    if not stat.S_ISREG(about.st_mode):
        return _Found(name, None, f'"{path.name}" is {_kind(about.st_mode)}, not a file')
    if about.st_size > MAX_FILE:
        return _Found(name, None, f'"{path.name}" is too big: it has more than {MAX_FILE} bytes')
    return _Found(name, path)


def _has(folder: Path, file: str) -> bool:
    """Whether something of that name lies there, if only a broken link: what it is, is a question of its own."""
    return os.path.lexists(folder / file)


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFREG: "a file",
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a link to another place",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode), "a device")


def _absent(folder: Path, file: str) -> str:
    names = list(_names(folder, folder))
    found = f"found: {_listed(names)}" if names else "the folder is empty"
    return f'no file "{file}" was handed in ({found})'


def _names(folder: Path, top: Path) -> Iterator[str]:
    """Names of the files below ``folder``, as seen from ``top``, in order and bounded in number."""
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _junk(name))
        for name in sorted(files):
            if not _junk(name):
                yield (Path(place) / name).relative_to(top).as_posix()
                count += 1
                if count == _LOOKED_AT:
                    return


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f", … and {more} more" if more > 0 else "")


def _junk(name: str) -> bool:
    return name.startswith(".") or name in _JUNK


# --- ids ---------------------------------------------------------------------------------------------------------


def safe_id(name: str) -> str:
    """``name`` as an id: letters (of every script), digits, space and ``._-,'()@+``; all else becomes ``_``.

    The first character is neither a dot, which would hide the folder, nor one that a spreadsheet or a command line
    takes for something else (``=+-@``). Composed and decomposed accents are one (macOS archives hold the latter).
    """
    name = unicodedata.normalize("NFC", name)
    kept = "".join(
        char if char.isalnum() or unicodedata.category(char)[0] == "M" or char in " ._-,'()@+" else "_" for char in name
    )
    kept = re.sub(r"^[ .\-+@']", "_", kept)[:MAX_ID]
    while len(kept.encode()) > 2 * MAX_ID:  # a file system counts bytes
        kept = kept[:-1]
    kept = kept.rstrip(" .") or "submission"
    return f"{kept}_" if kept.casefold() in _RESERVED else kept


def _identify(found: Sequence[_Found]) -> list[Submission]:
    """Submissions with safe and distinct ids, sorted by id.

    Whoever has a name for themselves keeps it; of several with the same one (without regard to case), the first in
    the order of names and places keeps it, and the others are numbered from 2.
    """
    ordered = sorted(found, key=lambda one: (one.name, str(one.path or "")))
    wanted = [safe_id(one.name) for one in ordered]
    taken = {name.casefold() for name in wanted}
    used: set[str] = set()
    submissions = []
    for one, name in zip(ordered, wanted, strict=True):
        id = name
        notes: tuple[str, ...] = ()
        if id.casefold() in used:
            number = 2
            while f"{id}-{number}".casefold() in taken:
                number += 1
            id = f"{id}-{number}"
            notes = (f'another submission has the id "{name}" already: this one is graded as "{id}"',)
        elif id != one.name:
            notes = (f'handed in as "{one.name}", graded as "{id}"',)
        used.add(id.casefold())
        taken.add(id.casefold())
        submissions.append(Submission(id, one.path, one.problem, notes))
    return sorted(submissions, key=lambda submission: submission.id)


# --- archives ----------------------------------------------------------------------------------------------------


def _scan_archive(archive: Path, given: Path, file: str, scratch: Path, remarks: list[str]) -> list[_Found]:
    import tempfile

    # The folder is named like the archive: where the file lies at its top, that is the submission's name.
    root = Path(tempfile.mkdtemp(prefix="zip-", dir=scratch)) / (safe_id(archive.stem))
    root.mkdir()
    refused = _unpack(archive, given, file, root)
    top = sorted(entry.name for entry in os.scandir(root))
    if not top and not refused:
        raise IntakeError(f"{given}: the archive is empty\n  allowed: {_allowed(file)}")
    if len(top) == 1 and not _has(root, file) and _wraps(root / top[0], file):
        remarks.append(f'{given}: the students\' folders are those inside "{top[0]}"')
        root /= top[0]
    found = _scan_folder(root, given, file, remarks)
    return [_with_refused(one, refused, root, file) for one in found]


def _wraps(folder: Path, file: str) -> bool:
    """Whether this is the class folder that someone packed whole: it holds folders and nothing else."""
    entries = list(os.scandir(folder)) if folder.is_dir() else []
    return bool(entries) and not _has(folder, file) and all(entry.is_dir() for entry in entries)


def _with_refused(one: _Found, refused: dict[Path, str], root: Path, file: str) -> _Found:
    """Says why the file is missing where the archive had it as something that is not unpacked."""
    for place in (root / file, root / one.name / file):
        if one.path is None and place in refused:
            return _Found(one.name, None, f'"{file}" is {refused[place]}, not a file')
    return one


def _unpack(archive: Path, given: Path, file: str, root: Path) -> dict[Path, str]:
    """Unpacks into ``root``; returns where the entries are that are neither files nor folders, and what they are."""
    import lzma
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(archive) as zipped:
            return _unpack_entries(zipped, given, file, root)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError) as error:
        raise IntakeError(f"{given}: the archive is damaged or of a kind that can't be read ({error})") from None
    except OSError as error:
        raise IntakeError(f"{given}: the archive can't be unpacked ({error.strerror or error})") from None


def _unpack_entries(zipped: ZipFile, given: Path, file: str, root: Path) -> dict[Path, str]:
    entries = zipped.infolist()
    if len(entries) > MAX_ENTRIES:
        raise IntakeError(f"{given}: the archive has {len(entries)} entries\n  allowed: at most {MAX_ENTRIES}")
    refused: dict[Path, str] = {}
    room = MAX_EXTRACTED
    for entry in entries:
        parts = _parts(entry, given)
        if not parts or len(parts) > MAX_DEPTH or any(_junk(part) for part in parts):
            continue
        place = root.joinpath(*parts)
        mode = entry.external_attr >> 16
        if entry.filename.endswith(("/", "\\")):
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            refused[place] = _kind(mode)
        elif parts[-1] != file:
            with suppress(OSError):  # a name too long for this file system
                place.touch()
        elif entry.flag_bits & 0x1:
            raise IntakeError(
                f'{given}: the archive is encrypted ("{entry.filename}")\n  allowed: one without password'
            )
        elif place.exists():
            raise IntakeError(f'{given}: the archive holds "{entry.filename}" twice')
        else:
            room -= _copy(zipped, entry, place)
            if room < 0:
                raise IntakeError(f"{given}: the archive unpacks to more than {MAX_EXTRACTED} bytes")
    return refused


def _copy(zipped: ZipFile, entry: ZipInfo, place: Path) -> int:
    """Unpacks one file, but no more than shows that it is too big; returns the bytes written.

    What the archive says about sizes is not believed: reading stops at the bound.
    """
    with zipped.open(entry) as source:
        return place.write_bytes(source.read(MAX_FILE + 1))


def _parts(entry: ZipInfo, given: Path) -> tuple[str, ...]:
    """The entry's path, part by part. One that would leave the folder means that the archive was made to do harm."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        # macOS writes UTF-8 without saying so; what is not UTF-8 stays in the archive's own code page.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    name = name.replace("\\", "/")  # old Windows tools
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        raise IntakeError(
            f'{given}: the archive holds "{name}", which lies outside of it; nothing was unpacked from it'
        )
    return PurePosixPath(name).parts
