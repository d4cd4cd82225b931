"""Threads as tasks: ``_thread``'s functions on the conductor, patched before ``threading`` is imported.

3.11 and 3.12 start a thread with ``start_new_thread`` and learn of its end from the "sentinel" lock that the
interpreter frees; 3.13 has ``start_joinable_thread`` and a handle. In both cases a join is an ask that names the task.
Thread identifiers are small numbers in order of creation, so that a program that prints them prints the same each time.
"""

from __future__ import annotations

import _thread
import os
import socket
import sys
import types
from collections.abc import Callable
from typing import Any

from autograder.world import wire
from autograder.world.guest import memory, runtime
from autograder.world.guest.locks import Lock

STACK = 512 * 1024
"""Bytes of stack for each thread: with the usual 8 MiB, a limit on address space would allow only a hundred."""

_real_start = _thread.start_new_thread
_idents = 1
_SERVICE_MODULES = frozenset({"multiprocessing.pool", "multiprocessing.queues", "multiprocessing.managers"})


class _Ident(_thread._local):
    value = 1


_ident = _Ident()


def get_ident() -> int:
    return _ident.value


class _End:
    """The end of a task, as what waits for it sees it."""

    def __init__(self, task: int) -> None:
        self.task = task
        self.done = False
        self.sentinel = _Sentinel(self)

    def wait(self, timeout: float | None) -> bool:
        ended = runtime.ask(wire.Join(tasks=[self.task], timeout=timeout)).ok
        if ended:
            memory.joined(self.task)
        return ended


class _Sentinel(Lock):
    """The lock that 3.11 and 3.12 free when a thread's state is gone. The thread takes it first, for itself; whoever
    takes it later waits for the thread's end."""

    def __init__(self, end: _End) -> None:
        super().__init__()
        self._kind = ""
        self._end = end
        self._locked = True

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._end.task == runtime.mine.task:
            self._locked = True
            return True
        limit = None if blocking and timeout < 0 else (timeout if blocking else 0.0)
        if runtime.active and self._locked and not self._end.wait(limit):
            return False
        self._locked = True
        return True

    def release(self) -> None:
        self._locked = False

    def locked(self) -> bool:
        return self._locked and not self._end.done

    def _at_fork_reinit(self) -> None:
        self._end = _End(runtime.mine.task)
        self._locked = False

    def __hash__(self) -> int:
        # threading keeps them in a set and waits in its order.
        return self._end.task


_ends: dict[int, _End] = {}


def _start(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], thread: Any) -> _End:
    """A new task that calls the function."""
    global _idents
    if not runtime.active:
        raise RuntimeError("can't start new thread")
    target = getattr(thread, "_target", None)
    module = getattr(target, "__module__", "") if target is not None else type(thread).__module__
    service = (module in _SERVICE_MODULES and getattr(target, "__name__", "") != "worker") or (
        type(thread).__name__ == "_ExecutorManagerThread"
    )
    name = getattr(thread, "name", None) or getattr(function, "__name__", "thread")
    message = wire.Spawn(kind="thread", name=str(name), service=service, daemon=bool(getattr(thread, "daemon", False)))
    go, fd = runtime.ask_for_fd(message)
    if fd is None:
        raise RuntimeError("can't start new thread")
    task = go.number
    end = _ends[task] = _End(task)
    _idents += 1
    ident = _idents

    def body() -> None:
        _ident.value = ident
        runtime.connect(socket.socket(fileno=fd), task)
        try:
            function(*args, **kwargs)
            runtime.point()
        except SystemExit:
            pass
        finally:
            end.done = True
            _ends.pop(task, None)
            runtime.say_end(0)

    memory.started(task)
    if thread is not None:
        _announce(thread, end, ident)
    try:
        _real_start(body, ())
    except RuntimeError:
        memory.joined(task)
        os.close(fd)  # tells the conductor that this task will not come
        raise
    return end


def _announce(thread: Any, end: _End, ident: int) -> None:
    """Let ``start()`` come back without waiting for the thread's first steps, which would order the two: set at once
    what the new thread is about to set itself."""
    import threading

    thread._started._flag = True
    thread._ident = thread._native_id = ident
    if hasattr(thread, "_tstate_lock"):
        thread._tstate_lock = end.sentinel
        if not thread.daemon:
            threading._shutdown_locks.add(end.sentinel)  # type: ignore[attr-defined]


def _thread_of(function: Callable[..., Any]) -> Any:
    """The Thread object whose bootstrap method this is, None for a function of ``_thread``'s own users."""
    owner = getattr(function, "__self__", None)
    return owner if hasattr(owner, "_started") else None


def start_new_thread(
    function: Callable[..., Any], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
) -> int:
    _start(function, tuple(args), dict(kwargs or {}), _thread_of(function))
    return _idents


