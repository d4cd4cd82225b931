"""The marks of shared memory change nothing: not what a program does, nor what it can see of itself, nor its ticks."""

from __future__ import annotations

import importlib.util
import io
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from textwrap import dedent
from types import CodeType, ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.world.guest import rewrite
from tests.world.conftest import Play
from tests.world.marked import guest_names, several_threads

PROGRAMS = {
    "globals": """
        n = 1
        n = 2
        def f():
            global n, made
            n += 1
            n = n * 2
            n, made = made_first(n), n
            (n := n + 1)
            for n in range(n, n + 3): pass
            return n
        def made_first(x): return x + n
        result = [f(), n, made, [n for _ in range(2)], (lambda: n)(), f"{n=} {n!r:>5}", {n: n}]
        def g():
            global n
            del n
            try: return n
            except NameError as e: return str(e)
        result.append(g())
        """,
    "nonlocals": """
        def outer(a, b=1):
            total = 0
            def add(x):
                nonlocal total, a
                total += x
                a, *b = x, total
                total = total + len(b)
                return [total for _ in range(2) if total], (lambda: total)(), [y := total, y]
            def gen():
                nonlocal total
                while total < 20:
                    total += yield total
            first = add(2)
            g = gen()
            sent = [next(g), g.send(5)]
            total = total or 9
            del b
            return first, sent, total, a, sorted(locals())
        result = outer(1)
        def late():
            return [f() for f in [lambda: i for i in range(3)]] + [f() for f in loop()]
        def loop():
            made = []
            for i in range(3): made.append(lambda: i)
            return made
        result += (late(),)
        class Holder:
            def method(self):
                x = 1
                class Inner:
                    x = x
                    y = [x for _ in range(1)]
                    def get(self): return x
                x = 2
                return Inner.y, Inner().get()
        try: result += Holder().method()
        except NameError as e: result += (str(e),)
        """,
    "evaluation order": """
        result = []
        def see(name, value=None):
            result.append(name)
            return value
        class Box:
            def __init__(self): self.d = {}
            def __getattr__(self, name): result.append("get " + name); return 1
            def __setattr__(self, name, value): result.append("set " + name); object.__setattr__(self, name, value)
            def __getitem__(self, key): result.append(f"item {key}"); return 5
            def __setitem__(self, key, value): result.append(f"store {key} {value}")
            def __delitem__(self, key): result.append(f"del {key}")
            def __len__(self): result.append("len"); return 0
            def __bool__(self): result.append("bool"); return False
        box = Box()
        def all_of_it():
            see("a", box).x += see("b", 1)
            see("c", box)[see("d", 1)] += see("e", 2)
            box[see("f", 3)] = see("g", 4)
            see("h", box)[see("i", 5)] = see("j", box).y = see("k", 6)
            see("l", box)[see("m", 7)], box.z = see("n", (8, 9))
            box[0] += 1
            box.n += see("o", 1)
            del see("p", box)[see("q", 1)], box[1], box.n
            for see("r", box).w in (1, 2): pass
            for box[see("s")] in (3,): pass
            with open(see("t", __import__("os").devnull)) as see("u", box).file: box.file.close()
            see("v", box)[1:see("w", 2)] += see("x", 3)
            box[see("y"), ...] = see("z", see("A", box)[see("B"), 1])
            x: see("never") = 1
            box.typed: see("never") = see("C", 2)
            box.typed: see("never")
            print(see("D", box)[see("E")][see("F")] if False else "", end="")
            return [see("G", {see("H", 1): 2})[see("I", 1)] for _ in range(2)]
        result.append(all_of_it())
        """,
    "augmented": """
        class N:
            def __init__(self, n): self.n = n
            def __iadd__(self, other): log.append(("iadd", other)); return N(self.n + 1)
            def __add__(self, other): log.append("add"); return N(-1)
        log = []
        class C:
            total = N(0)
            __slots__ = ("part", "__dict__")
        c = C()
        def f():
            c.total += 1
            c.part = N(5)
            c.part += 2
            rows = [N(1), [2]]
            rows[0] += 3
            rows[1] += (3,)
            rows[-1] *= 2
            t = (1, [2])
            try: t[1] += [3]
            except TypeError as e: log.append(str(e))
            d = {}
            try: d["a"] += 1
            except KeyError as e: log.append(repr(e))
            try: c.missing += 1
            except AttributeError as e: log.append(str(e))
            d["n"] = 1
            for op in range(2):
                d["n"] <<= 3
                d["n"] |= op
                d["n"] **= 1
            c.list = a = [1]
            c.list += [2]
            def raising(): raise ValueError
            try: rows[len(rows) - 1] += raising()
            except ValueError: log.append("raised")
            try: c.a.b.c += raising()
            except AttributeError as e: log.append(str(e))
            rows[len(rows) - 1] += [7]
            return c.total.n, C.total.n, c.part.n, rows[0].n, rows[1], t, d, a is c.list, a
        result = f(), log
        """,
    "private names": """
        class _Under:
            def __init__(self): self.__x = 1; self.__dunder__ = 2
            def add(self):
                self.__x += 1
                self.__y = [self.__x]
                self.__y[0] += self.__x
                n = __n = 0
                def inner():
                    nonlocal __n
                    __n += 1
                    return __n
                inner(); __n += 1
                return self.__y, self.__dunder__, inner(), sorted(vars(self))
        class ___:
            def f(self): self.__x = 1; return vars(self)
        result = _Under().add(), ___().f()
        """,
    "super and class cells": """
        class A:
            value = 1
            def get(self): return self.value
            @property
            def half(self): return self._half
            @half.setter
            def half(self, v): self._half = v / 2
        class B(A):
            def get(self): return super().get(), super().value, __class__.__name__
            @classmethod
            def make(cls):
                cls.value += 1
                return cls()
        b = B.make()
        b.half = 8
        b.half += 2
        def f(): return b.get(), b.half, A.value, B.value
        result = f()
        """,
    "annotations": """
        from typing import get_type_hints
        class T: x = [int]
        t = T(); t = t
        def f(a: t.x[0], *b: T.x[0], c: "t.x[0]" = t.x[0]) -> t.x[0]: pass
        class D:
            a: t.x[0] = 1
            b: T.x
        result = f.__annotations__, D.__annotations__, f.__kwdefaults__, get_type_hints(f)
        """,
    "match": """
        class Color: RED = 1; BLUE = 2
        class P:
            __match_args__ = ("x", "y")
            def __init__(self, x, y): self.x, self.y = x, y
        n = count = 0
        def f(v):
            global n, count
            count += 1
            match v:
                case Color.RED: return "red"
                case P(x=0, y=c) if c > count - 100: return c, n
                case P(a, b): return a, b
                case {"k": n, **rest}: return n, rest
                case [1, *n]: return n
                case n: return n
        result = [f(v) for v in (1, P(0, 2), P(3, 4), {"k": 1, "z": 2}, [1, 2], 2)], n, count
        """,
    "what a program sees of itself": """
        import inspect, pickle
        n = 0
        def f(a, b=2, /, *, c=3):
            "Text."
            global n
            n += 1
            return sorted(locals()), inspect.signature(f), f.__code__.co_varnames, f.__code__.co_freevars
        def outer():
            k = 0
            def inner():
                nonlocal k
                k += 1
                return inner.__code__.co_freevars, sorted(locals())
            return inner(), outer.__code__.co_cellvars, sorted(n for n in locals() if n != "turns()")
        class K:
            n = 1
            def m(self): self.n += 1
        hidden = ("__static_attributes__", "__firstlineno__")
        result = f(1), outer(), f.__doc__, sorted(n for n in vars(K) if n not in hidden)
        """,
    "lifetimes": """
        import weakref
        result = []
        class Thing:
            def __init__(self): self.part = [0]
            def __del__(self): result.append("gone")
        def f():
            thing = Thing()
            thing.part[0] += 1
            thing.part[len(thing.part) - 1] += 1
            thing.n = thing.part[0]
            alive = weakref.ref(thing)
            del thing
            result.append(alive() is None)
        f()
        """,
    "keys": """
        class Key:
            def __init__(self, n): self.n = n
            def __hash__(self): result.append("hash"); return hash(self.n)
            def __eq__(self, other): result.append("eq"); return self.n == getattr(other, "n", other)
            def __index__(self): result.append("index"); return self.n
        class Table(dict):
            def __missing__(self, key): result.append("missing"); return key
            def __getitem__(self, key): result.append("getitem"); return super().__getitem__(key)
        class Rows(list):
            def __len__(self): result.append("len"); return 3
        result = []
        def f():
            d, t, r = {}, Table(), Rows([1, 2])
            d[Key(1)] = 1
            d[Key(1)] += 1
            t[1] = t[2]
            r[0] += r[-1]
            m = {(0, 1): 2, (0, Key(1)): 3}
            m[0, 1] += 1
            m[0, Key(1)] += 1
            row = [1, 2, 3]
            row[Key(1)] += row[True] + row[-1]
            row[0:1] += row[1:]
            more = bytes(bytearray(b"ab")), "text"[0], (1, 2)[1], list[int], {1: {2: 3}}[1][2]
            return list(d.values()), t, r, row, more
        result.append(f())
        """,
    "asynchronous": """
        n = 0
        class Ready:
            def __init__(self): self.log = []
            def __await__(self): yield 1; return self
        async def work():
            global n
            ready = Ready()
            (await ready).log.append(1)
            (await ready).x = 2
            (await ready).x += (await ready).x
            d = {0: 1}
            d[len(d) - 1] += (await ready).x
            n += (await ready).x
            return ready.x, d, n
        c = work()
        try:
            while True: c.send(None)
        except StopIteration as stop: result = stop.value
        def gen():
            d = {0: 0}
            d[(yield 1)] += yield 2
            yield d
        g = gen()
        result += (next(g), g.send(0), g.send(7))
        """,
}


