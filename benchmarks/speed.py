"""How long one judgement takes, beside the same from otter-grader.

For each assignment the reference solution, which passes every check, is judged in three ways:

- **warm**: all checks in a process that has judged before, as in the middle of a class;
- **grade**: ``autograder grade`` as a command, with the start of Python;
- **check**: ``autograder check`` as a command, what a student waits for.

Then ``otter run`` grades a file of one line with one test. All are held on the same core of this machine and measured
in the same minutes, so that their ratio says something even where the seconds depend on who else is at work here. The
CPU time beside them (of the judge, its guests and all they start) is steadier than the wall clock on a busy machine.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from autograder.model import Assignment, Submission

ROOT = Path(__file__).parent.parent
COURSE = ROOT / "grading.yml"
TARGET = 1.0
"""Seconds of one core that one judgement may take, in the median."""

CLOCK_TICK = 1 / os.sysconf("SC_CLK_TCK")
INSTALL = 'pip install "otter-grader[grading]" (not the extra "otter" alone: without a kernel `otter run` cannot work)'


@dataclass(frozen=True)
class Seconds:
    """Medians of several runs."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Row:
    assignment: str
    checks: int
    warm: Seconds
    grade: Seconds
    check: Seconds


def timed(action: Callable[[], None], cpu: Callable[[], float], runs: int) -> Seconds:
    """After one run that doesn't count."""
    action()
    walls, works = [], []
    for _ in range(runs):
        work, begun = cpu(), time.perf_counter()
        action()
        walls.append(time.perf_counter() - begun)
        works.append(cpu() - work)
    return Seconds(median(walls), median(works))


# --- our own -----------------------------------------------------------------------------------------------------


def load(name: str) -> tuple[Assignment, Submission]:
    from autograder.config import load_course
    from autograder.model import Submission

    assignments = load_course(COURSE).assignments
    if name not in assignments:
        raise SystemExit(f"speed: no assignment {name}; there are {', '.join(assignments)}")
    assignment = assignments[name]
    return assignment, Submission("solution", assignment.folder / "solution.py")


def judge(name: str) -> Callable[[], None]:
    from autograder.judge.grade import grade
    from autograder.model import Outcome

    assignment, submission = load(name)

    def once() -> None:
        result = grade(submission, assignment)
        missed = [verdict.check.name for verdict in result.verdicts if verdict.outcome is not Outcome.PASSED]
        if missed:
            raise SystemExit(f"speed: {submission.path} does not pass {', '.join(missed)}; times mean nothing then")

    return once


def cpu_of_judging() -> float:
    """CPU time of this process, its running children (the launchers) and all guests that those have reaped."""
    total = time.process_time()
    for tid in Path("/proc/self/task").iterdir():
        for pid in (tid / "children").read_text().split():
            fields = Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15])) * CLOCK_TICK
    return total


def cpu_of_commands() -> float:
    """CPU time of the commands that have ended, and of all that they waited for."""
    times = os.times()
    return times.children_user + times.children_system


def command(arguments: list[str], allowed: tuple[int, ...] = (0,), cwd: Path = ROOT) -> None:
    # As most people have it: what was compiled once is kept (a grader and an otter that compile all anew say nothing).
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(arguments, cwd=cwd, capture_output=True, text=True, errors="replace", check=False, env=env)
    if done.returncode not in allowed:
        raise SystemExit(f"speed: {' '.join(arguments)} gave {done.returncode}:\n{done.stdout}{done.stderr}")


def measure(name: str, runs: int) -> Row:
    assignment, submission = load(name)
    autograder, file = [sys.executable, "-m", "autograder"], str(submission.path)
    warm = timed(judge(name), cpu_of_judging, runs)
    with tempfile.TemporaryDirectory() as out:
        options = ["--config", str(COURSE)]
        grade = [*autograder, "grade", name, file, "-o", out, "--jobs", "1", "--again", *options]
        graded = timed(lambda: command(grade), cpu_of_commands, runs)
    checked = timed(lambda: command([*autograder, "check", name, file, *options]), cpu_of_commands, runs)
    return Row(name, len(assignment.checks), warm, graded, checked)


# --- otter -------------------------------------------------------------------------------------------------------

OTTER_TEST = """\
OK_FORMAT = True

test = {
    "name": "q1",
    "points": 1,
    "suites": [{"type": "doctest", "scored": True, "setup": "", "teardown": "", "cases": [{"code": ">>> x\\n1"}]}],
}
"""


