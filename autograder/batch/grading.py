"""Grades a class: what was graded stays, what is missing goes to the judges, and all of it is written.

- Each result is written the moment it is there, whole or not at all: what lies in ``OUT/ID`` (see `reports`), then a
  line of ``OUT/.journal.jsonl`` (see `journal`). What a person has decided (`overrides`) is in it again. Whatever ends
  the grading, Ctrl-C or a power cut, what was graded by then stays, and the same command again goes on from there.
- ``OUT/grades.csv`` is written after each of the first hundred, then more seldom, so that a submission of a large class
  costs no more than one of a small class; a row that is missing or was not written any more is made from the results.
- At the end comes ``OUT/summary.html``.
- Files of the same content are judged once, and each gets its own reports.
- Results are the same for any number of jobs and any executor: a result depends on its submission alone, and they are
  returned in order of id.
- Memory: of each submission there stay its row, its line of the journal and its outcomes, some kilobytes; reports are
  in memory one group at a time.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import overrides
from autograder.batch import journal
from autograder.batch import reports as kept_reports
from autograder.batch.executor import Executor, Group, Reports
from autograder.batch.journal import TABLE
from autograder.batch.local import Grade, Local
from autograder.model import Assignment, Result, Status, Submission, Verdict
from autograder.report import gradebook, gradescope
from autograder.report.summary import summary_page
from autograder.report.text import write_whole

if TYPE_CHECKING:
    from types import FrameType


class OutputError(Exception):
    """Reports can't be written: says where, what was found there and what is allowed."""


def grade_class(
    submissions: Sequence[Submission],
    assignment: Assignment,
    out: Path,
    jobs: int = 1,
    *,
    grade: Grade | None = None,
    executor: Executor | None = None,
    progress: Callable[[Result], None] | None = None,
    running: Callable[[Sequence[str]], None] | None = None,
    again: bool = False,
) -> list[Result]:
    """Grades all ``submissions``, writes their reports below ``out``, and returns the results in order of id, as far as
    `gradescope.read` tells them: without findings and their evidence.

    ``executor`` judges; left out, it is this machine with so many ``jobs``, and ``grade``. What the journal says is
    graded already stays as it is, unless it came out *broken* or ``again`` is set. ``progress`` is called with each
    result, first with those that stay, then with each as it is written; ``running`` with the ids of those that are
    being judged, whenever these change. Raises ``OutputError`` if ``out`` can't be written, is being written by another
    grading, or already holds the grades of another assignment; nothing is graded then. What the executor raises goes
    through.
    """
    executor = executor or Local(jobs, grade)
    if len({submission.id.casefold() for submission in submissions}) != len(submissions):
        raise ValueError("the ids of the submissions are not distinct")
    try:
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)
            kept = journal.Journal(out)
    except journal.Busy:
        raise OutputError(
            f"{out}: another grading writes into this folder\n  allowed: to wait for its end, or another folder"
        ) from None
    with kept:
        with writing(out):
            book = _earlier(out, assignment, kept)
        return _Class(assignment, out, book, kept, progress, running).grade(submissions, executor, again=again)


OFTEN = 100
"""Submissions, after each of which the table is written; from then on after every hundredth part of those there are."""


