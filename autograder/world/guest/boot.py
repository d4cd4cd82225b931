"""From a fresh interpreter to a guest: `prepare` once in the launcher, `run` in every fork of it.

`prepare` patches and imports everything that a guest may need, so that a run costs a fork and not a start of Python.
`run` carries out the conductor's commands: import the student's module, call its functions, report.
"""

from __future__ import annotations

import builtins
import gc
import importlib.machinery
import linecache
import marshal
import os
import socket
import sys
import traceback
import types
from _thread import _local
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from autograder.world import values, wire
from autograder.world.guest import accesses, memory, rewrite, runtime, threads
from autograder.world.guest.reports import attempt

_PRELOADED = (
    "concurrent.futures.process",
    "concurrent.futures.thread",
    "multiprocessing.managers",
    "multiprocessing.pool",
    "multiprocessing.dummy",
    "multiprocessing.shared_memory",
    "multiprocessing.sharedctypes",
    "multiprocessing.spawn",
    "dataclasses",
    "itertools",
    "json",
    "logging",
    "math",
    "pathlib",
    "tempfile",
    "traceback",
    "typing",
)

_real_write = os.write  # what a world puts in its place tells the conductor, who may be gone


def prepare(packages: Iterable[str]) -> None:
    """Patch the interpreter and import what guests need. ``packages`` are those that a submission may import beside
    the standard library."""
    threads.install()
    from autograder.world.guest import clock, files, forks, held, output, processes, rehearsal, shared

    clock.install()
    _steady_randomness()
    _hide_own_frames()
    processes.install()
    from concurrent.futures import Future

    for name in _PRELOADED:
        __import__(name)
    forks.install()
    threads._hash_by_order(Future)
    shared.install()
    output.install(False)
    if "requests" in packages:
        from autograder.world.guest import http

        rehearsal.pages()
        http.install()
    for name in packages:
        __import__(name)
    if "PIL" in packages:
        rehearsal.images()
    files.install()
    held.install()
    _as_after_a_fork()
    for message in (wire.Boot, wire.Command):
        # A type is taken apart when it is first decoded: once here, and not in every guest.
        msgspec.msgpack.Decoder(message)
    gc.collect()
    gc.freeze()
    # A collection at a point that depends on allocation counts would run finalizers there; references are enough.
    gc.disable()


def _as_after_a_fork() -> None:
    """Once for all guests, which are forked without Python's own bookkeeping (`sandbox.layers.kernel.bare_fork`): the
    locks of threading's bookkeeping are made anew, by a function whose locks are known to be no program's."""
    import threading

    threading._after_fork()  # type: ignore[attr-defined]


def _steady_randomness() -> None:
    """Randomness that is the same on every run."""
    import hashlib

    state = {"counter": 0}

    def urandom(size: int, /) -> bytes:
        state["counter"] += 1
        seed = f"{runtime.process}.{state['counter']}".encode()
        return hashlib.shake_256(seed).digest(size)

    os.urandom = urandom
    import random

    random.seed(0)
    random.SystemRandom.random = lambda self: random.random()  # type: ignore[method-assign]


def _hide_own_frames() -> None:
    """A traceback that a program prints is that of any other Python: what stands here in the place of a function of C,
    which has no frame, is left out."""

    def hidden(walk: Any) -> Any:
        def without(tb: types.TracebackType | None) -> Any:
            return (one for one in walk(tb) if not one[0].f_globals.get("__name__", "").startswith("autograder."))

        return without

    library: Any = traceback
    for name in ("walk_tb", "_walk_tb_with_full_positions"):
        setattr(library, name, hidden(getattr(library, name)))


def run(boot: wire.Boot, connection: socket.socket) -> None:
    """Be a guest until the conductor ends it. Never returns."""
    code = 1
    try:
        runtime.student_file = sys.intern(f"{boot.module}.py")
        runtime.process = boot.task
        runtime.tick = boot.tick
        runtime.turns_only = boot.turns_only
        memory.points = boot.points if isinstance(boot.points, bool) else frozenset(boot.points)
        runtime.active = True
        finder = _Finder(boot)
        _settle(boot, finder)
        main = runtime.connect(connection, boot.task)
        if boot.child:
            from autograder.world.guest import processes

            code = processes.run_fresh(main.data)
            runtime.say_end(code)
        else:
            _serve(boot, main, finder)
    except SystemExit:
        pass
    except BaseException:
        _real_write(2, traceback.format_exc().encode("utf-8", "replace"))
    finally:
        os._exit(code)


def _settle(boot: wire.Boot, finder: _Finder) -> None:
    """The parts of the world that depend on the run."""
    import multiprocessing
    import random
    import tempfile
    from multiprocessing import process

    from autograder.world.guest import files, output, shared

    random.seed(boot.task)
    tempfile.tempdir = boot.scratch
    library: Any = process
    library.ORIGINAL_DIR = boot.folder
    sys.argv = [f"{boot.module}.py"]
    cores = boot.cores
    for name in ("cpu_count", "process_cpu_count"):
        if hasattr(os, name):
            setattr(os, name, lambda: cores)
    if hasattr(os, "sched_getaffinity"):
        os.sched_getaffinity = lambda pid: set(range(cores))
    shared.keep_in(boot.scratch)
    files.begin(boot.folder, boot.file_points)
    if boot.whole_prints:
        output.install(True)
    sys.meta_path.insert(0, finder)
    multiprocessing.set_start_method(boot.start_method, force=True)


