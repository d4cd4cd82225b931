"""What a run leaves behind: tasks, and the events by which they touched each other and the outside.

A trace is the conductor's own record, in the order in which operations took effect; it is plain data, the same for the
same schedule on every machine. The questions asked of it (was this interleaved, who waits for whom) are the other
modules of this package: pure functions over these types.

An event has two times. A task *asks* for an operation and is then parked; the operation takes effect when the
conductor schedules it. Between ``asked`` and ``at`` lies what the operation waited for: a lock, another task's end, a
sleep, the latency of a request.

===========  ==================================  ==========================================================
op           resource                            value
===========  ==================================  ==========================================================
create       ``task:N``, the new task            its kind, "thread" or "process"
start        ``task:N``, the task itself         None
end          ``task:N``, the task itself         exit code (int); 0 for threads
raise        ``task:N``, the task itself         text of the exception that ended a thread ("ValueError: …")
join         ``task:N``, the task waited for     True, or False where the time ran out first
acquire      the lock or semaphore               True, or False where it was not had
release      the lock or semaphore               None
look         the same                            its value (int): read, or a release of what nobody held
wait         a condition, event, queue … inside  True, or False where the time ran out first
wake         the same                            None
write        ``stdout``                          the text
error        ``stderr``                          the text
read         a shared ``Value`` or ``Array``     the index read (int; 0 for a Value)
             what threads share, `PLAIN_KINDS`   0
store        the same                            the same
examine      ``file:NAME``, a name in the run's  None: it was looked at, or opened without a change
             folder
change       the same                            None: it was made, written to, renamed or removed
hear         nothing                             None: the task learns, inside of a library, what the task of
                                                 the ``cause`` had done until then
send         the channel                         size in bytes
receive      the channel                         size in bytes, or -1 at the channel's end
poll         the channels, joined by ","         True where one was ready
sleep        ``clock``                           the seconds asked for
request      the address                         the status of the answer (int); ``method`` holds "GET"
call         the function's name                 None: a watched function was entered
leave        the function's name                 None: it was left again
leak         what was left open ("Pool")         garbage collection ended it; True where it was closed before
return       ``task:0``                          None: the function under test came to its end
kill         ``task:N``                          the signal sent
===========  ==================================  ==========================================================
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

PLAIN_KINDS = frozenset({"Global", "Nonlocal", "Attribute", "Item", "Contents"})
"""Kinds of ordinary memory that threads of one process share. The trace has only the locations that at least two tasks
touched and at least one stored (or, with scheduling points on, those that asked), and of each task's accesses of one
location the first hundred or so. "Contents" is a list, dict, set or deque as a whole: what an ``append`` or a ``pop``
changes in one step. No race comes of it, but who does it first can matter."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thread of control. Task 0 is the main thread of the program; the others are numbered as they were created.

    ``process`` is the number of the task that is the main thread of the same process. ``service`` marks the helper
    threads that a library starts for itself (a Pool's handlers, a Queue's feeder), which no student asked for.
    Times are virtual seconds; a task that never ran, or never ended, has None.
    """

    id: int
    name: str
    kind: str  # "main", "thread" or "process"
    parent: int | None
    process: int
    service: bool = False
    daemon: bool = False
    method: str = ""  # the start method of a process: "fork", "spawn" or "forkserver"
    line: int = 0  # where the student's code created it
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    exitcode: int | None = None
    work: float = 0.0  # seconds of a core that it used


class Event(msgspec.Struct, frozen=True):
    """One operation that took effect. ``step`` counts the events of a run from 0.

    ``line`` is the line of the student's file that led to it (0 where a library acted for itself), ``via`` the library
    function that the student called there ("Queue.get"). ``cause`` is the step that made this one possible: the
    release before an acquire that had to wait, the end before a join, the create before a start. ``held`` are the
    locks that the task held at that moment, each with the step at which it got it, so that two accesses under one
    unbroken hold can be told from two accesses under two.

    A struct and no dataclass: a run has thousands of them, and making a frozen dataclass takes ten times as long.
    """

    step: int
    task: int
    op: str
    asked: float
    at: float
    resource: str = ""
    value: int | float | str | bool | None = None
    line: int = 0
    via: str = ""
    cause: int | None = None
    held: tuple[tuple[str, int], ...] = ()
    method: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """A lock, semaphore, channel or shared object. ``kind`` as the student knows it: "Lock", "RLock", "Value", …;
    ``line`` is where the student's code made it (0: a library did), ``process`` the process that a thread's lock
    belongs to (None for what processes share)."""

    id: str
    kind: str
    line: int = 0
    process: int | None = None
    name: str = ""  # of memory that threads share; all else is called what its line assigns it to


@dataclass(frozen=True, slots=True)
class Blocked:
    """A task that could not go on when nothing could: what it waits for and who could have given it."""

    task: int
    op: str
    resource: str
    line: int
    via: str = ""
    holders: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole run. ``returned`` is the step of the ``return`` event (None where the call never came to its end);
    ``alive`` are the tasks, beside main, that had not ended at that moment; ``waiting`` those of them that waited for
    what was not there, without a limit of time; ``blocked`` is filled in a deadlock."""

    tasks: tuple[Task, ...]
    events: tuple[Event, ...]
    resources: dict[str, Resource]
    returned: int | None = None
    alive: tuple[int, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    elapsed: float = 0.0  # virtual seconds from the call to its end
    cores: int = 4
    gil: bool = True
    waiting: tuple[Blocked, ...] = ()
