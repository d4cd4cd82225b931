"""Who waits for whom when nothing can go on.

The conductor knows the state of every task, so a deadlock is a fact and needs no time limit: all tasks that are left
wait, and none of them for something that will come by itself. There are two shapes. A *cycle*: a waits for what b
holds, b for what a holds (Coffman 1971); a task that waits for its own lock is the shortest one. Or the tasks are
*stuck*: someone waits for what nobody is left to give, an item that nobody puts, a lock whose holder has ended without
a release, and the others wait for that task.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from autograder.trace.events import Blocked, Task, Trace


@dataclass(frozen=True, slots=True)
class Waiting:
    """One task that waits. ``holder`` is the task that it waits for, ``reason`` what is known of that one:

    "blocked"  it waits itself, in a deadlock's cycle for the next of ``Deadlock.waits``
    "ended"    it has ended, and took what is waited for with it
    "nobody"   there is no such task (``holder`` is None)
    """

    task: int
    op: str
    resource: str
    line: int
    via: str
    holder: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Deadlock:
    """``kind`` is "cycle" or "stuck". In a cycle each of ``waits`` waits for the next one and the last for the first;
    otherwise those that nobody can help come first, then those that wait for them; what
    student lines wait for before what libraries do."""

    kind: str
    waits: tuple[Waiting, ...]


def deadlock(trace: Trace) -> Deadlock | None:
    """The deadlock that ended the run, or None if none did."""
    if not trace.blocked:
        return None
    blocked = {wait.task: wait for wait in sorted(trace.blocked, key=lambda wait: wait.task)}
    tasks = {task.id: task for task in trace.tasks}
    givers = {number: _givers(wait, trace) for number, wait in blocked.items()}
    waits_for = {number: [giver for giver in found if giver in blocked] for number, found in givers.items()}
    cycle = _cycle(waits_for, blocked, tasks)
    if cycle:
        ring = zip(cycle, cycle[1:] + cycle[:1], strict=True)
        return Deadlock("cycle", tuple(_waiting(blocked[task], holder, "blocked") for task, holder in ring))
    stuck = [number for number in blocked if not _is_helper(number, tasks)] or list(blocked)
    waits = []
    for number in stuck:
        if waits_for[number]:
            waits.append(_waiting(blocked[number], waits_for[number][0], "blocked"))
        elif givers[number]:
            waits.append(_waiting(blocked[number], givers[number][0], "ended"))
        else:
            waits.append(_waiting(blocked[number], None, "nobody"))
    waits.sort(key=lambda wait: (wait.reason == "blocked", wait.line <= 0))
    return Deadlock("stuck", tuple(waits))


def _waiting(wait: Blocked, holder: int | None, reason: str) -> Waiting:
    return Waiting(wait.task, wait.op, wait.resource, wait.line, wait.via, holder, reason)


def _givers(wait: Blocked, trace: Trace) -> list[int]:
    """The tasks that could give what is waited for, had they not ended or blocked."""
    if wait.holders:
        return sorted(wait.holders)
    if wait.op == "join":
        return sorted(int(part.removeprefix("task:")) for part in wait.resource.split(","))
    if wait.op != "acquire":
        return []
    holds: list[int] = []
    for event in trace.events:
        if event.resource != wait.resource:
            continue
        if event.op == "acquire" and event.value is True:
            holds.append(event.task)
        elif event.op == "release" and holds:
            holds.remove(event.task if event.task in holds else holds[-1])
    return sorted(set(holds))


def _cycle(waits_for: dict[int, list[int]], blocked: dict[int, Blocked], tasks: dict[int, Task]) -> list[int] | None:
    """The cycle that explains most: the one with the fewest waits in helper threads and in library code, then the
    shortest, beginning at its lowest task. A cycle of helpers alone is how an idle library looks, and none."""
    best: tuple[tuple[int, int, list[int]], list[int]] | None = None
    for start in waits_for:
        cycle = _shortest(start, waits_for)
        if cycle is None or all(_is_helper(task, tasks) for task in cycle):
            continue
        foreign = sum(1 for task in cycle if _is_helper(task, tasks) or blocked[task].line <= 0)
        lowest = cycle.index(min(cycle))
        cycle = cycle[lowest:] + cycle[:lowest]
        rank = (foreign, len(cycle), cycle)
        if best is None or rank < best[0]:
            best = rank, cycle
    return best[1] if best else None


def _shortest(start: int, waits_for: dict[int, list[int]]) -> list[int] | None:
    """The shortest way from a task back to itself."""
    came: dict[int, int] = {}
    queue = deque([start])
    while queue:
        task = queue.popleft()
        for giver in waits_for[task]:
            if giver == start:
                cycle = [task]
                while cycle[-1] != start:
                    cycle.append(came[cycle[-1]])
                return cycle[::-1]
            if giver not in came:
                came[giver] = task
                queue.append(giver)
    return None


def _is_helper(number: int, tasks: dict[int, Task]) -> bool:
    return number in tasks and tasks[number].service
