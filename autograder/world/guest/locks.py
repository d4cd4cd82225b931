"""``_thread``'s lock, on the conductor.

Two kinds in one class. A lock that the student's code made is *visible*: every acquire asks, so the conductor can
switch there and knows who holds what. A lock inside a library (a queue's mutex, a pool's bookkeeping) is taken without
asking while it is free, which is safe because only one task runs at a time; only waiting asks. Which kind a lock is, is
decided where it is made: by the frame that called the constructor, or the ``Condition``, ``Event`` … around it.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from autograder.world import wire
from autograder.world.guest import memory, runtime

_ROOMS = frozenset(
    {
        "threading",
        "queue",
        "multiprocessing.synchronize",
        "multiprocessing.context",
        "multiprocessing.sharedctypes",
        __name__,
        "autograder.world.guest.processes",
    }
)
"""Modules whose objects belong to whoever constructs them."""


_HANDING = frozenset(f"{owner}.__init__" for owner in ("Condition", "Semaphore", "Event", "Queue", "_PySimpleQueue"))
"""What in a library hands something over from thread to thread. Other locks inside of libraries keep threads apart, and
say nothing of who should come first."""


def _hands_over() -> bool:
    """Whether the lock that is being constructed is for handing over."""
    frame: FrameType | None = sys._getframe(2)
    found = False
    while frame is not None and frame.f_code.co_name in ("RLock", "__init__"):
        owner = frame.f_code.co_qualname
        if owner == "Thread.__init__":
            return False  # that the thread has begun is no news, and versions differ in who looks
        found = found or owner in _HANDING
        frame = frame.f_back
    return found


QUIET = "-"
"""What only guards a library's bookkeeping: who comes to it first, a program can't tell."""


def made_by_student() -> str:
    """What the student's code is constructing ("Lock", "Condition", …); "" if a library does; or `QUIET`."""
    frame: FrameType | None = sys._getframe(1)
    name = ""
    while frame is not None:
        code = frame.f_code
        if code.co_filename == runtime.student_file:
            return name or "Lock"
        module = frame.f_globals.get("__name__", "")
        if module not in _ROOMS:
            return ""
        if module.startswith(("multiprocessing.", "autograder.")):
            # Lock.__init__ inside Value inside BaseContext.Value: the outermost name that is not a method's.
            owner = code.co_qualname.rpartition(".")[0]
            if code.co_name == "__init__" and module == "multiprocessing.synchronize" and owner != "SemLock":
                name = owner
            elif module == "multiprocessing.sharedctypes" and code.co_name in ("Value", "Array"):
                name = code.co_name
        elif code.co_name == "__init__":
            # A thread's own `_started` event is the library's, a timer's `finished` the student's.
            owner = code.co_qualname.rpartition(".")[0]
            if owner == "Thread":
                return QUIET
            name = owner
        elif code.co_name == "RLock":
            name = "RLock"
        elif code.co_name == "_after_fork":
            return QUIET  # the list of threads
        else:
            return ""
        frame = frame.f_back
    return ""


class Lock:
    """What ``threading.Lock()`` gives in the world."""

    def __init__(self) -> None:
        kind = made_by_student()
        self._quiet = kind == QUIET
        self._kind = kind if runtime.active and not self._quiet else ""
        self._id = ""
        self._process = runtime.process
        self._locked = False
        self._waiters = 0
        self._holder = -1
        self._hands = bool(self._kind) or _hands_over()
        self.given: memory.Moment | None = None  # when it was last released, as far as that matters
        if self._kind:
            self._register(1)

    def _register(self, value: int) -> None:
        self._id = runtime.fresh_id("l")
        self._process = runtime.process
        runtime.note(wire.Made(id=self._id, kind=self._kind, value=value, process=runtime.process))

    def _copied(self) -> None:
        """A fork copied the lock: from here on it is another one, in the state it had, and nobody waits for it."""
        self._process = runtime.process
        self._waiters = 0
        self._id = ""
        self.given = None
        if self._kind and runtime.active:
            self._register(0 if self._locked else 1)

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        runtime.check_seconds(timeout)
        limit = None if blocking and timeout < 0 else (timeout if blocking else 0.0)
        if self._process != runtime.process:
            self._copied()
        if self._kind and runtime.active:
            self._waiters += 1
            got = runtime.ask(wire.Acquire(id=self._id, kind=self._kind, timeout=limit)).ok
            self._waiters -= 1
            self._locked = self._locked or got
            return got
        if not self._locked:
            self._locked = True
            self._holder = runtime.mine.task
            if runtime.active and not self._quiet:
                if not self._id:
                    self._id = runtime.fresh_id("w")
                runtime.took(self._id)
            if self._hands and runtime.several:
                memory.hear(self.given)
            return True
        if limit == 0.0 or not runtime.active:
            return False
        if not self._id:
            self._id = runtime.fresh_id("w")
        self._waiters += 1
        # A Condition takes a lock twice to wait for a notify: nobody holds that one.
        holder = self._holder if self._holder != runtime.mine.task else -1
        got = runtime.ask(wire.Wait(id=self._id, timeout=limit, holder=holder)).ok
        self._waiters -= 1
        if got:
            self._holder = runtime.mine.task
        return got

    def release(self) -> None:
        visible = self._kind and runtime.active
        if visible and not self._locked and self._process == runtime.process:
            # One release too many is an error only as long as nobody has taken the lock meanwhile: then it is that
            # one's hold that ends.
            runtime.ask(wire.Count(id=self._id))
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        if visible and runtime.freed:
            runtime.point()
        if self._process != runtime.process:
            self._copied()
        if self._hands and runtime.several:
            self.given = memory.moment()
        if self._kind and runtime.active:
            self._locked = False
            runtime.note(wire.Released(id=self._id))
            runtime.freed = runtime.freed or self._waiters > 0
        elif self._waiters:
            # Handed over: it stays locked, for one of those who wait.
            runtime.note(wire.Woke(id=self._id))
            runtime.woke = runtime.active
        else:
            self._locked = False

    acquire_lock, release_lock = acquire, release

    def locked(self) -> bool:
        if self._kind and runtime.active and self._process == runtime.process:
            runtime.ask(wire.Count(id=self._id))  # who looks comes before or after those who take it
        return self._locked

    locked_lock = locked

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *exc: object) -> None:
        self.release()

    def _at_fork_reinit(self) -> None:
        self._locked = False
        self._copied()

    def __repr__(self) -> str:
        return f"<{'locked' if self._locked else 'unlocked'} _thread.lock>"

    def __reduce__(self) -> Any:
        raise TypeError("cannot pickle '_thread.lock' object")
