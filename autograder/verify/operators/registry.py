"""The list of operators, and how a function gets into it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from autograder.verify.syntax import Suite

Change = Callable[[Any, Any], Iterable[Any]]
"""From a node (or a block) and its site to what may stand in its place."""


@dataclass(frozen=True)
class Operator:
    """A kind of mistake. ``kinds`` are the nodes that it changes; `list` stands for whole blocks."""

    name: str
    text: str  # the mistake in one line
    family: str  # the module that it stands in
    kinds: tuple[type, ...]
    change: Change


OPERATORS: list[Operator] = []


def operator(*kinds: type[ast.AST] | type[Suite]) -> Callable[[Change], Change]:
    """Put a function on the list of operators, for nodes of these kinds."""

    def add(change: Change) -> Change:
        text = (change.__doc__ or "").strip().partition("\n")[0]
        OPERATORS.append(Operator(change.__name__, text, change.__module__, kinds, change))
        return change

    return add
