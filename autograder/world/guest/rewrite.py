"""Counting the work of the student's code: a tick at every turn of a loop and every entry of a function.

The syntax tree is rewritten before it is compiled, as pytest does with assert: a call of ``turn`` at the top of every
loop's body, of ``entry`` at the top of every function's, and every comprehension's iterable goes through ``turns``.
Line numbers stay those of the file, so tracebacks and findings point where the student looks. What no loop or function
of the student's own does (a C function that runs long) is not counted.
"""

from __future__ import annotations

import ast
import sys
from types import CodeType

from autograder.world.guest import marks

TURN, ENTRY, TURNS = "turn()", "entry()", "turns()"
"""No names that a program could write, and so neither bind to something else nor delete."""


class _Ticks(ast.NodeTransformer):
    def visit_For(self, node: ast.For) -> ast.AST:
        return self._loop(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        return self._loop(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._loop(node)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> ast.AST:
        self.generic_visit(node)
        node.body.insert(0, _statement(TURN, node.body[0]))
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        first = 1 if ast.get_docstring(node, clean=False) is not None else 0
        anchor = node.body[first] if first < len(node.body) else node.body[-1]
        node.body.insert(first, _statement(ENTRY, anchor))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.generic_visit(node)
        # entry() is None, so the value is that of the body.
        node.body = ast.copy_location(ast.BoolOp(ast.Or(), [_call(ENTRY, node.body), node.body]), node.body)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        if not node.is_async:
            node.iter = _call(TURNS, node.iter, node.iter)
        return node


def _call(name: str, place: ast.expr | ast.stmt, *args: ast.expr) -> ast.expr:
    function = ast.copy_location(ast.Name(name, ast.Load()), place)
    return ast.copy_location(ast.Call(function, list(args), []), place)


def _statement(name: str, place: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Expr(_call(name, place)), place)


def compile_counted(source: bytes, filename: str) -> CodeType:
    """The code of a module with its ticks, and with its `marks`. Raises what `compile` raises (SyntaxError, ValueError
    for a NUL byte, RecursionError or MemoryError for one nested too deep)."""
    limit = sys.getrecursionlimit()
    for marked in (True, False):
        tree = compile(source, filename, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        # The visitor takes two frames for each level that the compiler took one of.
        sys.setrecursionlimit(10 * limit)
        try:
            tree = _Ticks().visit(tree)
            if marked:
                tree = marks.mark(tree)
        except RecursionError:
            if not marked:
                raise
            continue
        finally:
            sys.setrecursionlimit(limit)
        try:
            return compile(tree, filename, "exec", dont_inherit=True)
        except (RecursionError, MemoryError):
            # Marks nest what they mark deeper than it was.
            if not marked:
                raise
    raise AssertionError("unreachable")
