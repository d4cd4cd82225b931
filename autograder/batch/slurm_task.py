"""A task of a Slurm job: judges its chunk with this machine's workers, and writes what comes of it into its part."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from autograder import stopping
from autograder.batch.local import Local
from autograder.batch.slurm_job import JobOrder, Part
from autograder.sandbox import doctor


def main(folder: str, index: str) -> int:
    """``folder`` is the job's, ``index`` the number of the task. Returns the exit code."""
    order = JobOrder.read(Path(folder))
    part = Part(Path(folder), index)
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
