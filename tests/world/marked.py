"""Running rewritten code in the tests' own process, with or without threads as far as its marks can tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograder.world.guest import accesses, memory, rewrite, runtime
from autograder.world.guest.marks import SEVERAL


def guest_names() -> dict[str, Any]:
    """What the loader gives a module beside its own names."""
    ticks = {rewrite.TURN: int, rewrite.ENTRY: lambda: None, rewrite.TURNS: iter}
    return {**ticks, **accesses.MARKS, SEVERAL: memory.several}


@contextmanager
def several_threads() -> Iterator[None]:
    """Every access is looked at, by turns for one task and another, and told to nobody."""
    memory.in_child()
    memory.started(1)
    before = memory.touch, runtime.current

    def touch(*args: Any) -> None:
        runtime.current = 1 - runtime.current
        before[0](*args)

    memory.touch = touch
    try:
        yield
    finally:
        memory.touch, runtime.current = before
        memory.in_child()
        runtime._notes.clear()
