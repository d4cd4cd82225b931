"""Judges on this machine, with several worker processes.

A worker is a fresh interpreter (spawn: it inherits neither our threads nor our open files) that gets one submission at
a time over a pipe and sends back what came of it. There is one also for ``jobs=1``: should judging take the interpreter
down with it (a fault in C code, the kernel out of memory), it is a worker's, and the others' results are not lost. The
standard library's ProcessPoolExecutor would break as a whole then, and would not say over which submission.

- Workers stay warm: what they import and the sandbox's launchers are paid for once.
- A worker also makes the reports, so that the process that writes them is never what the others wait for; and it has
  its next submission before they are written.
- A group whose worker died is judged once more, alone, after all others; if that worker dies too, it is *broken*, with
  the reason. So is one over which the grader raised an exception.
- A worker ends with whoever started it, whatever ended that (PR_SET_PDEATHSIG, prctl(2); elsewhere than on Linux when
  it next looks at its pipe), and takes its sandbox down. What a worker that was killed leaves, its launcher sweeps; its
  folder goes when the next grader starts (`sandbox.leftovers`).

There is no limit of time here. Each run has its own, in the judge.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Generic, NoReturn, Protocol, TypeVar

from autograder.batch.executor import Group, Reports, Running, broken, died_twice, fault, reports
from autograder.model import Assignment, Result, Submission

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess
    from types import FrameType

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Asking = TypeVar("Asking", contravariant=True)
Answering = TypeVar("Answering", covariant=True)

_CLOSING = 5.0  # seconds that a worker has to end its sandbox when the grading is broken off
_HELD_UP = 30.0  # and when nobody waits for it any more


class Grade(Protocol):
    """``judge.grade.grade``, or what a test puts in its place (a function of a module: it is sent to the workers)."""

    def __call__(self, submission: Submission, assignment: Assignment, /) -> Result: ...


class WorkerError(Exception):
    """No worker can be started here: says why."""


@dataclass(frozen=True, slots=True)
class Died:
    """A worker ended before it answered: ``how`` in words."""

    how: str


class Local:
    """The `Executor` of this machine, with so many submissions at a time."""

    def __init__(self, jobs: int = 1, grade: Grade | None = None) -> None:
        if jobs < 1:
            raise ValueError(f"jobs must be at least 1, not {jobs}")
        self._jobs, self._grade = jobs, grade

    def run(
        self, groups: Sequence[Group], assignment: Assignment, running: Running
    ) -> Generator[tuple[Group, list[Reports]], None, None]:
        crashed: list[Group] = []

        def tell(asked: Sequence[Group]) -> None:
            running([group.id for group in asked])

        work = _Reporting(assignment, self._grade)
        with closing(run_all(groups, work, self._jobs, tell)) as outcomes:
            for group, outcome in outcomes:
                if isinstance(outcome, Died):
                    crashed.append(group)
                else:
                    yield group, outcome
        for group in sorted(crashed, key=lambda group: group.id):
            with closing(run_all([group], work, 1, tell)) as outcomes:
                for _, outcome in outcomes:
                    if isinstance(outcome, Died):
                        outcome = died_twice(group, assignment, outcome.how)
                    yield group, outcome


def judge_all(
    submissions: Sequence[Submission], assignment: Assignment, jobs: int, grade: Grade | None = None
) -> Generator[tuple[Submission, Result | str], None, None]:
    """Pairs of a submission and what came of it, as they come: its result, or how its worker died. Closing it ends the
    workers. Nobody is tried twice."""
    with closing(run_all(submissions, _Judging(assignment, grade), jobs)) as outcomes:
        for submission, outcome in outcomes:
            yield submission, outcome.how if isinstance(outcome, Died) else outcome


# --- what a worker does for each --------------------------------------------------------------------------------------


class Work(Protocol[Asking, Answering]):
    """What a worker does for each that it is asked; it is sent to the worker once."""

    def __call__(self, asked: Asking, /) -> Answering: ...


@dataclass(slots=True)
class _Judging:
    assignment: Assignment
    grade: Grade | None

    def __call__(self, submission: Submission, /) -> Result:
        try:
            return (self.grade or _judge())(submission, self.assignment)
        except Exception as error:
            return broken(submission, self.assignment, fault(error))


@dataclass(slots=True)
class _Reporting:
    assignment: Assignment
    grade: Grade | None

    def __call__(self, group: Group, /) -> list[Reports]:
        result = _Judging(self.assignment, self.grade)(group.submissions[0])
        return reports(result, group, self.assignment)


def _judge() -> Grade:
    from autograder.judge.grade import grade

    return grade


# --- workers ----------------------------------------------------------------------------------------------------------


def run_all(
    asked: Sequence[Asked],
    work: Work[Asked, Answer],
    jobs: int,
    running: Callable[[Sequence[Asked]], None] = lambda asked: None,
) -> Generator[tuple[Asked, Answer | Died], None, None]:
    """Pairs of what was asked and what came of it, as they come. ``running`` is told what is being worked on whenever
    that changes. Closing the generator ends the workers. Raises WorkerError where not even one can be started."""
    waiting = deque(asked)
    workers: list[_Worker[Asked, Answer]] = []
    try:
        while True:
            while waiting and len(workers) < jobs:
                try:
                    workers.append(_Worker(work))
                except OSError as error:  # no more processes or descriptors: those that there are will do
                    if not workers:
                        raise WorkerError(f"no worker can be started: {error.strerror or error}") from error
                    jobs = len(workers)
                    break
                workers[-1].take(waiting.popleft())
            busy = [worker for worker in workers if worker.busy]
            running([worker.asked for worker in busy])
            if not busy:
                return
            ready = connection.wait([worker.pipe for worker in busy])
            for worker in [worker for worker in busy if worker.pipe in ready]:
                one, outcome = worker.asked, worker.outcome()
                if isinstance(outcome, Died):
                    workers.remove(worker)
                    worker.stop()
                    worker.join()
                elif waiting:
                    worker.take(waiting.popleft())  # before the answer is dealt with: nobody waits for that
                yield one, outcome
    finally:
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()


class _Worker(Generic[Asked, Answer]):
    """A process that works, and the pipe to it. Raises OSError where it can't be started."""

    def __init__(self, work: Work[Asked, Answer]) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_work, args=(theirs, work))
        # With only the worker holding that end, its death closes the pipe; and ours, should this process be killed.
        with theirs:
            try:
                self.process.start()
            except BaseException:
                self.pipe.close()
                raise
        self._asked: list[Asked] = []

    @property
    def busy(self) -> bool:
        return bool(self._asked)

    @property
    def asked(self) -> Asked:
        """What it is busy with."""
        return self._asked[0]

    def take(self, asked: Asked) -> None:
        self._asked = [asked]
        with suppress(OSError):  # it is dead: receiving will say so, in the one place that handles it
            self.pipe.send(asked)

    def outcome(self) -> Answer | Died:
        """What came of it. Waits for it."""
        self._asked = []
        try:
            answer: Answer = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            return Died(_ending(self.process.exitcode))
        return answer

    def stop(self) -> None:
        """Tells the worker to end; in the midst of a submission, to take its sandbox down first."""
        self.pipe.close()
        if self.busy:
            self.process.terminate()

    def join(self) -> None:
        self.process.join(_CLOSING)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


