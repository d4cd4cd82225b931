"""Is a result a fact about the program alone? The same submissions graded again and again, on three machines.

One machine is used as three:

- **idle**: nothing else is started here;
- **busy**: four loops that never wait run beside the grading;
- **quota**: the grading gets half a core, as a small container does. The kernel does that where a cgroup can be made
  (v2 ``cpu.max`` or v1 ``cpu.cfs_quota_us``). Where it can't, the processes are held on one core and stopped and
  continued by signals, half of the time each: coarser, and no promise of the kernel's, but as hard on a time limit.

Each condition has a fresh grading process. Every submission is graded there with everything that ``autograder grade``
does, the real run beside the world included, and the bytes of its results.json are compared: with its other runs, and
with those under the other conditions. One difference, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

COURSE = Path(__file__).parent.parent / "grading.yml"
CONDITIONS = ("idle", "busy", "quota")
BUSY_LOOPS = 4
SHARE = 0.5
"""Of one core, under the quota."""

PERIOD = 0.1
"""Seconds in which the share is given, and in which a throttled tree is stopped and continued once."""

_START = multiprocessing.get_context("spawn")  # a child shares nothing with this process


@dataclass(frozen=True)
class Case:
    """One file to grade."""

    assignment: str
    path: Path

    @property
    def label(self) -> str:
        folder = f"{self.path.parent.name}/" if self.path.parent.name != self.assignment else ""
        return f"{self.assignment}/{folder}{self.path.stem}"


Grader = Callable[[Case], bytes]
"""Grades a file anew and gives the bytes of its results.json."""

Graded = Iterator[tuple[Case, bytes]]


@dataclass
class Tally:
    """The results seen for each submission under each condition, and how often each."""

    seen: dict[tuple[Case, str], Counter[bytes]] = field(default_factory=dict)

    def add(self, case: Case, condition: str, result: bytes, times: int = 1) -> None:
        self.seen.setdefault((case, condition), Counter())[result] += times

    @property
    def cases(self) -> list[Case]:
        return list(dict.fromkeys(case for case, _ in self.seen))

    @property
    def runs(self) -> int:
        return sum(counter.total() for counter in self.seen.values())

    def results(self, case: Case) -> Counter[bytes]:
        """All results of a submission, whatever the condition."""
        together: Counter[bytes] = Counter()
        for (other, _), counter in self.seen.items():
            if other == case:
                together += counter
        return together

    @property
    def unstable(self) -> list[Case]:
        """The submissions that got more than one result."""
        return [case for case in self.cases if len(self.results(case)) > 1]


def grade_again(cases: Sequence[Case], runs: int, grade: Grader) -> Graded:
    """Grades each file ``runs`` times. Not the same one in a row: what one leaves behind could hide in its next run."""
    for _ in range(runs):
        for case in cases:
            yield case, grade(case)


# --- what is printed ---------------------------------------------------------------------------------------------


def table(tally: Tally, conditions: Sequence[str]) -> Table:
    """A row a submission; in each condition's column how many runs there were and how many results differ."""
    shown = Table("submission", *conditions, "all", title="runs → distinct results.json", title_justify="left")
    for case in tally.cases:
        cells = [_cell(tally.seen.get((case, condition), Counter())) for condition in conditions]
        shown.add_row(escape(case.label), *cells, _cell(tally.results(case)))
    return shown


def _cell(results: Counter[bytes]) -> str:
    if not results:
        return "-"
    text = f"{results.total()} → {len(results)}"
    return text if len(results) == 1 else f"[bold red]{text}[/]"


def closing(tally: Tally) -> str:
    """The count, in a sentence."""
    cases, unstable = len(tally.cases), len(tally.unstable)
    distinct = sum(len(tally.results(case)) for case in tally.cases)
    verdict = "byte-identical for every submission" if not unstable else f"{unstable} of {cases} submissions DIFFER"
    return f"{tally.runs} gradings of {cases} submissions, {distinct} distinct results.json: {verdict}."


