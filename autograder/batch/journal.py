"""What was graded, for good: so that a grading that ended early goes on where it was.

``OUT/.journal.jsonl`` has a line for each submission that was graded, written after its reports and forced to the disk
as they are: the id, a *key*, and the SHA-256 of every report. The key stands for all that a result depends on: the file
handed in, what the LMS says of it, the assignment's policy, its tests, and the grader itself. So

- the same command again grades only what is missing (not journalled, or its reports are gone or were not whole);
- a file handed in anew, a due date that moved, a test that was mended: those that it concerns are graded again;
- a line that a power cut tore is none: each has a checksum.

Later lines win. The journal is never rewritten, and deleting it costs nothing but the time to grade again.
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

import autograder
from autograder.model import Assignment, Submission

NAME = ".journal.jsonl"


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
        self._file = (out / NAME).open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise Busy(str(out)) from None
        self._file.seek(0)
        body = self._file.read()
        for line in body.splitlines():
            self._read(line)
        if body and not body.endswith(b"\n"):
            self._append(b"\n")  # a torn line ends here, so that it spoils none after it

    def _read(self, line: bytes) -> None:
        checksum, _, text = line.partition(b" ")
        if checksum != _checksum(text):
            return
        try:
            found = json.loads(text)
            self.entries[found["id"]] = Entry(found["key"], dict(found["reports"]))
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
        self.entries[id] = Entry(key, reports)
        text = json.dumps({"id": id, "key": key, "reports": dict(reports)}, sort_keys=True).encode()
        self._append(_checksum(text) + b" " + text + b"\n")

    def _append(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def _checksum(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)


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
    return sha256_of(submission.path) or f"unread: {submission.path}"


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
    """The grader's own code."""
    whole = hashlib.sha256()
    root = Path(autograder.__file__).parent
    for path in sorted(root.rglob("*.py")):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()
