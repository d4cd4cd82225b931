"""What the checks detect, and what they take for wrong that is right.

For each assignment: the generated mutants of the solution (see ``autograder verify``) and how many of them some check
fails; those that are right programs too, by the assignment's equivalent.yml; the programs in right/, and how many of
them any check fails: false alarms. A program of right/ is written in another way than the solution, on purpose: slow,
clumsy, or with other means. Every equivalent mutant counts among the right programs as well.

**Runs** are how many runs in a world the judge made of a wrong program until a check failed it: median, and the most.
All files of wrong/ and all caught mutants are counted together. The import, looked at first, is not a run of its own;
one run can be a session of several calls. The number is a fact about the program and the checks, not about the machine.
The seconds are the machine's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

COURSE = Path(__file__).parent.parent / "grading.yml"


@dataclass(frozen=True)
class Judged:
    """One program judged up to its first failure."""

    kind: str  # "right", "wrong" or "mutant"
    failed: bool
    clean: bool  # all checks passed, and nobody is asked to look
    runs: int


@dataclass
class Row:
    """The programs of one assignment."""

    assignment: str
    equivalent: int = 0
    programs: list[Judged] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, kind: str, *, failed: bool | None = None) -> int:
        return sum(one.kind == kind and failed in (None, one.failed) for one in self.programs)

    @property
    def alarms(self) -> int:
        """Right programs that did not pass everything, or that a person is asked to look at."""
        return sum(one.kind == "right" and not one.clean for one in self.programs)

    @property
    def runs(self) -> list[int]:
        """Of each wrong program that was caught, the runs that it took."""
        return [one.runs for one in self.programs if one.kind != "right" and one.failed]


def judge_one(job: tuple[str, str, Path]) -> tuple[str, Judged]:
    """Judge a program of an assignment up to its first failure, and count the runs."""
    from autograder.config import load_course
    from autograder.judge import grade as judging
    from autograder.model import Outcome, Status, Submission

    name, kind, path = job
    assignment = load_course(COURSE).assignments[name]
    launcher = judging.launcher("world", assignment.imports)
    before = launcher.runs
    result = judging.grade(Submission(path.stem, path), assignment, first_failure=True)
    outcomes = {verdict.outcome for verdict in result.verdicts}
    clean = outcomes == {Outcome.PASSED} and result.status is Status.GRADED
    return name, Judged(kind, Outcome.FAILED in outcomes, clean, launcher.runs - before - 1)


def measure(names: Iterable[str], jobs: int) -> list[Row]:
    from autograder.config import load_course
    from autograder.verify import equivalent, gate

    rows = []
    for name in names:
        begun = time.monotonic()
        plan = gate.plan(load_course(COURSE).assignments[name], gate.Options())
        listed, _ = equivalent.assigned(plan.entries, plan.mutants)
        row = Row(name, len(listed))
        with tempfile.TemporaryDirectory() as scratch:
            folder = plan.assignment.folder
            work = [(name, "right", folder / one) for one in plan.right]
            work += [(name, "wrong", folder / one) for one in plan.wrong]
            for number, mutant in enumerate(plan.mutants):
                path = Path(scratch, f"{number}.py")
                path.write_text(mutant.source, encoding="utf-8")
                work.append((name, "right" if mutant in listed else "mutant", path))
            # Workers start afresh: they inherit neither files nor threads of this process.
            with get_context("spawn").Pool(jobs) as pool:
                row.programs = [judged for _, judged in pool.imap_unordered(judge_one, work)]
        row.seconds = time.monotonic() - begun
        rows.append(row)
    return rows


def table(rows: list[Row]) -> Table:
    shown = Table(title="what is detected, and what is taken for wrong", title_justify="left")
    shown.add_column("assignment", no_wrap=True)
    for heading in ("mutants", "caught", "wrong", "caught", "right", "false alarms", "runs: median", "most", "seconds"):
        shown.add_column(heading, justify="right", no_wrap=True)
    total = Row("all", programs=[one for row in rows for one in row.programs], seconds=sum(row.seconds for row in rows))
    for row in [*rows, *([total] if len(rows) > 1 else [])]:
        if row is total:
            shown.add_section()
        shown.add_row(
            row.assignment,
            str(row.count("mutant")),
            str(row.count("mutant", failed=True)),
            str(row.count("wrong")),
            str(row.count("wrong", failed=True)),
            str(row.count("right")),
            str(row.alarms),
            f"{median(row.runs):g}" if row.runs else "-",
            str(max(row.runs, default=0)) if row.runs else "-",
            f"{row.seconds:.0f}",
        )
    return shown


def closing(rows: list[Row]) -> str:
    """The rates, in a sentence."""
    wrong = sum(row.count("mutant") + row.count("wrong") for row in rows)
    caught = sum(row.count("mutant", failed=True) + row.count("wrong", failed=True) for row in rows)
    right = sum(row.count("right") for row in rows)
    alarms = sum(row.alarms for row in rows)
    equivalent = sum(row.equivalent for row in rows)
    return (
        f"{caught} of {wrong} wrong programs caught, {alarms} false alarms on {right} right ones "
        f"({equivalent} of these are equivalent mutants)."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Count what the checks catch, and their false alarms. Takes minutes.")
    parser.add_argument("--assignment", action="append", metavar="NAME", help="this one only; may be given repeatedly")
    parser.add_argument("--jobs", type=int, default=2, help="programs at a time (2)")
    options = parser.parse_args()
    if options.jobs < 1:
        parser.error("--jobs must be at least 1")

    from autograder.config import load_course

    known = load_course(COURSE).assignments
    names = options.assignment or list(known)
    if unknown := [name for name in names if name not in known]:
        parser.error(f"no assignment {', '.join(unknown)}; there are {', '.join(known)}")
    rows = measure(names, options.jobs)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120  # a log has no edge to wrap at
    console.print(table(rows))
    console.print(closing(rows), markup=False, soft_wrap=True)
    missed = any(row.count(kind, failed=False) for row in rows for kind in ("mutant", "wrong"))
    sys.exit(1 if missed or any(row.alarms for row in rows) else 0)


if __name__ == "__main__":
    main()
