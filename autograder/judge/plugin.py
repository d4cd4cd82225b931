"""The pytest plugin: the ``submission`` fixture, and what became of each check.

Tests run in the judge's process; the student's code never does.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from autograder.judge.evidence import complete, pictures_of
from autograder.judge.failure import CheckFailed, Inconclusive
from autograder.judge.subject import Search, Subject
from autograder.model import Finding, Outcome, Picture
from autograder.world.values import steady

_WORST = [Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.ERROR]


@dataclass
class CheckResult:
    """What the tests of one check have shown; the parts of a parametrised test are one check."""

    outcome: Outcome = Outcome.PASSED
    finding: Finding | None = None
    searches: tuple[Search, ...] = ()
    pictures: tuple[Picture, ...] = ()
    speedup: float | None = None

    def add(self, outcome: Outcome, finding: Finding | None) -> None:
        """The worst outcome counts, the first finding with it."""
        if _WORST.index(outcome) > _WORST.index(self.outcome):
            self.outcome, self.finding = outcome, finding


@dataclass
class JudgePlugin:
    """Give to ``pytest.main(plugins=[...])``; read ``results`` afterwards, by the check's name. With ``first_failure``
    the tests end with the first one that fails, and ``stopped`` says so. With ``pictures`` each check gets those of one
    of its runs, passed or not. With ``only`` no other checks are run."""

    subject: Subject
    first_failure: bool = False
    pictures: bool = False
    only: frozenset[str] | None = None
    stopped: bool = False
    results: dict[str, CheckResult] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @pytest.fixture
    def submission(self) -> Subject:
        """The student's file."""
        self.subject.begin_check()
        return self.subject

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.only is not None:
            items[:] = [item for item in items if check_name(item) in self.only]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        report = yield
        result = self.results.setdefault(check_name(item), CheckResult())
        if call.excinfo is not None:
            outcome, finding = self._judge(call.excinfo)
            if finding is not None:
                finding = replace(finding, message=steady(finding.message), lanes=steady(finding.lanes))
            result.add(outcome, finding)
            if self.first_failure and outcome is Outcome.FAILED:
                self.stopped = True
                item.session.shouldfail = "a check has failed"
        if call.when == "call":
            result.searches += self.subject.searches
            result.speedup = self.subject.speedup if result.speedup is None else result.speedup
            if self.pictures:
                result.pictures = result.pictures or pictures_of(self.subject.runs)
        return report

    def _judge(self, failure: pytest.ExceptionInfo[BaseException]) -> tuple[Outcome, Finding | None]:
        error = failure.value
        if isinstance(error, CheckFailed):
            return Outcome.FAILED, error.finding() if self.first_failure else complete(self.subject, error)
        if isinstance(error, Inconclusive):
            return Outcome.INCONCLUSIVE, Finding("inconclusive", str(error))
        if isinstance(error, AssertionError):
            # The first line is the test's own words, or the comparison that pytest explains.
            # Where the values come from, which pytest adds, is the judge's own matter.
            text = str(error).strip() or failure.exconly()
            text = "\n".join(line for line in text.split("\n") if not line.startswith(" + "))
            return Outcome.FAILED, Finding("wrong", text[:1000])
        if isinstance(error, pytest.fail.Exception) and str(error).startswith("Timeout"):
            return Outcome.INCONCLUSIVE, Finding("inconclusive", "The check did not come to its end in time.")
        where = failure.traceback[-1]
        text = f"The check itself failed: {type(error).__name__}: {error} ({Path(where.path).name}:{where.lineno + 1})"
        self.errors.append(text)
        return Outcome.ERROR, Finding("error", text[:1000])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append(f"the tests could not be loaded: {str(report.longrepr)[-2000:]}")


def scope_of(searches: tuple[Search, ...]) -> str:
    """What a passed check rests on, in words: a search that found nothing proves it only for the schedules it tried."""
    if not searches:
        return ""
    runs = sum(search.runs for search in searches)
    bounds = [search.bound for search in searches]
    if all(bound is not None for bound in bounds):
        bound = min(bound for bound in bounds if bound is not None)
        return f"every schedule with at most {bound} preemptions ({runs} runs)"
    return f"{runs} schedules; there are more"


def check_name(item: pytest.Item) -> str:
    """The check that a test belongs to: its function's name without ``test_``."""
    name: str = getattr(item, "originalname", None) or item.name
    return name.removeprefix("test_")