def outcome(code: CodeType) -> Any:
    names = {"__name__": "program", **guest_names()}
    sys.modules["program"] = ModuleType("program")
    try:
        exec(code, names)
    finally:
        del sys.modules["program"]
    return repr(names["result"])


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_does_the_same(name: str) -> None:
    source = dedent(PROGRAMS[name]).lstrip("\n")
    plain = outcome(compile(source, "program.py", "exec", dont_inherit=True))
    marked = rewrite.compile_counted(source.encode(), "program.py")
    assert outcome(marked) == plain
    with several_threads():
        assert outcome(marked) == plain


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_with_threads_does_the_same_in_a_guest(play: Play, name: str) -> None:
    source = dedent(PROGRAMS[name]).lstrip("\n")
    plain = outcome(compile(source, "program.py", "exec", dont_inherit=True))
    begin = "import threading\nend = threading.Event()\nthreading.Thread(target=end.wait, daemon=True).start()\n"
    asking = "\ndef the_result():\n    return repr(result)\n"
    assert play(begin + source + asking, "the_result").value == plain


ERRORS = {
    "a.b": "a = 1; a = 2\ndef f():\n    return (\n        a\n        .b\n    )",
    "item": "def f():\n    d = {}\n    return d[\n        'x'\n    ]",
    "augmented": "def f():\n    d = {}\n\n    d['x'] += (\n        1)",
    "key": "def f():\n    d = {}\n    d[\n        d['y']] = 1",
    "value": "class C: pass\nc = C()\ndef f():\n    c.x = (\n        c.y)",
    "global": "def f():\n    global gone\n    gone = 1\n    del gone\n    return [\n        1,\n        gone]",
    "unbound": "def f():\n    def g(): return x\n    for x in (): pass\n    return (1 +\n        x)",
    "nested": "def f():\n    return [[0][i] for i in (0,\n        1)][0].a.b",
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_raised_at_the_same_place_with_the_same_words(name: str) -> None:
    source = ERRORS[name]

    def shown(code: CodeType) -> Any:
        names = guest_names()
        exec(code, names)
        try:
            names["f"]()
        except Exception as error:
            found = traceback.TracebackException.from_exception(error)
            frames = [frame for frame in found.stack if frame.filename == "program.py"]
            places = [(f.name, f.lineno, f.end_lineno, f.colno, f.end_colno) for f in frames]
            return type(error), str(error), places, len(found.stack)
        raise AssertionError("no error")

    plain = shown(compile(source, "program.py", "exec"))
    marked = rewrite.compile_counted(source.encode(), "program.py")
    assert shown(marked) == plain
    with several_threads():
        assert shown(marked) == plain


# The standard library, rewritten ------------------------------------------------------------------------------------

MODULES = [
    "argparse", "ast", "bdb", "calendar", "cmd", "codecs", "collections", "colorsys", "configparser",
    "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "dis", "enum", "filecmp",
    "fnmatch", "fractions", "functools", "getopt", "graphlib", "heapq", "html.parser", "inspect", "ipaddress",
    "json.decoder", "json.encoder", "logging", "mailbox", "optparse", "pickle", "pprint", "queue", "random",
    "re._parser", "shlex", "statistics", "string", "subprocess", "tarfile", "textwrap", "threading", "tokenize",
    "traceback", "types", "typing", "uuid", "weakref", "zipfile",
]  # fmt: skip


def source_of(name: str) -> bytes:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        pytest.skip(f"{name} has no source here")
    return Path(spec.origin).read_bytes()


def codes(code: CodeType) -> list[CodeType]:
    inner = [one for const in code.co_consts if isinstance(const, CodeType) for one in codes(const)]
    return [code, *inner]


@pytest.mark.parametrize("name", MODULES)
def test_every_function_keeps_its_variables(name: str) -> None:
    source = source_of(name)
    plain, marked = compile(source, "m", "exec", dont_inherit=True), rewrite.compile_counted(source, "m")

    def variables(code: CodeType) -> list[Any]:
        return [
            (one.co_name, one.co_varnames, one.co_cellvars, one.co_freevars, one.co_argcount, one.co_firstlineno)
            for one in codes(code)
            if one.co_name != "<lambda>"  # a mark of a closure cell is one
        ]

    assert variables(marked) == variables(plain)


def loaded(name: str, code: CodeType) -> Any:
    module = ModuleType(name)
    package = name.rpartition(".")[0]
    vars(module).update(guest_names(), __package__=package, __file__="m")
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        exec(code, vars(module))
    finally:
        if before is not None:
            sys.modules[name] = before
    return module


def use_heapq(module: Any) -> Any:
    heap: list[int] = []
    for n in (5, 2, 9, 2, 7, 0):
        module.heappush(heap, n)
    seen = [module.heappop(heap) for _ in range(3)]
    module.heapify(heap)
    return seen, heap, list(module.merge([1, 4], [2, 3])), module.nlargest(2, [3, 1, 2]), module.heappushpop(heap, 1)


def use_json(module: Any) -> Any:
    found = []
    decoder = module.JSONDecoder()
    decoder.parse_string = module.py_scanstring
    for text in ('{"a": [1, 2.5, null, true, "\\u00e4\\n"], "b": {}}', '{"a": }', '["x', "[1,]"):
        try:
            found.append(repr(decoder.decode(text)))
        except ValueError as error:
            found.append(str(error))
    return found


def use_dataclasses(module: Any) -> Any:
    @module.dataclass(order=True, frozen=True)
    class Point:
        x: int
        y: list[int] = module.field(default_factory=list, compare=False)

    point = Point(1)
    changed = module.replace(point, x=2)
    try:
        point.x = 3
    except AttributeError as error:
        return repr(changed), point < changed, module.asdict(point), [f.name for f in module.fields(Point)], str(error)
    return None


def use_argparse(module: Any) -> Any:
    parser = module.ArgumentParser(prog="p", description="Text")
    parser.add_argument("names", nargs="+")
    parser.add_argument("-n", type=int, default=1, help="%(default)s")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--a", action="store_true")
    group.add_argument("--b", action="append")
    out = io.StringIO()
    with redirect_stdout(out):
        parser.print_help()
    return vars(parser.parse_args(["x", "y", "-n", "3", "--b", "1", "--b", "2"])), parser.format_usage(), out.getvalue()


def use_statistics(module: Any) -> Any:
    data = [1, 5, 2, 8, 3]
    return module.mean(data), module.median(data), module.quantiles(data), module.pstdev(data), module.NormalDist(0, 1)


def use_textwrap(module: Any) -> Any:
    return module.wrap("one two three " * 9, 20), module.dedent("  a\n   b"), module.shorten("a b c d e f", 8)


def use_configparser(module: Any) -> Any:
    parser = module.ConfigParser()
    parser.read_string("[a]\nx = 1\ny = %(x)s2\n[b : c]\nlist =\n  1\n  2\n")
    return {name: dict(parser[name]) for name in parser.sections()}, parser.getint("a", "y")


def use_difflib(module: Any) -> Any:
    a, b = ["one", "two", "three"], ["one", "tree", "three", "four"]
    return list(module.unified_diff(a, b)), module.get_close_matches("tre", b), list(module.ndiff(a, b))


def use_fractions(module: Any) -> Any:
    return module.Fraction(3, 4) + module.Fraction("1/6"), module.Fraction(0.1).limit_denominator(50)


def use_graphlib(module: Any) -> Any:
    sorter = module.TopologicalSorter({"d": {"b", "c"}, "b": {"a"}, "c": {"a"}})
    sorter.prepare()
    order = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.append(ready)
        sorter.done(*ready)
    return order


USES: dict[str, Callable[[Any], Any]] = {
    "heapq": use_heapq,
    "json.decoder": use_json,
    "dataclasses": use_dataclasses,
    "argparse": use_argparse,
    "statistics": use_statistics,
    "textwrap": use_textwrap,
    "configparser": use_configparser,
    "difflib": use_difflib,
    "fractions": use_fractions,
    "graphlib": use_graphlib,
}


@pytest.mark.parametrize("name", USES)
def test_a_library_does_the_same(name: str) -> None:
    source, use = source_of(name), USES[name]
    plain = repr(use(loaded(name, compile(source, "m", "exec", dont_inherit=True))))
    marked = rewrite.compile_counted(source, "m")
    assert repr(use(loaded(name, marked))) == plain
    with several_threads():
        assert repr(use(loaded(name, marked))) == plain


# Programs by chance -------------------------------------------------------------------------------------------------

ATOMS = st.sampled_from(
    ["1", "g", "n", "p", "c.x", "c.y.x", "d['k']", "r[0]", "r[-1]", "r[g % 2]", "d[see('k')]", "c.r[n % 2]"]
)
TARGETS = st.sampled_from(
    ["g", "n", "p", "c.x", "c.y.x", "d['k']", "r[0]", "r[g % 2]", "see(d)[see('k')]", "c.r[n % 2]"]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*|"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        inner.map(lambda e: f"see({e})"),
        inner.map(lambda e: f"[{e} for q in (0, 1)][q0]"),
        inner.map(lambda e: f"(lambda: {e})()"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
        inner.map(lambda e: f"int(f'{{{e}}}')"),
        inner.map(lambda e: f"(g := {e})"),
    ),
    max_leaves=5,
)
STATEMENTS = st.one_of(
    st.tuples(TARGETS, EXPRESSIONS).map(" = ".join),
    st.tuples(TARGETS, st.sampled_from(["+=", "-=", "|="]), EXPRESSIONS).map(" ".join),
    st.tuples(TARGETS, TARGETS, EXPRESSIONS, EXPRESSIONS).map(lambda p: f"{p[0]}, {p[1]} = {p[2]}, {p[3]}"),
    st.tuples(TARGETS, EXPRESSIONS).map(lambda p: f"for {p[0]} in (0, {p[1]}): inner()"),
    EXPRESSIONS,
    st.just("inner()"),
)
FRAME = """
log = []
def see(value):
    log.append(repr(value)[:40]); return value
class C:
    y = None
    def __init__(self): self.x = 1; self.r = [3, 4]
    def __repr__(self): return "C"
g = 0; g = 1
c = C(); c.y = C(); d = {"k": 2}; r = [5, 6]
def outer(p):
    global g
    n = 2; q0 = 0
    def inner():
        nonlocal n, p
        n += 1; p -= n
        return n
    try:
        %s
    except Exception as e:
        log.append((type(e).__name__, str(e)))
    return n, p, sorted(locals())
result = outer(7), g, c.x, c.y.x, c.r, d, r, log
"""


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, min_size=1, max_size=6))
def test_any_program_does_the_same(statements: list[str]) -> None:
    source = FRAME % "\n        ".join(statements)
    try:
        plain_code = compile(source, "program.py", "exec", dont_inherit=True)
    except SyntaxError:
        return  # an assignment expression where none may stand
    plain = outcome(plain_code)
    marked = rewrite.compile_counted(source.encode(), "program.py")
    assert outcome(marked) == plain
    with several_threads():
        assert outcome(marked) == plain


