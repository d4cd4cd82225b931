"""From what lies on disk to submissions: which files are handed in, and by whom.

A PATH is one of four things, and the submission's *id* is the name that a TA would call it by:

===========================================  ================================================================
PATH                                         id
===========================================  ================================================================
a .py file with the assignment's file name   the folder's name: ``class/bauer/pool_fib.py`` is bauer's
any other .py file                           the file's name without ``.py``: ``bauer.py`` is bauer's
a notebook (.ipynb) of one of these names    the same; its code cells are the file (:mod:`autograder.notebook`)
a folder that holds the file                 the folder's name
a folder of such folders                     one submission a sub folder, its id the sub folder's name
a .zip of one of these                       as above; where the file lies at its top, the name of the .zip
===========================================  ================================================================

A student's folder that holds one Python file of another name is graded, and a note says so. What an LMS lets one
download has layouts of its own, and those are the business of :mod:`autograder.lms`.

What can't be graded is never left out in silence. A sub folder without the file, a link, a folder that has the file's
name and a file of more than ``largest`` bytes become submissions with a ``problem``; what lies beside the submissions
is named in ``Intake.remarks``; a PATH that is none of the four raises ``IntakeError``. What stands *in* the file is not
looked at here: empty, not UTF-8 and not Python are the judge's findings.

An id is also the name of a folder that reports are written to, so it is made safe for that (``safe_id``) and distinct
from every other without regard to case; the submission's ``notes`` say where an id differs from the name on disk.
Ids never begin with ``=``, ``+``, ``-`` or ``@`` either, which a spreadsheet would take for a formula.

Archives are not trusted. Only Python files are unpacked with their content; of all others only the name is of use (to
say what was found instead), so that they become empty files and a zip bomb has nothing to fill.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from autograder.archives import Unreadable, junk, kind, largest, listed
from autograder.ids import distinct, safe_id
from autograder.model import Assignment, Origin, Submission
from autograder.notebook import SUFFIX, notebook_name
from autograder.unpack import unpack

_LOOKED_AT = 500  # files of a folder looked at for it


class IntakeError(Exception):
    """A PATH that holds no submission: says which, what was found there and what is allowed."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The submissions of all PATHs, sorted by id, and what was passed over, in words for the TA."""

    submissions: tuple[Submission, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A hand-in under the name it has on disk. ``alone`` is the PATH, where that is a folder with nothing to grade:
    some student's empty folder if other PATHs hold more, a mistyped PATH if none does."""

    name: str
    path: Path | None
    problem: str | None = None
    alone: str = ""
    notes: tuple[str, ...] = ()
    origin: Origin | None = None


Scan = Callable[[Path, Path, str, Path, list[str]], list[Found]]
"""Looks through one PATH (where it lies, and as it was typed) for hand-ins of a file. Takes the scratch folder, and the
list that remarks are added to."""


def find_submissions(path: Path, file: str, scratch: Path) -> list[Submission]:
    """The submissions in one PATH, for an assignment whose file is named ``file``.

    ``scratch`` is an existing folder that archives are unpacked into; it has to last as long as the submissions.
    """
    return list(collect([path], file, scratch).submissions)


def collect(
    paths: Sequence[Path], file: str, scratch: Path, out: Path | None = None, scan: Scan | None = None
) -> Intake:
    """The submissions in all PATHs together, so that their ids are distinct.

    ``scan`` looks through a PATH; left out, it takes the plain layouts above (``autograder.lms`` knows more). ``out``
    is where reports will be written. It must not lie where submissions are looked for, or the next grading would take
    the reports for submissions.
    """
    remarks: list[str] = []
    found: list[Found] = []
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
            found += (scan or scan_plain)(Path(place), path, file, scratch, remarks)
        except OSError as error:
            raise IntakeError(f"{error.filename or path}: can't be read ({error.strerror or error})") from None
    if all(one.alone for one in found):
        empty = "\n".join(f"{one.alone}: {one.problem}" for one in found)
        raise IntakeError(f"{empty}\n  allowed: {_allowed(file)}")
    if len(found) > 1 and all(one.path is None or any(map(_is_misnamed, one.notes)) for one in found):
        remarks.append(f'not one of the {len(found)} submissions holds "{file}": is this the right assignment?')
    return Intake(tuple(identify(found)), tuple(remarks))


def misnamed(path: PurePath, file: str) -> tuple[str, ...]:
    """The note on a hand-in whose one Python file has another name than the assignment asks for."""
    return (f'the file is named "{path.name}", not "{file}"; it is graded, being the only Python file',)


def _is_misnamed(note: str) -> bool:
    return note.startswith("the file is named ")


def only(path: Path, file: str, scratch: Path) -> Submission:
    """The one submission that PATH holds."""
    submissions = find_submissions(path, file, scratch)
    if len(submissions) != 1:
        raise IntakeError(
            f"{path}: found {len(submissions)} submissions ({listed([one.id for one in submissions])})\n"
            "  allowed: one (a whole class is for: autograder grade)"
        )
    return submissions[0]


def handed_in(folder: Path, file: str) -> Submission:
    """What lies in the folder of one student, whatever that is: where there is nothing to grade, its ``problem`` says
    so."""
    (submission,) = identify([_found_in(folder, file)])
    return submission


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
    notebooks = {notebook_name(file): assignment for file, assignment in files.items()}
    if not os.path.lexists(path):
        hint = f'\n  "{path}" is an assignment: give the file, too' if str(path) in assignments else ""
        raise IntakeError(f"{path}: there is no such file or folder{hint}")
    found = sorted(file for file in files if _has(path, file)) if path.is_dir() else [path.name]
    if len(found) == 1 and found[0] in files | notebooks:
        return (files | notebooks)[found[0]]
    what = "none of the assignments' files" if path.is_dir() and not found else listed(found)
    raise IntakeError(
        f"{path}: found {what}; which assignment is it?\n"
        f"  allowed: one of {', '.join(sorted(files))}, or the assignment's name before the PATH"
    )


def _allowed(file: str) -> str:
    return (
        f'a .py file or a notebook, a folder that holds "{file}", a folder of such folders, or a .zip of one of these'
    )


def _refuse_inside(out: Path, path: Path, file: str) -> None:
    """A class folder must not hold the reports. One submission's own folder may: only its file is looked at."""
    inside, outside = out.resolve(), path.resolve()
    if path.is_dir() and not _has(path, file) and (inside == outside or outside in inside.parents):
        raise IntakeError(
            f"{out}: the reports would lie among the submissions of {path}, and be taken for some of them next time\n"
            "  allowed: a folder outside of it"
        )


def scan_plain(path: Path, given: Path, file: str, scratch: Path, remarks: list[str]) -> list[Found]:
    """What one PATH holds. ``given`` is the PATH as it was typed, for messages."""
    if not os.path.lexists(path):
        raise IntakeError(f"{given}: there is no such file or folder\n  allowed: {_allowed(file)}")
    if path.is_dir():
        return _scan_folder(path, given, file, remarks)
    if path.suffix.lower() == ".zip":
        return _scan_archive(path, given, file, scratch, remarks)
    if path.suffix not in (".py", SUFFIX):
        raise IntakeError(
            f'{given}: found {kind(path.lstat().st_mode)} named "{path.name}"\n  allowed: {_allowed(file)}'
        )
    known = path.name in (file, notebook_name(file))
    return [_found(path.parent.name if known and path.parent.name else path.stem, path)]


def _scan_folder(folder: Path, given: Path, file: str, remarks: list[str]) -> list[Found]:
    name = folder.name or "submission"  # the root of the file system has no name
    entries = [entry for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if not junk(entry.name)]
    inner = [Path(entry.path) for entry in entries if entry.is_dir() and entry.name != file]
    if _has(folder, file):
        below = [one.name for one in inner if not one.is_symlink() and _has(one, file)]
        if below:
            remarks.append(
                f'{given} holds "{file}" itself, so that it is one submission; '
                f"those in folders below it are not graded: {listed(below)}"
            )
        return [_of_the_name(name, folder, file)]
    if not inner:
        return [Found(name, None, _absent(folder, file), alone=str(given))]
    loose = [entry.name for entry in entries if entry.name.endswith((".py", ".zip", SUFFIX)) and not entry.is_dir()]
    if loose:
        remarks.append(f"{given}: not graded, because it lies in no student's folder: {listed(loose)}")
    return [_found_in(one, file) for one in inner]


def _found_in(folder: Path, file: str) -> Found:
    if folder.is_symlink():
        return Found(folder.name, None, f'the folder "{folder.name}" is a link to another place')
    if _has(folder, file):
        return _of_the_name(folder.name, folder, file)
    for kinds in ("*.py", f"*{SUFFIX}"):
        alike = sorted(path for path in folder.rglob(kinds) if not any(map(junk, path.relative_to(folder).parts)))
        if len(alike) == 1 and _found("", alike[0]).path:
            return replace(_found(folder.name, alike[0]), notes=misnamed(alike[0], file))
        if alike:
            break  # a notebook beside Python files is somebody's notes
    return Found(folder.name, None, _absent(folder, file))


def _of_the_name(name: str, folder: Path, file: str) -> Found:
    """The file of that name, or else the notebook."""
    book = folder / notebook_name(file)
    if not os.path.lexists(folder / file):
        return _found(name, book)
    beside = (f'"{book.name}" is not graded: "{file}" lies beside it',) if os.path.lexists(book) else ()
    return replace(_found(name, folder / file), notes=beside)


def _found(name: str, path: Path) -> Found:
    """The file itself, unless it is one that must not be opened."""
    about = path.lstat()
    if not stat.S_ISREG(about.st_mode):
        return Found(name, None, f'"{path.name}" is {kind(about.st_mode)}, not a file')
    most = largest(path.name)
    if about.st_size > most:
        return Found(name, None, f'"{path.name}" is too big: it has more than {most} bytes')
    return Found(name, path)


def _has(folder: Path, file: str) -> bool:
    """Whether something of that name lies there, if only a broken link: what it is, is a question of its own."""
    return any(os.path.lexists(folder / name) for name in (file, notebook_name(file)))


def _absent(folder: Path, file: str) -> str:
    names = list(_names(folder, folder))
    found = f"found: {listed(names)}" if names else "the folder is empty"
    return f'no file "{file}" was handed in ({found})'


def _names(folder: Path, top: Path) -> Iterator[str]:
    """Names of the files below ``folder``, as seen from ``top``, in order and bounded in number."""
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not junk(name))
        for name in sorted(files):
            if not junk(name):
                yield (Path(place) / name).relative_to(top).as_posix()
                count += 1
                if count == _LOOKED_AT:
                    return


