"""Ordinary memory that threads share: variables, attributes and items, and who touches them.

The marks (see `marks`) tell of every access while a process has several threads. Nearly all of it is of no interest:
what one thread alone touches, or all only read. So each *location* begins as its first task's own, as in Eraser (Savage
et al., TOCS 1997), and becomes *shared* when at least two tasks have touched it and at least one of them stored. From
then on its accesses are told to the conductor, as notes, which change nothing in the order of the run. What was
remembered of the time before is told *late*, each access with the point of its task where it was made; the conductor
puts it into the trace there (`world.late`). Before a process has a second thread, and after all of them were joined,
every access is ordered with every other anyway: then nothing is told at all, and all is forgotten.

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
from abc import ABCMeta
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType, SimpleNamespace
from typing import Any, Literal, NamedTuple, TypeAlias

from autograder.world import wire
from autograder.world.guest import runtime
from autograder.world.guest.marks import ATTR, CELL, GLOBAL, HOLD, IN, ITEM, KEY, KEY_OF, OF, PUT, READ, SEVERAL

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

Kind: TypeAlias = Literal["Global", "Nonlocal", "Attribute", "Item"]


class Moment(NamedTuple):
    """A point in a task's life: after how many of its asks, and how many of the notes that go with the next one.
    ``order`` orders the moments of a process."""

    task: int
    ask: int
    place: int
    order: int


class Owner:
    """An object that has locations. ``held`` is the object itself where it cannot be referred to weakly."""

    __slots__ = ("attributes", "held", "items", "name", "weak")

    def __init__(self, weak: Any, held: Any, name: str) -> None:
        self.weak = weak
        self.held = held
        self.name = name
        self.attributes: dict[str, Location] = {}
        self.items: dict[Any, Location] = {}


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
_variables: dict[str, Location] = {}
_owners: dict[int, Owner] = {}
_strong: dict[int, Owner] = {}
_recent: dict[int, tuple[int, Location | None]] = {}  # by task: its last augmented read
_pending: defaultdict[int, deque[tuple[int, int, Any]]] = defaultdict(lambda: deque(maxlen=PENDING))
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
    """Give a module the functions that its marks call."""
    global _names
    _names = names
    names.update(MARKS)
    names[SEVERAL] = several


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
    _variables.clear()
    _recent.clear()
    _pending.clear()
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


def _looked() -> None:
    global _looks
    _looks += 1
    if _looks > LOOKS:
        _hush()


def _touch(location: Location, store: int, line: int) -> None:
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
    _touch(location, store, line)


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
        _note(wire.Named(id=location.id, kind=location.kind, name=location.name))


def _location(places: dict[Any, Location], key: Any, kind: Kind, name: str) -> Location | None:
    """A new location; None where there is no room for another one."""
    global _locations
    if _locations >= LOCATIONS:
        return None
    _locations += 1
    found = places[key] = Location(kind, name)
    return found


def _known_owner(obj: Any) -> Owner | None:
    owner = _owners.get(id(obj))
    if owner is not None and (owner.held is obj if owner.weak is None else owner.weak() is obj):
        return owner
    return None


def _owner_of(obj: Any, name: str) -> Owner | None:
    """What is known of an object; None where there is no room for another one."""
    global _objects
    owner = _known_owner(obj)
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


# Variables ------------------------------------------------------------------------------------------------------------


def of_global(name: str, store: int, line: int) -> None:
    location = _variables.get(name)
    if location is None:
        location = _variables[name] = Location("Global", name)
    _touch(location, store, line)


def of_cell(reader: Callable[[], Any], name: str, store: int, line: int) -> None:
    """``reader`` is a function that has the variable in its closure; it is never called."""
    cells: Any = reader.__closure__
    if cells:
        owner = _owner_of(cells[0], name)
        if owner is not None:
            location = owner.attributes.get("") or _location(owner.attributes, "", "Nonlocal", name)
            if location is not None:
                _touch(location, store, line)


# Attributes -----------------------------------------------------------------------------------------------------------

_Plan: TypeAlias = tuple[str, Any]  # "none", "own" (getter of the dict to look into first, or None) or "class"
_plans: tuple[dict[type, dict[str, _Plan]], ...] = ({}, {})  # of loads, of stores: by type, by name
_mro = type.__dict__["__mro__"].__get__
_dict = type.__dict__["__dict__"].__get__
_type_name = type.__dict__["__name__"].__get__
_flags = type.__dict__["__flags__"].__get__
_HEAP = 1 << 9  # Py_TPFLAGS_HEAPTYPE: made by a class statement
_HOOKS = ("__getattribute__", "__getattr__", "__setattr__", "__delattr__")
_METACLASSES = (type, ABCMeta)
"""Any other may compare and hash classes as it likes."""

_SIMPLE = (FunctionType, SimpleNamespace)
"""Types of the interpreter's own with attributes that a program may store."""