# What is marked, and what it costs -----------------------------------------------------------------------------------


def test_local_variables_are_left_alone() -> None:
    source = """
def f(a, b):
    total = 0
    for i in range(a):
        total += i * b
        x, *y = [total]
        if (z := total) > 3:
            total = z
        with open(x) as g:
            g.fileno()
        total = max(total, len(y), *y, key=lambda v: v + b)
    return [total for _ in y]
"""
    import ast

    from autograder.world.guest import marks

    assert ast.unparse(marks.mark(ast.parse(source))) == ast.unparse(ast.parse(source))


def test_a_module_too_deep_for_marks_has_its_ticks(play: Play) -> None:
    deep = "a" + ".b" * 700
    source = f"def f():\n    for i in range(3): pass\n    return 1\ndef g(a):\n    return {deep}\n"
    assert play(source).value == 1
    assert play(source, tick=1.0).trace.tasks[0].work == 4


def test_ticks_are_the_same(play: Play) -> None:
    """By the numbers of `test_rewrite`: no mark is a tick, with one thread or several."""
    source = """
        from threading import Thread, Event
        n = 0
        class C:
            def __init__(self): self.x = [0]
            def add(self):
                global n
                for i in range(10):
                    self.x[0] += 1
                    n += self.x[i - i]
        def f():
            C().add()
        def g():
            stop = Event()
            thread = Thread(target=stop.wait)
            thread.start()
            C().add()
            stop.set()
            thread.join()
        """
    assert play(source, tick=1.0).trace.tasks[0].work == 13
    costs = {"operation": 0.0, "thread_start": 0.0, "process_start": 0.0}
    assert play(source, "g", tick=1.0, **costs).trace.tasks[0].work == 13
