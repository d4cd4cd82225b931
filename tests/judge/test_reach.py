"""A program that reaches into the interpreter is named for it; one that does what the course teaches is not."""

from __future__ import annotations

import pytest

from autograder.judge.reach import reaches

WAYS = {
    "import sys\nsys.modules": "modules",
    "from sys import modules": "modules",
    "import gc": "import gc",
    "from ctypes import CDLL": "import ctypes",
    "import ctypes\nctypes.CDLL(None)": "import ctypes",
    "import ctypes.util\nctypes.util.find_library('c')": "import ctypes",
    "from ctypes import *": "import ctypes",
    "from ctypes import c_int\nc_int.from_address(1)": "from_address",
    "match f:\n    case object(__globals__=found): pass": "__globals__",
    "import autograder.world": "import autograder",
    "from unittest import mock": "import unittest.mock",
    "import unittest.mock": "import unittest.mock",
    "import logging.config": "import logging.config",
    "import types\ntypes.FunctionType": "import types",
    "import types as t": "import types",
    "from types import CodeType": "import types",
    "import timeit\ntimeit.timeit('1')": "import timeit",
    "eval('1')": "eval",
    "e = eval": "eval",
    "__builtins__['ev' + 'al']": "__builtins__",
    "f.__globals__": "__globals__",
    "error.__traceback__": "__traceback__",
    "import sys\nsys.monitoring": "monitoring",
    "getattr(x, 'a' + 'b')": "put together",
    "getattr(x, '__code__')": "__code__",
    "getattr(*pair)": "put together",
    "g = getattr": "getattr by another name",
    "import threading\nthreading.current_thread()._target": "the private _target",
    "from threading import _shutdown": "_shutdown",
    "def f(x: '__import__(1)'): pass": "a text with __import__",
    "x = 'autograder.world.guest.runtime'": "a text with autograder.",
}
PLAIN = [
    "import ctypes\nfrom ctypes import c_double\nArray(ctypes.c_int, 3), Value(c_double, 0.5)",
    "import threading, multiprocessing\ngetattr(threading, 'Thread')",
    "import threading, types\nbox = types.SimpleNamespace(thread=threading.Thread())\nbox.thread.start()",
    "import timeit\ntimeit.default_timer()",
    "import os, sys\nos._exit(1)\nsys._is_gil_enabled()",
    "class C:\n    __slots__ = ('_a',)\n    def _get(self): self._b = 1\nc = C()\nc._a, c._b, c._get()",
    "__all__ = ['f']\nif __name__ == '__main__': print(__file__, f.__name__, f.__doc__)",
    "def f(: pass",
    "x = '\\0'",
    "(" * 5000,
    "\0",
]


@pytest.mark.parametrize("source", WAYS)
def test_ways_in(source: str) -> None:
    assert any(WAYS[source] in reason for reason in reaches(source.encode()))


@pytest.mark.parametrize("source", PLAIN)
def test_what_is_none(source: str) -> None:
    assert reaches(source.encode()) == ()
