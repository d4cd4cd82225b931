"""Grades a class on this machine, with several worker processes.

A worker is a fresh interpreter (spawn: it inherits neither our threads nor our open files) that gets one submission at
a time over a pipe and sends the result back. There is one also for ``jobs=1``: should judging take the interpreter
down with it (a fault in C code, the kernel out of memory), it is a worker's, and the others' results are not lost. The
standard library's ProcessPoolExecutor would break as a whole then, and would not say over which submission.

- A submission whose worker died is graded once more, alone, after all others; if that worker dies too, the submission
  is *broken*, with the reason. So is one over which the grader raised an exception.
- Each result is written the moment it is there, whole or not at all: what lies in ``OUT/ID`` (see `reports`), then a
  line of ``OUT/.journal.jsonl`` (see `journal`). What a person has decided (`overrides`) is in it again. Whatever ends
  the grading, Ctrl-C or a power cut, what was graded by then stays, and the same command again goes on from there.
- ``OUT/grades.csv`` is written after each of the first hundred, then more seldom, so that a submission of a large class
  costs no more than one of a small class; a row that is missing is made from the results (see ``report.gradebook``).
- At the end comes ``OUT/summary.html``.
- Files of the same content are judged once, and each gets its own reports.
- Results are the same for any number of jobs: a result depends on its submission alone, and they are returned in
  order of id.

There is no limit of time here. Each run has its own, in the judge.
"""

from __future__ import annotations

import json
import signal
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from autograder import late, overrides
from autograder.batch import journal, reports
from autograder.model import Assignment, Finding, Outcome, Result, Status, Submission, Verdict
from autograder.report import gradebook, gradescope
from autograder.report.summary import summary_page
from autograder.report.text import write_whole

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

_CLOSING = 5.0  # seconds that a worker has to end its sandbox when the grading is broken off


class Grade(Protocol):
    """``judge.grade.grade``, or what a test puts in its place (a function of a module: it is sent to the workers)."""

    def __call__(self, submission: Submission, assignment: Assignment, /) -> Result: ...


class OutputError(Exception):
    """Reports can't be written: says where, what was found there and what is allowed."""


def grade_class(
    submissions: Sequence[Submission],
    assignment: Assignment,
    out: Path,
    jobs: int = 1,
    *,
    grade: Grade | None = None,
    progress: Callable[[Result], None] | None = None,
    again: bool = False,
) -> list[Result]:
    """Grades all ``submissions``, writes their reports below ``out``, and returns the results in order of id, without
    the evidence of their findings: memory does not grow with lanes and drawings.

    What the journal says is graded already stays as it is, unless it came out *broken* or ``again`` is set.
    ``progress`` is called with each result, first with those that stay, then with each as it is written. Raises
    ``OutputError`` if ``out`` can't be written, is being written by another grading, or already holds the grades of
    another assignment; nothing is graded then.
    """
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
    if len({submission.id.casefold() for submission in submissions}) != len(submissions):
        raise ValueError("the ids of the submissions are not distinct")
    try:
        out.mkdir(parents=True, exist_ok=True)
        book = _earlier(out, assignment)
        with journal.Journal(out) as kept:
            return _Class(assignment, out, book, kept, progress).grade(submissions, jobs, grade, again=again)
    except journal.Busy:
        raise OutputError(
            f"{out}: another grading writes into this folder\n  allowed: to wait for its end, or another folder"
        ) from None
    except OSError as error:
        raise OutputError(f"{error.filename or out}: can't be written ({error.strerror or error})") from error


