"""The gate: everything that must hold of an assignment before a class meets it.

- solution.py and every file in right/ get full marks, with status "graded" and without a finding;
- every file in wrong/ fails at least the checks that its first line names: ``# fails: CHECK[, CHECK…]``;
- no check of grading.yml is without a file in wrong/ that names it;
- a program that is judged again gets the same results.json, to the byte, from a fresh process;
- every mutant fails some check, or is listed as equivalent with a reason; and no entry of that list is stale.

Of a mutant only one question is asked, whether it is caught: judging it ends with the first check that it fails.
Judging is done by the worker processes that grade a class. A test puts in a `Judge` of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from autograder.batch import local
from autograder.model import Assignment, Outcome, Result, Status, Submission
from autograder.report import gradescope
from autograder.verify import equivalent
from autograder.verify.mutants import SOLUTION, Mutant, mutants

HEADER = "# fails: "


@dataclass(frozen=True, slots=True)
class Options:
    """How much is asked. ``repeat`` judgings of each file of right/ and wrong/ must agree; ``schedules`` stands in for
    grading.yml's number of schedules that a check tries: with more of them, more seeds are tried."""

    jobs: int = 1
    repeat: int = 1
    programs: bool = True
    mutants: bool = True
    all_right: bool = False
    schedules: int | None = None


class Judge(Protocol):
    """``batch.local.judge_all``, or what a test puts in its place: a result, or how the worker died, for each one."""

    def __call__(
        self, submissions: Sequence[Submission], assignment: Assignment, jobs: int, grade: local.Grade | None, /
    ) -> Iterable[tuple[Submission, Result | str]]: ...


def to_the_first_failure(submission: Submission, assignment: Assignment) -> Result:
    """Judge until a check fails."""
    from autograder.judge.grade import grade

    return grade(submission, assignment, first_failure=True)


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no check failed, and whatever else was said about it."""

    mutant: Mutant
    remark: str = ""


@dataclass(slots=True)
class Report:
    """What the gate found of one assignment."""

    assignment: str
    right: int = 0
    passed: int = 0
    wrong: int = 0
    failed: int = 0  # of the wrong files, those that failed as they should
    mutants: int = 0
    caught: int = 0
    equivalent: int = 0
    survivors: list[Survivor] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def green(self) -> bool:
        return not self.problems and not self.survivors


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be judged of one assignment: files by their names in its folder, and mutants."""

    assignment: Assignment
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    mutants: tuple[Mutant, ...]
    entries: tuple[equivalent.Entry, ...]
    options: Options

    @property
    def judgings(self) -> int:
        """How many judgings it takes."""
        unchanged = len({mutant.file for mutant in self.mutants})
        programs = (len(self.right) + len(self.wrong)) * self.options.repeat if self.options.programs else 0
        return programs + len(self.mutants) + unchanged


def plan(assignment: Assignment, options: Options) -> Plan:
    """Read the assignment's programs and make their mutants. Raises EquivalentError."""
    folder = assignment.folder
    right = (SOLUTION, *_files(folder, "right"))
    made: list[Mutant] = []
    entries: list[equivalent.Entry] = []
    if options.mutants:
        for name in right if options.all_right else right[:1]:
            if (folder / name).is_file():
                made += mutants((folder / name).read_text(encoding="utf-8"), name)
        entries = equivalent.load(folder / equivalent.FILE)
    if options.schedules is not None:
        assignment = replace(assignment, schedules=options.schedules)
    return Plan(assignment, right, _files(folder, "wrong"), tuple(made), tuple(entries), options)


