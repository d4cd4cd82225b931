"""The messages between a guest and the conductor.

A task sends one *ask* and is parked until the conductor's *go* comes back, so on every connection there is at most one
message under way. What needs no answer (a lock released, a handle closed, text on standard error) travels as *notes*
inside the next ask: nothing else runs until then, so nobody could have seen it earlier.

Messages are msgpack arrays decoded into typed structs, never pickles; `frames` carries them. One that does not decode
ends the run: the guest is the student's side and may send anything.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from autograder.world.frames import MALFORMED, WireError

FIRST_PID = 4000
"""Process identifiers are this plus the number of the process's first task, so that a program that prints them prints
the same on every run."""

MOST_TOLD = 5_000
"""How often one process tells of the memory that its threads share."""

MOST_FILED = 8_000
"""How often one process tells of names in the run's folder."""

CURRENT = "the current folder/"
"""Begins the name of a process's current folder; what follows is the number of its main task, nothing for the first."""

Line = Annotated[int, Meta(ge=-1, le=1 << 24)]
Ticks = Annotated[int, Meta(ge=0)]
Index = Annotated[int, Meta(ge=0)]
Id = Annotated[str, Meta(max_length=500)]
Text = Annotated[str, Meta(max_length=20_000)]
Handle = Annotated[int, Meta(ge=0, lt=1 << 40)]
Tasks = Annotated[list[int], Meta(max_length=1_000)]
Handles = Annotated[list[int], Meta(max_length=1_000)]


# Notes ---------------------------------------------------------------------------------------------------------------


class Note(msgspec.Struct, array_like=True, tag=True, kw_only=True):
    """Something that has happened in a task since its last ask; ``ticks`` counts from that ask, ``line`` is in the
    student's file."""

    ticks: int = 0
    line: Line = 0
    via: Id = ""


class Made(Note):
    """A lock, semaphore or shared object came to be. ``process`` is the process it belongs to, -1: shared by all."""

    id: Id
    kind: Id
    value: int = 1
    most: int = 1
    process: int = -1


class Released(Note):
    id: Id


class Woke(Note):
    """A library lock was given to whoever waits for it."""

    id: Id


class Opened(Note):
    """A pipe came to be: ``first`` reads what ``second`` writes, and if ``duplex`` also the other way round."""

    first: Handle
    second: Handle
    duplex: bool


class Closed(Note):
    handle: int


class Deafened(Note):
    """A named place was closed: whoever connects to it is refused from now on."""

    address: str


class Packed(Note):
    """A handle was pickled: until it is unpickled somewhere it is held open by the message."""

    handle: int


class Unpacked(Note):
    handle: int


class Stderr(Note):
    text: str


class Died(Note):
    """A thread ended with an exception that nothing caught."""

    text: str


class Leaked(Note):
    """Something that has to be closed and waited for was left to the garbage collection; ``closed`` if it was closed
    at least."""

    what: str
    closed: bool = False


class Entered(Note):
    function: Id


class Left(Note):
    function: Id


class Unheld(Note):
    """The program used something that the world cannot hold."""

    what: str


class Named(Note):
    """Threads of this process share a variable, an attribute, an item, or what is in a list, dict, …; ``name`` is what
    the program calls it."""

    id: Id
    kind: Literal["Global", "Nonlocal", "Attribute", "Item", "Contents"]
    name: Id


class Touched(Note):
    """A read or store of such a location. Where ``task`` is not -1 it was made earlier, before anybody knew that the
    location is shared: by that task, after it had asked ``ask`` times and ``place`` of the notes of its next ask had
    come about; ``order`` tells apart what came at one such point."""

    id: Id
    store: bool
    task: int = -1
    ask: Index = 0
    place: Index = 0
    order: Index = 0


class Heard(Note):
    """A task learnt, inside of a library, what another had left at some point of its life (as in `Touched`): now, or
    where ``task`` is not -1 at an earlier point of that task's."""

    giver: int
    given_ask: Index
    given_place: Index
    given_order: Index
    task: int = -1
    ask: Index = 0
    place: Index = 0
    order: Index = 0


class Filed(Note):
    """What a name in the run's folder stands for was looked at, or changed: made, written to, renamed, removed."""

    name: Id
    changed: bool


AnyNote = (
    Made
    | Released
    | Woke
    | Opened
    | Closed
    | Deafened
    | Packed
    | Unpacked
    | Stderr
    | Died
    | Leaked
    | Entered
    | Left
    | Unheld
    | Named
    | Touched
    | Heard
    | Filed
)


# Asks ----------------------------------------------------------------------------------------------------------------


MOST_TAKEN = 200
"""Free locks of libraries that one ask tells of."""


class Ask(msgspec.Struct, array_like=True, tag=True, kw_only=True):
    """A request of one task. ``ticks`` is the work since its last go, charged to a core before the request is looked
    at (``apart`` of them do not count against the budget); ``cost`` the same in stated seconds; ``free`` are ticks
    inside a function of stated cost, which take no time but count against the limit of work. ``took`` are the locks
    inside libraries that were taken since the last go without asking, because they were free."""

    ticks: Ticks = 0
    apart: Ticks = 0
    cost: float = 0.0
    free: Ticks = 0
    line: Line = 0
    via: Id = ""
    notes: list[AnyNote] = []
    took: Annotated[list[Id], Meta(max_length=MOST_TAKEN)] = []


class Hello(Ask):
    """The first ask of every task."""