def broken(submission: Submission, assignment: Assignment, reason: str) -> Result:
    """The result of a submission that could not be graded: nothing is said about the program."""
    verdicts = tuple(Verdict(check, "", Outcome.ERROR) for check in assignment.checks)
    return Result(
        submission.id, assignment.name, verdicts, Status.BROKEN, reviews=(reason,), notes=submission.notes
    )  # fmt: skip


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
    ) -> None:
        self._assignment, self._out, self._book, self._journal = assignment, out, book, kept
        self._progress = progress
        self._policy = journal.policy_key(assignment)
        self._decisions = overrides.load(out)
        self._results: list[Result] = []
        self._unwritten = 0

    def grade(self, submissions: Sequence[Submission], jobs: int, grade: Grade | None, *, again: bool) -> list[Result]:
        for id, evidence in reports.stale(self._out, self._decisions, self._book.rows):
            self._book.add(id, reports.again(self._out, id, evidence, self._decisions.latest(id), self._journal))
        try:
            self._grade(self._to_do(submissions, again=again), jobs, grade)
        finally:
            self._write_table()
        write_whole(self._out / "summary.html", summary_page(self._out, self._assignment.name, self._book))
        return sorted(self._results, key=lambda result: result.submission)

    def _to_do(self, submissions: Sequence[Submission], *, again: bool) -> list[list[_Asked]]:
        """What is to be graded: those of equal content together."""
        waiting: dict[str, list[_Asked]] = {}
        for submission in submissions:
            content = journal.content_key(submission)
            key = journal.key(submission, content, self._policy)
            earlier = None if again else self._graded(submission, key)
            if earlier is None:
                waiting.setdefault(content, []).append(_Asked(submission, key))
            else:
                self._results.append(earlier)
                if self._progress is not None:
                    self._progress(earlier)
        return list(waiting.values())

    def _graded(self, submission: Submission, key: str) -> Result | None:
        """The result of an earlier grading, if it is still what a new one would give."""
        if not self._journal.has(submission.id, key):
            return None
        try:
            report = json.loads((self._out / submission.id / "results.json").read_text(encoding="utf-8"))
            result = gradescope.read(report, self._assignment)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return None if result.status is Status.BROKEN else result

    def _grade(self, groups: list[list[_Asked]], jobs: int, grade: Grade | None) -> None:
        by_id = {group[0].submission.id: group for group in groups}
        crashed: list[Submission] = []
        first = [group[0].submission for group in groups]
        with closing(judge_all(first, self._assignment, jobs, grade)) as outcomes:
            for submission, outcome in outcomes:
                if isinstance(outcome, Result):
                    self._keep_all(outcome, by_id[submission.id])
                else:
                    crashed.append(submission)
        for submission in sorted(crashed, key=lambda submission: submission.id):
            with closing(judge_all([submission], self._assignment, 1, grade)) as outcomes:
                for _, outcome in outcomes:
                    if not isinstance(outcome, Result):
                        reason = f"the grader's process ended twice over it ({outcome})"
                        outcome = broken(submission, self._assignment, reason)
                    self._keep_all(outcome, by_id[submission.id])

    def _keep_all(self, result: Result, group: list[_Asked]) -> None:
        for asked in group:
            one = asked.submission
            self._keep(replace(result, submission=one.id, notes=one.notes), asked)

    def _keep(self, result: Result, asked: _Asked) -> None:
        result = _with_origin(result, asked.submission)
        decision = self._decisions.latest(result.submission)
        written = reports.write(self._out, result, asked.submission, self._assignment, decision)
        self._journal.add(result.submission, asked.key, written)
        result = overrides.apply(result, reports.key_of(asked.submission), decision)
        self._book.add(result.submission, gradebook.row(gradescope.results(result, self._assignment.file)))
        self._unwritten += 1
        if self._unwritten * 100 >= len(self._book.rows) or len(self._book.rows) <= OFTEN:
            self._write_table()
        result = _in_short(result)
        self._results.append(result)
        if self._progress is not None:
            self._progress(result)

    def _write_table(self) -> None:
        self._book.write(self._out / "grades.csv")
        self._unwritten = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """A submission to be graded, and the journal's key for it."""

    submission: Submission
    key: str


def _in_short(result: Result) -> Result:
    """The result with the words of its findings alone."""
    return replace(
        result,
        verdicts=tuple(
            replace(one, finding=one.finding and Finding(one.finding.kind, one.finding.message))
            for one in result.verdicts
        ),
    )


def _with_origin(result: Result, submission: Submission) -> Result:
    """What the LMS and the late policy say is added here: the judge knows the program and nothing else."""
    result = replace(result, origin=submission.origin, lateness=submission.lateness)
    reason = late.doubt(submission.origin, submission.lateness)
    if reason is None:
        return result
    status = Status.REVIEW if result.status is Status.GRADED else result.status
    return replace(result, status=status, reviews=(*result.reviews, reason))


