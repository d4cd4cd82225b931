"""What in a submission's text reaches into the interpreter, where the world that counts and orders its tasks lives.

A program that changes the world from inside can report work that it did not do. It cannot give itself points that way
(the judge compares values, and the real run beside the world confirms them), but what the trace says of its threads is
then its own invention. So its text is read, outside the sandbox, for the ways in: it is scored as always, and a person
looks at it. A course on threads has no use for any of them. Nobody can list all ways that a program may hide one; what
writes its own code (eval, a name put together) is named for that alone.
"""

from __future__ import annotations

import ast

MODULES = frozenset({"autograder", "ctypes", "gc", "inspect", "importlib", "marshal", "_thread", "_ctypes", "imp"})
ATTRIBUTES = frozenset(
    [
        "modules",
        "meta_path",
        "settrace",
        "setprofile",
        "_getframe",
        "_current_frames",
        "addaudithook",
        "__globals__",
        "__subclasses__",
        "__code__",
        "__closure__",
        "__builtins__",
        "__loader__",
        "__spec__",
        "f_globals",
        "f_locals",
        "f_back",
        "gi_frame",
        "tb_frame",
        "cr_frame",
    ]
)
CALLS = frozenset({"eval", "exec", "compile", "__import__", "globals", "breakpoint"})


def reaches(source: bytes) -> tuple[str, ...]:
    """The reasons why a person should look, in the order of the lines; none for a file that does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found = {what: None for node in ast.walk(tree) if (what := _reached(node))}
    return tuple(f"the program reaches into the interpreter ({what})" for what in found)


def _reached(node: ast.AST) -> str:
    match node:
        case ast.Import(names=names):
            tops = [name.name.partition(".")[0] for name in names]
            return next((f"import {top}" for top in tops if top in MODULES), "")
        case ast.ImportFrom(module=str(module), names=names):
            if module.partition(".")[0] in MODULES:
                return f"import {module.partition('.')[0]}"
            return next((name.name for name in names if name.name in ATTRIBUTES), "")
        case ast.Attribute(attr=name) if name in ATTRIBUTES:
            return name
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            return name
        case ast.Call(func=ast.Name(id="getattr" | "setattr" as name), args=[_, attribute, *_]) if not isinstance(
            attribute, ast.Constant
        ):
            return f"{name} with a name that is put together"
    return ""
