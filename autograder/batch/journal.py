"""What was graded, for good: so that a grading that ended early goes on where it was.

``OUT/.journal.jsonl`` has a line for each submission that was graded, written after its reports and forced to the disk
as they are: the id, a *key*, and the SHA-256 of every report. The key stands for all that a result depends on: the file
handed in, what the LMS says of it, the assignment's policy, its tests, and the grader itself. So

- the same command again grades only what is missing (not journalled, or its reports are gone or were not whole);
- a file handed in anew, a due date that moved, a test that was mended: those that it concerns are graded again;
- a line that a power cut tore is none: each has a checksum.

Later lines win. The journal is never rewritten, and deleting it costs nothing but the time to grade again.

Lines of other kinds may stand among these (`Journal.note`): each kind is a word of whoever writes it, and its lines are
kept in their order for whoever asks. "table" is `grades.csv` as it was last written.

The checksums alone make it safe: a report that is not what its line says is made again. Forcing to the disk what a line
speaks of, before the line, is so that a power cut costs those in flight and not the last half minute.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import autograder
from autograder.model import Assignment, Submission
from autograder.notebook import is_notebook

NAME = ".journal.jsonl"
GRADED = "graded"
TABLE = "table"
"""Kinds of lines: a submission that was graded, and grades.csv as it was written."""


class Busy(Exception):
    """Another grading writes into the same folder."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One graded submission: the key it was graded under, and the SHA-256 of its reports by their file names."""

    key: str
    reports: Mapping[str, str]


class Journal:
    """The journal of one folder, held by one process at a time. Use as a context manager. Raises Busy."""

    def __init__(self, out: Path) -> None:
        import fcntl  # not on Windows, where whoever asks to grade is told that before

        self._out = out
        self.entries: dict[str, Entry] = {}
        self._notes: dict[str, list[dict[str, Any]]] = {}
        self._since: dict[str, set[str]] = {}  # ids graded since the last line of a kind
        # Without a buffer: what a full disk did not take must not be tried again when the file is closed.
        self._fd = os.open(out / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        try:
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(str(out)) from None
            sync_folder(out)
            with open(self._fd, "rb", closefd=False) as file:
                body = file.read()
            for line in body.splitlines():
                self._read(line)
            if body and not body.endswith(b"\n"):
                self._append(b"\n")  # a torn line ends here, so that it spoils none after it
        except BaseException:
            self.close()
            raise

    def _read(self, line: bytes) -> None:
        found = read_line(line)
        if found is None:
            return
        try:
            kind = found.pop("kind", GRADED)
            if kind == GRADED:
                self._graded(found["id"], Entry(found["key"], dict(found["reports"])))
            else:
                self._noted(kind, found)
        except (ValueError, KeyError, TypeError):
            return

    def has(self, id: str, key: str) -> bool:
        """Whether this submission is graded under this key and its reports are there, whole and unchanged."""
        entry = self.entries.get(id)
        if entry is None or entry.key != key:
            return False
        return all(sha256_of(self._out / id / name) == sum for name, sum in entry.reports.items())

    def add(self, id: str, key: str, reports: Mapping[str, str]) -> None:
        """A submission was graded; ``reports`` are the SHA-256 of what was written, by file name."""
        self._graded(id, Entry(key, dict(reports)))
        self._append(line_of({"kind": GRADED, "id": id, "key": key, "reports": dict(reports)}))

    def note(self, kind: str, about: Mapping[str, Any]) -> None:
        """A line of another kind, for good once this returns. ``about`` is JSON without a key "kind"."""
        if kind == GRADED or "kind" in about:
            raise ValueError(f'a note of the kind "{kind}" that is about {sorted(about)}')
        self._noted(kind, dict(about))
        self._append(line_of({"kind": kind, **about}))

    def notes(self, kind: str) -> list[dict[str, Any]]:
        """What was noted of one kind, the oldest first."""
        return list(self._notes.get(kind, ()))

    def graded_since(self, kind: str) -> set[str]:
        """The ids of those that were graded after the last note of a kind; of all, where there is none."""
        return set(self._since[kind]) if kind in self._since else set(self.entries)

    def _graded(self, id: str, entry: Entry) -> None:
        self.entries[id] = Entry(entry.key, {sys.intern(name): sum for name, sum in entry.reports.items()})
        for ids in self._since.values():
            ids.add(id)

    def _noted(self, kind: str, about: dict[str, Any]) -> None:
        self._notes.setdefault(kind, []).append(about)
        self._since[kind] = set()

    def _append(self, line: bytes) -> None:
        before = os.fstat(self._fd).st_size
        view = memoryview(line)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
            os.fsync(self._fd)
        except OSError:
            os.ftruncate(self._fd, before)  # a part of a line; nobody else appends
            raise

    def close(self) -> None:
        os.close(self._fd)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def line_of(about: Mapping[str, Any]) -> bytes:
    """A line of a journal: a checksum, and JSON."""
    text = json.dumps(about, sort_keys=True).encode()
    return _checksum(text) + b" " + text + b"\n"


def read_line(line: bytes) -> dict[str, Any] | None:
    """What a line says, with or without its end; None where it is torn, or none of ours."""
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    if checksum != _checksum(text):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _checksum(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)


def sync_folder(folder: Path) -> None:
    """Forces to the disk which files a folder has: a file that was renamed is only there for good after this."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file; "" where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def content_key(submission: Submission) -> str:
    """Equal for submissions that no judge can tell apart: the same bytes, or nothing for the same reason."""
    if submission.path is None:
        return f"nothing: {submission.problem}"
    # What can't be read is the judge's to say, and each such file is a case of its own.
    content = sha256_of(submission.path) or f"unread: {submission.path}"
    return f"notebook: {content}" if is_notebook(submission.path.name) else content


def policy_key(assignment: Assignment) -> str:
    """Stands for everything but the submission that a result depends on."""
    sums = [f"{path.name}={sha256_of(path)}" for path in sorted(assignment.folder.glob("test_*.py"))]
    about = (replace(assignment, folder=Path()), sums, _grader(), sys.version_info[:2])
    return hashlib.sha256(repr(about).encode()).hexdigest()


def key(submission: Submission, content: str, policy: str) -> str:
    """Of one submission, from its `content_key` and the assignment's `policy_key`."""
    about = (content, policy, submission.notes, submission.origin, submission.lateness)
    return hashlib.sha256(repr(about).encode()).hexdigest()


@cache
def _grader() -> str:
    """The grader's own code, and the templates of its reports."""
    whole = hashlib.sha256()
    root = Path(autograder.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.suffix in CODE and path.is_file():
            whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


CODE = frozenset({".py", ".jinja", ".css", ".json", ".svg"})
