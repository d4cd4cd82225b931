"""Ordinary memory that threads share: variables, attributes and items, and who touches them.

The marks (see `marks`, `accesses`) tell of every access while a process has several threads. Nearly all of it is of no
interest: what one thread alone touches, or all only read. So each *location* begins as its first task's own, as in
Eraser (Savage et al., TOCS 1997), and becomes *shared* when at least two tasks have touched it and at least one of them
stored. From then on its accesses are told to the conductor, as notes, which change nothing in the order of the run.
What was remembered of the time before is told *late*, each access with the point of its task where it was made; the
conductor puts it into the trace there (`world.late`). Before a process has a second thread, and after all of them were
joined, every access is ordered with every other anyway: then nothing is told at all, and all is forgotten.

With scheduling points on (`points`), an access *asks* instead, before it happens, so that a schedule can put another
task between a read and its store. Nothing is told late then: the trace is in the order in which things happened.

Threads also hand things over inside of libraries, where the conductor sees nothing as long as nobody waits: an
executor's queue that is not empty, a future that is done, an event that is set. Such a lock remembers who gave it back
last, and whoever takes it next *hears* of all that came before; those edges are told late too, once anything is shared.

Identity. A location belongs to an object, and an address may come back for another one, so objects are kept apart by
reference. Instances and classes are held by a weak reference: a program that looks at when its objects die sees no
difference. Lists, dicts, cells and objects without room for a weak reference are held by a strong one, at most `OWNERS`
of them; before every ask those that nobody else holds any more are let go, so that what dies with them dies before
anything visible happens. No address reaches a note: locations are numbered as they become shared.
"""

from __future__ import annotations

import sys
from _weakref import ref
from collections import defaultdict, deque
from typing import Any, Literal, NamedTuple, TypeAlias

from autograder.world import wire
from autograder.world.guest import runtime
from autograder.world.guest.marks import SEVERAL

ACCESSES = 100
"""Accesses of one location by one task that are told; what comes later is dropped, the same on every run."""

NOTES = wire.MOST_TOLD
"""What one process tells of its memory at most."""

EDGES = 2_000
"""Handovers that are remembered before anything is shared. After more of them nothing is told any more: an access whose
order is not known might look like a race."""

OWNERS = 500
"""Objects held by a strong reference."""

LOCATIONS = 20_000
"""Locations remembered at once, shared or not."""

BEFORE = 16
"""Accesses of one location remembered before it is shared, one for each task, line and kind."""

LOOKS = 400_000
"""Accesses that are looked at, each for a microsecond or so. A program that makes more of them while it has threads
would come nearer to its limit of CPU time than without marks; after so many it is left alone."""

PENDING = 64
"""Halves of accesses that wait for their others, for one task."""

Kind: TypeAlias = Literal["Global", "Nonlocal", "Attribute", "Item", "Contents"]


class Moment(NamedTuple):
    """A point in a task's life: after how many of its asks, and how many of the notes that go with the next one.
    ``order`` orders the moments of a process."""

    task: int
    ask: int
    place: int
    order: int


class Owner:
    """An object that has locations. ``held`` is the object itself where it cannot be referred to weakly."""

    __slots__ = ("attributes", "contents", "held", "items", "name", "weak")

    def __init__(self, weak: Any, held: Any, name: str) -> None:
        self.weak = weak
        self.held = held
        self.name = name
        self.attributes: dict[str, Location] = {}
        self.items: dict[Any, Location] = {}
        self.contents: dict[str, Location] = {}


class Location:
    __slots__ = ("counts", "first", "id", "kind", "many", "name", "seen", "shared", "stored")

    def __init__(self, kind: Kind, name: str) -> None:
        self.kind: Kind = kind
        self.name = name
        self.id = ""
        self.first = runtime.current
        self.many = self.stored = self.shared = False
        self.seen: dict[tuple[int, int, int], Moment] = {}
        self.counts: dict[int, int] = {}


class _Edge(NamedTuple):
    """Whoever was at ``taken`` knows from there on what had happened at ``given``."""

    given: Moment
    taken: Moment


