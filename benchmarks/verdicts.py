"""The rates that hold for this project's verdicts, by one command. Four questions, each asked by the tool for it:

- *Detection*: is every file of wrong/ and every generated mutant of a solution failed by some check, and no file of
  right/ by any (``detection.py``)?
- *Names*: does each file of wrong/ fail just the checks that its first line names (``autograder verify``)?
- *Count*: how many right variants are there that no check may take for wrong?
- *Stability*: are the bytes of results.json the same in every grading, idle, under load and on half a core
  (``stability.py``), under each Python that is installed here, a free-threaded build among them where there is one?

Without options it takes a few minutes and says what holds of two assignments in two runs. The figures to publish come
from ``--everything``: all assignments, 20 runs in each condition under each Python. That takes hours.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import detection
import stability
from interpreters import installed
from rich.console import Console
from rich.markup import escape

from autograder.config import load_course
from autograder.verify import gate

ROOT = Path(__file__).parent.parent
FEW = ("locked_printing", "shared_array")
"""What is looked at by default: threads in the one, processes in the other."""

RIGHT_WANTED = 30
"""Right variants there should be over all assignments."""


def this_version() -> str:
    """Of the Python that runs this, as `interpreters.installed` calls it."""
    import sysconfig

    return f"{sys.version_info[0]}.{sys.version_info[1]}{'t' if sysconfig.get_config_var('Py_GIL_DISABLED') else ''}"


def environment(version: str, python: Path) -> tuple[Path | None, str]:
    """The Python of an environment of this project for a version, set up as ``make matrix`` does; or why there is
    none."""
    if version == this_version():
        return Path(sys.executable), ""
    venv = f".venv-{version}"
    command = ["make", "--no-print-directory", "venv", f"PYTHON={python}", f"VENV={venv}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        return None, lines[-1] if lines else f"make venv ended with {done.returncode}"
    return ROOT / venv / "bin" / "python", ""


def named(names: Sequence[str], jobs: int) -> list[gate.Report]:
    """What the gate says of the files in right/ and wrong/."""
    course = load_course(ROOT / "grading.yml")
    reports = []
    for name in names:
        with tempfile.TemporaryDirectory() as scratch:
            plan = gate.plan(course.assignments[name], gate.Options(jobs=jobs, mutants=False))
            reports.append(gate.verify(plan, Path(scratch)))
    return reports


def graded_again(
    pythons: Mapping[str, Path], arguments: Sequence[str], say: Callable[[str], None]
) -> dict[str, stability.Tally]:
    """By version what ``stability.py`` saw under it. A version for which it came to no end is not there."""
    found = {}
    for version, python in pythons.items():
        with tempfile.TemporaryDirectory() as folder:
            save = Path(folder) / "seen.json"
            begun = time.monotonic()
            command = [python, ROOT / "benchmarks" / "stability.py", *arguments, "--save", save]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if not save.exists():
                last = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()][-1:]
                say(f"Python {version}: no results: {last[0] if last else f'exit code {done.returncode}'}")
                continue
            found[version] = stability.loads(save.read_text(encoding="utf-8"))
            say(f"Python {version}: {found[version].runs} gradings in {(time.monotonic() - begun) / 60:.0f} minutes")
    return found


def together(tallies: Mapping[str, stability.Tally]) -> stability.Tally:
    """All results in one tally, the version a part of the condition."""
    merged = stability.Tally()
    for version, tally in tallies.items():
        for (case, condition), counter in tally.seen.items():
            for result, times in counter.items():
                merged.add(case, f"{version} {condition}", result, times)
    return merged


def sentences(
    rows: Sequence[detection.Row],
    reports: Sequence[gate.Report],
    variants: int,
    tally: stability.Tally,
    versions: Sequence[str],
    asked: Sequence[str],
) -> list[tuple[bool, str]]:
    """What holds and what does not, a sentence a question."""
    missed = any(row.count(kind, failed=False) for row in rows for kind in ("mutant", "wrong"))
    alarms = any(row.alarms for row in rows)
    wrong, failed = sum(report.wrong for report in reports), sum(report.failed for report in reports)
    right, passed = sum(report.right for report in reports), sum(report.passed for report in reports)
    free = [version for version in versions if version.endswith("t")]
    lacking = [version for version in asked if version not in versions]
    build = f"a free-threaded one among them ({', '.join(free)})" if free else "no free-threaded one is installed here"
    left = f"; left out: {', '.join(lacking)}" if lacking else ""
    names = (
        f"Names: {failed} of {wrong} files in wrong/ fail the checks that they name, "
        f"{passed} of {right} right ones get full marks."
    )
    count = (
        f"Count: {variants} right variants beside the solutions, of all assignments; wanted: {RIGHT_WANTED} or more."
    )
    stable = f"Stability: {stability.closing(tally)} Python {', '.join(versions) or '-'}, {build}{left}."
    return [
        (not missed and not alarms, f"Detection: {detection.closing(list(rows))}"),
        (failed == wrong and passed == right and all(report.green for report in reports), names),
        (variants >= RIGHT_WANTED, count),
        (bool(tally.cases) and not tally.unstable and not lacking, stable),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, help="gradings of each submission in each condition (2; everything: 20)")
    parser.add_argument("--assignment", action="append", metavar="NAME", help=f"this one only ({', '.join(FEW)})")
    parser.add_argument("--conditions", default=",".join(stability.CONDITIONS), help="some of idle,busy,quota (all)")
    parser.add_argument("--python", action="append", metavar="3.N", help="this one only (all that are installed)")
    parser.add_argument("--jobs", type=int, default=2, help="programs at a time in the first two parts (2)")
    parser.add_argument("--everything", action="store_true", help="all assignments, 20 runs: hours")
    options = parser.parse_args()
    course = load_course(ROOT / "grading.yml")
    names = options.assignment or (list(course.assignments) if options.everything else list(FEW))
    runs = options.runs if options.runs is not None else 20 if options.everything else 2
    conditions = [name for name in options.conditions.split(",") if name]
    pythons = installed()
    asked = options.python or list(pythons)
    if unknown := [name for name in names if name not in course.assignments]:
        parser.error(f"no assignment {', '.join(unknown)}; there are {', '.join(course.assignments)}")
    if unknown := [name for name in asked if name not in pythons]:
        parser.error(f"Python {', '.join(unknown)} is not installed here; there are {', '.join(pythons)}")
    if not conditions or not set(conditions) <= set(stability.CONDITIONS):
        parser.error(f"--conditions: found {options.conditions}, allowed are {', '.join(stability.CONDITIONS)}")
    if runs < 1 or options.jobs < 1:
        parser.error("--runs and --jobs must be at least 1")

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 160

    def say(text: str) -> None:
        console.print(escape(text), soft_wrap=True)

    usable: dict[str, Path] = {}
    for version in asked:
        python, problem = environment(version, pythons[version])
        if python is None:
            say(f"Python {version}: can't be set up: {problem}")
        else:
            usable[version] = python
    rows = detection.measure(names, options.jobs)
    console.print(detection.table(rows))
    reports = named(names, options.jobs)
    for report in reports:
        for problem in report.problems:
            say(problem)
    arguments = ["--runs", str(runs), "--conditions", ",".join(conditions)]
    arguments += [part for name in names for part in ("--assignment", name)]
    tallies = graded_again(usable, arguments, say)
    tally = together(tallies)
    if tally.cases:
        console.print(stability.table(tally, [f"{version} {name}" for version in tallies for name in conditions]))
    for case in tally.unstable:
        say(stability.difference(tally, case))
    variants = sum(len(list((one.folder / "right").glob("*.py"))) for one in course.assignments.values())
    told = sentences(rows, reports, variants, tally, list(tallies), asked)
    for holds, text in told:
        console.print(f"{'[green]holds[/]' if holds else '[bold red]FAILS[/]'}  {escape(text)}", soft_wrap=True)
    sys.exit(0 if all(holds for holds, _ in told) else 1)


if __name__ == "__main__":
    main()
