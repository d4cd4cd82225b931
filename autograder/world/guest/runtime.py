"""The guest's side of the conversation with the conductor, and the counting of ticks.

Only one task of a program runs at a time, so the counters are plain globals of the process: between a task's ask and
its go nobody else touches them, and whoever runs next gets a go of its own first.

Imported before anything imports ``threading``: nothing here may.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from _thread import TIMEOUT_MAX, _local
from collections.abc import Callable
from types import FrameType
from typing import Any

from autograder.world import frames, wire

HUGE = 1 << 60

student_file = "\0"
"""The file name that the student's code is compiled with."""

active = False
"""Whether this process has a conductor. Without one (while modules are imported in the launcher) nothing waits."""

process = 0
"""The number of the task that is this process's main thread."""

current = 0
"""The task that runs; its own go said so."""

asked = 0
"""How often it has asked until now."""

epoch = 0
"""Grows with every ask and every note."""

several = False
"""Whether `memory` looks at what threads share."""

freed = False
"""Whether the task has given back, since its last go, a lock that another one of this process waits for."""

woke = False
"""The same of a wait inside of a library: it woke another task."""


def _nothing() -> None:
    pass


before_ask: Callable[[], None] = _nothing
"""Called before every ask."""

tick = 1e-7
turns_only = False

left = 0  # ticks until the next pause
_budget = 0  # ticks given by the last go
_apart = 0  # ticks that count as work but not against the budget
_now = 0.0  # virtual time of the last go
_muted = 0  # how deep we are in functions of stated cost
_muted_left = 0
_notes: list[Any] = []
_took: dict[str, None] = {}
_made = 0


class _Mine(_local):
    """What each thread has of its own."""

    connection: socket.socket | None = None
    task = 0
    asks = 0


mine = _Mine()
connections: dict[int, socket.socket] = {}


def connect(connection: socket.socket, task: int) -> wire.Go:
    """Make this thread a task: says hello and waits to be let go on for the first time.

    The task that started this one still runs meanwhile, so until the go nothing of the shared state is touched.
    """
    mine.connection = connection
    mine.task = task
    mine.asks = 0
    connections[task] = connection
    return _exchange(connection, wire.Hello(), 0)[0]


def fresh_id(letter: str) -> str:
    """A name for a resource, unique in the run and the same on every run."""
    global _made
    _made += 1
    return f"{letter}{process}.{_made}"


def fresh_number() -> int:
    """A handle's number, unique in the run."""
    global _made
    _made += 1
    return process * 1_000_000 + _made


def check_seconds(seconds: float) -> None:
    """Refuse the lengths of time that the interpreter refuses."""
    if seconds != seconds:
        raise ValueError("Invalid value NaN (not a number)")
    if seconds > TIMEOUT_MAX:
        raise OverflowError("timestamp too large to convert to C _PyTime_t")


# Ticks ----------------------------------------------------------------------------------------------------------------


def turn() -> None:
    """One turn of a loop in the student's code."""
    global left
    if left <= 0:
        _out_of_budget()
    left -= 1


def entry() -> None:
    """A function of the student's code was entered."""
    global left, _apart
    if turns_only:
        _apart += 1
    else:
        if left <= 0:
            _out_of_budget()
        left -= 1


def turns(iterable: Any) -> Any:
    """The items of a comprehension's iterable, each with its tick. What cannot be iterated is refused at once, as a
    generator expression does."""
    return _turns(iter(iterable))


def _turns(iterator: Any) -> Any:
    for item in iterator:
        turn()
        yield item


def _out_of_budget() -> None:
    if active:
        ask(wire.Pause())
        if left <= 0:  # a budget of 0 asks for a pause at the next tick: this one
            ask(wire.Pause())


def now() -> float:
    """Virtual seconds since the program's start. Reading a clock costs a tick, so that a loop that waits for a time
    gets there."""
    global left, _apart
    if not active:
        return 0.0
    if turns_only:
        _apart += 1
    elif left <= 0:
        _out_of_budget()
    else:
        left -= 1
    return _now + (0 if _muted else _budget - left + _apart) * tick


def mute() -> None:
    """From here to `unmute` ticks take no time (they still count as work, or a loop could hide here for ever)."""
    global _muted, _muted_left, left
    if not _muted:
        _muted_left = left
        left = HUGE
    _muted += 1


def unmute() -> None:
    global _muted, left
    _muted -= 1
    if not _muted:
        left = _muted_left


# Asking ---------------------------------------------------------------------------------------------------------------


_SHOWN = {
    f"_ConnectionBase.{name}": f"Connection.{name}" for name in ("send", "recv", "poll", "send_bytes", "recv_bytes")
} | {"_result_or_cancel": "Executor.map", "_chain_from_iterable_of_lists": "ProcessPoolExecutor.map"}
"""Functions that the library keeps in a class that nobody knows, or that do the work of one that a program calls."""


