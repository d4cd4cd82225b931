"""Mistakes with locks: none, another one each time, too short, too long, not given back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.verify.operators.registry import operator
from autograder.verify.syntax import LOCKS, Site, Suite, callee, changed, code, expression, method_call


def _locked(node: ast.With, site: Site) -> ast.expr | None:
    """The lock of a with statement that takes just one."""
    if len(node.items) == 1 and site.module.is_lock(lock := node.items[0].context_expr):
        return lock
    return None


def _with(lock: ast.expr, body: Suite) -> Suite:
    return [ast.With([ast.withitem(lock)], body)]


def _new_lock(lock: ast.expr, site: Site) -> ast.expr:
    """A lock of the same world: between processes, a thread's lock would be another mistake."""
    between_processes = isinstance(lock, ast.Call) or not site.module.imports("threading")
    return expression("multiprocessing.Lock()" if between_processes else "threading.Lock()")


@operator(ast.With)
def drop_lock(node: ast.With, site: Site) -> Iterator[Suite]:
    """The lock is not taken at all."""
    if _locked(node, site) is not None:
        yield node.body


@operator(ast.With)
def lock_per_call(node: ast.With, site: Site) -> Iterator[Suite]:
    """The lock is made where it is taken: everybody has their own."""
    if (lock := _locked(node, site)) is not None:
        yield _with(_new_lock(lock, site), node.body)


@operator(list)
def lock_per_function_call(suite: Suite, site: Site) -> Iterator[Suite]:
    """The module's one lock is made anew in each call of the function that takes it."""
    if not (isinstance(site.owner, ast.FunctionDef) and suite is site.owner.body):
        return
    for made in site.module.tree.body:
        if isinstance(made, ast.Assign) and isinstance(made.value, ast.Call) and callee(made.value) in LOCKS:
            reads = {ast.unparse(node) for statement in suite for node in ast.walk(statement) if type(node) is ast.Name}
            if ast.unparse(made.targets[0]) in reads:
                start = 1 if ast.get_docstring(site.owner) is not None else 0
                yield [*suite[:start], made, *suite[start:]]


@operator(ast.With)
def lock_only_the_first(node: ast.With, site: Site) -> Iterator[Suite]:
    """The lock covers the first statement only."""
    if (lock := _locked(node, site)) is not None and len(node.body) > 1:
        yield [*_with(lock, node.body[:1]), *node.body[1:]]


@operator(ast.With)
def lock_only_the_last(node: ast.With, site: Site) -> Iterator[Suite]:
    """The lock covers the last statement only."""
    if (lock := _locked(node, site)) is not None and len(node.body) > 1:
        yield [*node.body[:-1], *_with(lock, node.body[-1:])]


@operator(ast.With)
def lock_split(node: ast.With, site: Site) -> Iterator[Suite]:
    """The lock is given back between two statements, and taken again."""
    if (lock := _locked(node, site)) is not None:
        for cut in range(1, len(node.body)):
            yield [*_with(lock, node.body[:cut]), *_with(lock, node.body[cut:])]


@operator(ast.With)
def lock_per_turn(node: ast.With, site: Site) -> Iterator[Suite]:
    """The lock is taken for each turn of the loop, not for the loop."""
    if (lock := _locked(node, site)) is not None:
        for place, loop in enumerate(node.body):
            if isinstance(loop, ast.For | ast.While):
                inner = changed(loop, body=_with(lock, loop.body))
                before, after = node.body[:place], node.body[place + 1 :]
                yield [*(_with(lock, before) if before else []), inner, *(_with(lock, after) if after else [])]


@operator(ast.For, ast.While)
def lock_around_the_loop(node: ast.For | ast.While, site: Site) -> Iterator[Suite]:
    """The lock is taken for the whole loop, not for each turn."""
    if len(node.body) == 1 and isinstance(inner := node.body[0], ast.With):
        lock = _locked(inner, site)
        if lock is not None:
            yield _with(lock, [changed(node, body=inner.body)])


