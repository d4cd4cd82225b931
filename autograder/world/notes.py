"""What a task did since its last go that needed no answer: its notes take effect as they arrive."""

from __future__ import annotations

from autograder.trace.events import Resource
from autograder.world import frames, wire
from autograder.world.effects import Effects
from autograder.world.late import Late, Moment, place_of
from autograder.world.record import RunTask, Stop
from autograder.world.resources import Parking, Pipes, Semaphore

MEMORY = (wire.Named, wire.Touched, wire.Heard)
"""Notes of memory that threads share. They change nothing in a run, its limits included."""

MOST_TOLD = 20_000
"""How many of them are kept for one run, and how many notes of files."""


class Notes(Effects):
    """The state that tasks share, and how operations and notes change it."""

    def _note(self, task: RunTask, note: wire.AnyNote, at: float) -> None:
        """What a task did since its last go that needed no answer."""
        match note:
            case wire.Made():
                process = None if note.process < 0 else note.process
                made = Resource(note.id, note.kind, note.line, process)
                if note.kind in ("Value", "Array"):
                    self._resources[note.id] = made  # its place may have been that of one that is gone
                self._resources.setdefault(note.id, made)
                self._semaphores.setdefault(note.id, Semaphore(note.value, note.most))
            case wire.Released():
                self._release(task, note.id, at, note.line, note.via)
            case wire.Woke():
                parking = self._parking.setdefault(note.id, Parking())
                parking.permits += 1
                parking.freed = at
                parking.cause = self._event(task, "wake", note.id, at=at, line=note.line, via=note.via)
            case wire.Opened():
                try:
                    self._pipes.open(note.first, note.second, note.duplex, task.process)
                except ValueError as error:
                    raise frames.WireError(str(error)) from None
            case wire.Closed():
                self._pipes.drop(note.handle, task.process)
            case wire.Deafened():
                self._close_place(note.address)
            case wire.Packed():
                self._pipes.hold(note.handle, Pipes.IN_TRANSIT)
            case wire.Unpacked():
                self._pipes.hold(note.handle, task.process)
                self._pipes.drop(note.handle, Pipes.IN_TRANSIT)
            case wire.Stderr():
                self._written += len(note.text.encode("utf-8", "replace"))
                if self._written > self.limits.output:
                    raise Stop("limit", f"it wrote more than {self.limits.output} bytes")
                self._event(task, "error", "stderr", value=note.text, at=at, line=note.line, via=note.via)
            case wire.Died():
                self._event(task, "raise", f"task:{task.id}", value=note.text[:2000], at=at, line=note.line)
            case wire.Leaked():
                what, closed = note.what[:100], note.closed
                self._event(task, "leak", what, value=closed, at=at, line=note.line, via=note.via)
            case wire.Entered():
                self._event(task, "call", note.function, at=at, line=note.line)
            case wire.Left():
                self._event(task, "leave", note.function, at=at, line=note.line)
            case wire.Unheld():
                if len(self._unheld) < 50:
                    self._unheld[note.what[:200]] = None
            case wire.Filed():
                self._file(task, note, at)
            case wire.Named() | wire.Touched() | wire.Heard():
                self._memory(task, note, at)

    def _file(self, task: RunTask, note: wire.Filed, at: float) -> None:
        """A name in the run's folder was met."""
        self._filed += 1
        if self._filed > wire.MOST_FILED * (self.limits.processes + 1):
            raise frames.WireError("more of files than a process tells")
        if self._filed > MOST_TOLD:
            return
        file = f"file:{note.name}"
        name = wire.CURRENT[:-1] if note.name.startswith(wire.CURRENT) else note.name
        self._resources.setdefault(file, Resource(file, "File", name=name))
        self._touches += 1
        self._event(task, "change" if note.changed else "examine", file, at=at, line=note.line, via=note.via)

    def _memory(self, task: RunTask, note: wire.Named | wire.Touched | wire.Heard, at: float) -> None:
        """Memory that threads of one process share. What comes after the most that is kept is dropped, all of it: an
        access without the handover before it would look like a race."""
        self._told += 1
        if self._told > wire.MOST_TOLD * (self.limits.processes + 1):
            raise frames.WireError("more of its memory than a process tells")
        if self._told > MOST_TOLD:
            return
        if isinstance(note, wire.Named):
            self._resources.setdefault(note.id, Resource(note.id, note.kind, 0, task.process, note.name))
            return
        op, id, giver = "hear", "", None
        if isinstance(note, wire.Touched):
            op, id = "store" if note.store else "read", note.id
        else:
            giver = Moment(note.giver, note.given_ask, note.given_place, note.given_order)
        if note.task >= 0:
            self._late.append(Late(Moment(note.task, note.ask, note.place, note.order), op, id, note.line, giver))
            return
        cause = self._step_before(giver) if giver is not None else None
        self._touches += 1
        self._event(task, op, id, value=None if giver else 0, at=at, line=note.line, via="", cause=cause)

    def _step_before(self, moment: Moment) -> int | None:
        """The last step of a task before a moment of its life."""
        if not 0 <= moment.task < len(self._tasks):
            return None
        first = self._first_event
        place = (place_of(moment, [task.places for task in self._tasks]) or 0) - first
        before = range(min(place, len(self._events)) - 1, -1, -1)
        return next((first + n for n in before if self._events[n].task == moment.task), None)
