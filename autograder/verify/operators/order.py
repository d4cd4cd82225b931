"""Mistakes with order and with shares: swapped, unsorted, one too many, the remainder forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.verify.operators.registry import operator
from autograder.verify.syntax import Site, Suite, callee, changed, names, nodes


def _plus(value: ast.expr, step: int) -> ast.expr:
    if isinstance(value, ast.Constant) and type(value.value) is int:
        number = value.value + step
        return ast.Constant(number) if number >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-number))
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and isinstance(value.right, ast.Constant):
        return changed(value, right=_plus(value.right, step))
    return ast.BinOp(value, ast.Add() if step > 0 else ast.Sub(), ast.Constant(abs(step)))


@operator(ast.Call)
def range_off_by_one(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """A range that ends or begins one too early or too late."""
    if callee(node) != "range" or not node.args or node.keywords:
        return
    start, stop, *step = [ast.Constant(0), *node.args] if len(node.args) == 1 else node.args
    for delta in (-1, 1):
        yield changed(
            node, args=[*node.args[:-1], _plus(stop, delta)] if not step else [start, _plus(stop, delta), *step]
        )
        yield changed(node, args=[_plus(start, delta), stop, *step])


@operator(ast.Slice)
def slice_off_by_one(node: ast.Slice, site: Site) -> Iterator[ast.expr]:
    """A slice that ends one too early, or begins one too late."""
    if node.upper is not None:
        yield changed(node, upper=_plus(node.upper, -1))
    else:
        yield changed(node, upper=ast.UnaryOp(ast.USub(), ast.Constant(1)))
    yield changed(node, lower=_plus(node.lower or ast.Constant(0), 1))


@operator(ast.BinOp)
def remainder_lost(node: ast.BinOp, site: Site) -> Iterator[ast.expr]:
    """a * k // n becomes a // n * k: what does not divide is lost."""
    product = node.left
    if isinstance(node.op, ast.FloorDiv) and isinstance(product, ast.BinOp) and isinstance(product.op, ast.Mult):
        yield ast.BinOp(ast.BinOp(product.left, ast.FloorDiv(), node.right), ast.Mult(), product.right)


@operator(ast.Call)
def drop_wrapper(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """Not sorted, not reversed, not made a list (so that a generator is used up)."""
    wraps = isinstance(node.func, ast.Name) and callee(node) in {"sorted", "reversed", "list", "tuple", "enumerate"}
    if wraps and len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]


@operator(list)
def results_sorted(suite: Suite, site: Site) -> Iterator[Suite]:
    """The results are sorted, or stand in the reverse order."""
    last = suite[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        return
    text = ast.unparse(last.value)
    if isinstance(last.value, ast.ListComp) or "map(" in text or text.endswith("[:]"):
        backwards = ast.Call(ast.Name("reversed"), [last.value], [])
        for name, what in (("sorted", last.value), ("list", backwards)):
            yield [*suite[:-1], ast.Return(ast.Call(ast.Name(name), [what], []))]


@operator(list)
def swap_statements(suite: Suite, site: Site) -> Iterator[Suite]:
    """Two statements in the other order."""
    for place in range(len(suite) - 1):
        first, second = suite[place : place + 2]
        if any(
            isinstance(one, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef) for one in (first, second)
        ):
            continue
        if any(isinstance(one, ast.Return | ast.Raise | ast.Nonlocal | ast.Global) for one in (first, second)):
            continue
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            continue  # a docstring
        # Where the second needs a name that only the first one makes, the program breaks at once: nothing to learn.
        bound_before = {name for one in suite[:place] for name in names(one, ast.Store)}
        if names(first, ast.Store) & names(second, ast.Load) - bound_before:
            continue
        if (_is_plain(first, site) or _is_plain(second, site)) and _independent(first, second):
            continue
        yield [*suite[:place], second, first, *suite[place + 2 :]]


def _is_plain(statement: ast.stmt, site: Site) -> bool:
    """Whether a statement only gives a value to names of its own function: nobody else sees when."""
    if not isinstance(statement, ast.Assign | ast.AugAssign):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    shared = {name for node in nodes(site.module.tree, ast.Nonlocal) for name in node.names}
    shared |= {name for node in nodes(site.module.tree, ast.Global) for name in node.names}
    own = all(isinstance(target, ast.Name | ast.Tuple) for target in targets)
    return own and not names(statement, ast.Store) & shared


def _independent(first: ast.stmt, second: ast.stmt) -> bool:
    made, read = (names(first, ast.Store), names(second, ast.Store)), (names(first, ast.Load), names(second, ast.Load))
    return not (made[0] & (made[1] | read[1]) or made[1] & read[0])