def difference(tally: Tally, case: Case) -> str:
    """How the rarer results of a submission differ from its most frequent one."""
    (usual, _), *others = tally.results(case).most_common()
    text = ""
    for other, times in others:
        where = [name for (one, name), counter in tally.seen.items() if one == case and other in counter]
        title = f"{case.label}: {times}× under {', '.join(where)}"
        before, after = (result.decode(errors="replace").splitlines() for result in (usual, other))
        text += "\n".join(difflib.unified_diff(before, after, f"{case.label}: usual", title, lineterm="", n=1)) + "\n"
    return text


def dumps(tally: Tally) -> str:
    """The results that were seen, for `benchmarks/verdicts.py`: a list of submissions, conditions, results, counts."""
    rows = [
        [case.assignment, str(case.path), condition, result.decode(), times]
        for (case, condition), counter in tally.seen.items()
        for result, times in counter.items()
    ]
    return json.dumps(rows)


def loads(text: str) -> Tally:
    tally = Tally()
    for assignment, path, condition, result, times in json.loads(text):
        tally.add(Case(assignment, Path(path)), condition, result.encode(), times)
    return tally


# --- grading in a fresh process ----------------------------------------------------------------------------------


def grade_case(case: Case) -> bytes:
    """As ``autograder grade`` does, up to the file that is written."""
    from autograder.config import load_course
    from autograder.judge.grade import grade
    from autograder.model import Submission
    from autograder.report import gradescope

    assignment = load_course(COURSE).assignments[case.assignment]
    result = grade(Submission(case.path.stem, case.path), assignment)
    return gradescope.dumps(gradescope.results(result, assignment.file)).encode()


def _work(pipe: Connection, cases: Sequence[Case], runs: int, one_core: bool) -> None:
    """The life of a grading process: it waits for a go (until its quota is set), grades, and sends what comes out."""
    with suppress(EOFError, OSError, KeyboardInterrupt):
        pipe.recv()
        if one_core:
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        for graded in grade_again(cases, runs, grade_case):
            pipe.send(graded)


Limit = Callable[[int], AbstractContextManager[None]]
"""Puts the process with this pid, and all that it will start, under a limit."""


def in_fresh_process(cases: Sequence[Case], runs: int, limit: Limit, one_core: bool = False) -> Graded:
    ours, theirs = _START.Pipe()
    process: SpawnProcess = _START.Process(target=_work, args=(theirs, cases, runs, one_core))
    process.start()
    theirs.close()
    assert process.pid is not None
    with limit(process.pid):
        try:
            ours.send("go")
            for _ in range(runs * len(cases)):
                try:
                    yield ours.recv()
                except EOFError:
                    raise SystemExit("stability: the grading process died; see what it said above") from None
        finally:
            ours.close()
            # Interrupted, the process takes its sandbox down; it may be stopped, or waiting for its share.
            if process.is_alive():
                process.join(5)
            if process.is_alive():
                os.kill(process.pid, signal.SIGINT)
            process.join()


@contextmanager
def unlimited(_: int) -> Iterator[None]:
    yield


# --- busy --------------------------------------------------------------------------------------------------------


def _spin(parent: int) -> None:
    while os.getppid() == parent:  # so that no loop outlives a benchmark that was killed
        pass


@contextmanager
def busy_loops(count: int = BUSY_LOOPS) -> Iterator[None]:
    loops = [_START.Process(target=_spin, args=(os.getpid(),), daemon=True) for _ in range(count)]
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.join()


# --- half a core -------------------------------------------------------------------------------------------------


