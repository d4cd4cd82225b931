"""Which operations of a run could have come in another order, and would that have mattered?

A run is a row of *transitions*: one decision, the operation that was chosen, and what its task did up to its next
operation. Two transitions *depend* on each other if their order can be seen: both take the same lock, touch the same
cell of shared memory and one stores, have to do with the same file and one changes it, write to standard output, use
the same end of a channel. All that a dependence or
a cause (a creation and a start, a message and its receipt) orders is *happens-before*; orders of the rest are the same
run in other words (Mazurkiewicz, "Trace Theory", 1987).

A *reversible race* is a pair of dependent transitions of two tasks that nothing between them orders: another schedule
can bring the second one first. Every schedule that can show something new begins with turning such a pair round
(Flanagan and Godefroid, "Dynamic Partial-Order Reduction for Model Checking Software", POPL 2005).

The order of releases needs no turning round: a lock can only be taken when it is free, so what matters is who takes it
next. Only who does not wait for ever (a time limit, a question whether) can come before the release as well. The same
holds for the end of a task and who asks for it; and the return of the call under test sees every end, because a task
that lives on is what a missing join looks like.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from autograder.trace.events import Event, Trace
from autograder.world.record import Choice

LONGEST = 4000
"""Transitions of one run that are looked at; a run that long is not exhausted anyway."""

Label = tuple[str, str, int]
"""An operation as the source has it: what is done, to what kind of thing, in which line."""


class Race(NamedTuple):
    """``first`` and ``second`` are places in the row of transitions. ``own`` is whether the student's own lines did
    both; ``pair`` tells what meets what."""

    first: int
    second: int
    own: bool
    pair: tuple[Label, Label]


@dataclass(slots=True)
class _Uses:
    """How something was used so far, by place in the row. ``stored`` and ``reads`` (those after it) are what the next
    one comes after; ``recent`` are each task's last two stores and reads in each line, which it might have come before
    (two, because ``print`` writes twice). The search would come to most of these from the nearest one, step by step; to
    try them at once finds more bugs with few runs."""

    stored: int | None = None
    reads: list[int] = field(default_factory=list)
    recent: dict[tuple[str, int, Label], list[tuple[int, Label]]] = field(default_factory=dict)

    def before(self, mode: str) -> list[int]:
        found = [] if self.stored is None else [self.stored]
        return found + self.reads if mode == "store" else found

    def rivals(self, mode: str) -> Iterator[tuple[int, Label]]:
        for (theirs, _, _), found in self.recent.items():
            if mode != "learn" and "store" in (theirs, mode):
                yield from found

    def add(self, mode: str, place: int, task: int, label: Label) -> None:
        if mode == "store":
            self.stored, self.reads = place, []
        elif mode == "read":
            self.reads.append(place)
        if mode != "learn":
            known = self.recent.setdefault((mode, task, label), [])
            known[:] = [*known[-1:], (place, label)]


@dataclass(frozen=True, slots=True)
class Dependence:
    """The dependences of one run.

    ``clocks`` are the vector clocks after each transition: of every task, how many of its transitions happen before or
    are this one. ``states`` names the state before each transition, and after the last: two prefixes of runs have the
    same number if they are the same but for the order of what does not depend on each other.
    """

    races: tuple[Race, ...]
    clocks: tuple[tuple[int, ...], ...]
    states: tuple[int, ...]

    @classmethod
    def of(cls, trace: Trace, choices: Sequence[Choice]) -> Dependence:
        choices = choices[:LONGEST]
        steps = [choice.step for choice in choices]
        count = len(trace.tasks)
        clocks: list[tuple[int, ...]] = []
        now = [[0] * count for _ in range(count)]
        uses: dict[tuple[str, str, int], _Uses] = {}
        races: dict[tuple[int, int], Race] = {}
        state, states = 0, [0]

        def touch(key: tuple[str, str, int], mode: str, label: Label) -> None:
            used = uses.setdefault(key, _Uses())
            for other, theirs in used.rivals(mode):
                task = choices[other].task
                if task != choice.task and clock[task] < clocks[other][task]:
                    own = theirs[2] > 0 and label[2] > 0
                    races.setdefault((other, place), Race(other, place, own, (theirs, label)))
            for other in used.before(mode):
                if other < place:
                    clock[:] = map(max, clock, clocks[other])
            used.add(mode, place, choice.task, label)

        for place, choice in enumerate(choices):
            clock = now[choice.task]
            end = steps[place + 1] if place + 1 < len(steps) else len(trace.events)
            # Where choices were cut off, the last transition must not count for all the rest.
            if place + 1 == LONGEST:
                end = choice.step
            for event in trace.events[choice.step : end]:
                label = _label(event, trace)
                for key, mode in _accesses(event, trace, choice.impatient):
                    touch(key, mode, label)
                # What is heard inside of libraries could come in another order: ``took`` tells of it.
                if event.cause is not None and event.op != "hear":
                    before = bisect_right(steps, event.cause) - 1
                    if 0 <= before < place:
                        clock[:] = map(max, clock, clocks[before])
            for lock in dict.fromkeys(choice.took):
                touch(("taken", lock, 0), "store", ("take", "", 0))
            clock[choice.task] += 1
            clocks.append(tuple(clock))
            state = (state + hash((choice.task, _trimmed(clock)))) & 0xFFFFFFFFFFFFFFFF
            states.append(state)
        return cls(tuple(races.values()), tuple(clocks), tuple(states))

    def leads_to(self, choices: Sequence[Choice], first: int, second: int) -> list[int]:
        """The tasks that have something to do after ``first`` that must come before ``second``, and the task of
        ``second``: one of them has to go on in the place of ``first`` for ``second`` to come before it."""
        goal = self.clocks[second]
        found = [choices[second].task]
        for place in range(first + 1, second):
            task = choices[place].task
            if task not in found and task != choices[first].task and self.clocks[place][task] <= goal[task]:
                found.append(task)
        return found


def _accesses(event: Event, trace: Trace, impatient: bool) -> Iterator[tuple[tuple[str, str, int], str]]:
    """What an event touches, and how: "store" and "read" as with memory; "learn" is ordered by what it touches and
    can't come before it."""
    op, resource = event.op, event.resource
    match op:
        case "acquire":
            yield ("lock", resource, 0), "store"
            yield ("free", resource, 0), "read" if impatient else "learn"
        case "release":
            yield ("free", resource, 0), "store"
        case "look":
            yield ("lock", resource, 0), "read"
            yield ("free", resource, 0), "read"
        case "read" | "store":
            yield ("cell", resource, int(event.value or 0)), op
        case "examine":
            yield ("file", resource, 0), "read"
        case "change":
            yield ("file", resource, 0), "store"
        case "write":
            yield ("output", "", 0), "store"
        case "send" | "receive" | "wait":
            yield (op, resource, 0), "store"
            if op == "wait" and impatient:
                yield ("wake", resource, 0), "read"
        case "wake":
            yield ("wake", resource, 0), "store"
        case "end" | "kill":
            yield ("end", resource, 0), "store"
        case "join":
            for name in resource.split(","):
                yield ("end", name, 0), "read" if impatient else "learn"
        case "poll":
            for name in resource.split(","):
                yield ("end" if name.startswith("task:") else "send", name, 0), "read" if impatient else "learn"
        case "return":
            for task in trace.tasks[1:]:
                if not task.service:
                    yield ("end", f"task:{task.id}", 0), "read"


def _label(event: Event, trace: Trace) -> Label:
    resource = trace.resources.get(event.resource)
    kind = resource.kind if resource is not None else ""
    # What comes in before a line break tears a line, what comes in before the text need not.
    if isinstance(event.value, str) and event.value.endswith("\n"):
        kind = "line"
    return event.op, kind, event.line


def _trimmed(clock: Sequence[int]) -> tuple[int, ...]:
    """Without the zeros at its end: another run of the same prefix may come to have more tasks, or fewer."""
    end = len(clock)
    while end and not clock[end - 1]:
        end -= 1
    return tuple(clock[:end])