def where() -> tuple[int, str]:
    """The line of the student's file that we are called from, and the library function it called there ("Queue.get");
    0 and "" where no student code is on the stack."""
    frame: FrameType | None = sys._getframe(2)
    inside: list[FrameType] = []
    while frame is not None:
        if frame.f_code.co_filename == student_file:
            return frame.f_lineno, _outermost(inside)
        inside.append(frame)
        frame = frame.f_back
    return 0, ""


def _outermost(frames: list[FrameType]) -> str:
    """Of the library functions on a part of the stack, innermost first, the one that was called first."""
    for frame in reversed(frames):
        name = frame.f_code.co_qualname
        if "<" not in name and not frame.f_globals.get("__name__", "").startswith("autograder."):
            return _SHOWN.get(name, name)[:300]
    return ""


def note(message: wire.AnyNote) -> None:
    """Tell the conductor with the next ask."""
    global epoch
    if active:
        message.ticks = 0 if _muted else _budget - left + _apart
        message.line, message.via = where()
        _notes.append(message)
        epoch += 1


def note_at(message: wire.AnyNote, line: int) -> None:
    """The same, where the line is known."""
    global epoch
    message.ticks = 0 if _muted else _budget - left + _apart
    message.line = line
    _notes.append(message)
    epoch += 1


def noted() -> int:
    """How many notes wait for the next ask."""
    return len(_notes)


def took(lock: str) -> None:
    """Tell with the next ask that a library's lock was taken: who comes to it first can matter."""
    if len(_took) < wire.MOST_TAKEN:
        _took[lock] = None


def ask(message: wire.AnyAsk) -> wire.Go:
    """Park this task until the conductor lets it go on."""
    return _ask(message)[0]


def point() -> None:
    """A place for those to go on whom the task has just let go on, where what it does next needs no ask.

    Between two asks a task is alone, so what it frees and what it does then would be one step for all others.
    """
    if (freed or woke) and active:
        ask(wire.Point())


def ask_for_fd(message: wire.AnyAsk) -> tuple[wire.Go, int | None]:
    """The same for an ask whose go brings a file descriptor."""
    return _ask(message, True)


def _ask(message: wire.AnyAsk, fd_wanted: bool = False) -> tuple[wire.Go, int | None]:
    connection = mine.connection
    if connection is None:
        raise RuntimeError("this thread was not started through the threading module")
    before_ask()
    muted = _muted
    if muted:
        message.ticks, message.free = _budget - _muted_left + _apart, HUGE - left
    else:
        message.ticks = _budget - left + _apart
    message.apart = _apart
    if not message.line:
        message.line, message.via = where()
    _tell(message)
    return _exchange(connection, message, muted, fd_wanted)


def _tell(message: wire.AnyAsk) -> None:
    """What happened since the last go goes along."""
    global _notes
    message.notes, _notes = _notes, []
    if _took:
        message.took = list(_took)
        _took.clear()


def _exchange(
    connection: socket.socket, message: wire.AnyAsk, muted: int, fd_wanted: bool = False
) -> tuple[wire.Go, int | None]:
    """Send an ask, wait for its go, and take over the counters."""
    global left, _budget, _apart, _now, _muted, _muted_left, current, asked, epoch, freed, woke
    try:
        connection.sendall(frames.pack(message))
        body, fd = frames.receive_with_fd(connection) if fd_wanted else (frames.receive(connection), None)
    except OSError:
        body, fd = None, None
    if body is None:
        # The conductor has ended this task (a kill, or the run is over).
        os._exit(1)
    go = wire.read_go(body)
    mine.asks += 1
    current, asked = mine.task, mine.asks
    freed = woke = False
    epoch += 1
    _muted, _budget, _apart, _now = muted, go.budget, 0, go.now
    if muted:
        _muted_left, left = go.budget, HUGE
    else:
        left = go.budget
    return go, fd


def say_end(code: int) -> None:
    """The task's last message; nobody answers it."""
    connection = mine.connection
    if connection is None:
        return
    # exit() hands on the low byte of its argument, sys.exit(True) and sys.exit(-1) included.
    message = wire.End(code=int(code) & 0xFF, ticks=0 if _muted else _budget - left + _apart)
    _tell(message)
    connections.pop(mine.task, None)
    mine.connection = None
    # From the moment that this is sent, another task may run.
    with contextlib.suppress(OSError):
        connection.sendall(frames.pack(message))
    connection.close()


def forked(fd: int, task: int) -> wire.Go:
    """In the child of a fork: leave the parent's connections and become a task of our own."""
    global process, _notes, _made, _muted, left
    for connection in connections.values():
        connection.close()
    connections.clear()
    process = task
    _notes = []
    _took.clear()
    _made = 0
    _muted = 0
    left = 0
    return connect(socket.socket(fileno=fd), task)