class _Finder:
    """Finds the submission as a module, in whichever process imports it."""

    def __init__(self, boot: wire.Boot) -> None:
        self.boot = boot
        self.code = b""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != self.boot.module:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=runtime.student_file)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        boot = self.boot
        text = boot.source.decode("utf-8", "replace")
        linecache.cache[runtime.student_file] = (len(text), None, text.splitlines(True), runtime.student_file)
        if boot.code:
            code = marshal.loads(boot.code)
        else:
            code = rewrite.compile_counted(boot.source, runtime.student_file)
            self.code = marshal.dumps(code)
        names = module.__dict__
        names["__file__"] = runtime.student_file
        names["__builtins__"] = _builtins(boot)
        names[rewrite.TURN], names[rewrite.ENTRY], names[rewrite.TURNS] = runtime.turn, runtime.entry, runtime.turns
        names.update(accesses.MARKS)
        memory.attach(names)
        exec(code, names)
        for name in dict.fromkeys([*boot.costs, *boot.watch]):
            function = names.get(name)
            if callable(function):
                names[name] = _watched(name, function, boot.costs.get(name))


def _builtins(boot: wire.Boot) -> dict[str, Any]:
    """The builtins of the student's module: its imports go through a check of what is installed for the class."""
    standard, allowed = sys.stdlib_module_names, {*boot.imports, boot.module}
    real = builtins.__import__

    def __import__(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        top = name.partition(".")[0]
        if level == 0 and top not in standard and top not in allowed:
            raise ModuleNotFoundError(f"No module named {top!r}", name=top)
        return real(name, globals, locals, fromlist, level)

    return {**vars(builtins), "__import__": __import__}


class _Inside(_local):
    """Whether this thread is inside a watched function."""

    value = False


def _watched(name: str, function: Callable[..., Any], cost: float | None) -> Callable[..., Any]:
    """The function, telling when it is entered and left. With a cost, its outermost call takes just that much of a
    core's time, whatever it does inside, so that a cleverer algorithm is neither better nor worse off."""
    import functools

    inside = _Inside()

    @functools.wraps(function)
    def watched(*args: Any, **kwargs: Any) -> Any:
        if inside.value:
            return function(*args, **kwargs)
        inside.value = True
        runtime.note(wire.Entered(function=name))
        if cost is not None:
            runtime.mute()
        try:
            return function(*args, **kwargs)
        finally:
            inside.value = False
            if cost is not None:
                runtime.unmute()
                runtime.ask(wire.Pause(cost=cost))
            runtime.note(wire.Left(function=name))

    # Pickle finds a function by its module and name: the wrapper stands where the module has it, whatever it wraps.
    watched.__module__ = function.__module__ if isinstance(function, types.FunctionType) else runtime.student_file[:-3]
    watched.__name__ = watched.__qualname__ = name
    return watched


# Commands -------------------------------------------------------------------------------------------------------------


def _serve(boot: wire.Boot, go: wire.Go, finder: _Finder) -> None:
    """Carry out commands until the connection closes."""
    decoder = msgspec.msgpack.Decoder(wire.Command)
    while True:
        command = decoder.decode(go.data)
        if command.function:
            report = _call(boot, command)
        else:
            report = attempt(lambda: (__import__(boot.module), None)[1], boot.folder, runtime.student_file)
            report.code = finder.code
        go = runtime.ask(wire.Done(report=msgspec.msgpack.encode(report), line=-1))


def _call(boot: wire.Boot, command: wire.Command) -> wire.Report:
    module = sys.modules[boot.module]
    function = getattr(module, command.function, None)
    if not callable(function):
        what = "is not there" if function is None else f"is a {type(function).__name__}, not a function"
        return wire.Report("missing", message=f"{command.function} {what}")

    def special(tag: str, content: Any) -> Any:
        if tag == "generator":
            return (item for item in content)
        if tag == "in_folder":
            return Path(boot.folder) / content
        if tag == "shared_array":
            from multiprocessing import Array

            return Array(content[0], content[1])
        return Path(content)

    args = [values.decode(arg, special) for arg in command.args]
    kwargs = {name: values.decode(arg, special) for name, arg in command.kwargs.items()}
    return attempt(
        lambda: function(*args, **kwargs), boot.folder, runtime.student_file, lambda: [_after(arg) for arg in args]
    )


def _after(arg: Any) -> Any:
    """An argument as it is after the call: shared arrays with their content."""
    if not hasattr(arg, "get_obj"):
        return arg
    runtime.active = False
    try:
        return list(arg.get_obj()[:])
    finally:
        runtime.active = True
