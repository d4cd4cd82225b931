"""Judges on a cluster: chunks of submissions as the tasks of a Slurm job array (sbatch(1)).

Everything goes over one folder that all nodes share, ``OUT/.slurm/``, in which each job has a folder (`slurm_job`).
Each task writes into a part of its own, and the one process that holds the journal reads the parts and writes the
reports. So no task ever writes where another one does, and one that was given up and goes on after all spoils nothing.

- A task that is lost (its node, its time, its memory) leaves its part. What it had not come to is given to tasks of a
  next job; what it was in the midst of is judged alone there, and is *broken* if that is lost, too. Slurm ending a task
  for reasons of its own (a node down, a preemption) is not held against a submission.
- A grading that was ended before its job was: the next one cancels the job, takes what lies in its parts, if file,
  policy and grader are still the same, and goes on with the rest.
- Whether a node can keep a hostile submission in is for each task to try. A node that cannot refuses, and the grading
  ends with its reason.
"""

from __future__ import annotations

import math
import os
import stat
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.batch.executor import Group, Reports, Running, died_twice
from autograder.batch.local import Grade
from autograder.batch.slurm_commands import NO_FAULT, OVER, Commands, SlurmError
from autograder.batch.slurm_job import Job, JobOrder
from autograder.model import Assignment

FOLDER = ".slurm"
CHUNK = 20
"""Submissions a task: the start of one, its imports and trying the sandbox, costs about as much as some of them."""
EVERY = 1.0
"""Seconds from one look at the parts to the next. Slurm itself is asked more seldom."""
ASK_SLURM = 10
"""Looks at the parts, after which the queue is asked which tasks are over."""
SILENT = 60
"""Times that the queue may fail to answer in a row: a controller that restarts is back by then."""
FRUITLESS = 3
"""Jobs in a row that were lost without one submission done."""


@dataclass(frozen=True, slots=True)
class Options:
    """``cpus``: of each task, and so many submissions it judges at a time. ``tasks``: at most so many at a time, 0 for
    no limit. ``chunk``: submissions a task. ``more``: further options of sbatch, each one word ("--partition=short").
    ``degraded``: judge also where layers of the sandbox are missing. ``every``: seconds between looks."""

    cpus: int = 1
    tasks: int = 0
    chunk: int = CHUNK
    more: tuple[str, ...] = ()
    degraded: bool = False
    every: float = EVERY


class Slurm:
    """The `Executor` of a cluster. ``out`` is the folder of the reports, which all nodes must see under this path.
    ``note`` is told what a person may want to know. Its `run` raises SlurmError."""

    def __init__(
        self,
        out: Path,
        options: Options | None = None,
        *,
        note: Callable[[str], None] = lambda text: None,
        grade: Grade | None = None,
        commands: Commands | None = None,
    ) -> None:
        self._folder = out.absolute() / FOLDER
        self._options, self._note, self._grade = options or Options(), note, grade
        self._commands = commands or Commands()

    def run(
        self, groups: Sequence[Group], assignment: Assignment, running: Running
    ) -> Generator[tuple[Group, list[Reports]], None, None]:
        if not groups and not self._folder.exists():
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self._folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise SlurmError(
                f"{self._folder}: others may write here what tasks believe\n  allowed: a folder of your own"
            )
        left = {_known(group): group for group in groups}
        for group, reports in self._earlier(left):
            del left[_known(group)]
            yield group, reports
        assignment = replace(assignment, folder=assignment.folder.absolute())
        waiting = [_Try(_seen_from_anywhere(group)) for group in left.values()]
        fruitless = 0
        while waiting:
            done, lost = 0, ""
            with Job(self._folder, self._commands) as job:
                chunks = self._chunks(waiting)
                order = JobOrder(
                    assignment,
                    [[one.group for one in chunk] for chunk in chunks],
                    self._options.cpus,
                    self._options.degraded,
                    self._grade,
                )
                job.submit(order, self._options.tasks, self._options.more)
                self._note(f"job {job.id}: {len(waiting)} submissions in {len(chunks)} tasks")
                state = _State(chunks)
                for one, reports in self._results(job, state, running):
                    done += 1
                    yield left[_known(one.group)], reports
            running([])
            waiting = []
            for one, how in state.lost():
                lost = how
                if one.suspected >= 2:
                    done += 1
                    yield left[_known(one.group)], died_twice(one.group, assignment, f"Slurm: {how}")
                else:
                    waiting.append(one)
            fruitless = 0 if done else fruitless + 1
            if waiting and "CANCELLED" in state.ends:
                raise SlurmError(
                    f"job {job.id} was cancelled\n  allowed: the same command again, which goes on from there"
                )
            if waiting and (fruitless >= FRUITLESS or not (done or state.begun)):
                raise SlurmError(f"job {job.id} was lost without a submission done ({lost})\n{job.said()}".rstrip())
            if waiting:
                self._note(f"job {job.id}: {len(waiting)} submissions were lost ({lost}) and are given to a new one")
        with suppress(OSError):
            self._folder.rmdir()

    def _chunks(self, waiting: list[_Try]) -> list[list[_Try]]:
        """What each task gets: whoever may have ended a task is alone."""
        alone = [[one] for one in waiting if one.suspected]
        others = [one for one in waiting if not one.suspected]
        most = max(1, self._commands.most_tasks() - len(alone))
        size = max(self._options.chunk, math.ceil(len(others) / most))
        return [others[at : at + size] for at in range(0, len(others), size)] + alone

    def _results(self, job: Job, state: _State, running: Running) -> Iterator[tuple[_Try, list[Reports]]]:
        looks, silent = 0, 0
        now: list[str] = []
        while True:
            # The queue is asked before the parts are read: what a task that is over wrote is then read, too.
            if looks % ASK_SLURM == 0 and looks:
                try:
                    state.over(self._commands.states(job.id))
                    silent = 0
                except SlurmError:
                    silent += 1
                    if silent >= SILENT:
                        raise
            for index, line in job.lines():
                if "refused" in line:
                    raise SlurmError(f"task {index} of job {job.id} refused to judge: {line['refused']}")
                found = state.read(index, line)
                if found is not None:
                    yield found
            if state.complete:
                return
            if state.running() != now:
                now = state.running()
                running(now)
            looks += 1
            time.sleep(self._options.every)

    def _earlier(self, left: dict[tuple[str, ...], Group]) -> Iterator[tuple[Group, list[Reports]]]:
        """What jobs of a grading that was ended have done, if it is still asked for. They are ended, too."""
        found: dict[tuple[str, ...], list[Reports]] = {}
        for folder in sorted(self._folder.glob("run-*")):
            job = Job.of_before(folder, self._commands)
            for _, line in job.lines():
                if "graded" in line and not any('"status": "broken"' in one["results.json"] for one in line["reports"]):
                    found[(*line["keys"], line["graded"])] = line["reports"]
            job.remove()
        for known in [known for known in found if known in left]:
            yield left[known], found[known]


