"""Names in the run's folder at which tasks meet.

Two threads that save to one ``download.part``, or that both find a folder missing and make it, are in each other's way
at a name that they share. Whether anything is wrong with that is for what comes of it to show: a log that all append to
is shared on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.trace.events import Event, Trace


@dataclass(frozen=True, slots=True)
class SharedFile:
    """``name`` is the path in the run's folder, ``changes`` the events that changed it, in order."""

    resource: str
    name: str
    changes: tuple[Event, ...]

    @property
    def writers(self) -> tuple[int, ...]:
        """The tasks that changed it, in the order of their first changes."""
        return tuple(dict.fromkeys(event.task for event in self.changes))


def shared_files(trace: Trace) -> tuple[SharedFile, ...]:
    """The files and folders that one task changed and another had to do with before the last change, in the order of
    their first uses. Who only finds what is there for good meets nobody."""
    uses: dict[str, list[Event]] = {}
    for event in trace.events:
        if event.op in ("examine", "change"):
            uses.setdefault(event.resource, []).append(event)
    found = []
    for resource, events in uses.items():
        changes = tuple(event for event in events if event.op == "change")
        if changes and len({event.task for event in events if event.step <= changes[-1].step}) > 1:
            found.append(SharedFile(resource, trace.resources[resource].name, changes))
    return tuple(found)