class Handle:
    """3.13's ``_thread._ThreadHandle``."""

    def __init__(self) -> None:
        self.ident = 0
        self._end: _End | None = None
        self._set = False
        self._process = runtime.process

    def join(self, timeout: float | None = None) -> None:
        # One ask, as for the sentinel of 3.11 and 3.12: a schedule means the same on every version.
        if not self._set and self._end is not None and self._process == runtime.process:
            self._set = self._end.wait(None if timeout is None or timeout < 0 else timeout)

    def is_done(self) -> bool:
        if self._set or self._end is None:
            return self._set
        if self._process != runtime.process:
            return True  # a fork took only the thread that called it along
        if not runtime.active:
            return self._end.done
        self._set = self._end.wait(0.0)
        return self._set

    def _set_done(self) -> None:
        self._set = True


_handles: list[Handle] = []


def start_joinable_thread(function: Callable[[], Any], handle: Handle | None = None, daemon: bool = True) -> Handle:
    handle = handle if handle is not None else Handle()
    handle._process = runtime.process

    def begin() -> None:
        handle.ident = get_ident()
        function()

    begin.__name__ = getattr(function, "__name__", "thread")
    handle._end = _start(begin, (), {}, _thread_of(function))
    if not daemon:
        _handles.append(handle)
    return handle


def _shutdown() -> None:
    """Wait for the threads that are not daemons, as the interpreter does at its end."""
    while _handles:
        _handles.pop(0).join()


def _main_handle(ident: int) -> Handle:
    handle = Handle()
    handle.ident = ident
    return handle


def install() -> None:
    """Patch ``_thread``. Must run before ``threading`` is imported."""
    assert "threading" not in sys.modules, "threading was imported before the world was installed"
    # The import system's own locks stay real: they guard C-level state and are never waited for across a park.
    real = types.SimpleNamespace(**{name: getattr(_thread, name) for name in dir(_thread)})
    sys.modules["_frozen_importlib"]._thread = real  # type: ignore[attr-defined]
    patched: dict[str, Any] = {
        "allocate_lock": Lock,
        "allocate": Lock,
        "LockType": Lock,
        "lock": Lock,
        "start_new_thread": start_new_thread,
        "start_new": start_new_thread,
        "get_ident": get_ident,
        "get_native_id": get_ident,
        "_set_sentinel": lambda: (_ends.get(runtime.mine.task) or _End(runtime.mine.task)).sentinel,
        "_ThreadHandle": Handle,
        "start_joinable_thread": start_joinable_thread,
        "_get_main_thread_ident": lambda: 1,
        "_make_thread_handle": _main_handle,
        "_shutdown": _shutdown,
    }
    for name, value in patched.items():
        if hasattr(_thread, name):
            setattr(_thread, name, value)
    sys.modules["_queue"] = None  # type: ignore[assignment]
    _thread.stack_size(STACK)
    import threading

    threading._CRLock = None  # type: ignore[attr-defined]
    threading.excepthook = _excepthook
    _tell_of_flags(threading.Event)
    _hash_by_order(threading.Thread)


def _tell_of_flags(event: Any) -> None:
    """Whoever finds an event set comes after all that was done before it was set, though ``is_set`` takes no lock."""
    real = event.set

    def set_(self: Any) -> None:
        if runtime.several:
            self._given = memory.moment()
        real(self)

    def is_set(self: Any) -> bool:
        if runtime.several and self._flag:
            memory.hear(getattr(self, "_given", None))
        return bool(self._flag)

    set_.__name__, set_.__qualname__ = real.__name__, real.__qualname__
    is_set.__qualname__ = event.is_set.__qualname__
    event.set, event.is_set, event.isSet = set_, is_set, is_set


def _excepthook(args: Any, /) -> None:
    """A thread ended with an exception that nothing caught: for the trace, and for standard error as usual."""
    import traceback

    if args.exc_type is SystemExit:
        return
    name = args.thread.name if args.thread is not None else "?"
    runtime.note(wire.Died(text=f"{args.exc_type.__name__}: {args.exc_value}"[:1000]))
    text = "".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback))
    print(f"Exception in thread {name}:\n{text}", file=sys.stderr, end="")


def _hash_by_order(cls: type) -> None:
    """Give the class's objects a hash that is the same on every run, so that a set of them has one order."""
    counter = 0

    def __hash__(self: Any) -> int:
        nonlocal counter
        number: int | None = self.__dict__.get("_order")
        if number is None:
            counter += 1
            number = self.__dict__["_order"] = counter
        return number

    cls.__hash__ = __hash__  # type: ignore[assignment]


def in_child() -> None:
    """After a fork: no thread but the caller exists."""
    _ends.clear()
    _handles.clear()
    memory.in_child()