def identify(found: Sequence[Found]) -> list[Submission]:
    """Submissions with safe and distinct ids, sorted by id; the order of names and places decides who keeps a name."""
    ordered = sorted(found, key=lambda one: (one.name, str(one.path or "")))
    submissions = []
    for one, id in zip(ordered, distinct([one.name for one in ordered]), strict=True):
        notes: tuple[str, ...] = ()
        if id != (wanted := safe_id(one.name)):
            notes = (f'another submission has the id "{wanted}" already: this one is graded as "{id}"',)
        elif id != one.name:
            notes = (f'handed in as "{one.name}", graded as "{id}"',)
        submissions.append(Submission(id, one.path, one.problem, (*one.notes, *notes), one.origin))
    return sorted(submissions, key=lambda submission: submission.id)


# --- archives ----------------------------------------------------------------------------------------------------


def _scan_archive(archive: Path, given: Path, file: str, scratch: Path, remarks: list[str]) -> list[Found]:
    import tempfile

    # The folder is named like the archive: where the file lies at its top, that is the submission's name.
    root = Path(tempfile.mkdtemp(prefix="zip-", dir=scratch)) / (safe_id(archive.stem))
    root.mkdir()
    try:
        refused = unpack(archive, file, root)
    except Unreadable as error:
        raise IntakeError(f"{given}: the archive {error}") from None
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


def _with_refused(one: Found, refused: dict[Path, str], root: Path, file: str) -> Found:
    """Says why the file is missing where the archive had it as something that is not unpacked."""
    for place in (root / file, root / one.name / file):
        if one.path is None and place in refused:
            return Found(one.name, None, f'"{file}" is {refused[place]}, not a file')
    return one