def make_cgroup(root: Path = Path("/sys/fs/cgroup")) -> Path | None:
    """A new cgroup with the share as its quota; None where this machine doesn't let us make one."""
    period = round(PERIOD * 1e6)
    quota = round(SHARE * period)
    second = {"cpu.max": f"{quota} {period}"}
    first = {"cpu.cfs_period_us": str(period), "cpu.cfs_quota_us": str(quota)}
    # Hybrid systems mount version 2 beside the first, without its cpu controller: then there is no such file.
    for base, settings in ((root, second), (root / "unified", second), (root / "cpu", first)):
        group = base / f"autograder-stability-{os.getpid()}"
        if not (base / "cgroup.procs").exists():
            continue
        with suppress(OSError):
            group.mkdir()
            try:
                for name, value in settings.items():
                    with (group / name).open("r+") as file:  # "r+" never makes a file
                        file.write(value)
            except OSError:
                group.rmdir()
                raise
            return group
    return None


@contextmanager
def removed_after(group: Path) -> Iterator[Limit]:
    """How to put processes under the quota; at the end the cgroup is removed with whatever is left in it."""

    @contextmanager
    def enter(pid: int) -> Iterator[None]:
        (group / "cgroup.procs").write_text(str(pid))
        yield

    try:
        yield enter
    finally:
        _remove(group)


def _remove(group: Path) -> None:
    """A cgroup can be removed when its last process has ended; those in it are all of our starting."""
    deadline = time.monotonic() + 30
    while group.exists():
        for pid in (group / "cgroup.procs").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        with suppress(OSError):
            group.rmdir()
            return
        if time.monotonic() > deadline:
            print(f"stability: could not remove {group}; try rmdir on it", file=sys.stderr)
            return
        time.sleep(0.05)


def _stop_and_go(pid: int, stop: threading.Event) -> None:
    """Stops and continues a process and its descendants in turn until told to stop."""
    while not stop.wait(PERIOD * SHARE):
        stopped = _stop_all(pid)
        stop.wait(PERIOD * (1 - SHARE))
        _signal(stopped, signal.SIGCONT)


def _stop_all(pid: int) -> set[int]:
    """Those stopped. One may start another while we look, so look until there is nothing new."""
    stopped: set[int] = set()
    while new := descendants(pid) - stopped:
        _signal(new, signal.SIGSTOP)
        stopped |= new
    return stopped


