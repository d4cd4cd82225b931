"""Counting ticks changes nothing else: the same values, the same errors at the same lines, with and without it."""

from __future__ import annotations

import traceback
from textwrap import dedent
from types import CodeType
from typing import Any

import pytest

from autograder.world.guest.rewrite import compile_counted
from tests.world.conftest import Play
from tests.world.marked import guest_names, several_threads

PROGRAMS = {
    "loops": """
        result = []
        for i in range(5):
            if i == 1:
                continue
            if i == 4:
                break
            result.append(i)
        else:
            result.append("never")
        n = 3
        while n:
            n -= 1
        else:
            result.append("else")
        for i in (): pass
        while False: pass
        """,
    "comprehensions": """
        x = 10
        result = [
            [x for x in range(3)], {i: j for i in range(2) for j in range(2) if j}, {i for i in (1, 1, 2)},
            list(i * x for i in range(3)), [[i + j for i in range(2)] for j in range(2)], x,
            [y := i for i in range(3)], y, [i for i in range(10) if i % 2 if i > 3],
        ]
        def f(n):
            return [[n + i for i in range(n)] for _ in range(2)]
        result.append(f(2))
        """,
    "class bodies": """
        class C:
            size = 3
            items = [i for i in range(size)]
            pairs = [(i, j) for i in range(size) for j in range(2)]
            total = 0
            for item in items:
                total += item
            while total > 100: pass
            square = lambda self, n=size: n * n
            def method(self):
                "Text."
                return __class__.__name__, self.size
            class Inner:
                values = tuple(i for i in range(2))
        result = C.items, C.pairs, C.total, C().square(), C().method(), C.Inner.values, C.method.__doc__
        """,
    "functions": """
        def plain(): "Only a text."
        def empty(): pass
        def ellipsis(): ...
        def documented():
            '''Text.'''
            return 1
        def default(a, b=[i for i in range(2)], *args, c=(lambda: 3)(), **kwargs): return a, b, args, c, kwargs
        def outer():
            n = 0
            def inner():
                nonlocal n
                n += 1
                return n
            inner()
            return inner(), n
        def globally():
            global made
            made = 5
        globally()
        def annotated(a: int, *, b: "str" = "b") -> list[int]: return [a]
        result = [
            plain(), plain.__doc__, empty(), ellipsis(), documented(), documented.__doc__, default(1, c=2, d=4),
            outer(), made, annotated(1), annotated.__annotations__["b"], (lambda *a, k=1: (a, k))(2, k=3),
            (lambda: None)(), (lambda: 0)(), (lambda: [])(), (lambda x: (lambda y: x + y))(1)(2),
            documented.__name__, default.__defaults__, plain.__code__.co_argcount,
        ]
        """,
    "generators": """
        def count(n):
            while n:
                got = yield n
                if got: n = got
                n -= 1
            return "done"
        def delegate():
            value = yield from count(2)
            yield value
        g = count(5)
        result = [next(g), g.send(3), list(g), list(delegate()), sum(i for i in count(3))]
        result += zip(count(2), count(3))
        def closing():
            try:
                yield 1
            finally:
                result.append("closed")
        c = closing()
        next(c)
        c.close()
        squares = (i * i for i in iter([1, 2, 3]))
        result += [next(squares), list(squares), list(squares)]
        """,
    "coroutines": """
        class Ready:
            def __await__(self):
                yield "pause"
                return 7
        class Count:
            def __init__(self): self.n = 3
            def __aiter__(self): return self
            async def __anext__(self):
                self.n -= 1
                if self.n < 0: raise StopAsyncIteration
                return self.n
        async def agen():
            for i in range(2): yield i
        async def work():
            seen = [await Ready()]
            async for i in Count(): seen.append(i)
            seen += [i async for i in Count()]
            seen += [i async for i in agen() if i]
            seen += [[j for j in range(i)] async for i in Count()]
            return seen
        steps = []
        coroutine = work()
        try:
            while True: steps.append(coroutine.send(None))
        except StopIteration as stop:
            result = steps, stop.value
        """,
    "decorators": """
        import functools
        def twice(f):
            @functools.wraps(f)
            def g(*a): return f(f(*a))
            return g
        @twice
        @functools.lru_cache
        def add(n): return n + 1
        class P:
            @property
            def x(self): return 4
            @staticmethod
            def s(): return 5
            @classmethod
            def c(cls): return cls.__name__
        from dataclasses import dataclass
        @dataclass(frozen=True)
        class D:
            a: int
            b: list = None
        result = add(1), P().x, P.s(), P.c(), D(1), add.__name__
        """,
    "match": """
        def f(x):
            match x:
                case [a, *rest] if rest: return "list", a, rest
                case {"k": v, **more}: return "dict", v, more
                case int(n) | float(n): return "number", n
                case str(): return "text"
                case _: return None
        result = [f(x) for x in ([1, 2], {"k": 1, "z": 2}, 3, 2.5, "a", None, [1])]
        """,
    "with and try": """
        from contextlib import contextmanager, suppress
        result = []
        @contextmanager
        def noted(name):
            result.append(name)
            try: yield name.upper()
            finally: result.append("/" + name)
        with noted("a") as a, noted("b"): result.append(a)
        with suppress(ValueError):
            for i in range(3):
                if i == 2: raise ValueError
                result.append(i)
        def f():
            for i in range(3):
                try:
                    if i: return i
                finally:
                    result.append("finally")
        result.append(f())
        try:
            raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
        except* ValueError as e: result.append(len(e.exceptions))
        except* TypeError as e: result.append(str(e.exceptions[0]))
        """,
    "iterables": """
        class Once:
            def __iter__(self):
                result.append("iter")
                return iter([1, 2])
        class Old:
            def __getitem__(self, i):
                if i > 2: raise IndexError
                return i
        result = []
        result += [[i for i in Once()], [i for i in Old()], {i for i in {3: 4}}, [k for k, v in {1: 2}.items()],
                   [a + b for a, b in zip([1, 2], [3, 4])], [(a, b) for a, *b in ["xyz"]], [c for c in "äö"]]
        lazy = (i for i in [1, 2, 3])
        result.append(type(lazy).__name__)
        """,
    "annotations of the future": """
        from __future__ import annotations
        def f(a: undefined, b: int = 2) -> nowhere: return f.__annotations__
        class C:
            x: neither = 3
        result = f(1), C.__annotations__, C.x
        """,
    "a text first": '''
        """The module."""
        from __future__ import annotations
        import sys
        result = __doc__, [i for i in range(2)]
        ''',
    "names": """
        turn = entry = turns = "mine"
        __x = 1
        class A:
            __private = 2
            def get(self): return self.__private, [self.__private for _ in range(1)]
        def f(turn): return turn
        result = turn, entry, turns, A().get(), f(3), sorted(n for n in dir(A) if "private" in n)
        """,
    "scopes": """
        fs = [lambda: i for i in range(3)]
        gs = [lambda i=i: i for i in range(3)]
        result = [f() for f in fs], [g() for g in gs]
        def late():
            out = []
            for i in range(3): out.append(lambda: i)
            return [f() for f in out]
        result += (late(), locals is not None)
        def uses_locals(a):
            b = [a for _ in range(2)]
            return sorted(locals())
        result += (uses_locals(1),)
        """,
    "one line": """
        result = [];
        for i in range(3): result.append(i); result.append(-i)
        while len(result) < 9: result.append(0)
        """,
    "exceptions of comprehensions": """
        result = []
        def wrong(): return [1 / i for i in (1, 0)]
        for source in (wrong, lambda: (i for i in 5), lambda: [i for i in 5], lambda: {i: 1 for i in [[]]}):
            try: source()
            except Exception as e: result.append((type(e).__name__, str(e)))
        """,
    "stop iteration": """
        def g():
            yield next(iter([]))
        result = []
        try: list(g())
        except RuntimeError as e: result.append(str(e))
        try: [next(iter([])) for _ in range(2)]
        except StopIteration: result.append("stop")
        """,
}


