"""Shared memory that tells of its accesses: the ``ctypes`` objects behind ``Value`` and ``Array``.

Every object made by ``multiprocessing.sharedctypes`` is of a subclass of its type whose reads and stores ask first.
``Value.value += 1`` is then what it is: a read and a store, each a place where another process may come between. The
wrapped forms (``Synchronized``) go through the same objects, the raw ones are them.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any

from autograder.world import wire
from autograder.world.guest import runtime

_types: dict[Any, Any] = {}


def _cell(obj: Any) -> tuple[str, int]:
    """The name of the object's memory, the same in every process that maps it, and the index of its first byte."""
    (arena, start, _), _ = obj._wrapper._state
    return f"{arena.name}@{start}", start


def _access(obj: Any, store: bool, places: range = range(1)) -> None:
    """Ask to read or store the elements at these places, in ascending order; no places, no access."""
    if runtime.active and places and getattr(obj, "_told", False):
        first, count, step = places[0], len(places), max(1, places.step)
        runtime.ask(wire.Access(id=_cell(obj)[0], store=store, index=first, count=count, step=step))


def _scalar(base: Any) -> Any:
    inner = base.value

    def get(self: Any) -> Any:
        _access(self, False)
        return inner.__get__(self)

    def put(self: Any, value: Any) -> None:
        _access(self, True)
        inner.__set__(self, value)

    return type(base.__name__, (base,), {"value": property(get, put)})


def _array(base: Any) -> Any:
    def places(self: Any, key: Any) -> range:
        if isinstance(key, slice):
            chosen = range(len(self))[key]
            return chosen if chosen.step > 0 else chosen[::-1]
        index = key.__index__()
        index += len(self) if index < 0 else 0
        # Out of range: the base class says so.
        return range(index, index + 1) if 0 <= index < len(self) else range(0)

    def get(self: Any, key: Any) -> Any:
        _access(self, False, places(self, key))
        return base.__getitem__(self, key)

    def put(self: Any, key: Any, value: Any) -> None:
        _access(self, True, places(self, key))
        base.__setitem__(self, key, value)

    def each(self: Any) -> Any:
        for index in range(len(self)):
            yield self[index]

    return type(base.__name__, (base,), {"__getitem__": get, "__setitem__": put, "__iter__": each})


def _told(type_: Any) -> Any:
    """The subclass of a type that tells of its accesses; the type itself where there is nothing to tell apart."""
    if type_ not in _types:
        if issubclass(type_, ctypes.Array):
            _types[type_] = _array(type_)
        elif issubclass(type_, ctypes._SimpleCData):
            _types[type_] = _scalar(type_)
        else:
            _types[type_] = type_
        _types[_types[type_]] = _types[type_]
    return _types[type_]


def _rebuild(type_: Any, wrapper: Any, length: int | None) -> Any:
    from multiprocessing import reduction

    plain = type_ * length if length is not None else type_
    told = _told(plain)
    reduction.ForkingPickler.register(told, _reduce)
    obj = told.from_buffer(wrapper.create_memoryview())
    obj._wrapper = wrapper
    obj._plain = plain
    obj._told = True
    return obj


def _reduce(obj: Any) -> Any:
    from multiprocessing.context import assert_spawning

    assert_spawning(obj)
    if isinstance(obj, ctypes.Array):
        array: Any = obj
        return _rebuild, (array._type_, array._wrapper, array._length_)
    return _rebuild, (obj._plain, obj._wrapper, None)


def _new_value(type_: Any) -> Any:
    """As the library's, with a note of what was made; telling starts when it is filled."""
    from multiprocessing import heap, sharedctypes

    wrapper = heap.BufferWrapper(ctypes.sizeof(type_))
    obj = sharedctypes.rebuild_ctype(type_, wrapper, None)  # type: ignore[attr-defined]
    kind = "Array" if isinstance(obj, ctypes.Array) else "Value"
    runtime.note(wire.Made(id=_cell(obj)[0], kind=kind))
    obj._told = False
    return obj


def _quiet(make: Any) -> Any:
    """``RawValue`` and ``RawArray`` fill what they make: that is not an access of the program's."""

    def made(*args: Any) -> Any:
        obj = make(*args)
        obj._told = True
        return obj

    made.__name__ = made.__qualname__ = make.__name__
    made.__module__ = make.__module__
    return made


class _NamedArena:
    """An arena in a file that keeps its name for the length of the run, so that a process started by spawn can map it
    without a descriptor being passed."""

    folder = "."

    def __init__(self, size: int, name: str | None = None) -> None:
        import mmap

        self.size = size
        self.fd = -1
        self.name = name or runtime.fresh_id("s")
        flags = os.O_RDWR | (os.O_CREAT if name is None else 0)
        fd = os.open(os.path.join(self.folder, self.name), flags, 0o600)
        try:
            if name is None:
                os.ftruncate(fd, size)
            self.buffer = mmap.mmap(fd, size)
        finally:
            os.close(fd)


def _reduce_arena(arena: _NamedArena) -> Any:
    return _NamedArena, (arena.size, arena.name)


def keep_in(folder: str) -> None:
    """Where this run's arenas lie."""
    _NamedArena.folder = folder


def install() -> None:
    """Patch ``multiprocessing``'s heap and the types that live in it."""
    from multiprocessing import heap, reduction, sharedctypes

    module: Any = heap
    module.Arena = _NamedArena
    reduction.register(_NamedArena, _reduce_arena)
    shared: Any = sharedctypes
    shared.rebuild_ctype = _rebuild
    shared.reduce_ctype = _reduce
    shared._new_value = _new_value
    shared.RawValue = _quiet(shared.RawValue)
    shared.RawArray = _quiet(shared.RawArray)