def _signal(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def descendants(pid: int) -> set[int]:
    """A process, its children, theirs, and so on (Linux: proc(5))."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found, waiting = set(), [pid]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += children.get(one, ())
    return found


@contextmanager
def throttle(pid: int) -> Iterator[None]:
    """The share of one core by signals; the process must hold itself and its children on one core."""
    stop = threading.Event()
    thread = threading.Thread(target=_stop_and_go, args=(pid, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


# --- conditions --------------------------------------------------------------------------------------------------


def under(condition: str, cases: Sequence[Case], runs: int, say: Callable[[str], None]) -> Graded:
    """All gradings under one condition."""
    load = f"load average {os.getloadavg()[0]:.1f} at its start"
    if condition == "idle":
        say(f"idle: nothing else is started; {load}")
        yield from in_fresh_process(cases, runs, unlimited)
    elif condition == "busy":
        say(f"busy: {BUSY_LOOPS} busy loops on {len(os.sched_getaffinity(0))} cores; {load}")
        with busy_loops():
            yield from in_fresh_process(cases, runs, unlimited)
    elif (group := make_cgroup()) is not None:
        say(f"quota: half a core, by the kernel (cgroup {group}); {load}")
        with removed_after(group) as enter:
            yield from in_fresh_process(cases, runs, enter)
    else:
        say(f"quota: half a core, by SIGSTOP and SIGCONT on one core: no cgroup can be made here; {load}")
        yield from in_fresh_process(cases, runs, throttle, one_core=True)


def measure(
    cases: Sequence[Case],
    conditions: Sequence[str],
    runs: int,
    graded: Callable[[str, Sequence[Case], int], Graded],
    advance: Callable[[], None] = lambda: None,
) -> Tally:
    """Grades everything under each condition. ``graded`` does the grading: `under`, or what a test puts there."""
    tally = Tally()
    for condition in conditions:
        for case, result in graded(condition, cases, runs):
            tally.add(case, condition, result)
            advance()
    return tally


def chosen_cases(names: Sequence[str] | None, everything: bool) -> list[Case]:
    """Of each assignment its solution, one other right file and two wrong ones; or all of them."""
    from autograder.config import load_course

    assignments = load_course(COURSE).assignments
    unknown = set(names or ()) - set(assignments)
    if unknown:
        raise SystemExit(f"stability: no assignment {', '.join(sorted(unknown))}; there are {', '.join(assignments)}")
    cases = []
    for name in names or assignments:
        folder = assignments[name].folder
        right, wrong = (sorted((folder / kind).glob("*.py")) for kind in ("right", "wrong"))
        if not everything:
            right, wrong = right[:1], [wrong[len(wrong) // 3], wrong[2 * len(wrong) // 3]]
        cases += [Case(name, path) for path in (folder / "solution.py", *right, *wrong)]
    return cases


def sources() -> bytes:
    """A fingerprint of all that decides a result: the judge, the course and its files."""
    root = COURSE.parent
    digest = hashlib.sha256(COURSE.read_bytes())
    for path in sorted((*root.glob("autograder/**/*.py"), *root.glob("assignments/**/*.py"))):
        digest.update(f"{path}\0".encode() + path.read_bytes() + b"\0")
    return digest.digest()


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Grade the same submissions again and again, idle, busy and on half a core, and compare the bytes "
        "of results.json. Without options it takes about an hour on an idle machine; --quick takes a few minutes.",
    )
    parser.add_argument("--runs", type=int, help="gradings of each submission under each condition (20; quick: 3)")
    parser.add_argument("--assignment", action="append", metavar="NAME", help="this one only; may be given repeatedly")
    parser.add_argument("--conditions", default=",".join(CONDITIONS), help="some of idle,busy,quota (all)")
    parser.add_argument("--quick", action="store_true", help="3 runs of one assignment: a few minutes")
    parser.add_argument("--all", action="store_true", help="every file in right/ and wrong/: many times as long")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the results that were seen, as JSON")
    options = parser.parse_args()
    conditions = [name for name in options.conditions.split(",") if name]
    if not conditions or not set(conditions) <= set(CONDITIONS):
        parser.error(f"--conditions: found {options.conditions}, allowed are {', '.join(CONDITIONS)}")
    runs = options.runs if options.runs is not None else 3 if options.quick else 20
    if runs < 1:
        parser.error("--runs must be at least 1")
    names = options.assignment or (["shared_array"] if options.quick else None)
    cases = chosen_cases(names, options.all)

    console = Console(highlight=False)
    bar = Progress(
        TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=Console(stderr=True)
    )
    bar.disable = not sys.stderr.isatty()
    begun, judged_by = time.monotonic(), sources()
    with bar:
        task = bar.add_task("", total=len(cases) * len(conditions) * runs)
        tally = measure(
            cases,
            conditions,
            runs,
            lambda condition, cases, runs: under(
                condition, cases, runs, lambda text: console.print(escape(text), soft_wrap=True)
            ),
            lambda: bar.advance(task),
        )
    console.print(table(tally, conditions))
    for case in tally.unstable:
        console.print(escape(difference(tally, case)), soft_wrap=True)
    if sources() != judged_by:
        raise SystemExit(
            "stability: the judge or the assignments were edited meanwhile, so this says nothing; run it again"
        )
    if options.save:
        options.save.write_text(dumps(tally), encoding="utf-8")
    console.print(f"{closing(tally)} ({(time.monotonic() - begun) / 60:.0f} minutes)")
    sys.exit(1 if tally.unstable else 0)


if __name__ == "__main__":
    main()