several = False
"""Whether this process has threads beside the one that runs that nobody has joined yet."""

points: bool | frozenset[int] = False
"""Whether accesses ask: all of them, or those in these lines."""

_names: dict[str, Any] = {}  # of the student's module, which has a copy of the flag
_alive: set[int] = set()
variables: dict[str, Location] = {}
_owners: dict[int, Owner] = {}
_strong: dict[int, Owner] = {}
recent: dict[int, tuple[int, Location | None]] = {}  # by task: its last augmented read
pending: defaultdict[int, deque[tuple[int, int, Any]]] = defaultdict(lambda: deque(maxlen=PENDING))
_now = Moment(-1, 0, 0, 0)
_now_epoch = -1
_edges: list[_Edge] = []
_known: dict[tuple[int, int], int] = {}
_ids: dict[str, str] = {}  # of globals, which are the same ones after a while with one thread
_order = 0
_looks = 0
_locations = 0
_objects = 0
_made = 0
_told = 0
_edge_count = 0
_any_shared = False
_silent = False


# Threads --------------------------------------------------------------------------------------------------------------


def attach(names: dict[str, Any]) -> None:
    """Keep the flag in a module's namespace up to date, where the marks look at it."""
    global _names
    _names = names
    names[SEVERAL] = several


def has_threads() -> bool:
    """Whether this process has threads beside the one that runs that nobody has joined yet. Other than `several` also
    where nothing more is told of its memory."""
    return bool(_alive)


def started(task: int) -> None:
    """This process has one more thread."""
    _alive.add(task)
    _set_several(True)


def joined(task: int) -> None:
    """A thread has ended and another one knows. When all were joined, whoever is left comes after all of them."""
    _alive.discard(task)
    if several and not _alive:
        _set_several(False)
        forget()


def in_child() -> None:
    """After a fork: no thread but the caller exists, and all that was told was the parent's."""
    global _made, _told, _looks, _edge_count, _silent
    _alive.clear()
    _ids.clear()
    _made = _told = _looks = _edge_count = 0
    _silent = False
    _set_several(False)
    forget()


def _set_several(value: bool) -> None:
    global several
    several = runtime.several = value and not _silent
    if SEVERAL in _names:
        _names[SEVERAL] = several


def _hush() -> None:
    """Tell nothing more of this process."""
    global _silent
    _silent = True
    _set_several(False)
    forget()


def forget() -> None:
    """Drop all locations."""
    global _locations, _objects, _any_shared
    _locations = _objects = 0
    _any_shared = False
    variables.clear()
    recent.clear()
    pending.clear()
    _edges.clear()
    _known.clear()
    _owners.clear()
    _strong.clear()


# Handing over ---------------------------------------------------------------------------------------------------------


def moment() -> Moment:
    """A new moment: the running task gives something over, or takes it."""
    global _order, _now_epoch
    _order += 1
    _now_epoch = -1
    return Moment(runtime.current, runtime.asked, runtime.noted(), _order)


def _this_moment() -> Moment:
    """The same one until something happens that others could tell apart from it."""
    global _now, _now_epoch
    if _now_epoch != runtime.epoch:
        _now = moment()
        _now_epoch = runtime.epoch
    return _now


def hear(given: Moment | None) -> None:
    """The running task has learnt what another one left at this moment."""
    global _edge_count
    if given is None or not several or given.task == runtime.current:
        return
    if _known.get((runtime.current, given.task), -1) >= given.order:
        return
    _known[runtime.current, given.task] = given.order
    if points:
        _note(wire.Heard(giver=given.task, given_ask=given.ask, given_place=given.place, given_order=given.order))
        return
    edge = _Edge(given, moment())
    _edge_count += 1
    if _any_shared:
        _tell_edge(edge)
    elif _edge_count > EDGES:
        _hush()
    else:
        _edges.append(edge)


def _tell_edge(edge: _Edge) -> None:
    given, taken = edge
    _note(
        wire.Heard(
            giver=given.task,
            given_ask=given.ask,
            given_place=given.place,
            given_order=given.order,
            task=taken.task,
            ask=taken.ask,
            place=taken.place,
            order=taken.order,
        )
    )