@operator(ast.With)
def lock_with_a_limit(node: ast.With, site: Site) -> Iterator[Suite]:
    """Waits for the lock for a while, then goes on without it."""
    if (lock := _locked(node, site)) is not None:
        call = ast.Call(ast.Attribute(lock, "acquire"), [], [ast.keyword("timeout", ast.Constant(0.1))])
        release = ast.Expr(ast.Call(ast.Attribute(lock, "release"), [], []))
        taken = ast.Assign([ast.Name("taken", ast.Store())], call)
        after: Suite = [ast.If(ast.Name("taken"), [release], [])]
        yield [taken, ast.Try(node.body, [], [], after)]


@operator(ast.With)
def release_not_in_finally(node: ast.With, site: Site) -> Iterator[Suite]:
    """acquire, the work, release: an error in between leaves the lock taken."""
    if (lock := _locked(node, site)) is not None:
        name = ast.unparse(lock)
        yield [*code(f"{name}.acquire()"), *node.body, *code(f"{name}.release()")]


@operator(ast.With)
def acquire_without_release(node: ast.With, site: Site) -> Iterator[Suite]:
    """The lock is taken and never given back."""
    if (lock := _locked(node, site)) is not None:
        yield [*code(f"{ast.unparse(lock)}.acquire()"), *node.body]


@operator(ast.Try)
def finally_unrolled(node: ast.Try, site: Site) -> Iterator[Suite]:
    """What stood in finally is done only where no error came before it."""
    if node.finalbody and not node.handlers and not any(isinstance(one, ast.Return) for one in node.body):
        yield [*node.body, *node.finalbody]


@operator(ast.With)
def lock_taken_twice(node: ast.With, site: Site) -> Iterator[Suite]:
    """The lock is taken once more by the one that holds it."""
    if (lock := _locked(node, site)) is not None:
        yield _with(lock, _with(lock, node.body))


@operator(ast.With)
def read_outside_the_lock(node: ast.With, site: Site) -> Iterator[Suite]:
    """x += 1 reads before the lock is taken; only the write is under it."""
    lock = _locked(node, site)
    if lock is not None and len(node.body) == 1 and isinstance(update := node.body[0], ast.AugAssign):
        target = ast.unparse(update.target)
        new = ast.BinOp(ast.Name("before"), update.op, update.value)
        store = changed(code(f"{target} = 0")[0], value=new)
        yield [*code(f"before = {target}"), *_with(lock, [store])]


@operator(ast.With)
def write_outside_the_lock(node: ast.With, site: Site) -> Iterator[Suite]:
    """x += 1 computes under the lock, and writes when it has given it back."""
    lock = _locked(node, site)
    if lock is not None and len(node.body) == 1 and isinstance(update := node.body[0], ast.AugAssign):
        target = ast.unparse(update.target)
        new = ast.BinOp(expression(target), update.op, update.value)
        compute = changed(code("after = 0")[0], value=new)
        yield [*_with(lock, [compute]), *code(f"{target} = after")]


@operator(ast.Call)
def two_at_a_time(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """The lock lets two in."""
    if callee(node) in {"Lock", "RLock"} and not node.args:
        source = "threading" if site.module.imports("threading") else "multiprocessing"
        yield expression(f"{source}.Semaphore(2)")


@operator(ast.Call)
def lock_of_threads(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """A lock of threading between processes, which share none of it."""
    if callee(node) in {"Lock", "RLock"} and not site.module.imports("threading"):
        yield expression(f"threading.{callee(node)}()")


@operator(ast.Call)
def shared_without_lock(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """Value or Array without their lock."""
    if callee(node) in {"Value", "Array"} and not any(keyword.arg == "lock" for keyword in node.keywords):
        yield changed(node, keywords=[*node.keywords, ast.keyword("lock", ast.Constant(False))])


@operator(ast.Expr)
def drop_release(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """The lock is not released."""
    if method_call(node, "release") is not None:
        yield []
