"""What the operations of tasks do: to what they share, to the record, and to the tasks themselves.

An ask that was chosen takes effect here, in one step, and its task gets its go.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from autograder.model import Limits, Machine
from autograder.trace.events import Resource
from autograder.world import frames, wire
from autograder.world.http import Site
from autograder.world.machine import Cores
from autograder.world.record import Record, RunTask, Stop
from autograder.world.resources import Message, Parking, Pipes, Semaphore
from autograder.world.strategies import Strategy

Launch = Callable[[int, socket.socket], None]
"""Starts a process that does not come from a fork: the number of its task, and its end of a connection."""


class Effects(Record):
    """The state that tasks share, and how operations change it."""

    def __init__(
        self,
        strategy: Strategy,
        machine: Machine,
        limits: Limits,
        connection: socket.socket,
        site: Site | None,
        failing_write: int | None,
        launch: Launch | None,
    ) -> None:
        super().__init__(strategy, machine, limits, connection)
        self._site = site
        self._failing_write = failing_write
        self._launch = launch
        self._cores = Cores(machine)
        self._running: list[RunTask] = [self._tasks[0]]  # those that run or are to come
        self._semaphores: dict[str, Semaphore] = {}
        self._parking: dict[str, Parking] = {}
        self._pipes = Pipes(machine.pipe)
        self._places: dict[str, list[tuple[int, float, int]]] = {}
        self._listening: dict[str, int] = {}  # the process that opened each place
        self._fresh_handles = 1 << 40  # far from those that guests make
        self._written = 0
        self._writes = 0
        # By the kind of an ask: when what it waits for was there. The others wait for nothing.
        self._when: dict[type, Callable[[Any], float | None]] = {
            wire.Acquire: self._semaphore_freed,
            wire.Wait: self._woken,
            wire.Join: lambda ask: self._ended(ask.tasks),
            wire.Receive: lambda ask: self._readable([ask.handle]),
            wire.Poll: self._news,
            wire.Send: self._room,
            wire.Accept: self._called_on,
        }

    # What is free ----------------------------------------------------------------------------------------------------

    def _freed(self, ask: wire.AnyAsk) -> float | None:
        """When what the ask waits for was there; None: it is not."""
        when = self._when.get(type(ask))
        return 0.0 if when is None else when(ask)

    def _semaphore_freed(self, ask: wire.Acquire) -> float | None:
        semaphore = self._semaphores.get(ask.id)
        if semaphore is None:
            semaphore = self._semaphores[ask.id] = Semaphore(ask.value, ask.most)
            self._resources.setdefault(ask.id, Resource(ask.id, ask.kind))
        return semaphore.freed if semaphore.value > 0 else None

    def _woken(self, ask: wire.Wait) -> float | None:
        parking = self._parking.get(ask.id)
        return parking.freed if parking is not None and parking.permits > 0 else None

    def _news(self, ask: wire.Poll) -> float | None:
        times = [time for time in (self._ended(ask.tasks), self._readable(ask.handles)) if time is not None]
        return min(times) if times else None

    def _room(self, ask: wire.Send) -> float | None:
        channel = self._pipes.writes(ask.handle)
        if channel is None or self._pipes.broken(channel) or channel.has_room(len(ask.data)):
            return 0.0
        # A message larger than the pipe goes through while somebody reads at the other end, or watches for it.
        wanted = {
            handle
            for other in self._tasks
            if isinstance(other.ask, (wire.Receive, wire.Poll))
            for handle in ([other.ask.handle] if isinstance(other.ask, wire.Receive) else other.ask.handles)
        }
        waiting = any(self._pipes.reads(handle) is channel for handle in wanted)
        return 0.0 if waiting and not channel.messages else None

    def _called_on(self, ask: wire.Accept) -> float | None:
        callers = self._places.get(ask.address)
        return callers[0][1] if callers else None

    def _too_late(self, task: RunTask, freed: float) -> bool:
        """Whether what a task waits for comes after its limit of time: the end of another task is known as soon as that
        one will do nothing more, though by its clock it is yet to come."""
        if not self.strategy.timed:
            return False
        timeout = getattr(task.ask, "timeout", None)
        return timeout is not None and freed > task.asked + bounded(timeout)

    def _ended(self, tasks: list[int]) -> float | None:
        if len(tasks) == 1:  # as nearly all are
            return self._tasks[tasks[0]].ended
        return min((ended for number in tasks if (ended := self._tasks[number].ended) is not None), default=None)

    def _readable(self, handles: list[int]) -> float | None:
        times = []
        for handle in handles:
            ready = self._pipes.readable(handle)
            if ready:
                times.append(ready.sent if isinstance(ready, Message) else 0.0)
        return min(times) if times else None

    # Effects ---------------------------------------------------------------------------------------------------------

    def _take_effect(self, task: RunTask, ask: wire.AnyAsk) -> None:
        """Do what was asked, write it into the trace, and let the task go on."""
        task.clock += self.machine.operation
        if not self.strategy.timed:
            self._now = task.clock
        ready = True
        if isinstance(ask, (wire.Acquire, wire.Wait, wire.Join, wire.Poll)):
            freed = self._freed(ask)
            ready = freed is not None and not self._too_late(task, freed)
        task.polls = 0 if ready and not isinstance(ask, wire.Poll) else task.polls + 1
        match ask:
            case wire.Hello():
                task.started = task.clock
                self._event(task, "start", f"task:{task.id}", cause=task.create_step)
                payload, task.payload = task.payload, b""
                self._go(task, data=payload)
            case wire.Pause() | wire.Point():
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
                value = semaphore.value if semaphore else 0
                self._event(task, "look", ask.id, value=value)
                self._go(task, number=value)
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
                self._event(task, "sleep", "clock", value=bounded(ask.seconds))
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
                for place in range(min(ask.count, 100_000)):
                    index = ask.index + place * ask.step
                    self._event(task, "store" if ask.store else "read", ask.id, value=index)
                self._go(task)
            case wire.Fetch():
                self._fetch(task, ask)
            case wire.Kill():
                self._kill(task, ask)
            case _:
                raise frames.WireError(f"{type(ask).__name__} is out of place here")

    def _spawn(self, task: RunTask, ask: wire.Spawn) -> None:
        if len(self._tasks) > self.limits.processes:
            raise Stop("limit", f"it started more than {self.limits.processes} threads and processes")
        cost = self.machine.thread_start if ask.kind == "thread" else self.machine.process_start
        self._charge(task, cost)
        ours, theirs = socket.socketpair()
        number = len(self._tasks)
        process = task.process if ask.kind == "thread" else number
        new = RunTask(number, ask.name[:100], ask.kind, task.id, process, ours, ask.service, ask.daemon, ask.method)
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
                    raise Stop("inconclusive", "this world cannot start a fresh process")
                self._launch(number, theirs)
                self._go(task, number=number)
            else:
                self._go(task, number=number, fd=theirs.fileno())
        self._running.append(new)

    def _acquire(self, task: RunTask, ask: wire.Acquire) -> int | None:
        semaphore = self._semaphores[ask.id]
        waited = task.asked < semaphore.freed or semaphore.cause is not None
        semaphore.value -= 1
        semaphore.holders.append(task.id)
        return semaphore.cause if waited else None

    def _release(self, task: RunTask, id: str, at: float, line: int, via: str) -> None:
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

    def _joined(self, task: RunTask, ask: wire.Join, ready: bool) -> None:
        ended = [number for number in ask.tasks if ready and not self._tasks[number].alive]
        for number in ended:
            self._event(task, "join", f"task:{number}", value=True, cause=self._tasks[number].end_step)
        if not ended:
            self._event(task, "join", ",".join(f"task:{number}" for number in ask.tasks), value=False)
        first = self._tasks[ended[0]] if ended else None
        code = first.exitcode if first is not None and (first.killed or first.method not in ("", "fork")) else 0
        self._go(task, ok=ready, ready=ended, number=code or 0)

    def _write(self, task: RunTask, text: str) -> None:
        self._writes += 1
        if self._failing_write == self._writes:
            self._go(task, ok=False)
            return
        self._written += len(text.encode("utf-8", "replace"))
        if self._written > self.limits.output:
            raise Stop("limit", f"it wrote more than {self.limits.output} bytes")
        self._event(task, "write", "stdout", value=text)
        self._go(task)

    def _send(self, task: RunTask, ask: wire.Send) -> None:
        channel = self._pipes.writes(ask.handle)
        if channel is None or self._pipes.broken(channel):
            self._go(task, ok=False)
            return
        cause = self._event(task, "send", channel.name, value=len(ask.data))
        channel.messages.append(Message(ask.data, task.clock, cause))
        channel.size += len(ask.data)
        self._go(task)

    def _receive(self, task: RunTask, ask: wire.Receive) -> None:
        channel = self._pipes.reads(ask.handle)
        if channel is None or not channel.messages:
            self._event(task, "receive", channel.name if channel else "", value=-1)
            self._go(task, ok=False)
            return
        message = channel.messages.popleft()
        channel.size -= len(message.data)
        self._event(task, "receive", channel.name, value=len(message.data), cause=message.cause)
        self._go(task, data=message.data)

    def _poll(self, task: RunTask, ask: wire.Poll, ready: bool) -> None:
        hot = [handle for handle in ask.handles if ready and self._pipes.readable(handle)]
        ended = [number for number in ask.tasks if ready and not self._tasks[number].alive]
        names = [channel.name for handle in ask.handles if (channel := self._pipes.reads(handle))]
        names += [f"task:{number}" for number in ask.tasks]
        cause = self._tasks[ended[0]].end_step if ended else None
        self._event(task, "poll", ",".join(names), value=ready, cause=cause)
        # One list for both: handles as they are, tasks as -1 - number.
        self._go(task, ok=ready, ready=hot + [-1 - number for number in ended])

    def _connect(self, task: RunTask, address: str) -> None:
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

    def _fetch(self, task: RunTask, ask: wire.Fetch) -> None:
        if self._site is None:
            self._go(task, ok=False, text="the world of this run has no network")
            return
        answer = self._site.answer(ask.url)
        self._event(task, "request", ask.url, value=answer.status, method=ask.method)
        self._go(task, number=answer.status, data=answer.body, headers=dict(answer.headers))

    def _kill(self, task: RunTask, ask: wire.Kill) -> None:
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

    # Tasks -----------------------------------------------------------------------------------------------------------

    def _charge(self, task: RunTask, seconds: float) -> None:
        if self.strategy.timed:
            if seconds > 0:
                task.clock = self._cores.charge(task.process, task.clock, seconds)
        else:
            self._now += seconds
            task.clock = self._now
        task.work += seconds

    def _go(
        self,
        task: RunTask,
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
        frame = frames.pack(go)
        try:
            if fd is None:
                task.connection.sendall(frame)
            else:
                socket.send_fds(task.connection, [frame], [fd])
        except TimeoutError:
            raise Stop("inconclusive", f"no end within {self.limits.real_time:g} s of real time") from None
        except ConnectionError:
            pass  # seen as the end of the task when its next ask is awaited
        self._running.append(task)

    def _end(self, task: RunTask, code: int) -> None:
        if task.id == 0:
            raise Stop("crashed", "the main process was ended in the middle of the call")
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


def _without_last(held: list[tuple[str, int]], id: str) -> list[tuple[str, int]]:
    for index in range(len(held) - 1, -1, -1):
        if held[index][0] == id:
            return held[:index] + held[index + 1 :]
    return held


LONGEST_WAIT = 1e10
"""Seconds, beyond what Python's own locks accept as a time limit: any longer wait is this long."""


def bounded(seconds: float) -> float:
    """A length of time that can be reckoned with, for whatever number a guest sends."""
    # In this order, no number (NaN) counts as the longest.
    return 0.0 if seconds <= 0 else min(LONGEST_WAIT, seconds)
