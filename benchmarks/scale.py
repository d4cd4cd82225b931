"""A whole class: submissions a second, memory, and whether a submission of a large class costs more than others.

The class is made of an assignment's solution and the files of right/ and wrong/, again and again, each with a comment
of its own at the end, so that no two are equal and each is judged. Three questions:

- **a class** graded with ``--jobs`` 1 and 2: seconds, submissions a second, and the most memory at a time, of the
  process that grades (its resident set) and of all together (proportional sets: what is shared counts once);
- **a part of a class**: the same few submissions to go in classes of 100, 1,000 and 10,000, the others in the journal
  already. Their reports are copies of one; the journal, the table and the summary are as large as they would be. Told
  apart are what it takes to begin (to see that what is graded is unchanged, and to warm up), and to end (the summary);
- **otter run** on a file of one line with one test, where otter-grader is installed (see speed.py): how many times as
  long it takes as one of our submissions, in the same minutes.

Results are only worth something on a machine that does nothing else; the load at the start and the end is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))
import speed

if TYPE_CHECKING:
    from autograder.batch.executor import Group, Reports, Running
    from autograder.model import Assignment

ROOT = Path(__file__).parent.parent
COURSE = ROOT / "grading.yml"
GOAL = 5.0
"""Submissions a second on two cores."""
SAMPLES = 0.2
"""Seconds between two looks at the memory of all processes."""


@dataclass(frozen=True)
class Graded:
    """One grading: seconds in all, until the first result of a judge and until the last, how many were judged, seconds
    of CPU time, and bytes of memory."""

    seconds: float
    first: float
    last: float
    judged: int
    cpu: float
    own: int
    together: int

    @property
    def each(self) -> float:
        """Seconds for one more submission, when all is warm."""
        return (self.last - self.first) / max(1, self.judged - 1)


def chosen(name: str) -> Assignment:
    from autograder.config import load_course

    assignments = load_course(COURSE).assignments
    if name not in assignments:
        raise SystemExit(f"scale: no assignment {name}; there are {', '.join(assignments)}")
    return assignments[name]


def make_class(assignment: Assignment, count: int, folder: Path) -> Path:
    """A folder a student, each with a file that no other has."""
    sources = [assignment.folder / "solution.py"]
    sources += [path for kind in ("right", "wrong") for path in sorted((assignment.folder / kind).glob("*.py"))]
    texts = [path.read_text(encoding="utf-8") for path in sources]
    for number in range(count):
        name = f"student{number:05}"
        (folder / name).mkdir(parents=True)
        # Counted from the end, so that the last few of a class are the same kinds of files in every size.
        text = f"{texts[(count - number) % len(texts)].rstrip()}\n\n# handed in by {name}\n"
        (folder / name / assignment.file).write_text(text, encoding="utf-8")
    return folder


# --- one grading, in a process of its own -----------------------------------------------------------------------------


def grade(name: str, folder: Path, out: Path, jobs: int) -> None:
    """Grades and prints what `Graded` needs."""
    from autograder.batch import grading
    from autograder.intake import find_submissions

    begun, judging = time.monotonic(), False
    results: list[float] = []  # when each came

    def running(ids: Sequence[str]) -> None:
        nonlocal judging
        judging = True

    def progress(result: object) -> None:
        if judging:
            results.append(time.monotonic() - begun)

    assignment = chosen(name)
    submissions = find_submissions(folder, assignment.file, folder)
    grading.grade_class(submissions, assignment, out, jobs, progress=progress, running=running)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    cpu = sum(one.ru_utime + one.ru_stime for one in (children, own))
    print(
        json.dumps(
            {
                "seconds": time.monotonic() - begun,
                "first": results[0],
                "last": results[-1],
                "judged": len(results),
                "cpu": cpu,
                "own": own.ru_maxrss << 10,
            }
        )
    )


def measured(name: str, folder: Path, out: Path, jobs: int) -> Graded:
    command = [sys.executable, __file__, "--grade", name, str(folder), str(out), str(jobs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        most, ended = [0], threading.Event()
        watcher = threading.Thread(target=watch, args=(process.pid, most, ended))
        watcher.start()
        said, _ = process.communicate()
        ended.set()
        watcher.join()
    if process.returncode:
        raise SystemExit(f"scale: grading {folder} gave {process.returncode}")
    found = Graded(**json.loads(said), together=most[0])
    print(f"{name}: {found.judged} judged with {jobs} jobs in {found.seconds:.1f} s", file=sys.stderr)
    return found


def watch(root: int, most: list[int], ended: threading.Event) -> None:
    """The most memory that a process and all below it had at a time."""
    from autograder.sandbox.watch import descendants

    while not ended.wait(SAMPLES):
        most[0] = max(most[0], sum(map(proportional, [root, *descendants(root)])))


def proportional(pid: int) -> int:
    try:
        with Path(f"/proc/{pid}/smaps_rollup").open() as file:
            return next((int(line.split()[1]) << 10 for line in file if line.startswith("Pss:")), 0)
    except OSError:  # it has ended
        return 0


# --- a part of a class ------------------------------------------------------------------------------------------------


class Copies:
    """An executor that gives everybody the reports of one."""

    def __init__(self, reports: Reports, of: str) -> None:
        self._reports, self._of = reports, of

    def run(
        self, groups: Sequence[Group], assignment: Assignment, running: Running
    ) -> Iterator[tuple[Group, list[Reports]]]:
        for group in groups:
            yield (
                group,
                [
                    {name: text.replace(self._of, one.id) for name, text in self._reports.items()}
                    for one in group.submissions
                ],
            )


def prepare(assignment: Assignment, folder: Path, out: Path, left: int, model: Path) -> None:
    """Journals all of a class but the last few as graded."""
    from autograder.batch import grading
    from autograder.intake import find_submissions

    submissions = find_submissions(folder, assignment.file, folder)
    reports = {path.name: path.read_text(encoding="utf-8") for path in model.iterdir()}
    fsync = os.fsync
    os.fsync = lambda fd: None  # type: ignore[assignment]  # this part is not measured
    try:
        executor = Copies(reports, model.name)
        grading.grade_class(submissions[: len(submissions) - left], assignment, out, executor=executor)  # type: ignore[arg-type]
    finally:
        os.fsync = fsync


# --- what is printed --------------------------------------------------------------------------------------------------


def megabytes(size: int) -> str:
    return f"{size / (1 << 20):.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the grading of whole classes.")
    parser.add_argument("--submissions", type=int, default=40, metavar="N", help="in the class (40; the goal is 1000)")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], metavar="J", help="numbers of jobs (1 2)")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[100, 1000, 10_000], metavar="N", help="classes to grade a part of"
    )
    parser.add_argument("--slice", type=int, default=40, metavar="N", help="submissions of that part (40)")
    parser.add_argument("--assignment", action="append", metavar="NAME", help="may be given repeatedly")
    parser.add_argument("--otter-python", default=sys.executable, metavar="PYTHON", help="one with otter-grader")
    parser.add_argument("--grade", nargs=4, metavar=("NAME", "FOLDER", "OUT", "JOBS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.grade:
        name, folder, out, jobs = options.grade
        grade(name, Path(folder), Path(out), int(jobs))
        return
    if min(options.submissions, options.slice, *options.jobs) < 1 or min(options.sizes, default=1) < 1:
        parser.error("sizes and numbers must be at least 1")
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 110
    console.print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    classes = Table(title="a class", title_justify="left")
    parts = Table(title=f"a part of a class, with {max(options.jobs)} jobs", title_justify="left")
    for table, headings in (
        (classes, ("", "submissions", "jobs", "seconds", "a second", "CPU s each", "MB grader", "MB together")),
        (parts, ("", "class", "to go", "to the first, s", "each more, s", "after all, s", "MB grader", "MB together")),
    ):
        for heading in headings:
            table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    best: list[Graded] = []
    for name in options.assignment or ["locked_printing"]:
        with tempfile.TemporaryDirectory(prefix="scale-") as scratch:
            best.append(measure(name, Path(scratch), options, classes, parts))
    console.print(classes)
    if options.sizes:
        console.print(parts)
    for one in best:
        console.print(f"{one.judged / one.seconds:.1f} a second; the goal on two idle cores is {GOAL:g}")
    if speed.has_otter(options.otter_python):
        reference = speed.otter(options.otter_python, 3)
        for one in best:
            ratio = reference.wall / (one.seconds / one.judged)
            console.print(f"otter run took {reference.wall:.1f} s, {ratio:.0f} times as long as one of these")
    else:
        console.print(f"otter-grader is not here to compare with. To have it: {speed.INSTALL}", markup=False)
    console.print(f"load average {os.getloadavg()[0]:.1f} at the end")


def measure(name: str, scratch: Path, options: argparse.Namespace, classes: Table, parts: Table) -> Graded:
    assignment = chosen(name)
    folder = make_class(assignment, options.submissions, scratch / "class")
    found: list[Graded] = []
    for jobs in options.jobs:
        one = measured(name, folder, scratch / f"out-{jobs}", jobs)
        found.append(one)
        classes.add_row(
            name,
            str(one.judged),
            str(jobs),
            f"{one.seconds:.1f}",
            f"{one.judged / one.seconds:.2f}",
            f"{one.cpu / one.judged:.2f}",
            megabytes(one.own),
            megabytes(one.together),
        )
    model = scratch / f"out-{options.jobs[0]}" / "student00000"
    for size in options.sizes:
        left = min(options.slice, size)
        folder, out = make_class(assignment, size, scratch / f"class-{size}"), scratch / f"part-{size}"
        if size > left:
            prepare(replace(assignment), folder, out, left, model)
        one = measured(name, folder, out, max(options.jobs))
        parts.add_row(
            name,
            str(size),
            str(one.judged),
            f"{one.first:.1f}",
            f"{one.each:.3f}",
            f"{one.seconds - one.last:.1f}",
            megabytes(one.own),
            megabytes(one.together),
        )
    return max(found, key=lambda one: one.judged / one.seconds)


if __name__ == "__main__":
    main()