def _work(pipe: Connection, work: Work[Asked, Answer]) -> None:
    """A worker's life: until the pipe is closed, one after the other."""
    # Ctrl-C reaches every process of the terminal. The one that talks to the user decides what becomes of it, and ends
    # us by SIGTERM. That is turned into the one exception that also unwinds pytest, so that the sandbox is taken down.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _unwind)
    _end_with_parent()
    with suppress(KeyboardInterrupt):
        # The pipe ends when there is nothing more to do, or nobody left to tell.
        with suppress(EOFError, OSError):
            while True:
                asked = pipe.recv()
                pipe.send(work(asked))
        _unhurried()


def _unwind(signum: int, frame: FrameType | None) -> NoReturn:
    """Ends this process by an exception."""
    _unhurried()
    raise KeyboardInterrupt


def _unhurried() -> None:
    """From here on this process ends, and a further signal to do so only disturbs; if something holds it up, it ends
    all the same."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    backstop = threading.Timer(_HELD_UP, os._exit, (1,))
    backstop.daemon = True
    backstop.start()


def _end_with_parent() -> None:
    from autograder.sandbox.layers import kernel

    with suppress(OSError):
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGTERM)
    parent = parent_process()
    if parent is not None and os.getppid() != parent.pid:  # it was faster
        raise SystemExit(1)


def _ending(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            name = signal.Signals(-exitcode).name
        except ValueError:
            name = f"signal {-exitcode}"
        return f"killed by {name}" + (", perhaps out of memory" if name == "SIGKILL" else "")
    return f"exit code {exitcode}"