def of_attr(obj: Any, name: str, store: int, line: int, site: int) -> None:
    owner = _known_owner(obj)
    # What was an attribute of the object's own once is looked at no closer.
    found = owner.attributes.get(name) if owner is not None else None
    if found is None:
        found = _attribute_location(obj, name, store)
    if site < 0:
        _recent[runtime.current] = (site, found)
    elif site:
        _pending[runtime.current].append((site, id(sys._getframe(1)), found))
    if found is not None:
        _touch(found, store, line)
    else:
        _looked()


def with_attr(obj: Any, name: str, store: int, line: int, site: int) -> Any:
    if several:
        found = _attribute_location(obj, name, store)
        if site < 0:
            _recent[runtime.current] = (site, found)
        elif site:
            _pending[runtime.current].append((site, id(sys._getframe(1)), found))
        if found is not None:
            _touch(found, store, line)
        else:
            _looked()
    return obj


def _attribute_location(obj: Any, name: str, store: int) -> Location | None:
    """The location that the attribute is, if it is one: not for methods, properties, and what a class computes. Runs
    no code of the program's."""
    cls = type(obj)
    if type(cls) not in _METACLASSES:
        return None
    if cls is type:
        return _class_attribute(obj, name, store)
    # A store decides elsewhere than a load: what a class has of that name stands back behind the object's own.
    plans = _plans[store].setdefault(cls, {})
    plan = plans.get(name)
    if plan is None:
        plan = plans[name] = _planned(cls, name, store)
    what, detail = plan
    if what == "own" and (detail is None or name in detail(obj)):
        return _attribute_of(obj, name, cls)
    if what == "class" or (what == "own" and isinstance(_in_mro(cls, name)[1], _IMMUTABLE)):
        return _class_attribute(cls, name, READ)
    return None


_IMMUTABLE = (int, float, str, bytes, bool, tuple, list, dict, set, frozenset, type(None), deque)
"""What a class attribute must be to count as a variable: anything else may be a method, or compute itself."""


def _planned(cls: type, name: str, store: int) -> _Plan:
    nothing: _Plan = ("none", None)
    if name.startswith("__") and name.endswith("__"):
        return nothing
    if not _flags(cls) & _HEAP and cls not in _SIMPLE:
        return nothing
    mro = _mro(cls)
    if cls is not SimpleNamespace:
        for base in mro[:-1]:
            # Whoever decides for itself what an attribute is (a proxy, a thread's local data) is left alone.
            if any(hook in _dict(base) for hook in _HOOKS) and base is not FunctionType:
                return nothing
    holder, value = _in_mro(cls, name)
    if holder is None:
        return ("own", None)
    kind = type(value)
    if kind is MemberDescriptorType:
        return ("own", None)
    if _has(kind, "__set__") or _has(kind, "__delete__"):
        return nothing
    if store:
        return ("own", None)
    where = next((_dict(base)["__dict__"] for base in mro if "__dict__" in _dict(base)), None)
    if type(where) is GetSetDescriptorType:
        return ("own", where.__get__)
    return ("class", None) if isinstance(value, _IMMUTABLE) else nothing


def _in_mro(cls: type, name: str) -> tuple[type | None, Any]:
    for base in _mro(cls):
        if name in _dict(base):
            return base, _dict(base)[name]
    return None, None


def _has(cls: type, name: str) -> bool:
    return any(name in _dict(base) for base in _mro(cls))


def _class_attribute(cls: type, name: str, store: int) -> Location | None:
    if name.startswith("__") and name.endswith("__"):
        return None
    if store:
        # What is stored may change what the attribute of an object is.
        for plans in _plans:
            plans.clear()
        holder: type | None = cls
    else:
        holder, value = _in_mro(cls, name)
        if not isinstance(value, _IMMUTABLE):
            return None
    if holder is None or not _flags(holder) & _HEAP or type(holder) is not type:
        return None
    return _attribute_of(holder, name, holder)


def _attribute_of(obj: Any, name: str, cls: type) -> Location | None:
    owner = _owner_of(obj, _type_name(cls))
    if owner is None:
        return None
    return owner.attributes.get(name) or _location(owner.attributes, name, "Attribute", f"{_type_name(cls)}.{name}")


# Items ----------------------------------------------------------------------------------------------------------------

_KEYS = (int, str, bool, float, bytes, type(None))
"""Keys whose hash and comparison run no code of the program's."""

