"""What a run wrote to standard output, and which task wrote which piece of it.

``print("a")`` writes its text and its line break apart; in between another task may write. So the text alone does not
tell whether a program is right: ``a⏎b⏎`` may be two whole lines, or luck. Here every character keeps its task, and
the questions are asked of that:

- An *interruption*: between two writes of one task another one wrote. The first task's *block*, from its first write
  to its last, does not stand together.
- A *torn* line: its characters and its line break come from more than one task. A line is *whole* if one task wrote
  all of it, its break included. (Two writes of one task with another's between them make a torn line or two lines:
  text that reaches standard output always leaves a trace there.)

Empty writes change nothing on the screen and are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.trace.events import Trace


@dataclass(frozen=True, slots=True)
class Write:
    """One write: ``line`` is the line of the student's file that made it, ``step`` its place in the trace."""

    task: int
    text: str
    step: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class Interruption:
    """``before`` and ``after`` are one task's writes, one next to the other for that task; ``intruder`` is another
    task's write that follows ``before`` at once."""

    before: Write
    intruder: Write
    after: Write

    @property
    def task(self) -> int:
        """The task whose block was entered."""
        return self.before.task


@dataclass(frozen=True, slots=True)
class LineProblem:
    """How the lines differ from the expected ones.

    ============  =====================================================  ====================================
    kind          text                                                   other
    ============  =====================================================  ====================================
    ``torn``      a line that several tasks wrote together               ""
    ``missing``   an expected line that is not there (often enough)      a line that is there instead, or ""
    ``doubled``   an expected line that is there too often               ""
    ``extra``     a line that nobody expected                            ""
    ``order``     a line that is not in its place                        the line expected in that place
    ============  =====================================================  ====================================

    ``number`` is the line's number in the output, from 1, and 0 for a missing one without another in its place.
    ``tasks``, ``lines`` and ``steps`` belong to the writes that made it, in the order of writing.
    """

    kind: str
    text: str
    number: int = 0
    tasks: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()
    other: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """Standard output of a run, children's included."""

    text: str
    writes: tuple[Write, ...]

    @classmethod
    def of(cls, trace: Trace) -> Output:
        writes = tuple(
            Write(event.task, event.value, event.step, event.line)
            for event in trace.events
            if event.op == "write" and isinstance(event.value, str) and event.value
        )
        return cls("".join(write.text for write in writes), writes)

    @property
    def lines(self) -> list[str]:
        """The text cut at its line breaks. A last line without a break counts, an empty rest after a break does not."""
        lines = self.text.split("\n")
        if not lines[-1]:
            lines.pop()
        return lines

    def interruption(self, writes: Iterable[Write] | None = None) -> Interruption | None:
        """The first place where a task's block is entered by another task's write.

        ``writes`` chooses the writes that count, in order; all of them by default. Leave main's out where main may
        write before and after the others.
        """
        chosen = [write for write in (self.writes if writes is None else writes) if write.text]
        last = {write.task: place for place, write in enumerate(chosen)}
        for place in range(1, len(chosen)):
            before, intruder = chosen[place - 1], chosen[place]
            if intruder.task != before.task and last[before.task] > place:
                after = next(write for write in chosen[place:] if write.task == before.task)
                return Interruption(before, intruder, after)
        return None

    def torn_lines(self, expected: Iterable[str], ordered: bool = False) -> LineProblem | None:
        """The first problem with the lines, or None where each expected line stands whole on a line of its own.

        A torn line comes before all else, since it explains what is missing; then what is missing, doubled or extra,
        and last the order, where ``ordered`` asks for it.
        """
        found = list(self._pieces())
        for number, (text, writes) in enumerate(found, 1):
            if len({write.task for write in writes}) > 1:
                return _problem("torn", text, number, writes)
        wanted = list(expected)
        missing = Counter(wanted)
        surplus: list[int] = []  # places of lines that no expected line is left for
        for place, (text, _) in enumerate(found):
            if missing[text] > 0:
                missing[text] -= 1
            else:
                surplus.append(place)
        lost = next((text for text in wanted if missing[text] > 0), None)
        if lost is not None:
            if not surplus:
                return LineProblem("missing", lost)
            text, writes = found[surplus[0]]
            return _problem("missing", lost, surplus[0] + 1, writes, other=text)
        if surplus:
            text, writes = found[surplus[0]]
            return _problem("doubled" if text in missing else "extra", text, surplus[0] + 1, writes)
        if ordered:
            for number, ((text, writes), right) in enumerate(zip(found, wanted, strict=True), 1):
                if text != right:
                    return _problem("order", text, number, writes, other=right)
        return None

    def _pieces(self) -> Iterator[tuple[str, list[Write]]]:
        """Each line with the writes that it is made of; the write of the line break is one of them."""
        text: list[str] = []
        writes: list[Write] = []
        for write in self.writes:
            first, *rest = write.text.split("\n")
            text.append(first)
            writes.append(write)
            for part in rest:
                yield "".join(text), writes
                text, writes = [part], [write] if part else []
        if writes:
            yield "".join(text), writes


def _problem(kind: str, text: str, number: int, writes: list[Write], other: str = "") -> LineProblem:
    return LineProblem(
        kind,
        text,
        number,
        tasks=tuple(dict.fromkeys(write.task for write in writes)),
        lines=tuple(dict.fromkeys(write.line for write in writes if write.line > 0)),
        steps=tuple(write.step for write in writes),
        other=other,
    )
