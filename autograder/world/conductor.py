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
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from autograder.model import Limits, Machine
from autograder.trace.events import Blocked, Event, Resource, Task, Trace
from autograder.world import wire
from autograder.world.http import Site
from autograder.world.machine import LUMP, Cores
from autograder.world.resources import Message, Parking, Pipes, Semaphore
from autograder.world.strategies import Candidate, Strategy, Switch
from autograder.world.strategies.base import stay

EVENTS_PER_OPERATION = 20
"""The record of a run has at most so many events for each operation that its limits allow: one may read a whole array,
and watched calls are noted without asking. The judge keeps them all in memory."""

MOST_BYTES = 256 << 20
"""Bytes that the tasks of one run may send, all their messages together."""

LONGEST_WAIT = 1e10
"""Seconds, beyond what Python's own locks accept as a time limit: any longer wait is this long."""

LONGEST_ROW = 500
"""Operations in a row after which a task counts as idle: it may be waiting in a loop for what another must do."""


@dataclass(slots=True)
class _Task:
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

    @property
    def alive(self) -> bool:
        return self.end_step is None


@dataclass(frozen=True, slots=True)
class Recording:
    """One command carried out: how it ended, and its trace.

    ``outcome`` is "returned", "raised" or "exited" with the guest's ``report``, or "deadlock", "limit", "crashed",
    "inconclusive" with ``reason`` in words. ``switches`` is the schedule of the session so far;
    ``decisions`` how many choices it had.
    """

    outcome: str
    reason: str
    report: wire.Report | None
    trace: Trace
    unheld: tuple[str, ...]
    switches: tuple[Switch, ...]
    decisions: int


