"""A whole file with a ``main()`` as a model for a tool that wants to be told what is right.

The tools that we compare with find an order in which an assertion fails; what to assert, whoever uses them has to say.
Here that is the same for every program: **what it prints is what it prints when its threads run one after the other**,
in some order. `serial_outputs` finds these texts by running the file so. It is the standard library alone, so that it
runs in any tool's environment. Processes run as threads, since neither tool controls processes; a ``Value`` keeps its
own locking, with a lock of `threading` that the tools can see.
"""

from __future__ import annotations

import builtins
import itertools
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import sharedctypes
from pathlib import Path
from typing import Any


class Text:
    """A standard output in Python, so that each write of a print is a step that the tools see."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text = self.text + text
        return len(text)

    def flush(self) -> None:
        pass


def value(kind: Any, *args: Any, lock: Any = True) -> Any:
    """``multiprocessing.Value``, which locks each read and each store for itself as always."""
    return sharedctypes.Value(kind, *args, lock=threading.RLock() if lock is True else lock)


@contextmanager
def printing() -> Iterator[Text]:
    """Within, what is printed goes into the text that this gives."""
    text, before = Text(), sys.stdout
    sys.stdout = text  # type: ignore[assignment]
    try:
        yield text
    finally:
        sys.stdout = before


Main = Callable[[int], object]


def loader(path: str) -> Callable[[Any], Main]:
    """Gives the file's ``main``, of a module made anew by each call. The file, and nobody else, finds the class that is
    given in the places of Thread and Process."""
    code = compile(Path(path).read_text(encoding="utf-8"), path, "exec")

    def fresh(thread: Any) -> Main:
        other = {"threading": {"Thread": thread}, "multiprocessing": {"Process": thread, "Value": value}}

        def find(name: str, *args: Any) -> Any:
            module = builtins.__import__(name, *args)
            if name not in other:
                return module
            copy = types.ModuleType(name)
            copy.__dict__.update(module.__dict__, **other[name])
            return copy

        names = {"__name__": "program", "__file__": path, "__builtins__": {**vars(builtins), "__import__": find}}
        exec(code, names)
        main: Main = names["main"]  # type: ignore[assignment]
        return main

    return fresh


def serial_outputs(path: str, n: int) -> tuple[set[str], int]:
    """What ``main(n)`` prints when its threads run one after the other, in any order; and how many it starts."""
    fresh = loader(path)
    outputs, threads = set(), _run_serially(fresh, n, None)[1]
    for order in itertools.permutations(range(threads)):
        outputs.add(_run_serially(fresh, n, order)[0])
    return outputs, threads


def _run_serially(fresh: Callable[[Any], Main], n: int, order: Any) -> tuple[str, int]:
    """Those that were started run when the first of them is waited for."""
    made: list[Any] = []
    waiting: list[Any] = []

    class Thread:
        def __init__(self, group: Any = None, target: Any = None, name: Any = None, args: Any = (), kwargs: Any = None):
            self.call = lambda: target(*args, **(kwargs or {}))
            self.number = len(made)
            made.append(self)

        def start(self) -> None:
            waiting.append(self)

        def join(self, timeout: Any = None) -> None:
            for thread in sorted(waiting, key=lambda one: order.index(one.number) if order else one.number):
                waiting.remove(thread)
                thread.call()

    with printing() as text:
        fresh(Thread)(n)
    return text.text, len(made)
