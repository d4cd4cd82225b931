"""Run a schedule that a feedback named once more, and draw it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.judge import explain
from autograder.judge.failure import CheckFailed, Inconclusive
from autograder.judge.grade import launcher, read_source
from autograder.judge.plan import Plan
from autograder.judge.run import Run
from autograder.judge.subject import Calls, Subject
from autograder.model import Assignment, Machine
from autograder.world import schedule as schedules
from autograder.world import values

ReplayError = schedules.ScheduleError

MACHINE_PARTS = frozenset(field.name for field in fields(Machine))


def replay(file: Path, schedule: str, assignment: Assignment) -> str:
    """The run as text: what was called, how it ended, what it wrote, its lanes.

    Raises ReplayError where the schedule is damaged or belongs to another assignment, OSError where the file cannot be
    read.
    """
    scenario = schedules.read(schedule)
    module = assignment.file.removesuffix(".py")
    if scenario.module != module:
        raise ReplayError(f"this schedule belongs to {scenario.module}.py, not to {assignment.file}")
    try:
        source, _ = read_source(file)
    except ValueError as error:
        raise ReplayError(f"{file}: {error}") from None
    subject = Subject(assignment, source, launcher("world", assignment.imports))
    try:
        with subject._open(_plan(scenario)) as calls:
            run = _calls(calls, scenario)
            return _text(run, bool(scenario.points))
    except CheckFailed as failure:
        return failure.message + "\n"


def _possible(name: str, value: Any) -> bool:
    """Whether a modelled computer can have this part."""
    if name == "gil":
        return isinstance(value, bool)
    if name == "cores":
        return type(value) is int and 1 <= value <= 1024
    if name == "pipe":
        return type(value) is int and 16 <= value <= 1 << 30
    least = 1e-9 if name == "tick" else 0.0
    return name in MACHINE_PARTS and type(value) in (int, float) and least <= value <= 3600


def _plan(scenario: schedules.Scenario) -> Plan:
    if not all(_possible(name, value) for name, value in scenario.machine.items()):
        raise ReplayError("the schedule is damaged: it names a machine that does not exist")
    if any(PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in scenario.files):
        raise ReplayError("the schedule is damaged: it names a file that is not in the folder of the run")
    return Plan.of_scenario(scenario)


def _calls(calls: Calls, scenario: schedules.Scenario) -> Run:
    run: Run | None = None
    try:
        for call in scenario.calls:
            args: list[Any] = [values.decode(arg) for arg in call.args]
            run = calls.call(call.function, *args, **{name: values.decode(arg) for name, arg in call.kwargs.items()})
    except (ValueError, TypeError):
        raise ReplayError("the schedule is damaged: its arguments cannot be read") from None
    if run is None:
        raise ReplayError("the schedule is damaged: it calls nothing")
    return run


def _text(run: Run, points: bool) -> str:
    parts = [run.call]
    try:
        run.completed()
        parts.append(f"returned {explain.shorten(repr(run.value), 200)}")
    except (CheckFailed, Inconclusive) as failure:
        parts.append(str(failure))
    if run.output.text:
        parts.append("It wrote:\n" + "\n".join(f"    {line}" for line in run.output.lines[:40]))
    parts.append(explain.lanes(run.trace, source=run.source, memory=points).rstrip("\n"))
    return "\n\n".join(parts) + "\n"
