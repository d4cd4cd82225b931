"""Which location an access is, if it is one: what the marks of the student's code call.

A *variable* is a global or a closure cell. An *attribute* is one that an object keeps itself, in its dict or a slot, or
plain data that its class keeps for all; methods, properties and whatever a class computes are not. An *item* is one of
a list, a deque, a bytearray or a dict, by an index or a key of the interpreter's own types. To find out, no code of the
program's is run: no ``__eq__`` or ``__hash__`` of a key, no ``__getattr__``, no metaclass.
"""

from __future__ import annotations

import io
import sys
from abc import ABCMeta
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType, SimpleNamespace
from typing import Any, TypeAlias

from autograder.world.guest import memory, runtime
from autograder.world.guest.marks import (
    ATTR,
    CALLED,
    CALLS,
    CELL,
    GLOBAL,
    HOLD,
    IN,
    ITEM,
    KEY,
    KEY_OF,
    OF,
    PUT,
    READ,
    SEVERAL,
)
from autograder.world.guest.memory import Location

# Variables ------------------------------------------------------------------------------------------------------------


def of_global(name: str, store: int, line: int) -> None:
    location = memory.variables.get(name)
    if location is None:
        location = memory.variables[name] = Location("Global", name)
    memory.touch(location, store, line)


def of_cell(reader: Callable[[], Any], name: str, store: int, line: int) -> None:
    """``reader`` is a function that has the variable in its closure; it is never called."""
    cells: Any = reader.__closure__
    if cells:
        owner = memory.owner_of(cells[0], name)
        if owner is not None:
            location = owner.attributes.get("") or memory.location_in(owner.attributes, "", "Nonlocal", name)
            if location is not None:
                memory.touch(location, store, line)


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
    owner = memory.known_owner(obj)
    # What was an attribute of the object's own once is memory.looked at no closer.
    found = owner.attributes.get(name) if owner is not None else None
    if found is None:
        found = _attribute(obj, name, store)
    _tell(found, store, line, site)


def with_attr(obj: Any, name: str, store: int, line: int, site: int) -> Any:
    if memory.several:
        found = _attribute(obj, name, store)
        _tell(found, store, line, site)
    return obj


def _attribute(obj: Any, name: str, store: int) -> Location | None:
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
    owner = memory.owner_of(obj, _type_name(cls))
    if owner is None:
        return None
    return owner.attributes.get(name) or memory.location_in(
        owner.attributes, name, "Attribute", f"{_type_name(cls)}.{name}"
    )


# Items ----------------------------------------------------------------------------------------------------------------

_KEYS = (int, str, bool, float, bytes, type(None))
"""Keys whose hash and comparison run no code of the program's."""

_sorts: dict[type, str] = {}


def of_item(obj: Any, key: Any, store: int, line: int, text: str, site: int) -> None:
    found = _item(obj, key, text)
    _grows(obj, key, store, line, text)
    _tell(found, store, line, site)


def with_item(obj: Any, key: Any, store: int, line: int, text: str, site: int) -> Any:
    if memory.several:
        found = _item(obj, key, text)
        _grows(obj, key, store, line, text)
        _tell(found, store, line, site)
    return obj


def with_key(obj: Any, key: Any, store: int, line: int, text: str, site: int) -> Any:
    if memory.several:
        found = _item(obj, key, text)
        _grows(obj, key, store, line, text)
        _tell(found, store, line, site)
    return key


def _item(obj: Any, key: Any, text: str) -> Location | None:
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
    owner = memory.owner_of(obj, text)
    if owner is None:
        return None
    return owner.items.get(key) or memory.location_in(owner.items, key, "Item", _item_name(owner.name, key))


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
    shown = _shown(key)
    return f"{owner}[{shown}]" if owner else f"item {shown}"


def _shown(key: Any) -> str:
    """A key as the program writes it, if it is short; a number with too many digits cannot be written at all."""
    if type(key) is tuple:
        return f"({', '.join(map(_shown, key[:3]))}{', …' if len(key) > 3 else ',' if len(key) == 1 else ''})"
    if type(key) is int and abs(key) >= 10**15:
        return "…"
    if type(key) in (str, bytes) and len(key) > 30:
        return f"{key[:27]!r}…"
    return repr(key)


# Contents -------------------------------------------------------------------------------------------------------------

_CONTAINERS = frozenset({list, dict, set, deque, defaultdict, OrderedDict, bytearray, io.BytesIO, io.StringIO})
_TABLES = frozenset({dict, defaultdict, OrderedDict})


def calls(obj: Any, store: int, line: int, text: str) -> None:
    """A method of the interpreter's own is about to change what is in a list, dict, set, deque or buffer, or to look at
    it."""
    if type(obj) in _CONTAINERS:
        _touch_contents(obj, store, line, text)
    else:
        memory.looked()


def called(obj: Any, store: int, line: int, text: str) -> Any:
    if memory.several:
        calls(obj, store, line, text)
    return obj


def _touch_contents(obj: Any, store: int, line: int, text: str) -> None:
    owner = memory.owner_of(obj, text)
    if owner is not None:
        name = owner.name or "its contents"
        found = owner.contents.get("") or memory.location_in(owner.contents, "", "Contents", name)
        if found is not None:
            memory.touch(found, store, line)


def _grows(obj: Any, key: Any, store: int, line: int, text: str) -> None:
    """A store of a key that is not there yet changes what is in a dict, and the order of it."""
    # Looking may compare keys of one hash, as the store itself is about to.
    if store and type(obj) in _TABLES and type(key) in _KEYS and key not in obj:
        _touch_contents(obj, store, line, text)


# Marks that find each other ------------------------------------------------------------------------------------------


def hold(obj: Any, text: str, site: int) -> Any:
    """The object whose key is about to be evaluated."""
    if memory.several and _sort(type(obj)):
        memory.pending[runtime.current].append((HOLDING + site, id(sys._getframe(1)), memory.owner_of(obj, text)))
    return obj


HOLDING = 1 << 40
"""Sites of objects are above this number, to be no others'."""


def held_key(key: Any, store: int, line: int, number: int, site: int) -> Any:
    if memory.several:
        owner = _take(HOLDING + number, id(sys._getframe(1)))
        obj = None if owner is None else owner.held if owner.weak is None else owner.weak()
        found = _item(obj, key, owner.name) if obj is not None else None
        if obj is not None:
            _grows(obj, key, store, line, owner.name)
        _tell(found, store, line, site)
    return key


def _tell(location: Location | None, store: int, line: int, site: int) -> None:
    """A mark's access; ``site`` where its store is to come. Called by the mark, which the program called."""
    if site < 0:
        memory.recent[runtime.current] = (site, location)
    elif site:
        memory.pending[runtime.current].append((site, id(sys._getframe(2)), location))
    if location is not None:
        memory.touch(location, store, line)
    else:
        memory.looked()


def put(site: int, line: int) -> None:
    """The store of an augmented assignment whose read came before."""
    if site < 0:
        number, location = memory.recent.pop(runtime.current, (0, None))
        location = location if number == site else None
    else:
        location = _take(site, id(sys._getframe(1)))
    if location is not None:
        memory.touch(location, 1, line)


def _take(site: int, frame: int) -> Any:
    """What the site left in this frame. Anything above is of evaluations that an exception ended."""
    pending = memory.pending[runtime.current]
    for place in range(len(pending) - 1, -1, -1):
        if pending[place][:2] == (site, frame):
            found = pending[place][2]
            while len(pending) > place:
                pending.pop()
            return found
    return None


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
    CALLS: calls,
    CALLED: called,
}
