"""A program that reaches into the interpreter is named for it; one that does what the course teaches is not."""

from __future__ import annotations

import pytest

from autograder.judge.reach import reaches

WAYS = {
    "import sys\nsys.modules": "modules",
    "from sys import modules": "modules",
    "import gc": "import gc",
    "from ctypes import CDLL": "import ctypes",
    "import autograder.world": "import autograder",
    "eval('1')": "eval",
    "f.__globals__": "__globals__",
    "getattr(x, 'a' + 'b')": "put together",
}
PLAIN = [
    "import threading, multiprocessing\ngetattr(threading, 'Thread')",
    "def f(: pass",
    "x = '\\0'",
    "(" * 5000,
    "\0",
]


@pytest.mark.parametrize("source", WAYS)
def test_ways_in(source: str) -> None:
    (reason,) = reaches(source.encode())
    assert WAYS[source] in reason


@pytest.mark.parametrize("source", PLAIN)
def test_what_is_none(source: str) -> None:
    assert reaches(source.encode()) == ()
