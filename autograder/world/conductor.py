"""The conductor lets one task run at a time and decides which.

It sits outside the sandbox. Every task of the program is parked in an ask (`wire.Ask`) except the one that was let go
on; when that one has parked as well (and a task that it created has come), the strategy chooses the next among those
that can go on, the chosen ask takes effect, and its task gets its go. So nothing in a run depends on how fast the
machine is: the record of a run is a function of the program, its input and the strategy.

The conductor keeps the state of everything that tasks share (`resources`), the virtual time of every task (on the
modelled cores for a timed strategy, one clock for all otherwise), and the trace. It believes nothing: an ask is typed
and bounded, and one that no honest guest sends ends the run.
"""

from __future__ import annotations

import socket
import time
from typing import get_args

import msgspec

from autograder.model import Limits, Machine
from autograder.trace.events import Blocked
from autograder.world import frames, wire
from autograder.world.effects import Launch, bounded
from autograder.world.http import Site
from autograder.world.machine import LUMP
from autograder.world.notes import MEMORY, Notes
from autograder.world.record import Choice, Recording, RunTask, Stop
from autograder.world.strategies import Candidate, Strategy, Switch
from autograder.world.strategies.base import stay

MOST_BYTES = 256 << 20
"""Bytes that the tasks of one run may send, all their messages together."""

GONE = "the program ended itself in the middle of the call (os._exit, or a crash)"

LONGEST_ROW = 500
"""Operations in a row after which a task counts as idle: it may be waiting in a loop for what another must do."""

_OPS: dict[type, str] = {kind: kind.__name__.lower() for kind in get_args(wire.AnyAsk)}
"""What each ask is called in the trace."""


