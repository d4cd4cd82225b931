"""Mistakes with pools and executors: left open, not parallel, results in the order of arrival, the wrong size."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.verify.operators.registry import operator
from autograder.verify.syntax import (
    POOLS,
    Site,
    Suite,
    callee,
    changed,
    code,
    expression,
    method_call,
    nodes,
    replaced,
)


@operator(ast.With)
def pool_left_open(node: ast.With, site: Site) -> Iterator[Suite]:
    """A pool or executor without its with block: never closed, its workers never waited for."""
    item = node.items[0]
    if site.module.is_pool(item.context_expr) and isinstance(item.optional_vars, ast.Name):
        assign = code(f"{item.optional_vars.id} = 0")[0]
        yield [changed(assign, value=item.context_expr), *node.body]


@operator(ast.Expr)
def drop_close(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """A pool or executor is not closed."""
    if (method_call(node, "close") or method_call(node, "shutdown")) is not None:
        yield []


@operator(ast.Expr)
def terminate_for_close(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """terminate() kills workers that have not finished; close() lets them."""
    if (pool := method_call(node, "close")) is not None and site.module.is_pool(pool):
        yield code(f"{ast.unparse(pool)}.terminate()")


@operator(ast.With)
def shutdown_without_waiting(node: ast.With, site: Site) -> Iterator[Suite]:
    """An executor is told to end, and not waited for."""
    item = node.items[0]
    pool = item.context_expr
    if isinstance(pool, ast.Call) and callee(pool).endswith("Executor") and isinstance(item.optional_vars, ast.Name):
        name = item.optional_vars.id
        assign = changed(code(f"{name} = 0")[0], value=pool)
        yield [assign, ast.Try(node.body, [], [], code(f"{name}.shutdown(wait=False)"))]


@operator(list)
def result_at_once(suite: Suite, site: Site) -> Iterator[Suite]:
    """Each result is waited for before the next job is handed in: one after another."""
    submits = [call for call in nodes(suite, ast.Call) if callee(call) in {"submit", "apply_async"}]
    asks = [
        call for call in nodes(suite, ast.Call) if callee(call) in {"result", "get"} and not call.args and call.func
    ]
    asks = [call for call in asks if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)]
    if len(submits) == 1 and len(asks) == 1 and isinstance(submits[0].func, ast.Attribute):
        ask = asks[0].func
        assert isinstance(ask, ast.Attribute)
        block = ast.Module(suite, [])
        inner = replaced(block, asks[0], ask.value)
        submit = next(call for call in nodes(inner, ast.Call) if callee(call) == callee(submits[0]))
        at_once = replaced(inner, submit, ast.Call(ast.Attribute(submit, ask.attr), [], []))
        yield at_once.body


def _maps(node: ast.Call, site: Site) -> bool:
    """Whether this is ``pool.map(f, xs)``."""
    return (
        callee(node) == "map"
        and isinstance(node.func, ast.Attribute)
        and site.module.is_pool(node.func.value)
        and len(node.args) == 2
    )


def _pool(node: ast.Call) -> ast.expr:
    assert isinstance(node.func, ast.Attribute)
    return node.func.value


@operator(ast.Call)
def unordered(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """Results in the order in which they are there."""
    if _maps(node, site):
        yield ast.Call(ast.Name("list"), [changed(node, func=ast.Attribute(_pool(node), "imap_unordered"))], [])


@operator(ast.Call)
def apply_one_by_one(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """pool.apply in a loop: each job waits for the one before it."""
    if _maps(node, site):
        function, items = map(ast.unparse, node.args)
        yield expression(f"[{ast.unparse(_pool(node))}.apply({function}, (one,)) for one in {items}]")


@operator(ast.Call)
def parent_works(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """The built-in map beside an idle pool."""
    if _maps(node, site):
        yield ast.Call(ast.Name("list"), [changed(node, func=ast.Name("map"))], [])


@operator(ast.Call)
def one_chunk(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """A chunk so large that one worker gets everything."""
    if _maps(node, site) and not node.keywords:
        yield changed(node, keywords=[ast.keyword("chunksize", ast.Constant(1000))])


@operator(ast.Call)
def lazy_map(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """An iterator that is asked when the pool is gone, where a list is meant."""
    if _maps(node, site):
        yield changed(node, func=ast.Attribute(_pool(node), "imap"))


@operator(ast.comprehension, ast.For)
def in_order_of_arrival(node: ast.comprehension | ast.For, site: Site) -> Iterator[object]:
    """as_completed: results in the order in which they are there."""
    asked = site.statement if isinstance(node, ast.comprehension) else node
    calls = [call for call in nodes(asked, ast.Call) if callee(call) == "result" and not call.args]
    if any(ast.unparse(call.func) == f"{ast.unparse(node.target)}.result" for call in calls):
        arrived = ast.Call(expression("concurrent.futures.as_completed"), [node.iter], [])
        yield [changed(node, iter=arrived)] if isinstance(node, ast.For) else changed(node, iter=arrived)


@operator(ast.comprehension)
def failures_left_out(node: ast.comprehension, site: Site) -> Iterator[ast.comprehension]:
    """A job that failed is passed over, and its error is lost."""
    calls = [call for call in nodes(site.statement, ast.Call) if callee(call) == "result"]
    target = ast.unparse(node.target)
    if any(ast.unparse(call.func) == f"{target}.result" for call in calls):
        yield changed(node, ifs=[*node.ifs, expression(f"not {target}.exception()")])


@operator(ast.Call)
def pool_size(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """One worker; as many as there are cores; always four; one more than asked for."""
    if callee(node) not in POOLS:
        return
    given = [*node.args, *(one.value for one in node.keywords if one.arg in {"processes", "max_workers"})]
    if not given:
        return
    size = given[0]
    more = () if isinstance(size, ast.Constant) else (f"{ast.unparse(size)} + 1",)
    for new in ("1", "4", "None", *more):
        yield replaced(node, size, expression(new))
