"""Processes as tasks, and what they share: ``multiprocessing`` on the conductor.

The library's own ``Process``, ``Pool``, ``Queue``, ``Manager`` and executors run unchanged on top of these:
``_multiprocessing.SemLock``, the three ``Popen`` classes, and `connections`. A fork is a real fork. Spawn and
forkserver have the meaning of the real ones (a fresh process, the module imported anew, the work unpickled) but not
their price: the launcher forks a guest that has imported nothing of the student's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from autograder.world import wire
from autograder.world.guest import connections, files, forks, held, runtime, threads
from autograder.world.guest.connections import Sentinel
from autograder.world.guest.locks import QUIET, made_by_student
from autograder.world.wire import FIRST_PID

_RECURSIVE = 0
_real_getpid, _real_kill = os.getpid, os.kill


def getpid() -> int:
    return FIRST_PID + runtime.process if runtime.active else _real_getpid()


def getppid() -> int:
    from multiprocessing import process

    parent = process.parent_process()
    return FIRST_PID - 1 if parent is None or parent.pid is None else parent.pid


class SemLock:
    """``_multiprocessing.SemLock``: the state is the conductor's, since processes share it."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, kind: int, value: int, maxvalue: int, name: str | None = None, unlink: bool = True) -> None:
        self._set(runtime.fresh_id("m"), kind, maxvalue)
        made = made_by_student().removeprefix(QUIET)
        runtime.note(wire.Made(id=self.handle, kind=made, value=value, most=maxvalue))
        self._value = value

    def _set(self, handle: str, kind: int, maxvalue: int) -> None:
        self.handle = handle
        self.kind = kind
        self.maxvalue = maxvalue
        self.name = None
        self._taken = 0
        self._owner = -1
        self._value = 1

    @classmethod
    def _rebuild(cls, handle: str, kind: int, maxvalue: int, name: None) -> SemLock:
        self = cls.__new__(cls)
        self._set(handle, kind, maxvalue)
        return self

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        if self.kind == _RECURSIVE and self._is_mine():
            self._taken += 1
            return True
        limit = (None if timeout is None else max(timeout, 0.0)) if block else 0.0
        got = not runtime.active or runtime.ask(wire.Acquire(id=self.handle, kind="", timeout=limit)).ok
        if got:
            self._owner = runtime.mine.task
            self._taken += 1
        return got

    def release(self) -> None:
        if self.kind == _RECURSIVE:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._taken > 1:
                self._taken -= 1
                return
        elif self._taken <= 0 and self.maxvalue < self.SEM_VALUE_MAX and self._get_value() >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        self._taken -= 1
        runtime.note(wire.Released(id=self.handle))

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *exc: object) -> None:
        self.release()

    def _after_fork(self) -> None:
        self._taken = 0

    def _is_mine(self) -> bool:
        return self._taken > 0 and self._owner == runtime.mine.task

    def _count(self) -> int:
        return self._taken

    def _get_value(self) -> int:
        return runtime.ask(wire.Count(id=self.handle)).number if runtime.active else self._value

    def _is_zero(self) -> bool:
        return self._get_value() == 0


def _sentinel(task: int) -> Sentinel:
    sentinel = Sentinel(FIRST_PID + task)
    sentinel.task = task
    return sentinel


def _launch_fork(self: Any, process: Any) -> None:
    import atexit
    import random
    from multiprocessing import util

    go, fd = runtime.ask_for_fd(_spawn_of(process, "fork"))
    _adopt(self, go.number)
    real = forks.fork()
    if real:
        assert fd is not None
        os.close(fd)
        self._real_pid = real
        return
    code = 1
    try:
        assert fd is not None
        threads.in_child()
        files.in_child()
        runtime.forked(fd, go.number)
        random.seed(go.number)
        # From 3.12 on a child runs its exit functions through atexit; before, _bootstrap does it.
        through_atexit = "_exit_function" not in process._bootstrap.__code__.co_names
        if through_atexit:
            atexit._clear()
            atexit.register(util._exit_function)  # type: ignore[attr-defined]
        try:
            code = process._bootstrap(parent_sentinel=_sentinel(0))
        finally:
            if through_atexit:
                atexit._run_exitfuncs()
    finally:
        runtime.say_end(code)
        os._exit(code)


def _launch_fresh(self: Any, process: Any) -> None:
    import io
    from multiprocessing import reduction, spawn
    from multiprocessing.context import set_spawning_popen

    buffer = io.BytesIO()
    preparation = spawn.get_preparation_data(process._name)
    set_spawning_popen(self)
    try:
        reduction.dump(preparation, buffer)
        reduction.dump(process, buffer)
    finally:
        set_spawning_popen(None)
    message = _spawn_of(process, self.method)
    message.payload = buffer.getvalue()
    _adopt(self, runtime.ask(message).number)


def run_fresh(payload: bytes) -> int:
    """In a fresh guest: the process that was pickled in `_launch_fresh`. Returns its exit code."""
    import atexit
    import io
    import pickle
    from multiprocessing import process, spawn, util

    stream = io.BytesIO(payload)
    current: Any = process.current_process()
    current._inheriting = True
    try:
        spawn.prepare(pickle.load(stream))
        target = pickle.load(stream)
    finally:
        del current._inheriting
    through_atexit = "_exit_function" not in target._bootstrap.__code__.co_names
    try:
        code: int = target._bootstrap(_sentinel(0))
    finally:
        if through_atexit:
            util._exit_function()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
    return code


