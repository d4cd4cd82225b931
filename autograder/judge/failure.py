"""How a check fails: with a finding that a student can act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from autograder.model import Finding, Speedups
from autograder.world import values
from autograder.world.values import steady

if TYPE_CHECKING:
    from autograder.judge.run import Run

_T = TypeVar("_T")

Question = Callable[["Run"], object]
"""Asks the same of another run: raises `CheckFailed` where that one fails too."""


class CheckFailed(Exception):
    """A check's failure in words. ``run`` is the run that shows it; its schedule goes into the finding.

    ``question`` lets the judge ask the same of other schedules, to show the shortest one that fails; ``shrunk`` is then
    set. ``speedups`` are drawn beneath the run (`autograder.judge.chart`); ``steps`` are the events to mark in it.
    ``guess`` is what the test takes for the reason; it is told where the run itself shows none.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        run: Run | None = None,
        lines: Iterable[int] = (),
        *,
        lanes: str = "",
        steps: Iterable[int] = (),
        speedups: Speedups | None = None,
        question: Question | None = None,
        guess: str = "",
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.run = run
        self.lines = tuple(lines)
        self.lanes = lanes
        self.steps = tuple(steps)
        self.speedups = speedups
        self.question = question
        self.guess = guess
        self.shrunk = False

    @classmethod
    def of(cls, finding: Finding, run: Run, question: Question | None = None) -> CheckFailed:
        return cls(
            finding.kind,
            finding.message,
            run,
            finding.lines,
            lanes=finding.lanes,
            steps=finding.steps,
            question=question,
        )

    def finding(self) -> Finding:
        # Of a program with one thread there is nothing to see again that the call alone does not show.
        several = self.run is not None and (self.run.threads or self.run.processes)
        schedule = self.run.schedule if self.run is not None and several else ""
        return Finding(self.kind, self.message, self.lines, self.lanes, schedule, self.steps, speedups=self.speedups)


class Inconclusive(Exception):
    """A run was ended by a limit of real time: nothing can be said about the program."""


def expect(got: Any, wanted: Any, what: str, run: Run | None = None, guess: str = "") -> None:
    """Fail unless the two are equal in value and type. ``what`` is the call as the student would write it, such as
    ``primes_parallel([2, 3, 4])``; ``guess`` as in `CheckFailed`.

    Where ``got`` is what ``run`` returned, the judge can ask the same of the call under other schedules: it then says
    whether the value depends on the order, and shows the shortest schedule that fails.
    """
    if _same(got, wanted):
        return
    message = f"{what} gave {shown(got)}, expected {shown(wanted)}."
    if type(got) is not type(wanted) and got == wanted:
        message = f"{what} gave a {type(got).__name__}, {shown(got)}; expected a {type(wanted).__name__}."
    elif _rearranged(got, wanted):
        message += f" {REARRANGED}"
    else:
        message += _difference(got, wanted)
    returned = run is not None and run.outcome == "returned" and got is run.value
    question: Question | None = (lambda other: expect(other.value, wanted, what, other)) if returned else None
    raise CheckFailed("wrong value", message, run, question=question, guess=guess)


REARRANGED = "These are the right elements in another order."
"""What the judge goes on from, once it knows whether that order depends on the schedule."""

CONTAINERS = (list, tuple, set, frozenset, dict)


def _difference(got: Any, wanted: Any) -> str:
    """What the two, cut short, may not show: another type, another length, where they begin to differ."""
    if isinstance(got, values.Opaque):
        made = ": list(…) makes one of it" if isinstance(wanted, list) else ""
        return f" That is a {got.type.rpartition('.')[2]}, not a {type(wanted).__name__}{made}."
    if got is None:
        return " That is what a function without a return gives."
    if type(got) is not type(wanted) and isinstance(wanted, CONTAINERS):
        kind = type(got).__name__
        return f" That is {'an' if kind[0] in 'aeiou' else 'a'} {kind}; a {type(wanted).__name__} is asked for."
    if type(got) is not type(wanted) or not isinstance(got, (list, tuple, str, bytes)):
        return ""
    unit = "characters" if isinstance(got, str) else "bytes" if isinstance(got, bytes) else "elements"
    if len(got) != len(wanted):
        return f" It has {len(got)} {unit}, expected {len(wanted)}{_more_and_less(got, wanted)}."
    if got == wanted:
        return " The values are equal, but not of the same type."
    if len(repr(wanted)) > SHOWN:
        first = next(place for place, pair in enumerate(zip(got, wanted, strict=True)) if not _same(*pair))
        return f" The first of its {unit} that differs is number {first}, counted from 0."
    return ""


