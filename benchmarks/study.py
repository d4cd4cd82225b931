"""Textbook programs, whole files with a main(), each in wrong and right forms: how many runs until they are decided?

Nothing here knows the programs. The same questions are asked of every run of every one of them: did it come back, did
each task's output stay together, is there a race or an update that can get lost, and, of the run without preemptions,
were all tasks that it started at work together. A wrong program is *found* with the first run whose answer is bad, and
*shown* with the first run that went wrong itself, where the finding is a prediction (a lost update that another order
brings about). A right one must have no finding in any schedule of at most two preemptions, every access of shared
memory being a point to switch at; *exhausted* says that none is left.

Runs are facts about programs and search. Seconds are the machine's: the best of three, sandbox included.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.judge import CheckFailed
from autograder.judge.grade import launcher
from autograder.judge.run import Run
from autograder.judge.subject import PREEMPTIONS, Subject
from autograder.model import Assignment
from autograder.trace import races

PROGRAMS = Path(__file__).parent / "study"
MOST_RUNS = 5
"""In so many runs a wrong program must be decided."""

MOST_SECONDS = 2.0
"""In so many seconds a right one is to be exhausted, on a machine that does nothing else."""


@dataclass(frozen=True)
class Decision:
    """What came of one program. ``kind`` is that of the first finding, "" for none; ``found`` and ``shown`` are numbers
    of runs, 0 for never; ``exhausted`` is whether no schedule was left."""

    kind: str
    found: int
    shown: int
    runs: int
    exhausted: bool


def questions(run: Run, first: bool) -> None:
    """Fail with what is wrong in a run, whatever program it is of. ``first``: the run without preemptions."""
    run.completed()
    run.output.assert_whole_blocks()
    run.assert_no_race()
    if first:
        for kind, tasks in (("thread", run.threads), ("process", run.processes)):
            if len(tasks) > 1:
                run.assert_alive_together(len(tasks), kind)


def happened(run: Run, kind: str) -> bool:
    """Whether a run went wrong itself; what is no race is never only predicted."""
    updates = races.lost_updates(run.trace) if kind == "race" else []
    return not updates or any(update.happened for update in updates)


def subject(path: Path) -> Subject:
    assignment = Assignment("study", "Study", path.name, path.parent, ())
    return Subject(assignment, path.read_bytes(), launcher("world", ()))


def decide(path: Path, n: int | None, most: int = 1000) -> Decision:
    """Go through the schedules of ``main(n)``, or of ``main()``, until one is wrong, or none is left."""
    judged = subject(path)
    arguments = () if n is None else (n,)
    kind, found, made = "", 0, 0
    for run in judged.exhaust("main", *arguments, most=most, points=True):
        made += 1
        try:
            questions(run, made == 1)
        except CheckFailed as failure:
            kind, found = kind or failure.kind, found or made
            if happened(run, kind):
                return Decision(kind, found, made, made, False)
    (search,) = judged.searches
    return Decision(kind, found, 0, made, search.bound is not None)


def timed(make: Callable[[], Decision], times: int) -> tuple[Decision, float]:
    """A decision, the same each time, and the least seconds that it took."""
    seconds, decisions = [], set()
    for _ in range(times):
        begun = time.perf_counter()
        decisions.add(make())
        seconds.append(time.perf_counter() - begun)
    (decision,) = decisions  # a decision is a fact about the program
    return decision, min(seconds)


def programs() -> Iterator[tuple[Path, bool]]:
    """Each program, and whether it is right."""
    for path in sorted(PROGRAMS.glob("*.py")):
        yield path, path.stem.endswith("_right")


def held(right: bool, decision: Decision) -> bool:
    """Whether the decision is what it should be."""
    if right:
        return not decision.kind and decision.exhausted
    return 0 < decision.shown <= MOST_RUNS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=2, help="how often each thread does its work (2)")
    parser.add_argument("--times", type=int, default=3, help="the least seconds of so many tries (3)")
    options = parser.parse_args()
    if options.n < 1 or options.times < 1:
        parser.error("--n and --times must be at least 1")
    title = f"textbook programs, at most {PREEMPTIONS} preemptions; wrong ones also with the n that they have"
    shown = Table(title=title, title_justify="left")
    for heading in ("program", "call", "finding"):
        shown.add_column(heading, no_wrap=True)
    for heading in ("found in run", "shown in run", "runs", "exhausted", "seconds"):
        shown.add_column(heading, justify="right", no_wrap=True)
    bad, slow = [], []
    for path, right in programs():
        for n in (options.n,) if right else (options.n, None):
            decision, seconds = timed(lambda path=path, n=n: decide(path, n), options.times)  # type: ignore[misc]
            call = f"main({'' if n is None else n})"
            if not held(right, decision):
                bad.append(f"{path.stem} {call}")
            if right and seconds > MOST_SECONDS:
                slow.append(path.stem)
            numbers = [str(decision.found or "-"), str(decision.shown or "-"), str(decision.runs)]
            exhausted = "yes" if decision.exhausted else "-" if decision.kind else "no"
            shown.add_row(path.stem, call, decision.kind or "-", *numbers, exhausted, f"{seconds:.2f}")
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120
    console.print(shown)
    print(
        f"wrong ones shown in at most {MOST_RUNS} runs and right ones exhausted without a finding: "
        f"{'all' if not bad else 'not ' + ', '.join(bad)}"
    )
    print(f"right ones in at most {MOST_SECONDS:g} s each: {'all' if not slow else 'not ' + ', '.join(slow)}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
