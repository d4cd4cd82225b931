"""What became of the messages that went through pipes and queues.

A message on a pipe is *sent* and *received*. A ``multiprocessing.Queue`` puts a step before: ``put`` only lays the item
into the process's own buffer, and a helper thread, the queue's *feeder*, sends it through the pipe beneath, whenever it
comes to it and the pipe has room. So an item can be lost in three places: its process is ended before the feeder has
sent it; it is sent and never read; or its reader drops it, which no trace of messages shows. A process that has put
items waits at its end until its feeder has sent them all: who joins it before reading waits for ever as soon as they
are more than the pipe holds.

The record does not have what a message says, only its size, so a message goes by its place: the feeder sends in the
order of the puts. Messages that libraries send on their own (a Pool, a Manager) are left out, and so are queues
between threads, whose items lie in shared memory.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.trace.events import Blocked, Event, Trace

PUTS = frozenset({"Queue.put", "JoinableQueue.put"})
GIVES = PUTS | {"SimpleQueue.put", "Connection.send", "Connection.send_bytes"}
"""What a program calls to give a message away."""

END_MARK = 4
"""Bytes of a None on its way: it says that there is no more, and nobody misses it."""

FEEDER = "QueueFeederThread"
_READS = frozenset({"receive", "poll"})


@dataclass(frozen=True, slots=True)
class Message:
    """``put`` is the event with which the program gave it away, ``sent`` the one that brought it onto its pipe (the
    same, without a queue), ``received`` the one that took it off. None: that did not happen."""

    put: Event
    sent: Event | None = None
    received: Event | None = None


@dataclass(frozen=True, slots=True)
class Endless:
    """``waiting`` waits for a message that nobody sends. ``joiner`` is who waits for its end, if somebody does."""

    waiting: Blocked
    joiner: Blocked | None


@dataclass(frozen=True, slots=True)
class Undrained:
    """``joiner`` waits for the end of ``process`` (its first task), which waits until the last of its items, given at
    ``put``, has gone into a full pipe."""

    joiner: Blocked
    process: int
    put: Event | None


@dataclass(frozen=True, slots=True)
class Asking:
    """A task that asked ``times`` times in a row, beginning at ``first``, whether there was a message."""

    first: Event
    times: int


def messages(trace: Trace) -> tuple[Message, ...]:
    """The program's messages, in the order in which it gave them away."""
    received = {event.cause: event for event in trace.events if event.op == "receive" and event.cause is not None}
    feeders = dict(_feeders(trace))
    queues = {queue for _, queue in feeders.values()}
    waiting: defaultdict[tuple[int, str], deque[Event]] = defaultdict(deque)
    found: list[Message] = []
    for event in trace.events:
        if event.op == "acquire" and event.via in PUTS and event.value is True:
            if event.resource in queues or event.via == "Queue.put":
                waiting[trace.tasks[event.task].process, event.resource].append(event)
        elif event.op == "send":
            own = waiting[feeders[event.task]] if event.task in feeders else None
            put = own.popleft() if own else event
            if put.line > 0 and put.via in GIVES:
                found.append(Message(put, event, received.get(event.step)))
    found += [Message(put) for puts in waiting.values() for put in puts if put.line > 0]
    return tuple(sorted(found, key=lambda message: message.put.step))


def _feeders(trace: Trace) -> Iterator[tuple[int, tuple[int, str]]]:
    """Each queue's feeder that was started: its task, and its process with the semaphore of the queue, which every put
    takes first."""
    events = {event.step: event for event in trace.events}
    for event in trace.events:
        if event.op != "create" or event.via not in PUTS or event.value != "thread":
            continue
        for resource, step in event.held:
            since = events.get(step)
            if since is not None and since.via in PUTS and since.task == event.task:
                yield int(event.resource.removeprefix("task:")), (trace.tasks[event.task].process, resource)
                break


def unsent(trace: Trace) -> tuple[Message, ...]:
    """What was put into a queue and never left its process."""
    return tuple(message for message in messages(trace) if message.sent is None)


def unread(trace: Trace) -> tuple[Message, ...]:
    """What was sent and is still in its pipe."""
    return tuple(message for message in messages(trace) if message.sent is not None and message.received is None)


def is_end_mark(message: Message) -> bool:
    """Whether a message is as short as the None that says that there is no more."""
    return message.sent is not None and int(message.sent.value or 0) <= END_MARK


def asked_before(trace: Trace, task: int) -> Event | None:
    """The last question of a task that now waits for a message, if there was a message then: another reader has taken
    it in between."""
    asked = [event for event in trace.events if event.task == task and event.op == "poll" and event.line > 0]
    if asked and asked[-1].value is True and asked[-1].via.endswith((".empty", ".poll")):
        return asked[-1]
    return None


def undrained(trace: Trace) -> Undrained | None:
    """The deadlock of a join before the queue is read, if that is what ended the run."""
    for wait in trace.blocked:
        task = trace.tasks[wait.task]
        if wait.op != "send" or task.name != FEEDER:
            continue
        joiner = _joiner(task.process, trace.blocked)
        if joiner is not None and trace.tasks[joiner.task].process != task.process:
            stuck = [message.put for message in unsent(trace) if trace.tasks[message.put.task].process == task.process]
            return Undrained(joiner, task.process, stuck[-1] if stuck else None)
    return None


def endless(trace: Trace) -> Endless | None:
    """The first task that waits for a message for ever: somebody waits for its end, or the call has come back without
    it. Where all wait for messages of one another, nobody is named: that is a deadlock like others."""
    over = trace.returned is not None
    waits = trace.waiting if over else trace.blocked
    if over and set(trace.alive) - {wait.task for wait in waits}:
        return None  # somebody is still at work, and may yet send it
    for wait in waits:
        task = trace.tasks[wait.task]
        if task.id == 0 or task.service or wait.op not in _READS or wait.line <= 0:
            continue
        joiner = _joiner(task.id, waits)
        if over or joiner is not None:
            return Endless(wait, joiner)
    return None


def _joiner(task: int, waits: tuple[Blocked, ...]) -> Blocked | None:
    """Who waits for the end of a task."""
    name = f"task:{task}"
    return next((wait for wait in waits if wait.op in ("join", "poll") and name in wait.resource.split(",")), None)


def asking(trace: Trace) -> Asking | None:
    """The longest row of questions of one task, at one line, that all had to hear: no message is there. Sleeping in
    between makes it no better."""
    open_: dict[int, Asking] = {}
    longest: Asking | None = None
    for event in trace.events:
        if event.op == "poll" and event.value is False and event.line > 0 and "task:" not in event.resource:
            known = open_.get(event.task)
            same = known is not None and known.first.line == event.line
            now = Asking(known.first, known.times + 1) if known is not None and same else Asking(event, 1)
            open_[event.task] = now
            if longest is None or now.times > longest.times:
                longest = now
        elif event.op not in ("sleep", "acquire", "release"):
            open_.pop(event.task, None)
    return longest