def verify(
    plan: Plan,
    scratch: Path,
    *,
    judge: Judge = local.judge_all,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Judge all of it and say what does not hold. ``scratch`` is an empty folder for the mutants' files; ``progress``
    is called with the name of each program that is judged."""
    begun = time.monotonic()
    report = Report(plan.assignment.name)
    told = progress or (lambda name: None)

    def judged(paths: Mapping[str, Path], grade: local.Grade | None = None) -> dict[str, Result | str]:
        found: dict[str, Result | str] = {}
        submissions = [Submission(name, path) for name, path in paths.items()]
        for submission, outcome in judge(submissions, plan.assignment, plan.options.jobs, grade):
            found[submission.id] = outcome
            told(submission.id)
        return {name: found[name] for name in paths}

    if plan.options.programs:
        _programs(plan, report, judged)
    if plan.options.mutants:
        _mutants(plan, scratch, report, judged)
    report.seconds = time.monotonic() - begun
    return report


Judged = Callable[..., dict[str, Result | str]]
"""From the paths of programs by their names to their results."""


def _programs(plan: Plan, report: Report, judged: Judged) -> None:
    folder = plan.assignment.folder
    report.right, report.wrong = len(plan.right), len(plan.wrong)
    names = [*plan.right, *plan.wrong]
    results = judged({name: folder / name for name in names})
    for name in plan.right:
        problems = list(_of_right(results[name]))
        report.passed += not problems
        report.problems += [f"{folder / name}: {problem}" for problem in problems]
    checks = {check.name for check in plan.assignment.checks}
    named: set[str] = set()
    for name in plan.wrong:
        fails = _header(folder / name)
        named |= fails
        problems = list(_of_wrong(results[name], fails, checks))
        report.failed += not problems
        report.problems += [f"{folder / name}:1: {problem}" for problem in problems]
    for check in plan.assignment.checks:
        if check.name not in named:
            report.problems.append(f'{folder}: no file in wrong/ names the check "{check.name}"')
    for _ in range(1, plan.options.repeat):
        names.reverse()  # so that each meets other remains in its worker
        again = judged({name: folder / name for name in names})
        for name in names:
            if _bytes(again[name]) != _bytes(results[name]):
                report.problems.append(f"{folder / name}: judged again, its results.json is another one")


def _mutants(plan: Plan, scratch: Path, report: Report, judged: Judged) -> None:
    report.mutants = len(plan.mutants)
    # Written as its mutants are, a right program must pass: otherwise all of them would be caught for no reason.
    sources = {f"{mutant.file}, written anew": mutant.before for mutant in plan.mutants}
    for name, result in judged(_written(sources, scratch)).items():
        report.problems += [f"{plan.assignment.name}: {name}: {problem}" for problem in _of_right(result)]
    sources = {f"mutant {number}": mutant.source for number, mutant in enumerate(plan.mutants, 1)}
    results = judged(_written(sources, scratch), to_the_first_failure)
    made_of = {SOLUTION, *(mutant.file for mutant in plan.mutants)}
    listed, problems = equivalent.assigned([one for one in plan.entries if one.file in made_of], plan.mutants)
    report.problems += problems
    report.problems += [f"{one.place}: there is no {one.file}" for one in plan.entries if one.file not in plan.right]
    for number, mutant in enumerate(plan.mutants, 1):
        result = results[f"mutant {number}"]
        failed = _checks(result, Outcome.FAILED)
        entry = listed.get(mutant)
        if entry is not None and failed:
            report.problems.append(f"{entry.place}: the mutant is caught, by {', '.join(failed)}: {mutant.name}")
        elif entry is not None:
            report.equivalent += 1
        elif failed:
            report.caught += 1
        else:
            report.survivors.append(Survivor(mutant, _undecided(result)))


def _written(sources: Mapping[str, str], folder: Path) -> dict[str, Path]:
    """The programs as files, by the same names."""
    paths = {}
    for number, (name, source) in enumerate(sources.items()):
        paths[name] = folder / f"{number}.py"
        paths[name].write_text(source, encoding="utf-8")
    return paths


def _files(folder: Path, kind: str) -> tuple[str, ...]:
    return tuple(f"{kind}/{path.name}" for path in sorted((folder / kind).glob("*.py")))


def _header(path: Path) -> set[str]:
    """The checks that a wrong file says it fails."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return {name.strip() for name in first.removeprefix(HEADER).split(",")} if first.startswith(HEADER) else set()


def _checks(result: Result | str, *outcomes: Outcome) -> list[str]:
    if isinstance(result, str):
        return []
    return [verdict.check.name for verdict in result.verdicts if verdict.outcome in outcomes]


def _of_right(result: Result | str) -> Iterable[str]:
    """What is wrong with the result of a right program."""
    if isinstance(result, str):
        yield f"the grader's process ended over it ({result})"
        return
    for verdict in result.verdicts:
        if verdict.outcome is not Outcome.PASSED or verdict.finding is not None:
            said = f": {verdict.finding.message}" if verdict.finding is not None else ""
            yield f'a right program, but the check "{verdict.check.name}" {verdict.outcome.value}{said}'
    if result.status is not Status.GRADED:
        yield f'a right program, but its status is "{result.status.value}": {"; ".join(result.reviews)}'
    if result.max_score <= 0 or not result.verdicts:
        yield "there are no points to get"


def _of_wrong(result: Result | str, fails: set[str], checks: set[str]) -> Iterable[str]:
    """What is wrong with the result of a wrong program that should fail these checks."""
    if not fails:
        yield f'its first line has to be "{HEADER}CHECK", the checks that it fails'
    if unknown := fails - checks:
        yield f"there is no check {', '.join(sorted(unknown))}"
    if isinstance(result, str):
        yield f"the grader's process ended over it ({result})"
        return
    if passed := sorted((fails & checks) - {*_checks(result, Outcome.FAILED)}):
        yield f"does not fail {', '.join(passed)}"
    if undecided := _checks(result, Outcome.INCONCLUSIVE, Outcome.ERROR):
        yield f"not decided: {', '.join(undecided)}"
    for verdict in result.verdicts:
        if verdict.outcome is Outcome.FAILED and (verdict.finding is None or not verdict.finding.message):
            yield f'the check "{verdict.check.name}" says nothing to the student'


def _undecided(result: Result | str) -> str:
    if isinstance(result, str):
        return f"the grader's process ended over it ({result})"
    undecided = _checks(result, Outcome.INCONCLUSIVE, Outcome.ERROR)
    said = [f"not decided: {', '.join(undecided)}"] if undecided else []
    return "; ".join([*said, *(f"a person is asked to look: {review}" for review in result.reviews)])


def _bytes(result: Result | str) -> str:
    return result if isinstance(result, str) else gradescope.dumps(gradescope.results(result))
