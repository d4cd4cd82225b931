"""The mutation operators: each one turns a right program into one with a mistake that students make.

An operator is a function with the decorator `operator`, which says what kind of node it changes. It gets such a node
and its `Site`, and yields what may stand in its place: an expression for an expression; a list of statements for a
statement or for a whole block. Its name is the mistake's, the first line of its docstring says what it is.

The order counts: of two operators that make the same program the first one has it, so the plain ones come last.
"""

from __future__ import annotations

from autograder.verify.operators import locks, order, plain, pools, tasks
from autograder.verify.operators.registry import OPERATORS, Operator

__all__ = ["OPERATORS", "Operator", "locks", "order", "plain", "pools", "tasks"]

_FAMILIES = [family.__name__ for family in (locks, tasks, pools, order, plain)]
OPERATORS.sort(key=lambda operator: _FAMILIES.index(operator.family))