def _note(message: wire.Named | wire.Touched | wire.Heard, line: int = 0) -> None:
    """Tell, as long as there is room. When there is none, nothing more is told of anything: an access or a handover
    that is missing would make others look wrong."""
    global _told
    if _silent:
        return
    _told += 1
    if _told > NOTES:
        _hush()
        return
    runtime.note_at(message, line)


# Accesses -------------------------------------------------------------------------------------------------------------


def looked() -> None:
    global _looks
    _looks += 1
    if _looks > LOOKS:
        _hush()


def touch(location: Location, store: int, line: int) -> None:
    global _any_shared, _looks
    _looks += 1
    if _looks > LOOKS:
        _hush()
        return
    if points and (points is True or line in points):
        _name(location)
        if not _silent:
            runtime.ask(wire.Access(id=location.id, store=store == 1, index=0, line=line))
        return
    current = runtime.current
    if location.shared:
        count = location.counts.get(current, 0)
        if count < ACCESSES:
            location.counts[current] = count + 1
            _note(wire.Touched(id=location.id, store=store == 1), line)
        return
    if store:
        location.stored = True
    if location.first != current:
        location.many = True
    if not (location.stored and location.many):
        now = _this_moment()
        key = (current, store, line)
        if location.seen.get(key) is not now and (len(location.seen) < BEFORE or key in location.seen):
            location.seen.pop(key, now)
            location.seen[key] = now
        return
    location.shared = True
    if not _any_shared:
        _any_shared = True
        for edge in [*_edges]:
            _tell_edge(edge)
        _edges.clear()
    _name(location)
    if not points:
        # Of one moment in the order in which they were first made there.
        for (_, before, at), seen in sorted(location.seen.items(), key=lambda item: item[1].order):
            task, ask, place, order = seen
            _note(wire.Touched(id=location.id, store=before == 1, task=task, ask=ask, place=place, order=order), at)
    location.seen.clear()
    touch(location, store, line)


def _name(location: Location) -> None:
    global _made
    if not location.id:
        known = _ids.get(location.name) if location.kind == "Global" else None
        if known is not None:
            location.id = known
            return
        _made += 1
        location.id = f"v{runtime.process}.{_made}"
        if location.kind == "Global":
            _ids[location.name] = location.id
        # A program may give a class a name of any length.
        _note(wire.Named(id=location.id, kind=location.kind, name=location.name[:200]))


def location_in(places: dict[Any, Location], key: Any, kind: Kind, name: str) -> Location | None:
    """A new location; None where there is no room for another one."""
    global _locations
    if _locations >= LOCATIONS:
        return None
    _locations += 1
    found = places[key] = Location(kind, name)
    return found


def known_owner(obj: Any) -> Owner | None:
    owner = _owners.get(id(obj))
    if owner is not None and (owner.held is obj if owner.weak is None else owner.weak() is obj):
        return owner
    return None


def owner_of(obj: Any, name: str) -> Owner | None:
    """What is known of an object; None where there is no room for another one."""
    global _objects
    owner = known_owner(obj)
    if owner is not None:
        return owner
    number = id(obj)
    if _objects >= LOCATIONS:
        return None
    _objects += 1
    try:
        owner = Owner(ref(obj), None, name)
    except TypeError:
        if len(_strong) >= OWNERS:
            return None
        owner = _strong[number] = Owner(None, obj, name)
    _owners[number] = owner
    return owner


def let_go() -> None:
    """Drop the objects that nobody else holds any more."""
    if _strong:
        for number, owner in list(_strong.items()):
            # What dies here may be an object of the program's whose end asks, and comes here again.
            if _strong.get(number) is owner and sys.getrefcount(owner.held) <= _OWN_REFERENCES:
                del _strong[number], _owners[number]
                owner.held = None


def _own_references() -> int:
    owner = Owner(None, [], "")
    return sys.getrefcount(owner.held)


_OWN_REFERENCES = _own_references()
runtime.before_ask = let_go
