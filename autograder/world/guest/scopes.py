"""Which names of a module several threads can share: its globals that change, and the closure cells that change.

A name that is bound once and never again (a function, an import, a constant) is the same for everybody, however many
threads read it. What threads can disagree about is a *variable*: a global that a function assigns, or that the module
itself binds more than once; and a local of one function that another one inside it uses, if either binds it again.

This is the compiler's own analysis of scopes in short. It may be wrong in the corners (type parameters count as locals
of the function): what it says decides only where a mark is put, and a mark never evaluates anything differently.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

Functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
Comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Scope:
    """A module, a function, a class body or a comprehension, and what its own code does to names."""

    def __init__(self, kind: Literal["module", "function", "class", "comprehension"], parent: Scope | None) -> None:
        self.kind = kind
        self.parent = parent
        self.bound: Counter[str] = Counter()  # how often; what a loop binds counts twice
        self.imported: set[str] = set()
        self.used: set[str] = set()
        self.declared: dict[str, str] = {}  # "global" or "nonlocal"
        self.children: list[Scope] = []
        self.shared: set[str] = set()  # locals of this function that change and that an inner function uses
        if parent is not None:
            parent.children.append(self)

    def owner(self, name: str) -> Scope:
        """The scope whose variable the name means here; the module's for globals and builtins."""
        scope: Scope = self
        while scope.parent is not None:
            declared = scope.declared.get(name)
            if declared == "global":
                break
            # The names of a class body are not seen from inside its functions.
            if declared is None and name in scope.bound and (scope.kind != "class" or scope is self):
                return scope
            scope = scope.parent
        while scope.parent is not None:
            scope = scope.parent
        return scope


class Scopes:
    """The scopes of a module, found by the nodes of its tree."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope("module", None)
        self.of: dict[ast.AST, Scope] = {tree: self.module}
        _Reader(self).body(tree.body, self.module)
        self.globals = self._changing_globals()
        for scope in self.of.values():
            if scope.kind == "function":
                scope.shared = {name for name in scope.bound if self._changes(scope, name)}

    def _changing_globals(self) -> set[str]:
        from_functions = {
            name
            for scope in self.of.values()
            for name, declared in scope.declared.items()
            if declared == "global" and name in scope.bound
        }
        return from_functions | {name for name, count in self.module.bound.items() if count > 1}

    def _changes(self, owner: Scope, name: str) -> bool:
        """Whether an inner function uses this local, and it is bound more than once."""
        captured, again = False, owner.bound[name] > 1
        todo = [(child, child.kind == "function") for child in owner.children]
        while todo:
            scope, inner = todo.pop()
            declared = scope.declared.get(name)
            if declared == "global" or (declared is None and name in scope.bound and scope.kind != "class"):
                continue
            again = again or (declared == "nonlocal" and name in scope.bound)
            captured = captured or (inner and (name in scope.used or name in scope.bound))
            todo += [(child, inner or child.kind == "function") for child in scope.children]
        return captured and again

    def kind(self, name: str, scope: Scope) -> Literal["Global", "Nonlocal", ""]:
        """What sort of shared variable a name in this scope is; "" if none."""
        owner = scope.owner(name)
        if owner is self.module:
            return "Global" if name in self.globals else ""
        return "Nonlocal" if name in owner.shared else ""

    def is_module(self, name: str, scope: Scope) -> bool:
        """Whether the name is that of an import, bound once."""
        return scope.owner(name) is self.module and name in self.module.imported and self.module.bound[name] == 1


class _Reader(ast.NodeVisitor):
    """Fills the scopes in."""

    def __init__(self, scopes: Scopes) -> None:
        self._of = scopes.of
        self._scope = scopes.module
        self._loops = 0

    def body(self, nodes: Iterable[ast.AST], scope: Scope) -> None:
        before = self._scope, self._loops
        self._scope, self._loops = scope, 0
        for node in nodes:
            self.visit(node)
        self._scope, self._loops = before

    def _bind(self, name: str | None, times: int = 1) -> None:
        if name is not None:
            self._scope.bound[name] += 2 if self._loops else times

    def _visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    # Scopes -----------------------------------------------------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._bind(node.name)
        self._visit_all(node.decorator_list)
        self._function(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node, [node.body])

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, body: Sequence[ast.AST]) -> None:
        args = node.args
        self._visit_all([*args.defaults, *args.kw_defaults])
        scope = self._of[node] = Scope("function", self._scope)
        for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
            if arg is not None:
                scope.bound[arg.arg] += 1
        for parameter in getattr(node, "type_params", []):
            scope.bound[parameter.name] += 1
        self.body(body, scope)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node.name)
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])
        scope = self._of[node] = Scope("class", self._scope)
        self.body(node.body, scope)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.visit(node.generators[0].iter)
        scope = self._of[node] = Scope("comprehension", self._scope)
        inside: list[ast.AST] = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for number, generator in enumerate(node.generators):
            inside += [generator.target, *generator.ifs, *([generator.iter] if number else [])]
        self.body(inside, scope)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    # Names ------------------------------------------------------------------------------------------------------------

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._scope.used.add(node.id)
        else:
            self._bind(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        scope = self._scope
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        scope.bound[node.target.id] += 2 if self._loops or scope is not self._scope else 1

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._bind(node.target.id, 2)
        else:
            self.visit(node.target)
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.target)
            self.visit(node.value)
        elif isinstance(node.target, ast.Name):
            self._scope.bound[node.target.id] += 0  # a local, though without a value

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self._loops += 1
        self.visit(node.target)
        self._visit_all(node.body)
        self._loops -= 1
        self._visit_all(node.orelse)

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self._loops += 1
        self.visit(node.test)
        self._visit_all(node.body)
        self._loops -= 1
        self._visit_all(node.orelse)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self._bind(name)
            self._scope.imported.add(name)

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self._bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self._bind(node.rest)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        self._scope.declared.update(dict.fromkeys(node.names, "global"))

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self._scope.declared.update(dict.fromkeys(node.names, "nonlocal"))
