"""A task of a Slurm job: judges its chunk with this machine's workers, and writes what comes of it into its part."""

from __future__ import annotations

import os
import pickle
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder import stopping
from autograder.batch.journal import line_of
from autograder.batch.local import Local
from autograder.batch.slurm import Order
from autograder.sandbox import doctor


class _Part:
    """The part of a task, which nobody else writes: Slurm may have started another task of the same number before."""

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


def main(folder: str, index: str) -> int:
    """``folder`` is the job's, ``index`` the number of the task. Returns the exit code."""
    with (Path(folder) / "order").open("rb") as file:
        order: Order = pickle.load(file)
    part = _Part(Path(folder), index)
    if order.grade is None:
        try:
            doctor.admit([order.assignment.folder], degraded=order.degraded)
        except doctor.NotIsolated as error:
            part.write(refused=f"{os.uname().nodename}: {error}")
            return 1
    executor = Local(order.cpus, order.grade)
    try:
        with stopping.by_signals(), closing(
            executor.run(order.chunks[int(index)], order.assignment, lambda ids: part.write(running=list(ids)))
        ) as outcomes:  # fmt: skip
            for group, reports in outcomes:
                part.write(graded=group.id, keys=group.keys, reports=[dict(one) for one in reports])
    except KeyboardInterrupt:  # cancelled, or out of time
        return 1
    return 0