MOST_ELEMENTS = 3
"""Elements that a message names."""


def _more_and_less(got: Sequence[Any], wanted: Sequence[Any]) -> str:
    """Which elements of a list are missing, and which are too many, where that tells more than the two lists."""
    if isinstance(got, (str, bytes)) or not got or not wanted:
        return ""
    has, asked = Counter(map(repr, got)), Counter(map(repr, wanted))
    parts = []
    for some, one, several in (
        (asked - has, "is missing", "are missing"),
        (has - asked, "is too much", "are too many"),
    ):
        texts = [text if len(text) <= SHOWN_ELEMENT else f"{text[:SHOWN_ELEMENT]}…" for text in some.elements()]
        more = len(texts) - MOST_ELEMENTS
        listed = [*texts[:MOST_ELEMENTS], f"{more} more"] if more > 0 else texts
        if listed:
            told = " and ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else listed[0]
            parts.append(f"{told} {one if len(texts) == 1 else several}")
    return f": {', and '.join(parts)}" if parts else ""


def _rearranged(got: Any, wanted: Any) -> bool:
    """Whether a list has the right elements in the wrong order."""
    if not isinstance(got, list) or not isinstance(wanted, list) or len(got) != len(wanted):
        return False
    return Counter(map(repr, got)) == Counter(map(repr, wanted))


def counted(number: int, noun: str) -> str:
    """'no threads', '1 thread', '2 worker processes'"""
    return f"no {plural(noun)}" if number == 0 else f"{number} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    return f"{noun}es" if noun.endswith("ss") else f"{noun}s"


def of_any_run(ask: Callable[..., _T]) -> Callable[..., _T]:
    """A function that asks something of a run, its first argument, and that the judge may ask of other runs, too.

    A test's own helper becomes such a question by being decorated with it: the failures that it raises are then shown
    in their shortest schedule, and the feedback says whether they depend on the order of the tasks.
    """

    @wraps(ask)
    def asked(run: Run, *args: Any, **kwargs: Any) -> _T:
        try:
            return ask(run, *args, **kwargs)
        except CheckFailed as failure:
            # The outermost question counts: it may add to what an inner one says.
            if failure.run is run:
                failure.question = lambda other: asked(other, *args, **kwargs)
            raise

    return asked


def _same(got: Any, wanted: Any) -> bool:
    if type(got) is not type(wanted):
        return False
    if isinstance(got, (list, tuple)):
        return len(got) == len(wanted) and all(_same(one, other) for one, other in zip(got, wanted, strict=True))
    if isinstance(got, dict):
        return got.keys() == wanted.keys() and all(_same(got[key], wanted[key]) for key in got)
    return bool(got == wanted)


SHOWN = 120
"""Characters of a value that a message shows."""

SHOWN_ELEMENT = 40
"""Characters of an element that is missing or too many."""


def shown(value: Any, length: int = SHOWN) -> str:
    """A value's repr, cut in the middle where it is long."""
    try:
        text = repr(value)
    except ValueError:  # an int of more digits than Python prints is in it
        text = f"a {type(value).__name__} with a number too long to print"
    if len(text) > 4000:
        text = text[:2000] + text[-2000:]
    # Before it is cut: half a path of the run's folder could not be told from other text, and is another on each run.
    text = steady(text)
    if len(text) <= length:
        return text
    half = (length - 3) // 2
    return f"{text[:half]} … {text[-half:]}"
