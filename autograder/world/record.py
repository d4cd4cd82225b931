"""The record of a run: its tasks and events as they come about, and the trace that is made of them."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import NamedTuple

from autograder.model import Limits, Machine
from autograder.trace.events import Blocked, Event, Resource, Task, Trace
from autograder.world import late, wire
from autograder.world.strategies import Strategy, Switch

EVENTS_PER_OPERATION = 20
"""The record of a run has at most so many events for each operation that its limits allow: one may read a whole array,
and watched calls are noted without asking. The judge keeps them all in memory."""


@dataclass(slots=True)
class RunTask:
    """A task as the conductor drives it; `Task` is what stays of it in the trace."""

    id: int
    name: str
    kind: str
    parent: int | None
    process: int
    connection: socket.socket | None
    service: bool = False
    daemon: bool = False
    method: str = ""
    line: int = 0
    created: float = 0.0
    create_step: int | None = None
    started: float | None = None
    ended: float | None = None
    end_step: int | None = None
    exitcode: int | None = None
    came: bool = False  # it has said hello
    killed: bool = False  # by the conductor: the exit code is not the process's own
    work: float = 0.0
    clock: float = 0.0
    asked: float = 0.0
    owed: float = 0.0  # stated work that is not charged yet
    polls: int = 0  # questions in a row that changed nothing
    ask: wire.AnyAsk | None = None  # None: it runs, or has not come yet
    payload: bytes = b""
    held: list[tuple[str, int]] = field(default_factory=list)
    places: list[tuple[int, ...]] = field(default_factory=list)  # by ask: the steps before and after each of its notes

    @property
    def alive(self) -> bool:
        return self.end_step is None


class Choice(NamedTuple):
    """One decision of the conductor, under a strategy that is free to choose (a timed one follows the clock).

    ``task`` went on; ``others`` could have, sleeping and idle ones included. ``last`` is the task that ran before if it
    could have gone on (another one then preempts it), and None if it could not, or only asks again. ``impatient`` is
    whether the task's operation could also have ended without what it asked for: it had a time limit, or asked only
    whether. ``step`` is the first event of what the task did then, up to its next operation; it counts the events of
    the command, as those of the trace do. ``took`` are the locks inside libraries that it came by on the way.
    """

    task: int
    others: tuple[int, ...]
    last: int | None
    impatient: bool
    step: int
    took: list[str]

    def preempts(self, task: int) -> bool:
        """Whether letting this task on takes the turn from another one."""
        return self.last is not None and task != self.last


@dataclass(frozen=True, slots=True)
class Recording:
    """One command carried out: how it ended, and its trace.

    ``outcome`` is "returned", "raised" or "exited" with the guest's ``report``, or "deadlock", "limit", "crashed",
    "inconclusive" with ``reason`` in words. ``switches`` is the schedule of the session so far;
    ``decisions`` how many choices it had. ``choices`` are those of this command alone, the last ones of the session.
    """

    outcome: str
    reason: str
    report: wire.Report | None
    trace: Trace
    unheld: tuple[str, ...]
    switches: tuple[Switch, ...]
    decisions: int
    choices: tuple[Choice, ...] = ()


class Stop(Exception):
    """The run can't go on: an outcome and its reason."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


class Record:
    """What has happened until now."""

    def __init__(self, strategy: Strategy, machine: Machine, limits: Limits, connection: socket.socket) -> None:
        self.strategy = strategy
        self.machine = machine
        self.limits = limits
        self.decisions = 0
        self._now = 0.0
        self._tasks: list[RunTask] = [RunTask(0, "MainThread", "main", None, 0, connection)]
        self._resources: dict[str, Resource] = {}
        self._events: list[Event] = []
        self._switches: list[Switch] = []
        self._choices: list[Choice] = []
        self._unheld: dict[str, None] = {}
        self._most_events = EVENTS_PER_OPERATION * limits.operations
        self._first_event = 0
        self._begun = 0.0
        self._told = 0  # notes of memory that threads share
        self._touches = 0  # events that came of them, and of files; they count against no limit
        self._filed = 0  # notes of files
        self._late: list[late.Late] = []

    def _event(
        self,
        task: RunTask,
        op: str,
        resource: str = "",
        *,
        value: int | float | str | bool | None = None,
        cause: int | None = None,
        at: float | None = None,
        line: int | None = None,
        via: str | None = None,
        method: str = "",
    ) -> int:
        """Returns the step, counted over all commands of the session. The events in the record are numbered from 0 for
        each command, and what lies before it is left out."""
        ask = task.ask
        first = self._first_event
        step = first + len(self._events)
        if step - self._touches >= self._most_events:
            raise Stop("limit", f"it did not come to an end within {self._most_events} events")
        self._events.append(
            Event(
                step - first,
                task.id,
                op,
                task.asked if at is None else at,
                task.clock if at is None else at,
                resource,
                value,
                line if line is not None else (ask.line if ask is not None else 0),
                via if via is not None else (ask.via if ask is not None else ""),
                cause - first if cause is not None and cause >= first else None,
                tuple((lock, since - first) for lock, since in task.held) if task.held else (),
                method,
            )
        )
        return step

    @property
    def _next_step(self) -> int:
        """The step of the next event, counted over all commands of the session."""
        return self._first_event + len(self._events)

    def _trace(self, outcome: str, returned: bool) -> tuple[Trace, tuple[Choice, ...]]:
        """The trace of the command, and its choices with their steps in it."""
        tasks = tuple(
            Task(
                task.id,
                task.name,
                task.kind,
                task.parent,
                task.process,
                task.service,
                task.daemon,
                task.method,
                task.line,
                task.created,
                task.started,
                task.ended,
                task.exitcode,
                task.work,
            )
            for task in self._tasks
        )
        events, choices = tuple(self._events), tuple(self._choices)
        if self._late:
            places = [task.places for task in self._tasks]
            events, moved = late.merged(events, self._late, places, self._first_event)
            # What became known late lies before the choice that came next.
            choices = tuple(choice._replace(step=moved[choice.step]) for choice in choices)
        trace = Trace(
            tasks=tasks,
            events=events,
            resources=dict(self._resources),
            returned=len(events) - 1 if returned else None,
            alive=tuple(task.id for task in self._tasks[1:] if self._is_alive(task)),
            blocked=self._blocked() if outcome == "deadlock" else (),
            elapsed=max(0.0, self._tasks[0].clock - self._begun),
            cores=self.machine.cores,
            gil=self.machine.gil,
            waiting=self._blocked() if returned else (),
        )
        return trace, choices

    def _is_alive(self, task: RunTask) -> bool:
        """Whether a task has not ended yet, by the clock of the main task: the end of one that will do nothing more is
        known before its time has come."""
        if task.ended is None:
            return True
        return self.strategy.timed and task.ended > self._tasks[0].clock

    def _blocked(self) -> tuple[Blocked, ...]:
        """Who waits, without a limit of time, for what is not there: in a deadlock, all that are left."""
        raise NotImplementedError
