"""How to run a call of the submission: the options of a run, told apart from the function's own arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.judge.failure import shown
from autograder.model import Assignment, Machine
from autograder.world import schedule as schedules
from autograder.world import values
from autograder.world.conductor import Recording
from autograder.world.http import Answer, Site
from autograder.world.session import Settings


@dataclass(frozen=True)
class Plan:
    """How to run: everything but the calls."""

    strategy: str = "virtual"
    machine: Mapping[str, Any] = field(default_factory=dict)
    http: Site | None = None
    costs: Mapping[str, float] = field(default_factory=dict)
    watch: tuple[str, ...] = ()
    start_method: str = "fork"
    whole_prints: bool = False
    failing_write: int | None = None
    points: bool | tuple[int, ...] = False
    files: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Plan:
        """From the keyword arguments of `Subject.run`; None stands for the default."""
        given = {name: value for name, value in options.items() if value is not None}
        if "watch" in given:
            given["watch"] = tuple(given["watch"])
        if not isinstance(given.get("points", False), bool):
            given["points"] = tuple(given["points"])
        return cls(**given)

    @classmethod
    def of_scenario(cls, scenario: schedules.Scenario) -> Plan:
        """The plan that a schedule tells of."""
        site = None
        if scenario.has_site:
            pages = {
                page.url: Answer(page.body, page.status, page.headers, latency=page.latency) for page in scenario.pages
            }
            site = Site(pages, scenario.latency, scenario.missing)
        return cls(
            strategy=scenario.strategy,
            machine=scenario.machine,
            http=site,
            costs=scenario.costs,
            watch=tuple(scenario.watch),
            start_method=scenario.start_method,
            whole_prints=scenario.whole_prints,
            failing_write=scenario.failing_write,
            points=scenario.points if isinstance(scenario.points, bool) else tuple(scenario.points),
            files=scenario.files,
        )

    def settings(self, assignment: Assignment) -> Settings:
        """What the world is told."""
        return Settings(
            machine=self.machine_of(assignment),
            limits=assignment.limits,
            site=self.http,
            costs=self.costs,
            watch=self.watch,
            start_method=self.start_method,
            whole_prints=self.whole_prints,
            failing_write=self.failing_write,
            points=self.points,
            files=self.files,
        )

    def machine_of(self, assignment: Assignment) -> Machine:
        """The assignment's machine, but for what differs here."""
        return replace(assignment.machine, **self.machine)


OPTIONS = frozenset(Plan.__dataclass_fields__)


def split(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options of the world, and keyword arguments of the function."""
    chosen = {name: value for name, value in options.items() if name in OPTIONS}
    return chosen, {name: value for name, value in options.items() if name not in OPTIONS}


def argument(value: Any) -> str:
    """An argument as the student would write it."""
    if isinstance(value, values.generator):
        return f"(x for x in {shown(list(value.values), 60)})"
    if isinstance(value, values.in_folder):
        return f"Path({value.path!r})"
    if isinstance(value, values.shared_array):
        return f"Array({value.typecode!r}, {shown(list(value.values), 60)})"
    return shown(value, 60)


def scenario(module: str, plan: Plan, calls: list[schedules.Call], recording: Recording) -> schedules.Scenario:
    strategy = plan.strategy
    if not strategy.startswith(("virtual", "slices")):
        strategy = schedules.switches(recording.switches)
    pages = []
    if plan.http is not None:
        for url in plan.http.answers:
            served = plan.http.answer(url)
            pages.append(schedules.Page(url, served.status, served.body, served.latency, dict(served.headers)))
    return schedules.Scenario(
        module=module,
        strategy=strategy,
        calls=calls,
        machine=dict(plan.machine),
        pages=pages,
        missing=plan.http.default if plan.http else 404,
        latency=plan.http.latency if plan.http else 0.0,
        has_site=plan.http is not None,
        costs=dict(plan.costs),
        watch=list(plan.watch),
        start_method=plan.start_method,
        whole_prints=plan.whole_prints,
        failing_write=plan.failing_write,
        points=plan.points if isinstance(plan.points, bool) else list(plan.points),
        files=dict(plan.files),
    )
