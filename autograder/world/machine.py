"""The modelled computer: which core a piece of work gets, and when it is done.

Work is charged when a task parks, and since the conductor lets one task run at a time, the order of charging is the
order of the schedule: the same program gives the same times to the last digit everywhere. A piece of work takes the
core that is free first; with a GIL, it also waits until no other thread of its process computes. Long work comes in
pieces of at most `QUANTUM`, so that tasks which share a core or a GIL take turns as an operating system and
CPython's switch interval make them.

It does not model caches, memory bandwidth, hyperthreads or the cost of a context switch.
"""

from __future__ import annotations

from autograder.model import Machine

QUANTUM = 5e-3
"""Seconds of work in one piece: CPython's default ``sys.getswitchinterval()``."""

LUMP = 4 * QUANTUM
"""The same for work of stated length, since each piece costs the conductor a decision."""


class Cores:
    """When each core, and each process's GIL, is free again (virtual seconds)."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.free = [0.0] * machine.cores
        self.gil: dict[int, float] = {}

    def charge(self, process: int, ready: float, seconds: float) -> float:
        """Work of a thread of ``process`` that could begin at ``ready``: the time at which it is done."""
        begin = ready
        if self.machine.gil:
            begin = max(begin, self.gil.get(process, 0.0))
        first = min(self.free)
        # Of those that are free by then, the one with the lowest number; else the one that is free first.
        core = next(i for i, free in enumerate(self.free) if free <= max(begin, first))
        end = max(begin, first) + seconds
        self.free[core] = end
        if self.machine.gil:
            self.gil[process] = end
        return end
