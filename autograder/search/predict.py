"""From what one run predicts to the order that would make it real.

A prediction (`trace.lock_order`) comes down to pairs of operations: had the second of a pair come before the first, the
run could have ended in a deadlock. Such pairs are turned round before all others, so that a deadlock is met in the
second run, not when its turn comes among hundreds of harmless ones. Nothing is found by a prediction alone: if the run
in the other order goes well, it was none.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.trace.events import Trace
from autograder.trace.lock_order import lock_cycles, lost_wakeups


def harmful_orders(trace: Trace) -> Iterator[tuple[int, int]]:
    """Pairs of steps, the earlier first."""
    for cycle in lock_cycles(trace):
        for edge, following in zip(cycle, cycle[1:] + cycle[:1], strict=True):
            # To wait for it, the task must come to the lock when the following one has it.
            if edge.takes.step < following.since:
                yield edge.takes.step, following.since
    for one in lost_wakeups(trace):
        yield one.waiter, one.waker
