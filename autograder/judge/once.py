"""What several checks look at, made once for each submission."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from autograder.judge.subject import Subject

_T = TypeVar("_T")


def made_once(make: Callable[..., _T]) -> Callable[..., _T]:
    """A function of the submission, and perhaps of more, whose result is kept: the next check gets the same again.

    The judge makes a run only once in any case (`Subject.run`). This is for what takes several to make, the calls of a
    session or a search, and for naming what checks have in common. What is made counts as work of the check that asked
    for it first: how many schedules were tried stands in the feedback of that one alone.
    """
    made: WeakKeyDictionary[Subject, dict[tuple[Hashable, ...], _T]] = WeakKeyDictionary()

    @wraps(make)
    def once(submission: Subject, *arguments: Hashable) -> _T:
        known = made.setdefault(submission, {})
        if arguments not in known:
            known[arguments] = make(submission, *arguments)
        return known[arguments]

    return once
