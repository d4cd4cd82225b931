"""What a run wrote, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from autograder.judge import explain
from autograder.judge.failure import CheckFailed
from autograder.trace.events import Task
from autograder.trace.output import Output as TraceOutput
from autograder.trace.output import Write

if TYPE_CHECKING:
    from autograder.judge.run import Run


class Output:
    """Standard output of a run, its children's included."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._of = TraceOutput.of(run.trace)

    @property
    def text(self) -> str:
        return self._of.text

    @property
    def lines(self) -> list[str]:
        return self._of.lines

    @property
    def writes(self) -> tuple[Write, ...]:
        return self._of.writes

    @property
    def writers(self) -> tuple[Task, ...]:
        """The tasks that wrote, in the order of their first writes."""
        return tuple(self._run.trace.tasks[task] for task in dict.fromkeys(write.task for write in self.writes))

    @property
    def shown(self) -> str:
        """The output for a message, as a student reads it: in quotation marks and not too long, a single line without
        its line break; "nothing" where there is none."""
        if not self.text:
            return "nothing"
        single = self.text.endswith("\n") and self.text.count("\n") == 1
        return repr(self.text[:-1] if single else self.text[:200])

    def is_interleaved(self) -> bool:
        """Whether another task's write comes between the first and the last of some task's."""
        return self._of.interruption() is not None

    def assert_whole_blocks(self) -> None:
        """Every task's writes stand together."""
        found = self._of.interruption()
        if found is not None:
            finding = explain.explain_interruption(found, self._run.trace, self._run.source)
            raise CheckFailed.of(finding, self._run, lambda run: run.output.assert_whole_blocks())

    def assert_whole_lines(self, expected: Iterable[str], ordered: bool = False) -> None:
        """Each expected line stands alone on a line, whole; in any order unless ``ordered``; and no other line."""
        wanted = list(expected)
        found = self._of.torn_lines(wanted, ordered)
        if found is not None:
            finding = explain.explain_line_problem(found, self._run.trace, self._run.source)
            raise CheckFailed.of(finding, self._run, lambda run: run.output.assert_whole_lines(wanted, ordered))