class Conductor(Notes):
    """Drives one program. ``connection`` is the main task's; the guest's first ask arrives there."""

    def __init__(
        self,
        connection: socket.socket,
        strategy: Strategy,
        *,
        machine: Machine,
        limits: Limits,
        site: Site | None = None,
        failing_write: int | None = None,
        launch: Launch | None = None,
    ) -> None:
        super().__init__(strategy, machine, limits, connection, site, failing_write, launch)
        self.last = 0
        self._known: list[Candidate] = []  # who could go on, where that is known from the decision before
        self._row = 0  # decisions in a row for the task that ran last
        self._received = 0
        self._noted = 0
        self._ticks = 0
        self._deadline = 0.0
        self._dead: Stop | None = None

    @property
    def begun(self) -> bool:
        """Whether the main task has said hello."""
        return self._tasks[0].came

    # Commands --------------------------------------------------------------------------------------------------------

    def carry_out(self, command: wire.Command) -> Recording:
        """Give the main task a command and conduct until it is done. After an outcome other than returned or raised,
        every further command ends in the same way at once."""
        self._first_event += len(self._events)
        self._events = []
        self._choices, self._known = [], []
        self._deadline = time.monotonic() + self.limits.real_time
        main = self._tasks[0]
        self._begun = main.clock
        report: wire.Report | None = None
        outcome: str
        try:
            if self._dead is not None:
                raise self._dead
            self._collect()
            if main.ask is None or not isinstance(main.ask, (wire.Hello, wire.Done)):
                raise Stop("crashed", "the program ended before it was called")
            self._begun = main.clock
            self._go(main, data=msgspec.msgpack.encode(command))
            self._collect()
            while not isinstance(main.ask, wire.Done):
                self._step()
            report = _read_report(main.ask.report)
            outcome, reason = report.outcome, report.message
            self._event(main, "return", "task:0", value=None if outcome == "returned" else outcome)
            if outcome == "exited":
                self._dead = Stop("exited", reason)
        except Stop as stop:
            self._dead = stop
            outcome, reason = stop.outcome, stop.reason
        except frames.WireError as error:
            self._dead = Stop("crashed", str(error))
            outcome, reason = "crashed", str(error)
        trace, choices = self._trace(outcome, report is not None)
        return Recording(
            outcome,
            reason,
            report,
            trace,
            tuple(self._unheld),
            tuple(self._switches),
            self.decisions,
            choices,
        )

    def close(self) -> None:
        for task in self._tasks:
            if task.connection is not None:
                task.connection.close()
                task.connection = None

    # Parking ---------------------------------------------------------------------------------------------------------

    def _collect(self) -> None:
        """Wait until every task that runs, or is to come, has parked or is gone."""
        while self._running:
            task = self._running.pop(0)
            assert task.connection is not None
            try:
                body = frames.receive(task.connection, self._deadline)
            except TimeoutError:
                raise Stop("inconclusive", f"no end within {self.limits.real_time:g} s of real time") from None
            except ConnectionError:
                body = None
            if body is None:
                self._gone(task)
                continue
            self._received += len(body)
            if self._received > MOST_BYTES:
                raise Stop("limit", f"it sent more than {MOST_BYTES >> 20} MiB")
            self._park(task, wire.read_ask(body))

    def _refuse(self, task: RunTask, ask: wire.AnyAsk) -> None:
        """Raise WireError for what has the right types and yet no honest guest asks."""
        if not 0 <= ask.cost < 1e6:
            raise frames.WireError("an impossible amount of work")
        if isinstance(ask, wire.Hello) == task.came:
            raise frames.WireError("a task says hello first and once")
        task.came = True
        if isinstance(ask, wire.Done) and task.id != 0:
            raise frames.WireError("a report of a task that was asked nothing")
        if isinstance(ask, (wire.Join, wire.Poll)) and not all(0 <= n < len(self._tasks) for n in ask.tasks):
            raise frames.WireError("waiting for a task that does not exist")

    def _park(self, task: RunTask, ask: wire.AnyAsk) -> None:
        began = task.clock if self.strategy.timed else self._now
        self._refuse(task, ask)
        seconds = ask.ticks * self.machine.tick
        self._ticks += ask.ticks + ask.free
        self.strategy.parked(task.id, ask.ticks - ask.apart)
        self._charge(task, seconds)
        self._noted += sum(not isinstance(note, MEMORY) for note in ask.notes)
        if self._noted > self._most_events:
            raise Stop("limit", f"it did not come to an end within {self._most_events} events")
        if ask.took and self._choices and self._choices[-1].task == task.id:
            self._choices[-1].took.extend(ask.took)
        places = [self._next_step]
        for note in ask.notes:
            self._note(task, note, min(began + max(note.ticks, 0) * self.machine.tick, task.clock))
            places.append(self._next_step)
        task.places.append(tuple(places))
        task.owed = ask.cost
        self._pay(task)
        task.ask = ask
        task.asked = task.clock
        if self._ticks > self.limits.work:
            raise Stop(
                "limit",
                f"it did not come to an end within {self.limits.work} loop turns and function calls",
            )
        if isinstance(ask, wire.End):
            self._end(task, ask.code)

    def _pay(self, task: RunTask) -> None:
        """Charge stated work: all of it, or where time matters its next piece."""
        piece = min(task.owed, LUMP) if self.strategy.timed else task.owed
        task.owed -= piece
        if task.owed < 1e-12:
            task.owed = 0.0
        self._charge(task, piece)

    def _gone(self, task: RunTask) -> None:
        """The task's connection closed without a last ask: its process has died, or was told to."""
        if not task.alive:
            return
        if task.kind == "thread" and task.started is None:
            self._end(task, 0)  # the system refused the thread
            return
        if task.process == 0:
            raise Stop("crashed", GONE)
        if not task.came and task.kind == "process" and task.method != "fork":
            # The launcher started it, and nothing of the program has run in it yet.
            raise Stop("inconclusive", "the grader could not start one of the program's processes")
        self._end(self._tasks[task.process], -9)

    # Choosing --------------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        """One decision and its effect."""
        candidates, self._known = self._known or self._candidates(), []
        if not candidates:
            raise Stop("deadlock", "nothing in the program can go on")
        if self.decisions >= self.limits.operations:
            raise Stop("limit", f"it did not come to an end within {self.limits.operations} operations")
        choice = self.strategy.choose(candidates, self)
        self._now += self.strategy.leap()
        usual = stay(candidates, self)
        if choice.task != usual.task:
            self._switches.append(Switch(self.decisions, choice.task))
        task = self._tasks[choice.task]
        if not self.strategy.timed:
            self._choices.append(self._choice(task, candidates))
        self.decisions += 1
        self._row = self._row + 1 if choice.task == self.last else 0
        self.last = choice.task
        if task.owed:
            self._pay(task)
            task.asked = task.clock
            if not any(one.polls for one in candidates):
                # All that has changed is when this task goes on: the others need not be asked again.
                self._known = [self._candidate(task) or one if one is choice else one for one in candidates]
            return
        if self.strategy.timed:
            task.clock = max(task.clock, choice.at)
            if task.polls > self.limits.processes:
                # Until somebody else acts it would hear the same: that takes as long, and not as many questions.
                task.clock = max(task.clock, min((one.at for one in candidates if one is not choice), default=0.0))
        else:
            self._now = max(self._now, choice.at)
            task.clock = self._now
        assert task.ask is not None
        self._take_effect(task, task.ask)
        self._collect()

    def _candidates(self) -> list[Candidate]:
        return [one for task in self._tasks if task.ask is not None and (one := self._candidate(task))]

    def _choice(self, task: RunTask, candidates: list[Candidate]) -> Choice:
        could_stay = any(one.task == self.last and one.due and not one.idle for one in candidates)
        return Choice(
            task.id,
            tuple(one.task for one in candidates if one.task != task.id),
            self.last if could_stay else None,
            getattr(task.ask, "timeout", None) is not None,
            len(self._events),
            [],
        )

    def _candidate(self, task: RunTask) -> Candidate | None:
        """Whether the task could go on, and when at the earliest."""
        ask = task.ask
        assert ask is not None
        kind = type(ask)
        if kind is wire.Done:
            return None
        start = task.clock if self.strategy.timed else self._now
        op = _OPS[kind]
        if task.owed:
            return Candidate(task.id, start, True, op, False)
        idle = kind is wire.Pause
        polls = False
        if isinstance(ask, wire.Sleep):
            # Even a sleep of no length is a wish to let others go first.
            at, idle = task.asked + bounded(ask.seconds), True
        elif isinstance(ask, wire.Fetch):
            at = task.asked + (self._site.answer(ask.url).latency if self._site else 0.0)
        else:
            freed = self._freed(ask)
            if freed is not None and not self._too_late(task, freed):
                polls = task.id == self.last and self._row >= LONGEST_ROW
                at = max(start, freed) if self.strategy.timed else start
                return Candidate(task.id, at, True, op, idle or polls, polls)
            timeout = getattr(ask, "timeout", None)
            if timeout is None:
                return None
            # Asking whether each of its children has ended is not yet waiting in a loop.
            polls = task.polls > self.limits.processes
            at, idle = task.asked + bounded(timeout), timeout > 0 or polls
        return Candidate(task.id, max(at, start), at <= start or self.strategy.timed, op, idle, polls)

    def _blocked(self) -> tuple[Blocked, ...]:
        found = []
        for task in self._tasks:
            ask = task.ask
            if ask is None or isinstance(ask, wire.Done) or self._candidate(task) is not None:
                continue
            op, resource = _OPS[type(ask)], ""
            holders: tuple[int, ...] = ()
            if isinstance(ask, wire.Acquire):
                resource, holders = ask.id, tuple(self._semaphores[ask.id].holders)
            elif isinstance(ask, wire.Wait):
                resource, holders = ask.id, (ask.holder,) if 0 <= ask.holder < len(self._tasks) else ()
            elif isinstance(ask, wire.Join):
                resource, holders = ",".join(f"task:{number}" for number in ask.tasks), tuple(ask.tasks)
            elif isinstance(ask, (wire.Receive, wire.Send)):
                reading = isinstance(ask, wire.Receive)
                channel = self._pipes.reads(ask.handle) if reading else self._pipes.writes(ask.handle)
                resource = channel.name if channel else ""
            elif isinstance(ask, wire.Poll):
                names = [channel.name for handle in ask.handles if (channel := self._pipes.reads(handle))]
                resource = ",".join(names + [f"task:{number}" for number in ask.tasks])
            elif isinstance(ask, wire.Accept):
                resource = ask.address
            found.append(Blocked(task.id, op, resource, ask.line, ask.via, holders))
        return tuple(found)


def _read_report(body: bytes) -> wire.Report:
    try:
        return msgspec.msgpack.decode(body, type=wire.Report)
    except frames.MALFORMED as error:
        raise frames.WireError(f"not a report: {error}") from None


__all__ = ["Conductor", "Recording"]