def otter(python: str, runs: int) -> Seconds:
    """`otter run` on a file of one line with one test, as a command."""
    python = str(Path(shutil.which(python) or python).absolute())  # it is called from another folder
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "tests").mkdir()
        (here / "out").mkdir()
        (here / "tests" / "q1.py").write_text(OTTER_TEST)
        (here / "hand_in.py").write_text("x = 1\n")
        plain = ["--no-config", "--no-requirements", "--no-environment"]
        command([python, "-m", "otter", "generate", "-t", "tests", "-o", "grader.zip", *plain], cwd=here)
        run = [python, "-m", "otter", "run", "--no-logo", "-a", "grader.zip", "-o", "out", "hand_in.py"]
        seconds = timed(lambda: command(run, cwd=here), cpu_of_commands, runs)
        score = sum(test.get("score", 0) for test in json.loads((here / "out" / "results.json").read_text())["tests"])
        if score != 1:
            raise SystemExit(
                f"speed: otter gave {score} of 1 points to the file that is right; times mean nothing then"
            )
        return seconds


def has_otter(python: str) -> bool:
    """Whether `otter run` can work there."""
    probe = [
        python,
        "-c",
        "import importlib.util as u, sys; sys.exit(not (u.find_spec('otter') and u.find_spec('ipykernel')))",
    ]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except OSError as error:
        raise SystemExit(f"speed: --otter-python {python}: {error.strerror}") from None


# --- what is printed ---------------------------------------------------------------------------------------------


def table(rows: list[Row], reference: Seconds | None, runs: int) -> Table:
    """Seconds by the wall clock, CPU seconds in brackets."""
    shown = Table(title=f"seconds (CPU seconds), median of {runs} on one core", title_justify="left")
    shown.add_column("", no_wrap=True)
    for heading in ("checks", "warm", "grade", "check", *(("otter ÷ grade", "otter ÷ check") if reference else ())):
        shown.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        cells = [f"{one.wall:.2f} ({one.cpu:.2f})" for one in (row.warm, row.grade, row.check)]
        if reference:
            cells += [f"{reference.wall / one.wall:.1f}" for one in (row.grade, row.check)]
        shown.add_row(row.assignment, str(row.checks), *cells)
    if reference:
        shown.add_section()
        shown.add_row("otter run", "1", "", f"{reference.wall:.2f} ({reference.cpu:.2f})", "", "1.0", "")
    return shown


def summary(rows: list[Row], reference: Seconds | None) -> str:
    slow = [row.assignment for row in rows if max(row.warm.wall, row.check.wall) > TARGET]
    text = f"The target, at most {TARGET:g} s for a judgement (warm) and for a check: "
    text += f"missed by {', '.join(slow)}." if slow else "met by all."
    if reference:
        middle = median(row.grade.wall for row in rows)
        text += (
            f"\notter run on one line with one test took {reference.wall:.1f} s, autograder grade with all checks "
            f"{middle:.2f} s in the middle of the assignments: {reference.wall / middle:.1f} times as long."
        )
    else:
        text += f"\notter-grader is not here to compare with. To have it: {INSTALL},\nhere or in another environment "
        text += "whose interpreter you name with --otter-python."
    return text


def profile(name: str, lines: int = 25) -> None:
    """Where the judge's own time goes in one warm judgement, the waiting for its guests included."""
    once = judge(name)
    once()
    profiler, before, own = cProfile.Profile(), cpu_of_judging(), time.process_time()
    profiler.enable()
    once()
    profiler.disable()
    own = time.process_time() - own
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(lines)
    guests = cpu_of_judging() - before - own
    print(f"CPU seconds: the judge {own:.2f} (profiled, so more than usual), its guests {guests:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long judging takes, beside otter-grader. Takes minutes.")
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each, after one to warm up (5)")
    parser.add_argument("--assignment", action="append", metavar="NAME", help="this one only; may be given repeatedly")
    parser.add_argument(
        "--otter-python", default=sys.executable, metavar="PYTHON", help="an interpreter with otter-grader"
    )
    parser.add_argument("--profile", metavar="NAME", help="print where the time of one judgement goes, and end")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    if options.profile:
        profile(options.profile)
        return

    from autograder.config import load_course

    names = options.assignment or list(load_course(COURSE).assignments)
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 110  # a log has no edge to wrap at
    console.print(f"on core {core}; load average {os.getloadavg()[0]:.1f} at the start")
    reference = otter(options.otter_python, options.runs) if has_otter(options.otter_python) else None
    rows = [measure(name, options.runs) for name in names]
    console.print(table(rows, reference, options.runs))
    console.print(summary(rows, reference), markup=False)


if __name__ == "__main__":
    main()
