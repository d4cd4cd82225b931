"""What the operators know about a program: where a piece of it stands, and which of its names are locks or pools.

All of this reads the syntax tree alone. It guesses (a thing whose name says "lock" is one) and may do so: a wrong guess
makes a mutant that nobody would write, never a wrong verdict.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

Suite = list[ast.stmt]
"""The statements of one block."""

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
T = TypeVar("T", bound=ast.AST)

LOCKS = frozenset({"Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition"})
TASKS = frozenset({"Thread", "Process"})
POOLS = frozenset({"Pool", "ThreadPool", "ThreadPoolExecutor", "ProcessPoolExecutor"})
_LIKE_A_LOCK = re.compile(r"(lock|mutex|semaphore)s?$", re.IGNORECASE)
_LIKE_A_POOL = re.compile(r"(pool|executor|workers)$", re.IGNORECASE)


class Module:
    """A program as a whole."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._made: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                for target in node.targets:
                    self._made.setdefault(ast.unparse(target), set()).add(callee(node.value))

    def is_lock(self, expression: ast.expr) -> bool:
        """Whether this is a lock: ``counter.get_lock()``, what was assigned from ``Lock()``, or is called so."""
        if isinstance(expression, ast.Call):
            return callee(expression) == "get_lock"
        text = ast.unparse(expression)
        return bool(self._made.get(text, set()) & LOCKS) or bool(_LIKE_A_LOCK.search(text))

    def is_pool(self, expression: ast.expr) -> bool:
        """Whether this is a pool or an executor."""
        if isinstance(expression, ast.Call):
            return callee(expression) in POOLS
        text = ast.unparse(expression)
        return bool(self._made.get(text, set()) & POOLS) or bool(_LIKE_A_POOL.search(text))

    def imports(self, name: str) -> bool:
        """Whether the program imports this module or something of it."""
        return any(
            (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == name for alias in node.names))
            or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == name)
            for node in ast.walk(self.tree)
        )


@dataclass(frozen=True)
class Site:
    """Where a node stands: its statement, the block that holds this, and the functions and classes around it."""

    module: Module
    statement: ast.stmt
    suite: Suite
    owner: ast.AST  # the node whose block it is
    scopes: tuple[Scope, ...] = field(default=())

    @property
    def scope(self) -> str:
        """The functions and classes around it, "Counter.run"; empty at the module's level."""
        return ".".join(scope.name for scope in self.scopes)


def callee(call: ast.Call) -> str:
    """The last name of what is called: "Thread" for ``threading.Thread(...)``; empty where it has no name."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def method_call(statement: ast.stmt, name: str) -> ast.expr | None:
    """``thread`` where the statement is ``thread.join(...)`` and ``name`` is "join"; None where it is not."""
    if isinstance(statement, ast.Expr) and isinstance(call := statement.value, ast.Call):
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr == name:
            return function.value
    return None


def code(text: str) -> Suite:
    """Statements from their text."""
    return ast.parse(text).body


def expression(text: str) -> ast.expr:
    """An expression from its text."""
    return ast.parse(text, mode="eval").body


def replaced(root: T, target: ast.AST, new: ast.AST) -> T:
    """A copy of a tree in which one of its nodes is another one."""
    memo: dict[int, object] = {}
    copied = copy.deepcopy(root, memo)
    found = memo[id(target)]

    class Replacing(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return new if node is found else self.generic_visit(node)

    changed_root: T = Replacing().visit(copied)
    return changed_root


def changed(node: T, **fields: object) -> T:
    """A copy of a node with some of its fields changed."""
    copied = copy.copy(node)
    for name, value in fields.items():
        setattr(copied, name, value)
    return copied


def nodes(tree: ast.AST | Sequence[ast.AST], kind: type[T]) -> Iterator[T]:
    """All nodes of a kind in a tree, or in several."""
    roots: Sequence[ast.AST] = tree if isinstance(tree, Sequence) else [tree]
    for root in roots:
        yield from (node for node in ast.walk(root) if isinstance(node, kind))


def names(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    """The names that a tree reads (``ast.Load``) or binds (``ast.Store``)."""
    return {node.id for node in nodes(tree, ast.Name) if isinstance(node.ctx, context)}