@dataclass(slots=True)
class _Try:
    """A group, and how many tasks were lost that were in the midst of it."""

    group: Group
    suspected: int = 0


def _known(group: Group) -> tuple[str, ...]:
    return (*group.keys, group.id)


def _seen_from_anywhere(group: Group) -> Group:
    return replace(
        group,
        submissions=tuple(
            one if one.path is None else replace(one, path=one.path.absolute()) for one in group.submissions
        ),
    )


@dataclass(slots=True)
class _State:
    """Where the tasks of a job are, as far as their parts and the queue tell."""

    chunks: list[list[_Try]]
    begun: bool = False
    _done: set[str] = field(default_factory=set)
    _running: dict[int, list[str]] = field(default_factory=dict)
    _over: dict[int, str] = field(default_factory=dict)

    def read(self, index: int, line: dict[str, Any]) -> tuple[_Try, list[Reports]] | None:
        """A line of a task's part; what has been judged, if it says so."""
        self.begun = True
        if "running" in line:
            self._running[index] = line["running"]
            return None
        for one in self.chunks[index]:
            if one.group.id == line["graded"] and one.group.id not in self._done:
                self._done.add(one.group.id)
                return one, line["reports"]
        return None

    def over(self, states: dict[int, str]) -> None:
        for index in range(len(self.chunks)):
            state = states.get(index, "no longer known to Slurm")
            if state in OVER or index not in states:
                self._over[index] = state

    def running(self) -> list[str]:
        """The ids that are being judged."""
        active = [ids for index, ids in sorted(self._running.items()) if index not in self._over]
        return [id for ids in active for id in ids if id not in self._done]

    @property
    def ends(self) -> set[str]:
        """How tasks ended that are over."""
        return set(self._over.values())

    @property
    def complete(self) -> bool:
        """Whether nothing more will come."""
        return all(
            index in self._over or all(one.group.id in self._done for one in chunk)
            for index, chunk in enumerate(self.chunks)
        )

    def lost(self) -> Iterator[tuple[_Try, str]]:
        """What its task has not done, and how that ended. Whoever it was in the midst of is suspected."""
        for index, chunk in enumerate(self.chunks):
            how = self._over.get(index, "")
            for one in chunk:
                if one.group.id not in self._done:
                    if one.group.id in self._running.get(index, ()) and how not in NO_FAULT:
                        one.suspected += 1
                    yield one, how
