"""Mistakes of any program: a statement forgotten, a condition turned round, a number one off, an error swallowed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.verify.operators.registry import operator
from autograder.verify.syntax import Scope, Site, Suite, callee, changed, code, method_call, names, nodes

_LEFT_ALONE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)


@operator(ast.Expr)
def drop_raise_for_status(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """The answer's status is not looked at."""
    if method_call(node, "raise_for_status") is not None:
        yield []


@operator(ast.Expr)
def torn_line(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """print(text) writes the text and its line break apart."""
    call = node.value
    if not (isinstance(call, ast.Call) and callee(call) == "print" and len(call.args) == 1):
        return
    text = call.args[0]
    last = text.values[-1] if isinstance(text, ast.JoinedStr) else None
    if isinstance(text, ast.JoinedStr) and isinstance(last, ast.Constant) and str(last.value).endswith("\n"):
        shorter = [*text.values[:-1], ast.Constant(str(last.value)[:-1])]
        keywords = [keyword for keyword in call.keywords if keyword.arg != "end"]
        yield [ast.Expr(changed(call, args=[ast.JoinedStr(shorter)], keywords=keywords))]


@operator(ast.Raise)
def other_exception(node: ast.Raise, site: Site) -> Iterator[Suite]:
    """Another exception than the one that is asked for."""
    if isinstance(node.exc, ast.Call):
        yield [changed(node, exc=changed(node.exc, func=ast.Name("RuntimeError")))]


@operator(list)
def swallow_errors(suite: Suite, site: Site) -> Iterator[Suite]:
    """All errors of a function are caught, and nobody hears of them."""
    if isinstance(site.owner, ast.FunctionDef) and suite is site.owner.body:
        raises = any(True for _ in nodes(suite, ast.Raise)) or any(
            callee(call) in {"raise_for_status", "result", "get"} for call in nodes(suite, ast.Call)
        )
        if raises:
            start = 1 if ast.get_docstring(site.owner) is not None else 0
            handler = ast.ExceptHandler(ast.Name("Exception"), None, code("pass"))
            yield [*suite[:start], ast.Try(suite[start:], [handler], [], [])]


@operator(ast.Name)
def parameter_ignored(node: ast.Name, site: Site) -> Iterator[ast.expr]:
    """Always the parameter's default, whatever the caller says."""
    if isinstance(node.ctx, ast.Load):
        default = _defaults(site.scopes).get(node.id)
        if isinstance(default, ast.Constant):
            yield default


def _defaults(scopes: tuple[Scope, ...]) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for scope in scopes:
        if isinstance(scope, ast.FunctionDef):
            arguments = scope.args.args
            first = len(arguments) - len(scope.args.defaults)
            found |= {one.arg: value for one, value in zip(arguments[first:], scope.args.defaults, strict=True)}
    return found


@operator(list)
def early_return(suite: Suite, site: Site) -> Iterator[Suite]:
    """The function returns before it has done everything."""
    if isinstance(site.owner, ast.FunctionDef) and suite is site.owner.body:
        for place in range(2, len(suite)):
            if not isinstance(suite[place], ast.Return):
                yield [*suite[:place], ast.Return(None)]


@operator(ast.For, ast.While)
def one_turn(node: ast.For | ast.While, site: Site) -> Iterator[Suite]:
    """The loop ends after its first turn."""
    yield [changed(node, body=[*node.body, ast.Break()])]


@operator(ast.stmt)
def drop_statement(node: ast.stmt, site: Site) -> Iterator[Suite]:
    """A statement is missing."""
    if isinstance(node, _LEFT_ALONE) or (len(site.suite) == 1 and not isinstance(site.owner, ast.FunctionDef)):
        return
    # Without the only assignment to a name that is read, nothing works at all: nothing to learn.
    scope = site.scopes[-1] if site.scopes else site.module.tree
    made = names(node, ast.Store)
    others = {name.id for name in nodes(scope, ast.Name) if isinstance(name.ctx, ast.Store)}
    once = {
        name for name in made if sum(one.id == name for one in _bound(scope)) == sum(o.id == name for o in _bound(node))
    }
    if isinstance(node, ast.Assign) and once & names(scope, ast.Load) & others:
        return
    yield []


def _bound(tree: ast.AST) -> list[ast.Name]:
    return [name for name in nodes(tree, ast.Name) if isinstance(name.ctx, ast.Store)]


_AS_GOOD_AS_ONCE = frozenset({"join", "raise_for_status", "mkdir", "close", "shutdown"})


@operator(ast.Expr)
def statement_twice(node: ast.Expr, site: Site) -> Iterator[Suite]:
    """A call is made twice."""
    if isinstance(node.value, ast.Call) and callee(node.value) not in _AS_GOOD_AS_ONCE:
        yield [node, node]


_WORK = frozenset({"get", "post", "map", "starmap", "submit", "apply", "apply_async", "recv", "send", "put"})


@operator(ast.Assign)
def asked_twice(node: ast.Assign, site: Site) -> Iterator[Suite]:
    """A request is made, or a job handed in, twice."""
    if isinstance(node.value, ast.Call) and callee(node.value) in _WORK:
        yield [node, node]


@operator(ast.If, ast.While, ast.IfExp)
def negate_condition(node: ast.If | ast.While | ast.IfExp, site: Site) -> Iterator[object]:
    """A condition turned round."""
    new = changed(node, test=ast.UnaryOp(ast.Not(), node.test))
    yield new if isinstance(new, ast.IfExp) else [new]


@operator(ast.comprehension)
def filter_changed(node: ast.comprehension, site: Site) -> Iterator[ast.comprehension]:
    """A filter dropped, or turned round."""
    for place, test in enumerate(node.ifs):
        yield changed(node, ifs=[*node.ifs[:place], *node.ifs[place + 1 :]])
        yield changed(node, ifs=[*node.ifs[:place], ast.UnaryOp(ast.Not(), test), *node.ifs[place + 1 :]])


_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}