def executed(source: str, compiled: CodeType) -> Any:
    names = {"__name__": "program", **guest_names()}
    exec(compiled, names)
    return repr(names["result"])


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_with_and_without(name: str) -> None:
    source = dedent(PROGRAMS[name]).lstrip("\n")
    plain = executed(source, compile(source, "program.py", "exec", dont_inherit=True))
    assert executed(source, compile_counted(source.encode(), "program.py")) == plain
    with several_threads():
        assert executed(source, compile_counted(source.encode(), "program.py")) == plain


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_in_a_guest(play: Play, name: str) -> None:
    source = dedent(PROGRAMS[name]).lstrip("\n")
    plain = executed(source, compile(source, "program.py", "exec", dont_inherit=True))
    assert play(source + "\ndef the_result(): return repr(result)\n", "the_result").value == plain


FAILING = """
    def a():
        for i in range(3):

            if i:
                b(i)

    def b(n):
        "Text."
        return [
            c(n)
            for _ in range(2)
        ]

    def c(n):
        while True:
            return (
                lambda: d(
                    n
                )
            )()

    def d(n):
        x = {k: v for k, v in [(1, 2)]}

        return x[n +
                 5]
    """


def test_lines_of_tracebacks() -> None:
    source = dedent(FAILING)

    def lines(code: CodeType) -> list[tuple[str, int | None]]:
        names = guest_names()
        exec(code, names)
        with pytest.raises(KeyError) as caught:
            names["a"]()
        frames = traceback.extract_tb(caught.tb)
        return [(frame.name, frame.lineno) for frame in frames if frame.filename == "program.py"]

    counted = lines(compile_counted(source.encode(), "program.py"))
    assert counted == lines(compile(source, "program.py", "exec"))
    assert [name for name, _ in counted if "<" not in name] == ["a", "b", "c", "d"]


def test_the_line_of_an_error_in_a_guest(play: Play) -> None:
    lines = dedent(FAILING).splitlines()
    assert play(FAILING, "a").error == ("KeyError", "6", lines.index("    return x[n +") + 1)


def test_every_turn_and_every_entry_is_a_tick(play: Play) -> None:
    sources = {
        "def f():\n for i in range(10): pass": 11,
        "def f():\n i = 0\n while i < 10: i += 1": 11,
        "def f():\n return [i for i in range(10)]": 11,
        "def f():\n return [i for i in range(3) for j in range(2)]": 10,
        "def f():\n return sum(i for i in range(10))": 11,
        "def g(): pass\ndef f():\n g(); g()": 3,
        "g = lambda: 1\ndef f():\n g(); g(); g()": 4,
        "class C:\n def m(self): pass\ndef f():\n C().m()": 2,
        "def f():\n return sum(range(1000))": 1,
    }
    for source, ticks in sources.items():
        run = play(source, tick=1.0)
        assert run.trace.tasks[0].work == ticks, source