def _earlier(out: Path, assignment: Assignment) -> gradebook.Gradebook:
    """The table of what was graded into ``out`` before.

    A result whose row is missing (the grading ended between the two) gets its row back. One of another assignment
    would be overwritten by the same student's, so that such a folder is refused.
    """
    book = gradebook.load(out / "grades.csv", (check.name for check in assignment.checks))
    for path in sorted(out.glob("*/results.json")):
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
        if path.parent.name not in book.rows:
            book.add(path.parent.name, row)
    return book


# --- workers -----------------------------------------------------------------------------------------------------


class _Worker:
    """A process that grades, and the pipe to it."""

    def __init__(self, assignment: Assignment, grade: Grade | None) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_work, args=(theirs, assignment, grade))
        self.process.start()
        # With only the worker holding that end, its death closes the pipe; and ours, should this process be killed.
        theirs.close()
        self.submission: Submission | None = None

    def take(self, submission: Submission) -> None:
        self.submission = submission
        with suppress(OSError):  # it is dead: receiving will say so, in the one place that handles it
            self.pipe.send(submission)

    def outcome(self) -> Result | str:
        """What came of the submission: a result, or how the worker died."""
        try:
            result = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            return _ending(self.process.exitcode)
        assert isinstance(result, Result)
        return result

    def stop(self) -> None:
        """Tells the worker to end; in the midst of a submission, to take its sandbox down first."""
        self.pipe.close()
        if self.submission is not None:
            self.process.terminate()

    def join(self) -> None:
        self.process.join(_CLOSING)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


def judge_all(
    submissions: Sequence[Submission], assignment: Assignment, jobs: int, grade: Grade | None = None
) -> Generator[tuple[Submission, Result | str], None, None]:
    """Pairs of a submission and what came of it, as they come: its result, or how its worker died. Closing it ends the
    workers. Writes nothing."""
    waiting = deque(submissions)
    workers: list[_Worker] = []
    try:
        while waiting or any(worker.submission is not None for worker in workers):
            while waiting and len(workers) < jobs:
                worker = _Worker(assignment, grade)
                workers.append(worker)
                worker.take(waiting.popleft())
            ready = connection.wait([worker.pipe for worker in workers if worker.submission is not None])
            for worker in [worker for worker in workers if worker.pipe in ready]:
                submission = worker.submission
                assert submission is not None
                outcome = worker.outcome()
                worker.submission = None
                if not isinstance(outcome, Result):
                    workers.remove(worker)
                    worker.stop()
                    worker.join()
                yield submission, outcome  # written before more is begun: a Ctrl-C in between loses nothing
                if worker in workers and waiting:
                    worker.take(waiting.popleft())
    finally:
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()


def _work(pipe: Connection, assignment: Assignment, grade: Grade | None) -> None:
    """A worker's life: until the pipe is closed, one submission after the other."""
    # Ctrl-C reaches every process of the terminal. The one that talks to the user decides what becomes of it, and ends
    # us by SIGTERM. That is turned into the one exception that also unwinds pytest, so that the sandbox is taken down.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # The pipe ends when there is nothing more to do, or nobody left to tell.
    with suppress(EOFError, OSError, KeyboardInterrupt):
        judge = grade or _judge()
        while True:
            submission = pipe.recv()
            pipe.send(_graded(submission, assignment, judge))


def _judge() -> Grade:
    from autograder.judge.grade import grade

    return grade


def _graded(submission: Submission, assignment: Assignment, grade: Grade) -> Result:
    try:
        return grade(submission, assignment)
    except Exception as error:
        return broken(submission, assignment, _fault(error))


def _fault(error: Exception) -> str:
    """An exception of the grader's own, with its place: a module and a line, since a path differs between machines."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "?")
        place, trace = f" (line {trace.tb_lineno} of {module})", trace.tb_next
    return f"the grader failed: {type(error).__name__}: {error}{place}"


def _ending(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            name = signal.Signals(-exitcode).name
        except ValueError:
            name = f"signal {-exitcode}"
        return f"killed by {name}" + (", perhaps out of memory" if name == "SIGKILL" else "")
    return f"exit code {exitcode}"