@operator(ast.Compare)
def boundary(node: ast.Compare, site: Site) -> Iterator[ast.expr]:
    """< for <=, == for !=, and so on."""
    for place, compared in enumerate(node.ops):
        for other in _COMPARED[type(compared)]:
            yield changed(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])


_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.FloorDiv,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}


@operator(ast.BinOp)
def arithmetic(node: ast.BinOp, site: Site) -> Iterator[ast.expr]:
    """Minus for plus, times for power, and so on."""
    if type(node.op) in _COMPUTED:
        yield changed(node, op=_COMPUTED[type(node.op)]())


@operator(ast.AugAssign)
def update(node: ast.AugAssign, site: Site) -> Iterator[Suite]:
    """-= for +=, or a plain =."""
    if type(node.op) in _COMPUTED:
        yield [changed(node, op=_COMPUTED[type(node.op)]())]
    yield [ast.Assign([node.target], node.value)]


@operator(ast.Constant)
def constant(node: ast.Constant, site: Site) -> Iterator[ast.expr]:
    """A number one off or twice as large, a truth turned round, another text."""
    # The words of an error are the student's own.
    value = node.value
    if isinstance(site.statement, ast.Raise) and isinstance(value, str):
        return
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1) if value > 0 else ast.UnaryOp(ast.USub(), ast.Constant(1))
    elif isinstance(value, float):
        yield ast.Constant(value * 2)
        yield ast.Constant(0.0)
    elif isinstance(value, str):
        yield ast.Constant(f"{value}X")
        yield ast.Constant("")
    elif value is None:
        yield ast.Constant(0)


@operator(ast.Call)
def drop_argument(node: ast.Call, site: Site) -> Iterator[ast.expr]:
    """A keyword argument is missing."""
    for keyword in node.keywords:
        yield changed(node, keywords=[one for one in node.keywords if one is not keyword])


@operator(ast.Return)
def nothing_returned(node: ast.Return, site: Site) -> Iterator[Suite]:
    """The result is not returned."""
    if node.value is not None:
        yield [ast.Expr(node.value)]
