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
    ``telling``: the message has the reason in it, and it is no matter of order.
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
        self.telling = False

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

    def right_in(self, other: Run | None) -> bool | None:
        """Whether what it asks comes out right in another run; None where that can't be said, as there is none."""
        if self.question is None or other is None:
            return None
        try:
            self.question(other)
        except CheckFailed:
            return False
        except Inconclusive:
            return None
        return True

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
        message = f"{what} gave {type_of(got)}, {shown(got)}; expected {type_of(wanted)}."
    elif _rearranged(got, wanted):
        message += REARRANGED
    else:
        message += _difference(got, wanted)
    returned = run is not None and run.outcome == "returned" and got is run.value
    question: Question | None = (lambda other: expect(other.value, wanted, what, other)) if returned else None
    failure = CheckFailed("wrong value", message, run, question=question, guess=guess)
    failure.telling = type(got) is not type(wanted) or got == wanted
    raise failure


CONTAINERS = (list, tuple, set, frozenset, dict)

REARRANGED = " These are the right elements in another order."
"""What the judge goes on with: only other schedules tell whether it is the order of arrival."""


def _difference(got: Any, wanted: Any) -> str:
    """What the two, cut short, may not show: another type, another length, where they begin to differ."""
    if isinstance(got, values.Opaque):
        made = ": list(…) makes one of it" if isinstance(wanted, list) else ""
        if got.type.endswith("sharedctypes.Synchronized"):
            made = ": its .value is one"
        return f" That is {type_of(got)}, not {type_of(wanted)}{made}."
    if got is None:
        return " That is what a function without a return gives."
    if type(got) is not type(wanted):
        # Two numbers of different types show it themselves.
        telling = isinstance(wanted, (values.in_folder, *CONTAINERS))
        return f" That is {type_of(got)}; {type_of(wanted)} is asked for." if telling else ""
    if not isinstance(got, (list, tuple, str, bytes)):
        return ""
    unit = "characters" if isinstance(got, str) else "bytes" if isinstance(got, bytes) else "elements"
    if len(got) != len(wanted):
        count = str(len(got)) if got else "no"
        which = _more_and_less(got, wanted)
        return f" It has {count} {unit if len(got) != 1 else unit[:-1]}, expected {len(wanted)}{which}."
    first = next(place for place, pair in enumerate(zip(got, wanted, strict=True)) if not _same(*pair))
    one, other = got[first], wanted[first]
    if got == wanted:
        types = f": {shown(one, 40)} is {type_of(one)}, and {type_of(other)} is asked for"
        return f" The values are equal, but not of the same type{types if type(one) is not type(other) else ''}."
    if one is not None and type(one) is not type(other) and isinstance(other, values.in_folder):
        return f" Its elements have to be of the type {_name(other)}; this one is {type_of(one)}: {shown(one, 40)}."
    if len(repr(wanted)) > SHOWN and len(wanted) > 1:
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
        if texts:
            parts.append(f"{listed(texts, MOST_ELEMENTS)} {one if len(texts) == 1 else several}")
    return f": {', and '.join(parts)}" if parts else ""


def type_of(value: Any) -> str:
    """'a list', 'an IMapIterator'"""
    name = _name(value)
    return f"an {name}" if name[0] in "AEIOaeio" else f"a {name}"


def _name(value: Any) -> str:
    """The name of its class, as the student knows it."""
    if isinstance(value, values.in_folder):
        return "Path"
    return value.type.rpartition(".")[2] if isinstance(value, values.Opaque) else type(value).__name__


def _rearranged(got: Any, wanted: Any) -> bool:
    """Whether a list has the right elements in the wrong order."""
    if not isinstance(got, list) or not isinstance(wanted, list) or len(got) != len(wanted):
        return False
    return Counter(map(repr, got)) == Counter(map(repr, wanted))


def counted(number: int, noun: str) -> str:
    """'no threads', '1 thread', '2 worker processes'"""
    return f"no {plural(noun)}" if number == 0 else f"{number} {noun if number == 1 else plural(noun)}"


def times(number: int) -> str:
    """'not at all', 'once', 'twice', '3 times'"""
    return ("not at all", "once", "twice")[number] if number < 3 else f"{number} times"


def listed(names: Iterable[str], most: int | None = 4) -> str:
    """'a', 'a and b', 'a, b and 3 more' where there are more than ``most``; '' for none"""
    every = list(names)
    told = every[:most]
    if len(told) < len(every):
        told.append(f"{len(every) - len(told)} more")
    *before, last = told or [""]
    return f"{', '.join(before)} and {last}" if before else last


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


@of_any_run
def expect_file(run: Run, name: str, wanted: bytes) -> None:
    """Fail unless the run's folder holds the file ``name`` with just these bytes."""
    if name not in run.files:
        there = ", ".join(sorted(run.files)) or "no file at all"
        raise CheckFailed("wrong files", f"After {run.call} there should be a file {name}. There is: {there}.", run)
    if run.files[name] != wanted:
        how = _what_became_of(wanted, run.files[name])
        failure = CheckFailed("wrong files", f"After {run.call}, {name} does not hold what it should: {how}", run)
        failure.telling = True
        raise failure


def _what_became_of(wanted: bytes, got: bytes) -> str:
    """How bytes that were written differ from those that should have been."""
    count, size = counted(len(got), "byte"), len(wanted)
    if not got:
        return f"it is empty, and should have {size} bytes."
    if wanted.startswith(got):
        return f"it has only the first {count} of {size}. The rest was not written."
    if wanted.endswith(got):
        return f"it has only the last {count} of {size}. What was written before them has been written over."
    if any(got == wanted.decode(encoding, "replace").encode("utf-8") for encoding in ("utf-8", "latin-1", "cp1252")):
        return (
            f"it has {count}, and should have {size}. That is what becomes of bytes that are made text and back: bytes"
            " that are no text are lost on the way. Write the bytes themselves."
        )
    first = next((place for place, pair in enumerate(zip(got, wanted, strict=False)) if pair[0] != pair[1]), None)
    differs = "" if first is None else f" The first one that differs is number {first}, counted from 0."
    return f"it has {count}, and should have {size}.{differs}"


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
