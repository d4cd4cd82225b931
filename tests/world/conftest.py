"""Programs given as text, played in a world through a real guest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from textwrap import dedent
from typing import Any, Protocol

import pytest

from autograder.model import Machine
from autograder.sandbox.host import Launcher
from autograder.trace.events import Trace
from autograder.world import schedule, values
from autograder.world.conductor import Recording
from autograder.world.session import Program, Session, Settings

STRATEGIES = ("virtual", "nonpreemptive", "eager", "roundrobin", "random:1:60")
"""Orders under which a right program must do the same."""

SETTINGS = {field.name for field in fields(Settings)}


@dataclass(frozen=True)
class Played:
    """One call, or the import where that did not return."""

    recording: Recording

    @property
    def outcome(self) -> str:
        return self.recording.outcome

    @property
    def reason(self) -> str:
        return self.recording.reason

    @property
    def trace(self) -> Trace:
        return self.recording.trace

    @property
    def value(self) -> Any:
        report = self.recording.report
        assert self.outcome == "returned", (self.outcome, self.reason, report)
        assert report is not None
        return values.decode(report.value)

    @property
    def error(self) -> tuple[str, str, int]:
        """The name, the text and the line of the exception that came out."""
        report = self.recording.report
        assert self.outcome == "raised", (self.outcome, self.reason, report)
        assert report is not None
        return report.types[0], report.message, report.line

    @property
    def text(self) -> str:
        return "".join(str(event.value) for event in self.trace.events if event.op == "write")

    @property
    def errors(self) -> str:
        return "".join(str(event.value) for event in self.trace.events if event.op == "error")

    @property
    def elapsed(self) -> float:
        assert self.outcome == "returned", (self.outcome, self.reason)
        return self.trace.elapsed

    def task(self, name: str) -> Any:
        (found,) = (task for task in self.trace.tasks if task.name == name)
        return found


class Play(Protocol):
    def __call__(
        self, source: str | bytes, call: str = "f", *args: Any, strategy: str = "virtual", **settings: Any
    ) -> Played: ...


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    with Launcher("world", ("requests",)) as one:
        yield one


@pytest.fixture(scope="session")
def play(launcher: Launcher) -> Play:
    """``play(source, "f", 1, strategy="eager", cores=2, costs={...})``: call a function of a module in a fresh world.
    Other keywords are fields of `Settings`, or of `Machine`."""

    def play(source: str | bytes, call: str = "f", *args: Any, strategy: str = "virtual", **settings: Any) -> Played:
        text = dedent(source).encode() if isinstance(source, str) else source
        chosen = {name: settings.pop(name) for name in list(settings) if name in SETTINGS}
        machine = Machine(**settings)
        made = Settings(machine=machine, **chosen)
        program = Program("program", text, ("requests",))
        with Session(launcher, program, made, schedule.make(strategy, machine)) as session:
            if session.imported.outcome != "returned":
                return Played(session.imported)
            return Played(session.call(call, args))

    return play