class _Class:
    """The grading of one class: what is kept of it, and where."""

    def __init__(
        self,
        assignment: Assignment,
        out: Path,
        book: gradebook.Gradebook,
        kept: journal.Journal,
        progress: Callable[[Result], None] | None,
        running: Callable[[Sequence[str]], None] | None,
    ) -> None:
        self._assignment, self._out, self._book, self._journal = assignment, out, book, kept
        self._progress = progress or (lambda result: None)
        self._running = running or (lambda ids: None)
        self._policy = journal.policy_key(assignment)
        self._decisions = overrides.load(out)
        self._results: list[Result] = []
        self._verdicts: dict[Verdict, Verdict] = {}  # each kind once
        self._unwritten = 0

    def grade(self, submissions: Sequence[Submission], executor: Executor, *, again: bool) -> list[Result]:
        with writing(self._out):
            self._show_decisions()
        groups = self._to_do(submissions, again=again)
        try:
            with closing(executor.run(groups, self._assignment, self._running)) as outcomes:
                for group, reports in outcomes:
                    with _uninterrupted(), writing(self._out):
                        each = zip(group.submissions, group.keys, reports, strict=True)
                        results = [self._write(*one) for one in each]
                    for result in results:
                        self._results.append(result)
                        self._progress(result)
        finally:
            with _uninterrupted(), writing(self._out):
                self._write_table()
        with writing(self._out):
            write_whole(self._out / "summary.html", summary_page(self._out, self._assignment.name, self._book))
        return sorted(self._results, key=lambda result: result.submission)

    def _show_decisions(self) -> None:
        """Has the reports show what people have decided, where a kill came in between."""
        for id, evidence in kept_reports.stale(self._out, self._decisions, self._book.rows):
            row = kept_reports.remake(self._out, id, evidence, self._decisions.latest(id), self._journal)
            self._book.add(id, _lean(row))

    def _to_do(self, submissions: Sequence[Submission], *, again: bool) -> list[Group]:
        """What is to be graded: those of equal content together."""
        waiting: dict[str, list[tuple[Submission, str]]] = {}
        for submission in submissions:
            content = journal.content_key(submission)
            key = journal.key(submission, content, self._policy)
            earlier = None if again else self._graded(submission, key)
            if earlier is None:
                waiting.setdefault(content, []).append((submission, key))
            else:
                self._results.append(earlier)
                self._progress(earlier)
        return [Group(*map(tuple, zip(*group, strict=True))) for group in waiting.values()]

    def _graded(self, submission: Submission, key: str) -> Result | None:
        """The result of an earlier grading, if it is still what a new one would give."""
        if not self._journal.has(submission.id, key):
            return None
        try:
            text = (self._out / submission.id / "results.json").read_text(encoding="utf-8")
            result = self._in_short(submission.id, json.loads(text))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return None if result.status is Status.BROKEN else result

    def _write(self, submission: Submission, key: str, reports: Reports) -> Result:
        id = submission.id
        folder = self._out / id
        if not folder.is_dir():
            folder.mkdir()
            journal.sync_folder(self._out)
        decision = self._decisions.latest(id)
        written = kept_reports.write(self._out, submission, self._assignment.file, reports, decision)
        journal.sync_folder(folder)
        self._journal.add(id, key, written)
        text = (folder / "results.json").read_text(encoding="utf-8") if decision else reports["results.json"]
        report = json.loads(text)
        self._book.add(id, _lean(gradebook.row(report)))
        self._unwritten += 1
        if self._unwritten * 100 >= len(self._book.rows) or len(self._book.rows) <= OFTEN:
            self._write_table()
        return self._in_short(id, report)

    def _in_short(self, id: str, report: dict[str, Any]) -> Result:
        """What the table at the end needs. All verdicts of one kind are one in memory."""
        result = gradescope.read(report, self._assignment)
        verdicts = tuple(self._verdicts.setdefault(verdict, verdict) for verdict in result.verdicts)
        return replace(result, submission=id, verdicts=verdicts)

    def _write_table(self) -> None:
        # The journal knows the table by its content, so that the next grading can tell which rows it lacks.
        self._journal.note(TABLE, {"sha256": self._book.write(self._out / "grades.csv")})
        self._unwritten = 0


def _earlier(out: Path, assignment: Assignment, kept: journal.Journal) -> gradebook.Gradebook:
    """The table of what was graded into ``out`` before.

    A result whose row was not written any more (the grading ended between the two) gets its row: one that is missing
    always, one that is there only if nobody has changed the table since it was last written. A result of another
    assignment would be overwritten by the same student's, so that such a folder is refused.
    """
    path = out / "grades.csv"
    book = gradebook.load(path, (check.name for check in assignment.checks))
    tables = kept.notes(TABLE)
    untouched = bool(tables) and journal.sha256_of(path) == tables[-1].get("sha256")
    outdated = kept.graded_since(TABLE) if untouched else set()
    for path in sorted(out.glob("*/results.json")):
        id = path.parent.name
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
            name, row = report["extra_data"]["assignment"], gradebook.row(report)
        except (ValueError, KeyError, TypeError):
            continue  # not one of ours
        if name != assignment.name:
            raise OutputError(
                f'{path}: found a result of the assignment "{name}"\n'
                f'  allowed: a folder for "{assignment.name}" alone, for instance -o {out / assignment.name}'
            )
        if id not in book.rows or id in outdated:
            book.add(id, _lean(row))
    return book


def _lean(row: gradebook.Row) -> gradebook.Row:
    """The row, with each word once in memory: most rows of a class hold the same few."""
    return {sys.intern(column): sys.intern(cell) for column, cell in row.items()}


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """What the file system refuses in here is told as what can't be written."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{error.filename or out}: can't be written ({error.strerror or error})") from error


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A Ctrl-C in here (or another signal that has a handler) waits for the end: a result that is there is written."""
    if threading.current_thread() is not threading.main_thread():  # who is not interrupted, and may not ask this
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    handlers: dict[int, Callable[[int, FrameType | None], Any]] = {}
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        handler = signal.getsignal(one)
        if callable(handler):
            handlers[one] = handler
            signal.signal(one, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number, frame in came[:1]:
            handlers[number](number, frame)