class Pause(Ask):
    """The budget of ticks is used up."""


class Point(Ask):
    """A place where another task may go on; nothing is asked for."""


class Spawn(Ask):
    """Create a task. The go brings its number and a connection for it. ``payload`` is given to a process that does
    not start by fork, with its first go."""

    kind: Literal["thread", "process"]
    name: str
    service: bool = False
    daemon: bool = False
    method: Literal["", "fork", "spawn", "forkserver"] = ""
    payload: bytes = b""


class End(Ask):
    """The task's last ask; no go comes back."""

    code: int = 0


class Join(Ask):
    """Wait until one of the tasks has ended; the go lists those that have."""

    tasks: Annotated[Tasks, Meta(min_length=1)]
    timeout: float | None = None


class Acquire(Ask):
    """``value`` is the lock's state as the process knows it, for a lock that the conductor has not met (the copy that
    a fork made)."""

    id: Id
    kind: Id
    timeout: float | None = None
    value: int = 1
    most: int = 1


class Count(Ask):
    """Read the value of a semaphore or lock."""

    id: Id


class Wait(Ask):
    """Wait for a library lock that is taken. ``holder`` is the task that has it, -1 if none is known."""

    id: Id
    timeout: float | None = None
    holder: int = -1


class Write(Ask):
    text: str


class Sleep(Ask):
    seconds: float


class Send(Ask):
    handle: int
    data: bytes


class Receive(Ask):
    handle: int


class Poll(Ask):
    """Wait until one of the handles can be read without waiting or one of the tasks has ended."""

    handles: Handles
    tasks: Tasks
    timeout: float | None = None


class Listen(Ask):
    """Open a named place that `Connect` reaches (multiprocessing.connection.Listener)."""

    address: str


class Accept(Ask):
    address: str


class Connect(Ask):
    address: str


class Access(Ask):
    """A read or store of ``count`` shared elements from ``index`` on, every ``step``-th."""

    id: Id
    store: bool
    index: Index
    count: Annotated[int, Meta(ge=1)] = 1
    step: Annotated[int, Meta(ge=1, le=1 << 40)] = 1


class Fetch(Ask):
    """An HTTP request."""

    method: str
    url: str


class Kill(Ask):
    task: int
    signal: int


class Done(Ask):
    """The command is carried out; ``report`` is a `Report`, packed. The go brings the next command."""

    report: bytes


AnyAsk = (
    Hello
    | Pause
    | Point
    | Spawn
    | End
    | Join
    | Acquire
    | Count
    | Wait
    | Write
    | Sleep
    | Send
    | Receive
    | Poll
    | Listen
    | Accept
    | Connect
    | Access
    | Fetch
    | Kill
    | Done
)


class Go(msgspec.Struct, array_like=True, omit_defaults=False):
    """The conductor's answer: go on, at virtual time ``now``, for ``budget`` ticks at most."""

    now: float = 0.0
    budget: int = 0
    ok: bool = True
    number: int = 0
    ready: list[int] = []
    data: bytes = b""
    text: str = ""
    headers: dict[str, str] = {}


# Commands and reports ------------------------------------------------------------------------------------------------


class Command(msgspec.Struct, array_like=True):
    """What the main task does next: import the module (``function`` empty) or call one of its functions. ``args`` and
    ``kwargs`` are in the form of `values`."""

    function: str = ""
    args: list[Any] = []
    kwargs: dict[str, Any] = {}


class Report(msgspec.Struct, array_like=True):
    """How a command ended. ``outcome`` is "returned", "raised" or "exited"; for an exception its type's names from
    itself to its bases, its text, and the line of the student's file where it came from; ``where`` is "syntax" for
    a file that does not compile."""

    outcome: Literal["returned", "raised", "exited", "missing"]
    value: Any = None
    args: list[Any] = []
    types: Annotated[list[Id], Meta(max_length=20)] = []
    message: Text = ""
    line: Annotated[int, Meta(ge=0, le=1 << 24)] = 0
    where: Id = ""
    code: bytes = b""  # after an import: the module as it was compiled, for the guests that follow


class Boot(msgspec.Struct):
    """Everything that a guest needs to know to start: sent by the judge's side through the launcher."""

    module: str
    source: bytes
    folder: str
    scratch: str
    task: int = 0
    cores: int = 4
    tick: float = 1e-7
    start_method: str = "fork"
    turns_only: bool = False
    whole_prints: bool = False
    costs: dict[str, float] = {}
    watch: list[str] = []
    points: bool | list[int] = False  # accesses of memory that threads share ask: all, or those in these lines
    file_points: bool = False  # operations on names in the folder ask
    imports: list[str] = []
    memory: int = 1 << 30
    cpu: int = 60
    processes: int = 256
    disk: int = 256 << 20
    files: int = 10_000
    code: bytes = b""  # the module compiled by an earlier guest; empty: compile the source
    child: bool = False  # a process started by spawn or forkserver: its work comes with its first go


_asks: msgspec.msgpack.Decoder[AnyAsk] = msgspec.msgpack.Decoder(AnyAsk)
_gos = msgspec.msgpack.Decoder(Go)


def read_ask(body: bytes) -> AnyAsk:
    """Raises `WireError` for anything that is not an ask."""
    try:
        return _asks.decode(body)
    except MALFORMED as error:
        raise WireError(f"not a message of a guest: {error}") from None


def read_go(body: bytes) -> Go:
    return _gos.decode(body)
