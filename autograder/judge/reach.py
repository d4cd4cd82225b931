"""What in a submission's text reaches into the interpreter, where the world that counts and orders its tasks lives.

A program that changes the world from inside can report work that it did not do. It cannot give itself points that way
(the judge compares values, and the real run beside the world confirms them), but what the trace says of its threads is
then its own invention. So its text is read, outside the sandbox, for the ways in: it is scored as always, and a person
looks at it. A course on threads has no use for any of them. Nobody can list all ways that a program may hide one; what
writes its own code (eval, a name put together), and what is handed on to be called by another name, is named for that
alone.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODULES = _words(
    """
    _ctypes _imp _interpreters _opcode _posixsubprocess _testcapi _thread _tracemalloc _xxsubinterpreters autograder bdb
    builtins cProfile code codeop copyreg ctypes dis doctest faulthandler gc imp importlib inspect logging.config
    marshal mmap modulefinder msgspec pdb pickle pkgutil profile pydoc runpy shelve site symtable sysconfig timeit trace
    tracemalloc types unittest.mock zipimport
    """
)
"""Modules that lead to the interpreter's own objects, that run text as code, or that find things by a text."""
HARMLESS = _words(
    """
    builtins.print ctypes.c_bool ctypes.c_byte ctypes.c_char ctypes.c_double ctypes.c_float ctypes.c_int ctypes.c_int32
    ctypes.c_int64 ctypes.c_long ctypes.c_longlong ctypes.c_short ctypes.c_uint ctypes.c_ulong ctypes.c_ulonglong
    timeit.default_timer types.MappingProxyType types.SimpleNamespace types.TracebackType
    """
)
"""What programs of a course do use of them: a ``Value`` may be given a type of C in place of its letter."""
_PARTLY = frozenset(name.partition(".")[0] for name in HARMLESS)

ATTRIBUTES = _words(
    """
    ForwardRef addaudithook ag_code ag_frame attrgetter cell_contents cr_code cr_frame f_back f_builtins f_code
    f_globals f_locals from_address get_field get_type_hints gi_code gi_frame in_dll meta_path methodcaller modules
    monitoring mro path_hooks setprofile setprofile_all_threads settrace settrace_all_threads tb_frame tb_next
    unraisablehook walk_stack walk_tb
    __annotations__ __base__ __bases__ __builtins__ __closure__ __code__ __defaults__ __dict__ __getattribute__
    __globals__ __import__ __kwdefaults__ __loader__ __mro__ __reduce__ __reduce_ex__ __spec__ __subclasses__
    __traceback__ __wrapped__
    """
)
NAMES = _words("__builtins__ __import__ __loader__ __spec__ breakpoint compile delattr eval exec globals locals vars")
"""Built-in names that give out, or run, what a text says. Naming one is enough: it may be called by another name."""
BY_NAME = frozenset({"getattr", "setattr"})
"""Built-in functions whose second argument is an attribute's name."""
PRIVATE = frozenset({"_asdict", "_exit", "_fields", "_field_defaults", "_is_gil_enabled", "_make", "_replace"})
"""Names that begin with an underline and are public all the same."""
_DUNDERS = "|".join(sorted(name.strip("_") for name in ATTRIBUTES | NAMES if name.startswith("__")))
_TEXT = re.compile(rf"\bautograder\.|__(?:{_DUNDERS})__|\b(?:f|tb|gi|cr|ag)_(?:back|frame|globals|locals|code)\b")


def reaches(source: bytes) -> tuple[str, ...]:
    """The reasons why a person should look, in the order of the lines; none for a file that does not parse."""
    try:
        tree = ast.parse(source)
        reader = _Reader.of(tree)
        found = {what: None for node in ast.walk(tree) if (what := reader.reached(node))}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(f"the program reaches into the interpreter ({what})" for what in found)


@dataclass(frozen=True)
class _Reader:
    """What must be known of the whole file to judge one place in it: the calls by what they call, the names that are
    only the front of a harmless one, and the private names that the program gives itself."""

    calls: dict[int, ast.Call]
    fronts: frozenset[int]
    own: frozenset[str]

    @classmethod
    def of(cls, tree: ast.Module) -> _Reader:
        calls: dict[int, ast.Call] = {}
        fronts, own = set(), set()
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=function):
                    calls[id(function)] = node
                case ast.Attribute(value=ast.Name(id=module) as front, attr=name) if f"{module}.{name}" in HARMLESS:
                    fronts.add(id(front))
                case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                    own.add(name)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    own.add(name)
                case ast.Name(id=name, ctx=ast.Store()) | ast.Constant(value=str(name)):
                    own.add(name)  # of a class; in its __slots__
        return cls(calls, frozenset(fronts), frozenset(own))

    def reached(self, node: ast.AST) -> str:
        match node:
            case ast.Import(names=names):
                return next((f"import {top}" for name in names if (top := _module(name.name, name.asname))), "")
            case ast.ImportFrom(module=str(module), names=names):
                return next((what for name in names if (what := _imported(module, name.name))), "")
            case ast.Attribute(attr=name):
                if name in ATTRIBUTES:
                    return name
                private = name.startswith("_") and not name.endswith("__") and name not in self.own | PRIVATE
                return f"the private {name} of something else" if private else ""
            case ast.MatchClass(kwd_attrs=names):
                return next((name for name in names if name in ATTRIBUTES), "")
            case ast.Name(id=name, ctx=ast.Load()):
                return self._named(node, name)
            case ast.Constant(value=str(text)) if found := _TEXT.search(text):
                return f"a text with {found[0]}"
        return ""

    def _named(self, node: ast.Name, name: str) -> str:
        if name in NAMES:
            return name
        if name in _PARTLY and id(node) not in self.fronts and name not in self.own:
            return f"import {name}"
        if name not in BY_NAME:
            return ""
        call = self.calls.get(id(node))
        if call is None:
            return f"{name} by another name"
        match call.args:
            case [_, ast.Constant(value=str(attribute)), *_]:
                return attribute if attribute in ATTRIBUTES | NAMES else ""
        return f"{name} with a name that is put together"


def _module(name: str, alias: str | None) -> str:
    """The module that leads into the interpreter, if this import is of one."""
    for part in (name, name.partition(".")[0]):
        if part in MODULES and (part not in _PARTLY or alias):
            return part
    return ""


def _imported(module: str, name: str) -> str:
    """What is reached by ``from module import name``, or ""."""
    for part in (module, module.partition(".")[0], f"{module}.{name}"):
        if part in MODULES and f"{module}.{name}" not in HARMLESS:
            return f"import {part}"
    private = name.startswith("_") and not name.startswith("__") and name not in PRIVATE
    return name if name in ATTRIBUTES or private else ""
