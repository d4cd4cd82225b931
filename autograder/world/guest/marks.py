"""Marks at the reads and stores of memory that threads may share, put into the syntax tree.

A mark is a call beside an access that tells `memory` of it: *this task now reads ``counter``*. It never does the access
itself, so whatever the program does it still does in its own bytecode, in the same order, at the same lines, with the
same exceptions; every part of an expression is evaluated once. While a process has one thread, nothing is told: most
marks stand behind a flag (``__several__``), the others are one call of a function that gives back its argument.

What is marked, in functions and on the module's level:

- ``name``, where it is a global or a closure cell that changes (see `scopes`): loads, assignments of every form with
  ``=``, ``:=`` and ``for`` (just after the store there), ``del``
- ``x.attr``: loads but not that of a method that is called, assignments, ``del``
- ``x[i]``: the same; slices are not
- ``x.append(…)``: the contents of x, if it is a list, dict, set or deque (`CHANGING`, `LOOKING`)

An augmented assignment is a read and a store, the store told after the right side's value is there. Left unmarked, as
what is bound there rarely changes while threads run: names bound by ``with``, ``except``, ``import``, ``def`` and
``class``, patterns of ``match``; the level of class bodies, where a name may be looked up in a mapping of the program's
own; and annotations, whose text the program may see.

Three forms of marks, by what may be evaluated twice without a difference (*plain*: constants, and names that no other
thread can bind)::

    self.total              (__several__ and __attr__(self, "total", …) or self).total     the mark gives None
    self.made().total       __of__(self.made(), "total", …).total                          it gives the object
    total = f(x)            total = (f(x), __several__ and __global__("total", …))[0]

For ``x[key] += value`` with parts that are not plain, the marks of one access find each other by a number of the
*site*: ``__hold__(x, …, 7)[__key__(key, …, 7)] += (value, __several__ and __put__(7, …))[0]``.
"""

from __future__ import annotations

import ast
from typing import Any, TypeVar

from autograder.world.guest.scopes import Functions, Scope, Scopes

SEVERAL = "several()"
GLOBAL, CELL, ATTR, OF, ITEM, IN, KEY_OF, HOLD, KEY, PUT, CALLS, CALLED = (
    "global()",
    "cell()",
    "attr()",
    "of()",
    "item()",
    "in()",
    "key_of()",
    "hold()",
    "key()",
    "put()",
    "calls()",
    "called()",
)
"""Written with underlines in this module's text, but no names that a program could write."""
READ, STORE = 0, 1

CHANGING = frozenset(
    {"add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem", "popleft"}
    | {"remove", "reverse", "rotate", "setdefault", "sort", "update"}
    | {"read", "readline", "readlines", "seek", "truncate", "write", "writelines"}
)
LOOKING = frozenset({"copy", "count", "get", "getvalue", "index", "items", "keys", "tell", "values"})
"""Methods of lists, dicts, sets, deques and buffers in memory that are one step each, in which their contents are
changed or looked at. Who reads a buffer moves the place where the next one goes on."""

Node = TypeVar("Node", bound=ast.AST)


def mark(tree: ast.Module) -> ast.Module:
    """Put the marks in, in place."""
    marked = _Marks(Scopes(tree)).visit(tree)
    assert isinstance(marked, ast.Module)
    return marked


