"""What tasks share and wait for, as the conductor keeps it: semaphores (every lock is one), parked library locks,
pipes, and listening places. Each knows when it became free and which step freed it, so that whoever waited is later
than the cause of going on."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Semaphore:
    """A lock, RLock or semaphore. ``holders`` are the tasks that took it and have not released it, oldest first."""

    value: int
    most: int
    freed: float = 0.0
    cause: int | None = None
    holders: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Parking:
    """A library lock with waiters: each wake lets one go on."""

    permits: int = 0
    freed: float = 0.0
    cause: int | None = None


@dataclass(slots=True)
class Message:
    data: bytes
    sent: float
    cause: int


@dataclass(slots=True)
class Channel:
    """One direction of a pipe, which holds so many bytes before its writer must wait. ``reader`` and ``writer`` are
    the handles of its ends."""

    name: str
    most: int
    reader: int
    writer: int
    messages: deque[Message] = field(default_factory=deque)
    size: int = 0

    def has_room(self, size: int) -> bool:
        return self.size + size <= self.most


class Pipes:
    """All pipes of a run. A *handle* is an end of a pipe; processes hold it open, each as many times as it has it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._reads: dict[int, Channel] = {}
        self._writes: dict[int, Channel] = {}
        self._holders: dict[int, Counter[int]] = {}
        self._open: dict[int, int] = {}  # how often each handle is held, all processes together
        self._made = 0

    IN_TRANSIT = -1
    """Stands for a process that holds a handle: a message does."""

    def open(self, first: int, second: int, duplex: bool, process: int) -> None:
        """``first`` reads what ``second`` writes, and the other way round if duplex."""
        for handle in (first, second):
            if handle in self._holders:
                raise ValueError(f"handle {handle} is in use")
            self._holders[handle] = Counter({process: 1})
            self._open[handle] = 1
        self._made += 1
        forth = Channel(f"pipe {self._made}", self._most, first, second)
        self._reads[first] = self._writes[second] = forth
        if duplex:
            back = Channel(f"pipe {self._made} back", self._most, second, first)
            self._reads[second] = self._writes[first] = back

    def inherit(self, parent: int, child: int) -> None:
        """A fork copies every handle."""
        for handle, holders in self._holders.items():
            copies = holders[parent]
            if copies:
                holders[child] += copies
                self._open[handle] += copies

    def hold(self, handle: int, process: int) -> None:
        if handle in self._holders:
            self._holders[handle][process] += 1
            self._open[handle] += 1

    def drop(self, handle: int, process: int) -> None:
        holders = self._holders.get(handle)
        if holders is not None and holders[process] > 0:
            holders[process] -= 1
            self._open[handle] -= 1

    def drop_all(self, process: int) -> None:
        for handle, holders in self._holders.items():
            self._open[handle] -= holders.pop(process, 0)

    def reads(self, handle: int) -> Channel | None:
        return self._reads.get(handle)

    def writes(self, handle: int) -> Channel | None:
        return self._writes.get(handle)

    def at_end(self, handle: int) -> bool:
        """Nothing is left to read and nobody is left who could write."""
        channel = self._reads.get(handle)
        if channel is None:
            return True
        return not channel.messages and not self._open[channel.writer]

    def broken(self, channel: Channel) -> bool:
        """Nobody is left who could read."""
        return not self._open[channel.reader]

    def readable(self, handle: int) -> Message | bool:
        """The message that is next, True at the channel's end, False where a reader must wait."""
        channel = self._reads.get(handle)
        if channel is not None and channel.messages:
            return channel.messages[0]
        return self.at_end(handle)
