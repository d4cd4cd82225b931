"""Mistakes with threads and processes: not started, not joined, one after another, the wrong kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.verify.operators.registry import operator
from autograder.verify.syntax import (
    TASKS,
    Site,
    Suite,
    callee,
    changed,
    code,
    expression,
    method_call,
    names,
)


def _only_joins(loop: ast.For) -> bool:
    return len(loop.body) == 1 and method_call(loop.body[0], "join") is not None


@operator(ast.Expr)
def join_at_once(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """Each one is joined right after its start: they run one after another."""
    if (task := method_call(node, "start")) is not None:
        yield [node, *code(f"{ast.unparse(task)}.join()")]


@operator(ast.Expr, ast.For)
def drop_join(node: ast.Expr | ast.For, site: Site) -> Iterator[Suite]:
    """Nobody waits for the end."""
    if isinstance(node, ast.For):
        if _only_joins(node):
            yield []
    elif method_call(node, "join") is not None and len(site.suite) > 1:
        yield []


@operator(ast.Expr)
def join_with_a_limit(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """Waits for a while only."""
    call = node.value
    if isinstance(call, ast.Call) and method_call(node, "join") is not None and not (call.args or call.keywords):
        yield [ast.Expr(changed(call, args=[ast.Constant(0.1)]))]


@operator(ast.Expr, ast.For)
def sleep_for_join(node: ast.Expr | ast.For, site: Site) -> Iterator[Suite]:
    """Sleeps, and hopes that all have ended."""
    if (isinstance(node, ast.For) and _only_joins(node)) or (
        isinstance(node, ast.Expr) and method_call(node, "join") is not None and not isinstance(site.owner, ast.For)
    ):
        yield code("time.sleep(0.5)")


@operator(ast.For)
def not_all_of_them(node: ast.For, site: Site) -> Iterator[Suite]:
    """The loop leaves out the first or the last, or takes only these."""
    if isinstance(node.iter, ast.Name):
        for cut in ("[1:]", "[:-1]", "[:1]", "[-1:]"):
            yield [changed(node, iter=expression(f"{node.iter.id}{cut}"))]


@operator(ast.Expr)
def run_for_start(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """run() works here and now; only start() starts something."""
    if (task := method_call(node, "start")) is not None:
        yield code(f"{ast.unparse(task)}.run()")


@operator(ast.Expr, ast.For)
def drop_start(node: ast.Expr | ast.For, site: Site) -> Iterator[Suite]:
    """Made, and never started."""
    if isinstance(node, ast.Expr):
        if method_call(node, "start") is not None and len(site.suite) > 1:
            yield []
    elif len(node.body) == 1 and method_call(node.body[0], "start") is not None:
        yield []


@operator(ast.Expr)
def started_twice(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """Started twice."""
    if method_call(node, "start") is not None:
        yield [node, node]


def _target(node: ast.Call) -> tuple[ast.keyword, ast.Call] | None:
    """The target of ``Thread(target=f, args=(…,))``, and the call ``f(…)`` that it stands for."""
    if callee(node) not in TASKS:
        return None
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    target, args = given.get("target"), given.get("args")
    if target is None or not isinstance(args, ast.Tuple | ast.List):
        return None
    return next(one for one in node.keywords if one.arg == "target"), ast.Call(target, args.elts, [])


@operator(ast.Call)
def called_not_passed(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """Thread(target=f(x)) calls f at once, and gives its result to the thread."""
    if (found := _target(node)) is not None:
        yield changed(node, keywords=[ast.keyword("target", found[1])])


@operator(ast.Call)
def late_binding(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """target=lambda: f(x) looks x up when it runs: all see the last one."""
    if (found := _target(node)) is not None:
        arguments = ast.arguments([], [], None, [], [], None, [])
        yield changed(node, keywords=[ast.keyword("target", ast.Lambda(arguments, found[1]))])


@operator(ast.Call)
def first_argument_for_all(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """Each gets the arguments of the one before it: two arguments change places."""
    found = _target(node)
    if found is not None and len(found[1].args) > 1:
        for place in range(len(found[1].args) - 1):
            args = list(found[1].args)
            args[place], args[place + 1] = args[place + 1], args[place]
            others = [keyword for keyword in node.keywords if keyword.arg != "args"]
            yield changed(node, keywords=[*others, ast.keyword("args", ast.Tuple(args, ast.Load()))])


@operator(ast.Call)
def daemon(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """A daemon: killed, not waited for, when the program ends."""
    if callee(node) in TASKS and not any(keyword.arg == "daemon" for keyword in node.keywords):
        yield changed(node, keywords=[*node.keywords, ast.keyword("daemon", ast.Constant(True))])


KINDS = {
    "Thread": "multiprocessing.Process",
    "Process": "threading.Thread",
    "ThreadPoolExecutor": "concurrent.futures.ProcessPoolExecutor",
    "ProcessPoolExecutor": "concurrent.futures.ThreadPoolExecutor",
    "Pool": "multiprocessing.pool.ThreadPool",
    "ThreadPool": "multiprocessing.Pool",
}


@operator(ast.Call)
def other_kind(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """Threads for processes, or processes for threads."""
    if callee(node) in KINDS:
        yield changed(node, func=expression(KINDS[callee(node)]))


_STATE = frozenset({"Value", "Array", "Queue", "Event", "Lock"})


@operator(ast.FunctionDef)
def kept_between_calls(node: ast.FunctionDef, site: Site) -> Iterator[Suite]:
    """What each call should make for itself is a default value, made once and shared by all calls."""
    local = {*names(node, ast.Store), *(argument.arg for argument in node.args.args)}
    for place, statement in enumerate(node.body):
        if not isinstance(statement, ast.Assign) or not isinstance(target := statement.targets[0], ast.Name):
            continue
        value = statement.value
        mutable = isinstance(value, ast.List | ast.Dict | ast.Set)
        mutable = mutable or (isinstance(value, ast.Call) and callee(value) in _STATE)
        if mutable and not names(value, ast.Load) & local and not node.args.kwonlyargs and not node.args.vararg:
            # Parameters with a default stand last: none without one may follow.
            arguments = changed(node.args, args=[*node.args.args, ast.arg(target.id)])
            arguments.defaults = [*node.args.defaults, value]
            yield [changed(node, args=arguments, body=[*node.body[:place], *node.body[place + 1 :]])]
