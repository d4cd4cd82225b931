"""Mutants: all the programs that differ from a right one by one mistake.

A mutant is written by ``ast.unparse``, so comments are gone and the layout is Python's own; it is compared with the
unchanged program written in the same way. Each says what it is by its operator, its function and the text of its line,
not by a line number, so that its name holds when the file is edited elsewhere.

What is not mutated: imports, docstrings, annotations, decorators, and the part under ``if __name__ == "__main__":``,
which a grader never runs.
"""

from __future__ import annotations

import ast
import copy
import difflib
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from autograder.verify.operators import OPERATORS
from autograder.verify.syntax import Module, Scope, Site, Suite

SOLUTION = "solution.py"
_MODULES = ("concurrent.futures", "multiprocessing", "multiprocessing.pool", "threading", "time")
"""What an operator may write by its full name; the import is added where the program has none."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A program with one mistake. All but ``source`` and ``before`` is its name."""

    file: str  # the right program that it was made of: "solution.py", "right/executor.py"
    operator: str
    scope: str  # the functions and classes around the change, "print_all"; empty at the module's level
    line: str  # the first line of the statement that is changed
    becomes: str  # the first line that is new; empty where lines were only dropped
    nth: int  # from 1: which of those that all this is true of
    source: str
    before: str

    @property
    def name(self) -> str:
        """In one line."""
        where = f" in {self.scope}" if self.scope else ""
        nth = f" (no. {self.nth})" if self.nth > 1 else ""
        return f"{self.operator}{where}: {self.line} → {self.becomes or '(dropped)'}{nth}"

    @property
    def diff(self) -> str:
        """What is different, as a unified diff; its file names tell which program, and which mistake."""
        return "\n".join(_diff(self.before, self.source, self.file, self.operator))


def mutants(source: str, file: str = SOLUTION) -> list[Mutant]:
    """All mutants of a program, no two alike, in the order of the operators. Each one compiles."""
    tree = ast.parse(source)
    before = written(source)
    found: list[Mutant] = []
    seen = {before}
    times: Counter[tuple[str, ...]] = Counter()
    places = list(_places(tree))
    for operator in OPERATORS:
        for place in places:
            if not isinstance(place.node, operator.kinds):
                continue
            for new in operator.change(place.node, place.site):
                statement, text = _change(tree, place, new)
                if text in seen or not _compiles(text):
                    continue
                seen.add(text)
                made = [line[1:].strip() for line in _diff(before, text, "", "")[2:] if line.startswith("+")]
                becomes = next((line for line in made if line and not line.startswith("import ")), "")
                line = ast.unparse(statement).partition("\n")[0]
                name = (operator.name, place.site.scope, line, becomes)
                times[name] += 1
                found.append(Mutant(file, *name, times[name], text, before))
    return found


def written(source: str) -> str:
    """The program as its mutants are written: without comments, in Python's own layout."""
    return ast.unparse(ast.parse(source)) + "\n"


def _compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # `5 is 5`
        try:
            compile(source, "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
    return True


def _diff(before: str, after: str, file: str, operator: str) -> list[str]:
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), file, operator, lineterm="", n=2))


# --- places ------------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """A node that may be changed (or a block: the list of its statements), and where it stands."""

    node: ast.AST | Suite
    site: Site


def _places(tree: ast.Module) -> Iterator[Place]:
    yield from _blocks(tree, (), Module(tree))


def _blocks(owner: ast.AST, scopes: tuple[Scope, ...], module: Module) -> Iterator[Place]:
    """The places in the blocks of a node: each block, its statements, and all that they hold."""
    for name in ("body", "orelse", "finalbody", "handlers"):
        block = getattr(owner, name, None)
        if not isinstance(block, list) or not block:
            continue
        if name == "handlers":
            for handler in block:
                yield from _blocks(handler, scopes, module)
            continue
        yield Place(block, Site(module, block[0], block, owner, scopes))
        for position, statement in enumerate(block):
            docstring = position == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if docstring or _is_script(statement) or isinstance(statement, ast.Import | ast.ImportFrom):
                continue
            inner = scopes
            if isinstance(statement, Scope):
                inner = (*scopes, statement)
            site = Site(module, statement, block, owner, scopes)
            yield Place(statement, site)
            for node in _expressions(statement):
                yield Place(node, replace(site, scopes=inner))
            yield from _blocks(statement, inner, module)


_NOT_MUTATED = {"annotation", "returns", "decorator_list", "type_params"}


def _expressions(node: ast.AST) -> Iterator[ast.AST]:
    """What a statement holds, but not the statements of its blocks."""
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            blocks = isinstance(child, ast.stmt | ast.excepthandler)
            if name in _NOT_MUTATED or not isinstance(child, ast.AST) or blocks:
                continue
            yield child
            yield from _expressions(child)


def _is_script(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test)


# --- changes -----------------------------------------------------------------------------------------------------


def _change(tree: ast.Module, place: Place, new: ast.AST | Suite) -> tuple[ast.stmt, str]:
    """The statement that a change begins at, and the changed program."""
    memo: dict[int, object] = {}
    changed = copy.deepcopy(tree, memo)
    site, statement = place.site, place.site.statement
    if isinstance(new, list):
        block = site.suite
        if isinstance(place.node, list):
            same = next((at for at, (one, other) in enumerate(zip(block, new, strict=False)) if one is not other), 0)
            statement, after = block[same], new
        else:
            at = next(at for at, one in enumerate(block) if one is statement)
            after = [*block[:at], *new, *block[at + 1 :]]
        owner = memo[id(site.owner)]
        name = next(name for name in ("body", "orelse", "finalbody") if getattr(site.owner, name, None) is block)
        setattr(owner, name, copy.deepcopy(after) or [ast.Pass()])
    else:
        _replace(changed, memo[id(place.node)], new)
    _add_imports(changed)
    return statement, ast.unparse(ast.fix_missing_locations(changed)) + "\n"


def _replace(tree: ast.AST, found: object, new: ast.AST) -> None:
    class Replacing(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return new if node is found else self.generic_visit(node)

    Replacing().visit(tree)


def _add_imports(tree: ast.Module) -> None:
    """Import what an operator has written by its full name."""
    imported = {
        alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    used = {ast.unparse(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    needed = [name for name in _MODULES if name in used and name not in imported]
    bound = {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    place = 1 if ast.get_docstring(tree) is not None else 0
    while isinstance(future := tree.body[place : place + 1], list) and future and _is_future(future[0]):
        place += 1
    for name in needed:
        if name.split(".")[0] not in bound:
            tree.body.insert(place, ast.Import([ast.alias(name)]))


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
