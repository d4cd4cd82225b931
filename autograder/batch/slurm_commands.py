"""Slurm as its commands give it, and the options and states that they speak of.

Commands rather than `submitit`: its tasks are pickled functions, and it asks sacct(1) for their states, which many
clusters, and all without a database, do not have. squeue(1) is there with every Slurm.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress

OVER = frozenset(
    [
        "BOOT_FAIL",
        "CANCELLED",
        "COMPLETED",
        "DEADLINE",
        "FAILED",
        "NODE_FAIL",
        "OUT_OF_MEMORY",
        "PREEMPTED",
        "REVOKED",
        "TIMEOUT",
    ]
)
"""States of a task that is over."""
NO_FAULT = frozenset(["BOOT_FAIL", "CANCELLED", "NODE_FAIL", "PREEMPTED", "REVOKED"])
"""Those in which Slurm ended it for reasons of its own."""
OURS = frozenset(
    [
        "array",
        "chdir",
        "clusters",
        "cpus-per-task",
        "error",
        "export",
        "input",
        "job-name",
        "kill-on-invalid-dep",
        "nodes",
        "no-requeue",
        "ntasks",
        "ntasks-per-node",
        "open-mode",
        "output",
        "parsable",
        "requeue",
        "test-only",
        "wait",
        "wrap",
    ]
)
"""Options of sbatch that are not free: a job's form depends on them."""


class SlurmError(Exception):
    """The cluster does not do what is asked: says what it said. What is graded stays."""


def checked_options(words: Sequence[str]) -> tuple[str, ...]:
    """Options for sbatch as somebody gave them. Raises ValueError, which says what is wrong with which."""
    for word in words:
        match = re.fullmatch(r"--([a-z][a-z-]*)(=.*)?", word, re.DOTALL)
        if match is None:
            raise ValueError(f'found "{word}"; allowed: a long option of sbatch in one word, such as --partition=short')
        if match[1] in OURS:
            raise ValueError(f'found "{word}"; allowed: any but {", ".join(f"--{name}" for name in sorted(OURS))}')
    return tuple(words)


class Commands:
    """Slurm as its commands give it. Each raises SlurmError where the command is not there or fails."""

    def submit(self, arguments: Sequence[str], script: str) -> str:
        """The id of the new job."""
        said = self._run("sbatch", "--parsable", *arguments, text=script)
        return said.strip().partition(";")[0]  # after it may come the cluster's name

    def states(self, job: str) -> dict[int, str]:
        """The states of a job's tasks; without those that the queue has forgotten."""
        try:
            said = self._run("squeue", "-h", "-r", "-t", "all", "-j", job, "-o", "%K %T")
        except SlurmError as error:
            if "Invalid job id" in str(error):
                return {}
            raise
        pairs = [line.split() for line in said.splitlines()]
        return {int(index): state for index, state in pairs if index.isdigit()}

    def cancel(self, *words: str) -> None:
        with suppress(SlurmError):  # it is over
            self._run("scancel", *words)

    def most_tasks(self) -> int:
        """How many tasks an array may have."""
        found = re.search(r"^MaxArraySize\s*=\s*(\d+)", self._run("scontrol", "show", "config"), re.MULTILINE)
        return max(1, int(found[1])) if found else 1001

    def _run(self, *words: str, text: str | None = None) -> str:
        try:
            done = subprocess.run(words, input=text, capture_output=True, text=True, errors="replace", check=False)
        except OSError as error:
            raise SlurmError(
                f"{words[0]}: {error.strerror or error}\n"
                "  allowed: --executor slurm where Slurm's commands are installed"
            ) from None
        if done.returncode:
            raise SlurmError(f"{words[0]} failed: {done.stderr.strip() or f'exit code {done.returncode}'}")
        return done.stdout