def _spawn_of(process: Any, method: Any) -> wire.Spawn:
    return wire.Spawn(kind="process", name=str(process.name), daemon=bool(process.daemon), method=method)


def _adopt(popen: Any, task: int) -> None:
    files.parent = True
    popen.task = task
    popen.pid = FIRST_PID + task
    popen.sentinel = _sentinel(task)
    popen.finalizer = None
    popen._real_pid = None


def _wait(self: Any, timeout: float | None = None) -> int | None:
    if self.returncode is None:
        go = runtime.ask(wire.Join(tasks=[self.task], timeout=None if timeout is None else max(timeout, 0.0)))
        if not go.ok:
            return None
        code = go.number
        if self._real_pid is not None:
            try:
                _, status = os.waitpid(self._real_pid, 0)
            except ChildProcessError:  # another thread of this process was there first, and sets the code
                return self.returncode
            # A killed task ended in the world by its signal, and in reality by itself.
            code = code if code < 0 else os.waitstatus_to_exitcode(status)
        self.returncode = code
    result: int | None = self.returncode
    return result


def _poll(self: Any, flag: int = os.WNOHANG) -> int | None:
    if not hasattr(self, "task"):
        return None
    return _wait(self, 0.0 if flag == os.WNOHANG else None)


def _send_signal(self: Any, number: int) -> None:
    if self.returncode is None:
        runtime.ask(wire.Kill(task=self.task, signal=int(number)))


def _kill(pid: int, number: int) -> None:
    if not runtime.active:
        _real_kill(pid, number)
        return
    task = pid - FIRST_PID
    if task == runtime.process:
        held.unheld("a signal that the program sends to itself")
        os._exit(128 + number)
    if not runtime.ask(wire.Kill(task=task, signal=int(number))).ok:
        raise ProcessLookupError(3, "No such process")


def install() -> None:
    """Patch ``multiprocessing``. Must run before its modules beside ``process`` and ``context`` are used."""
    import _multiprocessing  # type: ignore[import-not-found]

    os.getpid, os.getppid = getpid, getppid
    os.kill = _kill
    module: Any = _multiprocessing
    module.SemLock = SemLock
    module.sem_unlink = lambda name: None
    connections.install()

    from multiprocessing import popen_fork, popen_forkserver, popen_spawn_posix, process, resource_tracker, synchronize

    # The tracker is a process of its own that cleans up names in the file system; there are none here.
    for name in ("register", "unregister", "ensure_running"):
        setattr(resource_tracker, name, lambda *args: None)
        setattr(resource_tracker._resource_tracker, name, lambda *args: None)
    resource_tracker.getfd = lambda: -1
    base: Any = synchronize.SemLock
    base._make_name = staticmethod(lambda: None)
    launches = {popen_fork: _launch_fork, popen_spawn_posix: _launch_fresh, popen_forkserver: _launch_fresh}
    for library, launch in launches.items():
        popen: Any = library.Popen
        popen._launch = launch
        popen.wait = _wait
        popen.poll = _poll
        popen._send_signal = _send_signal
        popen.close = lambda self: None
    threads._hash_by_order(process.BaseProcess)
    _ask_less()
    _tell_of_leaks()


def _ask_less() -> None:
    """What the library asks again and again without any news, once for all: the answers are the same."""
    from multiprocessing import pool, process

    library: Any = process
    clean_up = library._cleanup  # before each start

    def _cleanup() -> None:
        if not _all_run(library._children):
            clean_up()

    library._cleanup = _cleanup
    of_pools: Any = pool.Pool
    join_exited = of_pools._join_exited_workers

    def _join_exited_workers(workers: list[Any]) -> bool:
        return not _all_run(workers) and bool(join_exited(workers))

    of_pools._join_exited_workers = staticmethod(_join_exited_workers)
    # The thread that looks after the workers would also wake for each result, as long as nobody has fetched it, and
    # find nothing to do. That of a ThreadPool, which does the same work, does not.
    of_pools._get_sentinels = lambda self: [self._change_notifier._reader]


def _all_run(processes: Iterable[Any]) -> bool:
    """Whether not one of them has ended: a single question, also for many."""
    popens: list[Any] = [getattr(one, "_popen", None) for one in processes]  # the workers of a ThreadPool have none
    if not all(popen is not None and popen.returncode is None for popen in popens):
        return False
    return not popens or not runtime.ask(wire.Join(tasks=[popen.task for popen in popens], timeout=0.0)).ok


def _tell_of_leaks() -> None:
    """A Pool that nobody closes ends when its last reference goes: CPython warns, the trace says so too. And it says
    so of one that was closed and whose workers nobody waited for."""
    from contextlib import suppress
    from multiprocessing import pool

    real = pool.Pool.__del__

    def __del__(self: Any) -> None:
        state = getattr(self, "_state", None)
        if state == pool.RUN:
            runtime.note(wire.Leaked(what=type(self).__name__))
            self._state = pool.CLOSE
        elif state == pool.CLOSE and runtime.active:
            with suppress(AssertionError):  # in a child they are another process's children
                if any(worker.is_alive() for worker in list(self._pool)):
                    runtime.note(wire.Leaked(what=type(self).__name__, closed=True))
        real(self)

    pool.Pool.__del__ = __del__  # type: ignore[method-assign]
