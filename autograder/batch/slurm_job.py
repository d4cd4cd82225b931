"""A job and its folder, over which the process that grades and the tasks of the job speak to each other.

All nodes share the folder. ``order`` says what each task is to judge; each task writes lines into a part of its own,
``part-TASK-JOB-PID``, in the form of the journal: which submissions it is at (``running``), the reports of each that is
done (``graded``), or why its node will not do (``refused``). Slurm keeps what a task prints in ``log-TASK``.
"""

from __future__ import annotations

import os
import pickle
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.batch.executor import Group
from autograder.batch.journal import line_of, read_line
from autograder.batch.local import Grade
from autograder.batch.slurm_commands import Commands
from autograder.model import Assignment


@dataclass(frozen=True, slots=True)
class JobOrder:
    """What a job is to do, by task. Pickled in a folder that only we can write to, like what a worker gets."""

    assignment: Assignment
    chunks: list[list[Group]]
    cpus: int
    degraded: bool
    grade: Grade | None

    def write(self, folder: Path) -> None:
        with (folder / "order").open("wb") as file:
            pickle.dump(self, file)
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, folder: Path) -> JobOrder:
        with (folder / "order").open("rb") as file:
            order: JobOrder = pickle.load(file)
        return order


class Part:
    """What one task writes, and nobody else: Slurm may have started another task of the same number before."""

    def __init__(self, folder: Path, index: str) -> None:
        job = os.environ.get("SLURM_JOB_ID", "")
        path = folder / f"part-{index}-{job}-{os.getpid()}"
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, **about: Any) -> None:
        """For good, and seen by other nodes, once this returns."""
        view = memoryview(line_of(about))
        while view:
            view = view[os.write(self._fd, view) :]
        os.fsync(self._fd)


class Job:
    """A job and its folder. A context manager: an exception that leaves it cancels the job and keeps the folder for
    the next grading to read; otherwise all that the folder holds was read, and it goes."""

    def __init__(self, parent: Path, commands: Commands) -> None:
        self._parent, self._commands = parent, commands
        self.id = ""
        self._folder = parent
        self._last = ""  # that it said
        self._read: dict[str, int] = {}  # how far each part was read

    @classmethod
    def of_before(cls, folder: Path, commands: Commands) -> Job:
        """One whose grading was ended, cancelled."""
        job = cls(folder.parent, commands)
        job._folder = folder
        commands.cancel("--name", _name(folder))  # it may have been submitted and not noted
        return job

    def submit(self, order: JobOrder, most: int, more: Sequence[str]) -> None:
        """``most`` tasks at a time, 0 for no limit; ``more`` are further options of sbatch."""
        self._folder = Path(tempfile.mkdtemp(prefix="run-", dir=self._parent))
        order.write(self._folder)
        limit = f"%{most}" if most else ""
        arguments = [
            *more,
            f"--array=0-{len(order.chunks) - 1}{limit}",
            f"--job-name={_name(self._folder)}",
            f"--cpus-per-task={order.cpus}",
            f"--output={str(self._folder).replace('%', '%%')}/log-%a",
            *("--ntasks=1", "--nodes=1", "--no-requeue", "--export=ALL"),
        ]
        self.id = self._commands.submit(arguments, _script(self._folder))

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """What the tasks have written since the last call, each with the number of the task."""
        for path in sorted(self._folder.glob("part-*")):
            with path.open("rb") as file:
                file.seek(self._read.get(path.name, 0))
                for line in file:
                    if not line.endswith(b"\n"):
                        break  # it is being written
                    self._read[path.name] = self._read.get(path.name, 0) + len(line)
                    about = read_line(line)
                    if about is not None:
                        yield int(path.name.split("-")[1]), about

    def said(self) -> str:
        """The end of what a task said that wrote no part."""
        for path in sorted(self._folder.glob("log-*")):
            text = path.read_text(encoding="utf-8", errors="replace").strip()
            if text:
                return text[-2000:]
        return self._last

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)  # what a task on its way out still writes stays, and is next

    def __enter__(self) -> Job:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: object) -> None:
        if kind is None:
            self._last = self.said()
            self.remove()
        elif self._folder != self._parent:
            self._commands.cancel("--name", _name(self._folder))  # which works also where its id was not told any more


def _name(folder: Path) -> str:
    """A name that no other job has: nobody shares the folder's."""
    return f"autograder-{folder.name}"


def _script(folder: Path) -> str:
    """What a task runs: this interpreter, with the modules that are found here."""
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; "
        f"from autograder.batch.slurm_task import main; sys.exit(main({str(folder)!r}, sys.argv[1]))"
    )
    return f'#!/bin/sh\nexec {shlex.join([sys.executable, "-P", "-c", code])} "$SLURM_ARRAY_TASK_ID"\n'