_sorts: dict[type, str] = {}


def of_item(obj: Any, key: Any, store: int, line: int, text: str, site: int) -> None:
    found = _item_location(obj, key, text)
    if site < 0:
        _recent[runtime.current] = (site, found)
    elif site:
        _pending[runtime.current].append((site, id(sys._getframe(1)), found))
    if found is not None:
        _touch(found, store, line)
    else:
        _looked()


def with_item(obj: Any, key: Any, store: int, line: int, text: str, site: int) -> Any:
    if several:
        found = _item_location(obj, key, text)
        if site < 0:
            _recent[runtime.current] = (site, found)
        elif site:
            _pending[runtime.current].append((site, id(sys._getframe(1)), found))
        if found is not None:
            _touch(found, store, line)
        else:
            _looked()
    return obj


def with_key(obj: Any, key: Any, store: int, line: int, text: str, site: int) -> Any:
    if several:
        found = _item_location(obj, key, text)
        if site < 0:
            _recent[runtime.current] = (site, found)
        elif site:
            _pending[runtime.current].append((site, id(sys._getframe(1)), found))
        if found is not None:
            _touch(found, store, line)
        else:
            _looked()
    return key


def hold(obj: Any, text: str, site: int) -> Any:
    """The object whose key is about to be evaluated."""
    if several and _sort(type(obj)):
        _pending[runtime.current].append((HOLDING + site, id(sys._getframe(1)), _owner_of(obj, text)))
    return obj


HOLDING = 1 << 40
"""Sites of objects are above this number, to be no others'."""


def held_key(key: Any, store: int, line: int, number: int, site: int) -> Any:
    if several:
        frame = sys._getframe(1)
        owner = _take(HOLDING + number, id(frame))
        obj = None if owner is None else owner.held if owner.weak is None else owner.weak()
        found = _item_location(obj, key, owner.name) if obj is not None else None
        if site < 0:
            _recent[runtime.current] = (site, found)
        elif site:
            _pending[runtime.current].append((site, id(frame), found))
        if found is not None:
            _touch(found, store, line)
        else:
            _looked()
    return key


def put(site: int, line: int) -> None:
    """The store of an augmented assignment whose read came before."""
    if site < 0:
        number, location = _recent.pop(runtime.current, (0, None))
        location = location if number == site else None
    else:
        location = _take(site, id(sys._getframe(1)))
    if location is not None:
        _touch(location, 1, line)


def _take(site: int, frame: int) -> Any:
    """What the site left in this frame. Anything above is of evaluations that an exception ended."""
    pending = _pending[runtime.current]
    for place in range(len(pending) - 1, -1, -1):
        if pending[place][:2] == (site, frame):
            found = pending[place][2]
            while len(pending) > place:
                pending.pop()
            return found
    return None


def _item_location(obj: Any, key: Any, text: str) -> Location | None:
    sort = _sort(type(obj))
    if not sort:
        return None
    kind = type(key)
    if sort == "row":
        if kind is not int:
            return None
        size = len(obj)
        key = key + size if key < 0 else key
        if not 0 <= key < size:
            return None
    elif kind is tuple:
        if not all(type(part) in _KEYS for part in key):
            return None
    elif kind not in _KEYS:
        return None
    owner = _owner_of(obj, text)
    if owner is None:
        return None
    return owner.items.get(key) or _location(owner.items, key, "Item", _item_name(owner.name, key))


def _sort(cls: type) -> str:
    """Whether objects of this type are rows of items, tables by keys, or neither ("")."""
    if cls is list:
        return "row"
    if cls is dict:
        return "table"
    if type(cls) not in _METACLASSES:
        return ""
    found = _sorts.get(cls)
    if found is None:
        found = ""
        for sort, bases in (("row", (list, deque, bytearray)), ("table", (dict, OrderedDict))):
            holders = {_in_mro(cls, name)[0] for name in ("__getitem__", "__setitem__", "__len__")}
            # One that answers for itself is marked where it does, if it is the program's.
            if issubclass(cls, bases) and holders <= {*bases}:
                found = sort
        _sorts[cls] = found
    return found


def _item_name(owner: str, key: Any) -> str:
    shown = repr(key)
    shown = shown if len(shown) <= 40 else f"{shown[:37]}..."
    return f"{owner}[{shown}]" if owner else f"item {shown}"


MARKS: dict[str, Any] = {
    SEVERAL: False,
    GLOBAL: of_global,
    CELL: of_cell,
    ATTR: of_attr,
    OF: with_attr,
    ITEM: of_item,
    IN: with_item,
    KEY_OF: with_key,
    HOLD: hold,
    KEY: held_key,
    PUT: put,
}