class _Marks(ast.NodeTransformer):
    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._scope: Scope = scopes.module
        self._on = True
        self._class = ""  # the innermost class around, for names that it mangles
        self._sites = 0

    def _expr(self, node: ast.expr) -> ast.expr:
        found = self.visit(node)
        assert isinstance(found, ast.expr)
        return found

    # Scopes -----------------------------------------------------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.decorator_list = [self._expr(one) for one in node.decorator_list]
        self._defaults(node.args)
        before = self._enter(node)
        node.body = self._statements(node.body)
        self._scope, self._on = before
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self._defaults(node.args)
        before = self._enter(node)
        node.body = self._expr(node.body)
        self._scope, self._on = before
        return node

    def _defaults(self, args: ast.arguments) -> None:
        args.defaults = [self._expr(one) for one in args.defaults]
        args.kw_defaults = [one and self._expr(one) for one in args.kw_defaults]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.decorator_list = [self._expr(one) for one in node.decorator_list]
        node.bases = [self._expr(one) for one in node.bases]
        for keyword in node.keywords:
            keyword.value = self._expr(keyword.value)
        before, outer = self._enter(node), self._class
        self._class = node.name
        node.body = self._statements(node.body)
        self._class = outer
        self._scope, self._on = before
        return node

    def _enter(self, node: ast.AST) -> tuple[Scope, bool]:
        before = self._scope, self._on
        self._scope = self._scopes.of[node]
        self._on = isinstance(node, Functions)
        return before

    def _statements(self, nodes: list[ast.stmt]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for node in nodes:
            new = self.visit(node)
            found += new if isinstance(new, list) else [new]
        return found

    def _comprehension(self, node: Any) -> ast.AST:
        first = node.generators[0]
        first.iter = self._expr(first.iter)
        before = self._scope
        self._scope = self._scopes.of[node]
        for number, generator in enumerate(node.generators):
            if number:
                generator.iter = self._expr(generator.iter)
            generator.target = self._expr(generator.target)
            generator.ifs = [self._expr(one) for one in generator.ifs]
        for part in ("key", "value") if isinstance(node, ast.DictComp) else ("elt",):
            setattr(node, part, self._expr(getattr(node, part)))
        self._scope = before
        return node  # type: ignore[no-any-return]

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    # What is left alone -----------------------------------------------------------------------------------------------

    def visit_TypeAlias(self, node: ast.AST) -> ast.AST:
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        if node.guard is not None:
            node.guard = self._expr(node.guard)
        node.body = self._statements(node.body)
        return node

    # Names ------------------------------------------------------------------------------------------------------------

    def _told_name(self, name: str, op: int, place: ast.AST) -> ast.expr | None:
        """The mark of a variable that threads may share, None for any other name."""
        kind = self._scopes.kind(name, self._scope) if self._on else ""
        if kind == "Global":
            return _flagged(_call(GLOBAL, place, *_constants(place, name, op, _line(place))), place)
        if kind == "Nonlocal":
            # A function that uses the variable has its cell, without reading what is in it.
            none = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
            cell = _at(ast.Lambda(none, _at(ast.Name(name, ast.Load()), place)), place)
            return _flagged(_call(CELL, place, cell, *_constants(place, name, op, _line(place))), place)
        return None

    def visit_Name(self, node: ast.Name) -> ast.AST:
        told = self._told_name(node.id, READ, node) if isinstance(node.ctx, ast.Load) else None
        return _first(told, node) if told is not None else node

    def _stored(self, targets: list[ast.expr]) -> list[ast.expr]:
        """The marks of the names that these targets bind."""
        found: list[ast.expr] = []
        for target in targets:
            if isinstance(target, ast.Name):
                told = self._told_name(target.id, STORE, target)
                found += [told] if told is not None else []
            elif isinstance(target, (ast.Tuple, ast.List)):
                found += self._stored(target.elts)
            elif isinstance(target, ast.Starred):
                found += self._stored([target.value])
        return found

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        value = self._expr(node.value)
        node.value = _after(value, self._stored(node.targets))
        node.targets = [self._expr(target) for target in node.targets]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = _after(self._expr(node.value), self._stored([node.target]))
            target = self._expr(node.target)
            assert isinstance(target, (ast.Name, ast.Attribute, ast.Subscript))
            node.target = target
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        node.value = _after(self._expr(node.value), self._stored([node.target]))
        return node

    def visit_For(self, node: ast.For | ast.AsyncFor) -> ast.AST:
        stored = self._stored([node.target])
        node.iter = self._expr(node.iter)
        node.target = self._expr(node.target)
        node.body = [_at(ast.Expr(told), told) for told in stored] + self._statements(node.body)
        node.orelse = self._statements(node.orelse)
        return node

    visit_AsyncFor = visit_For

    def visit_Delete(self, node: ast.Delete) -> ast.AST | list[ast.stmt]:
        stored: list[ast.stmt] = [_at(ast.Expr(told), node) for told in self._stored(node.targets)]
        node.targets = [self._expr(target) for target in node.targets]
        return [*stored, node]

    # Attributes and items ---------------------------------------------------------------------------------------------

    def _plain(self, node: ast.expr) -> bool:
        """Whether evaluating it twice is the same as once, whatever other threads do in between."""
        if isinstance(node, ast.UnaryOp):
            return isinstance(node.operand, ast.Constant)
        if isinstance(node, ast.Name):
            return not self._scopes.kind(node.id, self._scope)
        return isinstance(node, ast.Constant)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute):
            node.func.value = self._called(node.func)
        else:
            node.func = self._expr(node.func)
        node.args = [self._expr(one) for one in node.args]
        for keyword in node.keywords:
            keyword.value = self._expr(keyword.value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._attribute(node, READ if isinstance(node.ctx, ast.Load) else STORE)

    def _attribute(self, node: ast.Attribute, op: int, site: int = 0) -> ast.Attribute:
        owner = node.value
        plain = self._plain(owner)
        node.value = self._expr(owner)
        if not self._on or isinstance(owner, (ast.Constant, ast.JoinedStr)) or self._is_module(owner):
            return node
        rest = _constants(node, self._mangled(node.attr), op, _line(node), site)
        if plain:
            node.value = _first(_flagged(_call(ATTR, owner, owner, *rest), owner), owner)
        else:
            node.value = _call(OF, owner, node.value, *rest)
        return node

    def _called(self, func: ast.Attribute) -> ast.expr:
        """The object whose method is called, marked where the method may be one of a list, dict, set or deque. Its
        arguments are evaluated after the mark: what they do comes between it and the call."""
        owner = func.value
        plain, text = self._plain(owner), _dotted(owner)
        value = self._expr(owner)
        if not self._on or func.attr not in CHANGING | LOOKING or isinstance(owner, (ast.Constant, ast.JoinedStr)):
            return value
        rest = _constants(owner, STORE if func.attr in CHANGING else READ, _line(func), text)
        if plain:
            return _first(_flagged(_call(CALLS, owner, owner, *rest), owner), owner)
        return _call(CALLED, owner, value, *rest)

    def _is_module(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and self._scopes.is_module(node.id, self._scope)

    def _mangled(self, name: str) -> str:
        if not self._class.strip("_") or not name.startswith("__") or name.endswith("__"):
            return name
        return f"_{self._class.lstrip('_')}{name}"

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return self._subscript(node, READ if isinstance(node.ctx, ast.Load) else STORE)

    def _subscript(self, node: ast.Subscript, op: int, site: int = 0) -> ast.Subscript:
        owner, key = node.value, node.slice
        plain_owner, plain_key = self._plain(owner), self._plain(key)
        text = _dotted(owner)
        node.value, node.slice = self._expr(owner), self._expr(key)
        if not self._on or isinstance(owner, (ast.Constant, ast.JoinedStr)) or _has_slice(key):
            return node
        rest = _constants(node, op, _line(node), text, site)
        if plain_owner and plain_key:
            node.value = _first(_flagged(_call(ITEM, owner, owner, key, *rest), owner), owner)
        elif plain_key:
            node.value = _call(IN, owner, node.value, key, *rest)
        elif plain_owner:
            # The owner is on the stack by then, so that what the key does to its name makes no difference.
            node.slice = _call(KEY_OF, key, owner, node.slice, *rest)
        else:
            number = abs(site) or self._site()
            node.value = _call(HOLD, owner, node.value, *_constants(node, text, number))
            node.slice = _call(KEY, key, node.slice, *_constants(node, op, _line(node), number, site))
        return node

    def _site(self) -> int:
        self._sites += 1
        return self._sites

    # Read, then store -------------------------------------------------------------------------------------------------

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | list[ast.stmt]:
        target, value = node.target, node.value
        plain = self._plain(value)
        node.value = self._expr(value)
        if isinstance(target, ast.Name):
            told, stored = (self._told_name(target.id, op, target) for op in (READ, STORE))
            if told is None or stored is None:
                return node
            node.value = _first(stored, value) if plain else _after(node.value, [stored])
            return [_at(ast.Expr(told), node), node]
        if not self._on:
            node.target = self._expr(target)  # type: ignore[assignment]
            return node
        before = target.value
        # Where nothing of the program's can come between the marks, they need not be told apart by their frames.
        site = -self._site() if plain else self._site()
        if isinstance(target, ast.Attribute):
            node.target = self._attribute(target, READ, site)
            marked = node.target.value is not before
        else:
            marked = not _has_slice(target.slice)
            node.target = self._subscript(target, READ, site)
        if marked:
            stored = _flagged(_call(PUT, target, *_constants(target, site, _line(target))), target)
            node.value = _first(stored, value) if plain else _after(node.value, [stored])
        return node


def _has_slice(key: ast.expr) -> bool:
    parts = key.elts if isinstance(key, ast.Tuple) else [key]
    return any(isinstance(part, (ast.Slice, ast.Starred)) for part in parts)


def _dotted(node: ast.expr) -> str:
    """What the program calls this: "results", "self.results"; "" for anything but names and attributes."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


# Pieces of the tree ---------------------------------------------------------------------------------------------------


def _at(node: Node, place: ast.AST) -> Node:
    return ast.copy_location(node, place)


def _constant(value: str | int, place: ast.AST) -> ast.expr:
    return _at(ast.Constant(value), place)


def _constants(place: ast.AST, *values: str | int) -> list[ast.expr]:
    return [_constant(value, place) for value in values]


def _line(place: ast.AST) -> int:
    line: int = getattr(place, "lineno", 0)
    return line


def _call(name: str, place: ast.AST, *args: ast.expr) -> ast.expr:
    return _at(ast.Call(_at(ast.Name(name, ast.Load()), place), list(args), []), place)


def _flagged(call: ast.expr, place: ast.AST) -> ast.expr:
    """The call if there are several threads: something false in any case."""
    return _at(ast.BoolOp(ast.And(), [_at(ast.Name(SEVERAL, ast.Load()), place), call]), place)


def _first(told: ast.expr, value: ast.expr) -> ast.expr:
    """The value, after the mark."""
    return _at(ast.BoolOp(ast.Or(), [told, value]), value)


def _after(value: ast.expr, told: list[ast.expr]) -> ast.expr:
    """The value, before the marks."""
    if not told:
        return value
    if isinstance(value, ast.Constant) and len(told) == 1:
        return _first(told[0], value)
    pair = _at(ast.Tuple([value, *told], ast.Load()), value)
    return _at(ast.Subscript(pair, _constant(0, value), ast.Load()), value)
