"""Locks of a manager: ``multiprocessing.Manager().Lock()``.

Such a lock lives in the manager's process. Whoever takes it asks for it over a pipe and goes on when the answer has
come, so the trace shows messages and no acquire. Here they are read back into holds: from the answer to ``acquire`` to
the question of ``release``, the asking task holds the lock.

Which of its locks a manager was asked for the messages do not tell, so they all count as one. A finding can be missed
for it, not invented; an update that another lock lets through is still lost under some schedule.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.trace.events import Event, Resource, Trace

PROXY = "AcquirerProxy."
"""What the student called: the proxy of a lock, semaphore or condition."""

TAKING, GIVING = (PROXY + "acquire", PROXY + "__enter__"), (PROXY + "release", PROXY + "__exit__")

MANAGED = Resource("managed", "Lock", name="the manager's lock")


def with_holds(trace: Trace) -> Trace:
    """The trace in which events show the manager's lock among those that their task holds; the same one where no task
    took such a lock."""
    if not any(event.via in TAKING for event in trace.events):
        return trace
    asking: dict[int, Event] = {}  # by task: the latest event of taking the lock
    since: dict[int, int] = {}  # by task: the step at which it had it
    events = []
    for event in trace.events:
        if event.via in TAKING:
            asking[event.task] = event
        elif event.via in GIVING:
            since.pop(event.task, None)
            asking.pop(event.task, None)
        elif event.task in asking:
            since[event.task] = asking.pop(event.task).step
        if event.task in since:
            event = replace(event, held=(*event.held, (MANAGED.id, since[event.task])))
        events.append(event)
    return replace(trace, events=tuple(events), resources={**trace.resources, MANAGED.id: MANAGED})