class _Stop(Exception):
    """The run can't go on: an outcome and its reason."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


Launch = Callable[[int, socket.socket], None]
"""Starts a process that does not come from a fork: the number of its task, and its end of a connection."""


class Conductor:
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
        self.strategy = strategy
        self.machine = machine
        self.limits = limits
        self.last = 0
        self.decisions = 0
        self._row = 0  # decisions in a row for the task that ran last
        self._site = site
        self._failing_write = failing_write
        self._launch = launch
        self._cores = Cores(machine)
        self._now = 0.0
        self._tasks: list[_Task] = [_Task(0, "MainThread", "main", None, 0, connection)]
        self._running: list[_Task] = [self._tasks[0]]
        self._semaphores: dict[str, Semaphore] = {}
        self._parking: dict[str, Parking] = {}
        self._pipes = Pipes()
        self._places: dict[str, list[tuple[int, float, int]]] = {}
        self._listening: dict[str, int] = {}  # the process that opened each place
        self._fresh_handles = 1 << 40  # far from those that guests make
        self._resources: dict[str, Resource] = {}
        self._events: list[Event] = []
        self._switches: list[Switch] = []
        self._unheld: dict[str, None] = {}
        self._written = 0
        self._received = 0
        self._noted = 0
        self._most_events = EVENTS_PER_OPERATION * limits.operations
        self._writes = 0
        self._ticks = 0
        self._first_event = 0
        self._begun = 0.0
        self._deadline = 0.0
        self._dead: _Stop | None = None

    # Commands ---------------------------------------------------------------------------------------------------------

    def carry_out(self, command: wire.Command) -> Recording:
        """Give the main task a command and conduct until it is done. After an outcome other than returned or raised,
        every further command ends in the same way at once."""
        self._first_event = len(self._events)
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
                raise _Stop("crashed", "the program ended before it was called")
            self._begun = main.clock
            self._go(main, data=msgspec.msgpack.encode(command))
            self._collect()
            while not isinstance(main.ask, wire.Done):
                self._step()
            report = _read_report(main.ask.report)
            self._event(main, "return", "task:0")
            outcome, reason = report.outcome, report.message
            if outcome == "exited":
                self._dead = _Stop("exited", reason)
        except _Stop as stop:
            self._dead = stop
            outcome, reason = stop.outcome, stop.reason
        except wire.WireError as error:
            self._dead = _Stop("crashed", str(error))
            outcome, reason = "crashed", str(error)
        return Recording(
            outcome,
            reason,
            report,
            self._trace(outcome, report is not None),
            tuple(self._unheld),
            tuple(self._switches),
            self.decisions,
        )

    def close(self) -> None:
        for task in self._tasks:
            if task.connection is not None:
                task.connection.close()
                task.connection = None

    # Parking ----------------------------------------------------------------------------------------------------------

    def _collect(self) -> None:
        """Wait until every task that runs, or is to come, has parked or is gone."""
        while self._running:
            task = self._running.pop(0)
            assert task.connection is not None
            try:
                body = wire.receive(task.connection, self._deadline)
            except TimeoutError:
                raise _Stop("inconclusive", f"no end within {self.limits.real_time:g} s of real time") from None
            except ConnectionError:
                body = None
            if body is None:
                self._gone(task)
                continue
            self._received += len(body)
            if self._received > MOST_BYTES:
                raise _Stop("limit", f"it sent more than {MOST_BYTES >> 20} MiB")
            self._park(task, wire.read_ask(body))

    def _refuse(self, task: _Task, ask: wire.AnyAsk) -> None:
        """Raise WireError for what has the right types and yet no honest guest asks."""
        if not 0 <= ask.cost < 1e6:
            raise wire.WireError("an impossible amount of work")
        if isinstance(ask, wire.Hello) == task.came:
            raise wire.WireError("a task says hello first and once")
        task.came = True
        if isinstance(ask, wire.Done) and task.id != 0:
            raise wire.WireError("a report of a task that was asked nothing")
        if isinstance(ask, (wire.Join, wire.Poll)) and not all(0 <= n < len(self._tasks) for n in ask.tasks):
            raise wire.WireError("waiting for a task that does not exist")

    def _park(self, task: _Task, ask: wire.AnyAsk) -> None:
        began = task.clock if self.strategy.timed else self._now
        self._refuse(task, ask)
        seconds = ask.ticks * self.machine.tick
        self._ticks += ask.ticks + ask.free
        self.strategy.parked(task.id, ask.ticks - ask.apart)
        self._charge(task, seconds)
        self._noted += len(ask.notes)
        if self._noted > self._most_events:
            raise _Stop("limit", f"it did not come to an end within {self._most_events} events")
        for note in ask.notes:
            self._note(task, note, min(began + max(note.ticks, 0) * self.machine.tick, task.clock))
        task.owed = ask.cost
        self._pay(task)
        task.ask = ask
        task.asked = task.clock
        if self._ticks > self.limits.work:
            raise _Stop(
                "limit",
                f"it did not come to an end within {self.limits.work} loop turns and function calls",
            )
        if isinstance(ask, wire.End):
            self._end(task, ask.code)

    def _charge(self, task: _Task, seconds: float) -> None:
        if self.strategy.timed:
            if seconds > 0:
                task.clock = self._cores.charge(task.process, task.clock, seconds)
        else:
            self._now += seconds
            task.clock = self._now
        task.work += seconds

    def _pay(self, task: _Task) -> None:
        """Charge stated work: all of it, or where time matters its next piece."""
        piece = min(task.owed, LUMP) if self.strategy.timed else task.owed
        task.owed -= piece
        if task.owed < 1e-12:
            task.owed = 0.0
        self._charge(task, piece)

    def _gone(self, task: _Task) -> None:
        """The task's connection closed without a last ask: its process has died, or was told to."""
        if not task.alive:
            return
        if task.kind == "thread" and task.started is None:
            self._end(task, 0)  # the system refused the thread
            return
        if task.process == 0:
            raise _Stop("crashed", "the program ended itself in the middle of the call (os._exit, or a crash)")
        self._end(self._tasks[task.process], -9)

    def _end(self, task: _Task, code: int) -> None:
        if task.id == 0:
            raise _Stop("crashed", "the main process was ended in the middle of the call")
        task.exitcode = code
        task.ended = task.clock
        task.end_step = self._event(task, "end", f"task:{task.id}", value=code)
        task.ask = None
        if task in self._running:
            self._running.remove(task)
        if task.connection is not None:
            task.connection.close()
            task.connection = None
        if task.process == task.id:
            for other in self._tasks:
                if other.process == task.id and other.alive:
                    other.clock = max(other.clock, task.clock)
                    self._end(other, code)
            self._pipes.drop_all(task.id)
            for address in [one for one, process in self._listening.items() if process == task.id]:
                self._close_place(address)

    def _close_place(self, address: str) -> None:
        """Nobody will accept there any more: who waits to be accepted finds the other end closed."""
        self._listening.pop(address, None)
        for handle, _, _ in self._places.pop(address, []):
            self._pipes.drop(handle, Pipes.IN_TRANSIT)

    # Choosing ---------------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        """One decision and its effect."""
        candidates = [c for task in self._tasks if task.ask is not None and (c := self._candidate(task))]
        if not candidates:
            raise _Stop("deadlock", "nothing in the program can go on")
        if self.decisions >= self.limits.operations:
            raise _Stop("limit", f"it did not come to an end within {self.limits.operations} operations")
        choice = self.strategy.choose(candidates, self)
        self._now += self.strategy.leap()
        usual = stay(candidates, self)
        if choice.task != usual.task:
            self._switches.append(Switch(self.decisions, choice.task))
        self.decisions += 1
        self._row = self._row + 1 if choice.task == self.last else 0
        self.last = choice.task
        task = self._tasks[choice.task]
        if task.owed:
            self._pay(task)
            task.asked = task.clock
            return
        if self.strategy.timed:
            task.clock = max(task.clock, choice.at)
        else:
            self._now = max(self._now, choice.at)
            task.clock = self._now
        assert task.ask is not None
        self._take_effect(task, task.ask)
        self._collect()

    def _candidate(self, task: _Task) -> Candidate | None:
        """Whether the task could go on, and when at the earliest."""
        ask = task.ask
        assert ask is not None
        if isinstance(ask, wire.Done):
            return None
        start = task.clock if self.strategy.timed else self._now
        op = type(ask).__name__.lower()
        if task.owed:
            return Candidate(task.id, start, True, op, False)
        idle = isinstance(ask, wire.Pause)
        at: float | None = None
        if isinstance(ask, wire.Sleep):
            # Even a sleep of no length is a wish to let others go first.
            at, idle = task.asked + _bounded(ask.seconds), True
        elif isinstance(ask, wire.Fetch):
            at = task.asked + (self._site.answer(ask.url).latency if self._site else 0.0)
        else:
            freed = self._freed(ask)
            if freed is not None:
                idle = idle or (task.id == self.last and self._row >= LONGEST_ROW)
                return Candidate(task.id, max(start, freed) if self.strategy.timed else start, True, op, idle)
            timeout = getattr(ask, "timeout", None)
            if timeout is None:
                return None
            # Asking whether each of its children has ended is not yet waiting in a loop.
            at, idle = task.asked + _bounded(timeout), timeout > 0 or task.polls > self.limits.processes
        return Candidate(task.id, max(at, start), at <= start or self.strategy.timed, op, idle)

    def _freed(self, ask: wire.AnyAsk) -> float | None:
        """When what the ask waits for was there; None: it is not."""
        if isinstance(ask, wire.Acquire):
            semaphore = self._semaphores.get(ask.id)
            if semaphore is None:
                semaphore = self._semaphores[ask.id] = Semaphore(ask.value, ask.most)
                self._resources.setdefault(ask.id, Resource(ask.id, ask.kind))
            return semaphore.freed if semaphore.value > 0 else None
        if isinstance(ask, wire.Wait):
            parking = self._parking.setdefault(ask.id, Parking())
            return parking.freed if parking.permits > 0 else None
        if isinstance(ask, wire.Join):
            return self._ended(ask.tasks)
        if isinstance(ask, wire.Receive):
            return self._readable([ask.handle])
        if isinstance(ask, wire.Poll):
            times = [time for time in (self._ended(ask.tasks), self._readable(ask.handles)) if time is not None]
            return min(times) if times else None
        if isinstance(ask, wire.Send):
            channel = self._pipes.writes(ask.handle)
            if channel is None or self._pipes.broken(channel) or channel.has_room(len(ask.data)):
                return 0.0
            # A message larger than the pipe goes through while somebody reads at the other end.
            waiting = any(
                isinstance(other.ask, wire.Receive) and self._pipes.reads(other.ask.handle) is channel
                for other in self._tasks
            )
            return 0.0 if waiting and not channel.messages else None
        if isinstance(ask, wire.Accept):
            waiting_here = self._places.get(ask.address, [])
            return waiting_here[0][1] if waiting_here else None
        return 0.0

    def _ended(self, tasks: list[int]) -> float | None:
        times = [ended for number in tasks if (ended := self._tasks[number].ended) is not None]
        return min(times) if times else None

    def _readable(self, handles: list[int]) -> float | None:
        times = []
        for handle in handles:
            ready = self._pipes.readable(handle)
            if ready:
                times.append(ready.sent if isinstance(ready, Message) else 0.0)
        return min(times) if times else None

    # Effects ----------------------------------------------------------------------------------------------------------

    def _take_effect(self, task: _Task, ask: wire.AnyAsk) -> None:
        """Do what was asked, write it into the trace, and let the task go on."""
        task.clock += self.machine.operation
        if not self.strategy.timed:
            self._now = task.clock
        ready = not isinstance(ask, (wire.Acquire, wire.Wait, wire.Join, wire.Poll)) or self._freed(ask) is not None
        task.polls = 0 if ready and not isinstance(ask, wire.Poll) else task.polls + 1
        match ask:
            case wire.Hello():
                task.started = task.clock
                self._event(task, "start", f"task:{task.id}", cause=task.create_step)
                payload, task.payload = task.payload, b""
                self._go(task, data=payload)
            case wire.Pause():
                self._go(task)
            case wire.Spawn():
                self._spawn(task, ask)
            case wire.Acquire():
                cause = self._acquire(task, ask) if ready else None
                step = self._event(task, "acquire", ask.id, value=ready, cause=cause)
                if ready:
                    task.held.append((ask.id, step))
                self._go(task, ok=ready)
            case wire.Count():
                semaphore = self._semaphores.get(ask.id)
                self._go(task, number=semaphore.value if semaphore else 0)
            case wire.Wait():
                parking = self._parking.setdefault(ask.id, Parking())
                if ready:
                    parking.permits -= 1
                self._event(task, "wait", ask.id, value=ready, cause=parking.cause if ready else None)
                self._go(task, ok=ready)
            case wire.Join():
                self._joined(task, ask, ready)
            case wire.Write():
                self._write(task, ask.text)
            case wire.Sleep():
                self._event(task, "sleep", "clock", value=_bounded(ask.seconds))
                self._go(task)
            case wire.Send():
                self._send(task, ask)
            case wire.Receive():
                self._receive(task, ask)
            case wire.Poll():
                self._poll(task, ask, ready)
            case wire.Listen():
                self._places.setdefault(ask.address, [])
                self._listening[ask.address] = task.process
                self._go(task)
            case wire.Connect():
                self._connect(task, ask.address)
            case wire.Accept():
                handle, _, cause = self._places[ask.address].pop(0)
                self._pipes.hold(handle, task.process)
                self._pipes.drop(handle, Pipes.IN_TRANSIT)
                self._event(task, "receive", ask.address, value=0, cause=cause)
                self._go(task, number=handle)
            case wire.Access():
                for index in range(ask.index, ask.index + max(1, min(ask.count, 100_000))):
                    self._event(task, "store" if ask.store else "read", ask.id, value=index)
                self._go(task)
            case wire.Fetch():
                self._fetch(task, ask)
            case wire.Kill():
                self._kill(task, ask)
            case _:
                raise wire.WireError(f"{type(ask).__name__} is out of place here")

    def _spawn(self, task: _Task, ask: wire.Spawn) -> None:
        if len(self._tasks) > self.limits.processes:
            raise _Stop("limit", f"it started more than {self.limits.processes} threads and processes")
        cost = self.machine.thread_start if ask.kind == "thread" else self.machine.process_start
        self._charge(task, cost)
        ours, theirs = socket.socketpair()
        number = len(self._tasks)
        process = task.process if ask.kind == "thread" else number
        new = _Task(number, ask.name[:100], ask.kind, task.id, process, ours, ask.service, ask.daemon, ask.method)
        new.line = ask.line
        new.created = new.clock = task.clock
        new.payload = ask.payload
        new.create_step = self._event(task, "create", f"task:{number}", value=ask.kind)
        self._tasks.append(new)
        fresh = ask.kind == "process" and ask.method != "fork"
        if ask.kind == "process" and not fresh:
            self._pipes.inherit(task.process, number)
        with theirs:
            if fresh:
                if self._launch is None:
                    raise _Stop("inconclusive", "this world cannot start a fresh process")
                self._launch(number, theirs)
                self._go(task, number=number)
            else:
                self._go(task, number=number, fd=theirs.fileno())
        self._running.append(new)

    def _acquire(self, task: _Task, ask: wire.Acquire) -> int | None:
        semaphore = self._semaphores[ask.id]
        waited = task.asked < semaphore.freed or semaphore.cause is not None
        semaphore.value -= 1
        semaphore.holders.append(task.id)
        return semaphore.cause if waited else None

    def _release(self, task: _Task, id: str, at: float, line: int, via: str) -> None:
        semaphore = self._semaphores.get(id)
        if semaphore is None:
            return
        owner = task.id if task.id in semaphore.holders else next(iter(semaphore.holders), None)
        if owner is not None:
            semaphore.holders.remove(owner)
            held = self._tasks[owner].held
            held[:] = _without_last(held, id)
        semaphore.value = min(semaphore.value + 1, semaphore.most)
        semaphore.freed = at
        semaphore.cause = self._event(task, "release", id, at=at, line=line, via=via)

    def _joined(self, task: _Task, ask: wire.Join, ready: bool) -> None:
        ended = [number for number in ask.tasks if not self._tasks[number].alive]
        for number in ended:
            self._event(task, "join", f"task:{number}", value=True, cause=self._tasks[number].end_step)
        if not ended:
            self._event(task, "join", ",".join(f"task:{number}" for number in ask.tasks), value=False)
        first = self._tasks[ended[0]] if ended else None
        code = first.exitcode if first is not None and (first.killed or first.method not in ("", "fork")) else 0
        self._go(task, ok=ready, ready=ended, number=code or 0)

    def _write(self, task: _Task, text: str) -> None:
        self._writes += 1
        if self._failing_write == self._writes:
            self._go(task, ok=False)
            return
        self._written += len(text.encode("utf-8", "replace"))
        if self._written > self.limits.output:
            raise _Stop("limit", f"it wrote more than {self.limits.output} bytes")
        self._event(task, "write", "stdout", value=text)
        self._go(task)

    def _send(self, task: _Task, ask: wire.Send) -> None:
        channel = self._pipes.writes(ask.handle)
        if channel is None or self._pipes.broken(channel):
            self._go(task, ok=False)
            return
        cause = self._event(task, "send", channel.name, value=len(ask.data))
        channel.messages.append(Message(ask.data, task.clock, cause))
        channel.size += len(ask.data)
        self._go(task)

    def _receive(self, task: _Task, ask: wire.Receive) -> None:
        channel = self._pipes.reads(ask.handle)
        if channel is None or not channel.messages:
            self._event(task, "receive", channel.name if channel else "", value=-1)
            self._go(task, ok=False)
            return
        message = channel.messages.popleft()
        channel.size -= len(message.data)
        self._event(task, "receive", channel.name, value=len(message.data), cause=message.cause)
        self._go(task, data=message.data)

    def _poll(self, task: _Task, ask: wire.Poll, ready: bool) -> None:
        hot = [handle for handle in ask.handles if self._pipes.readable(handle)]
        ended = [number for number in ask.tasks if not self._tasks[number].alive]
        names = [channel.name for handle in ask.handles if (channel := self._pipes.reads(handle))]
        names += [f"task:{number}" for number in ask.tasks]
        cause = self._tasks[ended[0]].end_step if ended else None
        self._event(task, "poll", ",".join(names), value=ready, cause=cause)
        # One list for both: handles as they are, tasks as -1 - number.
        self._go(task, ok=ready, ready=hot + [-1 - number for number in ended])

    def _connect(self, task: _Task, address: str) -> None:
        place = self._places.get(address)
        if place is None:
            self._go(task, ok=False)
            return
        first, second = self._fresh_handles, self._fresh_handles + 1
        self._fresh_handles += 2
        self._pipes.open(first, second, True, task.process)
        self._pipes.hold(second, Pipes.IN_TRANSIT)
        self._pipes.drop(second, task.process)
        place.append((second, task.clock, self._event(task, "send", address, value=0)))
        self._go(task, number=first)

    def _fetch(self, task: _Task, ask: wire.Fetch) -> None:
        if self._site is None:
            self._go(task, ok=False, text="the world of this run has no network")
            return
        answer = self._site.answer(ask.url)
        self._event(task, "request", ask.url, value=answer.status, method=ask.method)
        self._go(task, number=answer.status, data=answer.body, headers=dict(answer.headers))

    def _kill(self, task: _Task, ask: wire.Kill) -> None:
        victim = self._tasks[ask.task] if 0 <= ask.task < len(self._tasks) else None
        # Signal 0 only asks whether the process is there.
        if victim is None or not victim.alive or victim.process == task.process or not ask.signal:
            self._go(task, ok=victim is not None)
            return
        self._event(task, "kill", f"task:{victim.id}", value=ask.signal)
        victim.clock = max(victim.clock, task.clock)
        self._tasks[victim.process].killed = True
        self._end(self._tasks[victim.process], -ask.signal)
        self._go(task)

    # Notes ------------------------------------------------------------------------------------------------------------

    def _note(self, task: _Task, note: wire.AnyNote, at: float) -> None:
        """What a task did since its last go that needed no answer."""
        match note:
            case wire.Made():
                process = None if note.process < 0 else note.process
                self._resources.setdefault(note.id, Resource(note.id, note.kind, note.line, process))
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
                    raise wire.WireError(str(error)) from None
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
                    raise _Stop("limit", f"it wrote more than {self.limits.output} bytes")
                self._event(task, "error", "stderr", value=note.text, at=at, line=note.line, via=note.via)
            case wire.Died():
                self._event(task, "raise", f"task:{task.id}", value=note.text[:2000], at=at, line=note.line)
            case wire.Leaked():
                self._event(task, "leak", note.what[:100], at=at, line=note.line, via=note.via)
            case wire.Entered():
                self._event(task, "call", note.function, at=at, line=note.line)
            case wire.Left():
                self._event(task, "leave", note.function, at=at, line=note.line)
            case wire.Unheld():
                if len(self._unheld) < 50:
                    self._unheld[note.what[:200]] = None

    # The record -------------------------------------------------------------------------------------------------------

    def _event(
        self,
        task: _Task,
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
        ask = task.ask
        step = len(self._events)
        if step >= self._most_events:
            raise _Stop("limit", f"it did not come to an end within {self._most_events} events")
        self._events.append(
            Event(
                step,
                task.id,
                op,
                task.asked if at is None else at,
                task.clock if at is None else at,
                resource,
                value,
                line if line is not None else (ask.line if ask is not None else 0),
                via if via is not None else (ask.via if ask is not None else ""),
                cause,
                tuple(task.held),
                method,
            )
        )
        return step

    def _go(
        self,
        task: _Task,
        *,
        ok: bool = True,
        number: int = 0,
        ready: list[int] | None = None,
        data: bytes = b"",
        text: str = "",
        headers: dict[str, str] | None = None,
        fd: int | None = None,
    ) -> None:
        task.ask = None
        budget = self.strategy.budget(task.id)
        go = wire.Go(task.clock, budget, ok, number, ready or [], data, text, headers or {})
        assert task.connection is not None
        frame = wire.pack(go)
        try:
            if fd is None:
                task.connection.sendall(frame)
            else:
                socket.send_fds(task.connection, [frame], [fd])
        except TimeoutError:
            raise _Stop("inconclusive", f"no end within {self.limits.real_time:g} s of real time") from None
        except ConnectionError:
            pass  # seen as the end of the task when its next ask is awaited
        self._running.append(task)

    def _trace(self, outcome: str, returned: bool) -> Trace:
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
        events = _from(self._events, self._first_event)
        return Trace(
            tasks=tasks,
            events=events,
            resources=dict(self._resources),
            returned=len(events) - 1 if returned else None,
            alive=tuple(task.id for task in self._tasks[1:] if task.alive),
            blocked=self._blocked() if outcome == "deadlock" else (),
            elapsed=max(0.0, self._tasks[0].clock - self._begun),
            cores=self.machine.cores,
            gil=self.machine.gil,
        )

    def _blocked(self) -> tuple[Blocked, ...]:
        found = []
        for task in self._tasks:
            ask = task.ask
            if ask is None or isinstance(ask, wire.Done):
                continue
            op, resource = type(ask).__name__.lower(), ""
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


def _from(events: list[Event], first: int) -> tuple[Event, ...]:
    """The events of the last command alone, numbered from 0; causes before it are left out."""
    if first == 0:
        return tuple(events)
    return tuple(
        replace(
            event,
            step=event.step - first,
            cause=event.cause - first if event.cause is not None and event.cause >= first else None,
            held=tuple((lock, step - first) for lock, step in event.held),
        )
        for event in events[first:]
    )


def _without_last(held: list[tuple[str, int]], id: str) -> list[tuple[str, int]]:
    for index in range(len(held) - 1, -1, -1):
        if held[index][0] == id:
            return held[:index] + held[index + 1 :]
    return held


def _bounded(seconds: float) -> float:
    """A length of time that can be reckoned with, for whatever number a guest sends."""
    # In this order, no number (NaN) counts as the longest.
    return 0.0 if seconds <= 0 else min(LONGEST_WAIT, seconds)


def _read_report(body: bytes) -> wire.Report:
    try:
        return msgspec.msgpack.decode(body, type=wire.Report)
    except wire.MALFORMED as error:
        raise wire.WireError(f"not a report: {error}") from None
