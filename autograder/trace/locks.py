"""Which locks a run used, and which of them keep others out.

A lock protects something only if everyone who touches it holds *that* lock. A semaphore that lets several in at once
protects nothing, nor does one that is used as a signal: taken by one task, released by another.
"""

from __future__ import annotations

from collections import defaultdict

from autograder.trace.events import Event, Trace

LOCK_KINDS = frozenset({"Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Value", "Array"})
"""What a program takes and gives back to keep others out; a ``Value`` and an ``Array`` have a lock of their own. The
locks inside a queue, an event or a pool are the library's affair."""


def kind_of(trace: Trace, resource: str) -> str:
    return trace.resources[resource].kind if resource in trace.resources else ""


def is_lock(trace: Trace, resource: str) -> bool:
    """Whether this is a lock as the program sees it. A ``Semaphore`` of threads counts in Python, so what is taken and
    given back there is only the lock around its counter."""
    kind = kind_of(trace, resource)
    counter = "Semaphore" in kind and trace.resources[resource].process is not None
    return kind in LOCK_KINDS and not counter


def exclusive_locks(trace: Trace) -> frozenset[str]:
    """The locks and semaphores of the trace that only one task at a time can hold.

    Of a semaphore the trace does not know how many it lets in: it is not exclusive if the trace shows two holders at
    once, or a release by a task that did not hold it.
    """
    seen: set[str] = set()
    refuted: set[str] = set()
    holders: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for event in trace.events:
        seen.update(lock for lock, _ in event.held)
        if event.op not in ("acquire", "release"):
            continue
        seen.add(event.resource)
        if not _counts(trace, event.resource):
            continue
        now = holders[event.resource]
        if event.op == "release":
            now[event.task] -= 1
            if now[event.task] < 0:
                refuted.add(event.resource)
            if not now[event.task]:
                del now[event.task]
        elif event.value is True:
            now[event.task] += 1
            if len(now) > 1 or now[event.task] > 1:
                refuted.add(event.resource)
    return frozenset(seen - refuted)


def _counts(trace: Trace, lock: str) -> bool:
    """Whether this may let in more than one. Between processes all that keeps others out is a semaphore, the ones
    inside a condition or a queue too; between threads it is a lock."""
    found = trace.resources.get(lock)
    return found is None or (found.kind not in ("Lock", "RLock", "Value", "Array") and found.process is None)


def holds(event: Event, exclusive: frozenset[str]) -> frozenset[tuple[str, int]]:
    """The exclusive locks held at an event, each with the step at which that hold began."""
    return frozenset((lock, step) for lock, step in event.held if lock in exclusive)


def lockset(event: Event, exclusive: frozenset[str]) -> frozenset[str]:
    """The exclusive locks held at an event."""
    return frozenset(lock for lock, _ in event.held if lock in exclusive)


def acquired_locks(trace: Trace) -> frozenset[str]:
    """The locks and semaphores that the student's own lines acquired."""
    return frozenset(event.resource for event in trace.events if _is_hold(trace, event))


def _is_hold(trace: Trace, event: Event) -> bool:
    """A lock that a student line got."""
    return (
        event.op == "acquire"
        and event.value is True
        and event.line > 0
        and kind_of(trace, event.resource) in LOCK_KINDS
    )
