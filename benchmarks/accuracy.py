"""Is virtual time true? The speedups that the world computes beside those of this machine, from one run.

Each load is run one after another and then in parallel, both in the world and for real, in a plain Python without it.
The real sequential run gives the tick: its seconds divided by its loop turns. Everything else about the modelled
machine is as in grading.yml, but for its two cores. The error is how far the virtual speedup is from the real one.

- **work on the processor**, two workers: even and uneven shares in processes and in a pool, and threads, which share
  one interpreter lock and gain nothing;
- **waiting**: ten sleeps of 0.2 s, in ten threads and in four.

A real speedup is the median over the repeats of what one after the other took by what the parallel run right after it
took: a machine that is faster in one minute than in the next is so for both.

Real speedups need a machine with nothing else to do and two free cores. Where it is busy, the table is printed all the
same, the line above it says so, and nothing is judged by it: that a busy machine spoils such figures is why the grader
does without them. Nor where two cores are less than two: whether they are is seen by running the sequential work twice
at once, in two processes that have nothing to do with each other ("two at once"; half a core of a hypervisor's, or
memory that both wait for, makes that less than 2).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from math import isqrt
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from autograder.judge.subject import Subject

COURSE = Path(__file__).parent.parent / "grading.yml"
GOAL = 0.15
CORES = 2
IDLE_LOAD = 0.5
"""The load average of the last minute, above which the machine is called busy."""

WHOLE = 1.8
"""What two of the same at once must gain, or the machine has no two whole cores."""

STOLEN = 1.1
"""So much longer than its CPU time may the sequential work take by the clock before the machine is called busy."""

PROGRAM = """
import time
from multiprocessing import Pool, Process
from threading import Thread


def is_prime(n):
    divisor = 3
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 2
    return True


def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a % 10


WORK = {"primes": is_prime, "fib": fib}


def one_by_one(kind, numbers):
    for n in numbers:
        WORK[kind](n)


def pool(kind, numbers, workers):
    with Pool(workers) as made:
        made.map(WORK[kind], numbers, chunksize=1)


def apart(make, kind, numbers, shares):
    tasks, begin = [], 0
    for share in shares:
        tasks.append(make(target=one_by_one, args=(kind, numbers[begin : begin + share])))
        begin += share
    for task in tasks:
        task.start()
    for task in tasks:
        task.join()


def processes(kind, numbers, shares):
    apart(Process, kind, numbers, shares)


def threads(kind, numbers, shares):
    apart(Thread, kind, numbers, shares)


def sleep(seconds):
    for one in seconds:
        time.sleep(one)


def sleep_in_threads(seconds, count):
    started = [Thread(target=sleep, args=(seconds[first::count],)) for first in range(count)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
"""

REAL = """
import json, sys, time
import program

calls, repeats = json.loads(sys.argv[1])
found = [[] for _ in calls]
for _ in range(repeats):
    for (function, arguments), times in zip(calls, found):
        begun, cpu = time.perf_counter(), time.process_time()
        getattr(program, function)(*arguments)
        times.append([time.perf_counter() - begun, time.process_time() - cpu])
print(json.dumps(found))
"""

PRIMES = 10**12
"""Numbers tested are primes below this, so that each needs all of its turns."""

FIBS = [50_000] * 12
SLEEPS = [0.2] * 10


@dataclass(frozen=True)
class Load:
    """``turns`` is how many ticks the sequential call makes; 0 for waiting, which needs no calibration."""

    name: str
    sequential: tuple[str, list[Any]]
    parallel: tuple[str, list[Any]]
    turns: int = 0


@dataclass(frozen=True)
class Row:
    """One load, measured. ``stolen`` is the real sequential time by the clock over its CPU time, ``whole`` what two of
    the same at once gain (0 for waiting, which needs no cores)."""

    name: str
    seconds: float
    tick: float
    virtual: float
    real: float
    stolen: float
    whole: float

    @property
    def error(self) -> float:
        return abs(self.virtual / self.real - 1)


def loads(scale: int) -> list[Load]:
    """Half a second or more of work each on a usual machine, at ``scale`` 1; tests take a hundredth."""
    primes = [prime_below(PRIMES // scale**2)] * 12
    fibs = [n // scale for n in FIBS]
    sleeps = [seconds / scale for seconds in SLEEPS]
    half = len(primes) // 2
    turns, adds = sum(turns_of(n) for n in primes), sum(n + 1 for n in fibs)
    all_primes, all_fibs, all_sleeps = (
        ("one_by_one", ["primes", primes]),
        ("one_by_one", ["fib", fibs]),
        ("sleep", [sleeps]),
    )
    return [
        Load("primes, a pool of 2", all_primes, ("pool", ["primes", primes, 2]), turns),
        Load("primes, 2 processes", all_primes, ("processes", ["primes", primes, [half, half]]), turns),
        Load("primes, 2 processes, 3 : 1", all_primes, ("processes", ["primes", primes, [9, 3]]), turns),
        Load("primes, 2 threads", all_primes, ("threads", ["primes", primes, [half, half]]), turns),
        Load("fib, a pool of 2", all_fibs, ("pool", ["fib", fibs, 2]), adds),
        Load("10 sleeps, 10 threads", all_sleeps, ("sleep_in_threads", [sleeps, 10])),
        Load("10 sleeps, 4 threads", all_sleeps, ("sleep_in_threads", [sleeps, 4])),
    ]


def prime_below(n: int) -> int:
    return next(m for m in range(n - 1 - n % 2, 1, -2) if all(m % d for d in range(3, isqrt(m) + 1, 2)))


def turns_of(n: int) -> int:
    """The ticks of is_prime: the entry, and a turn for each divisor up to the smallest or the root."""
    divisor, turns = 3, 1
    while divisor * divisor <= n:
        turns += 1
        if n % divisor == 0:
            break
        divisor += 2
    return turns


@dataclass(frozen=True)
class Real:
    """What a load does without the world: seconds one by one, the speedup in parallel, and as in `Row`."""

    seconds: float
    speedup: float
    stolen: float
    whole: float


def measure_real(load: Load, repeats: int) -> Real:
    """All as medians of so many repeats, in each of which the runs follow each other: what disturbs one disturbs the
    others."""
    _, arguments = load.sequential
    calls = [load.sequential, load.parallel]
    if load.turns:
        kind, numbers = arguments
        calls.append(("processes", [kind, numbers * 2, [len(numbers)] * 2]))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "program.py").write_text(PROGRAM)
        (Path(folder) / "real.py").write_text(REAL)
        done = subprocess.run(
            [sys.executable, "real.py", json.dumps([calls, repeats])],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    sequential, parallel, *twice = json.loads(done.stdout)
    return Real(
        median(wall for wall, _ in sequential),
        median(one[0] / other[0] for one, other in zip(sequential, parallel, strict=True)),
        median(wall / cpu for wall, cpu in sequential) if load.turns else 1.0,
        median(2 * one[0] / both[0] for one, both in zip(sequential, twice[0], strict=True)) if twice else 0.0,
    )


def subject() -> Subject:
    """The program in the world."""
    from autograder.judge.grade import launcher
    from autograder.judge.subject import Subject
    from autograder.model import Assignment, Limits

    limits = Limits(work=10**10, cpu_time=600, real_time=600)
    assignment = Assignment("accuracy", "Accuracy", "program.py", Path(), (), limits=limits)
    return Subject(assignment, PROGRAM.encode(), launcher("world", ()))


def measure(load: Load, world: Subject, repeats: int) -> Row:
    from autograder.judge import speedup
    from autograder.model import Machine

    real = measure_real(load, repeats)
    tick = real.seconds / load.turns if load.turns else Machine().tick
    gil = sys._is_gil_enabled() if hasattr(sys, "_is_gil_enabled") else True
    machine = {"cores": CORES, "tick": tick, "gil": gil}
    runs = [world.run(name, *arguments, machine=machine) for name, arguments in (load.sequential, load.parallel)]
    shown = tick if load.turns else 0.0
    return Row(load.name, real.seconds, shown, speedup(*runs), real.speedup, real.stolen, real.whole)


# --- what is printed ----------------------------------------------------------------------------------------------


def busy(load_average: float, cores: int, rows: list[Row]) -> str:
    """Why the real figures say nothing; "" on an idle machine."""
    reasons = []
    if cores < CORES:
        reasons.append(f"it gives this process {cores} core")
    if load_average > IDLE_LOAD:
        reasons.append(f"its load average was {load_average:.1f} at the start")
    worst = max((row.stolen for row in rows), default=1.0)
    if worst > STOLEN:
        reasons.append(f"work took {worst:.2f} times its CPU time by the clock")
    least = min((row.whole for row in rows if row.whole), default=2.0)
    if least < WHOLE:
        reasons.append(f"its two cores do {least:.2f} times the work of one")
    return " and ".join(reasons)


def table(rows: list[Row]) -> Table:
    shown = Table(title="speedup in virtual and in real time", title_justify="left")
    shown.add_column("", no_wrap=True)
    for heading in ("one by one", "a turn", "two at once", "virtual", "real", "error"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        turn = f"{row.tick * 1e9:.0f} ns" if row.tick else ""
        whole = f"{row.whole:.2f}" if row.whole else ""
        shown.add_row(
            row.name,
            f"{row.seconds:.2f} s",
            turn,
            whole,
            f"{row.virtual:.2f}",
            f"{row.real:.2f}",
            f"{row.error:.1%}",
        )
    return shown


def closing(rows: list[Row], reason: str) -> str:
    if reason:
        return f"This machine is not idle: {reason}. The real figures are disturbed, and nothing is judged by them."
    worst = max(rows, key=lambda row: row.error)
    verdict = "met by all" if worst.error <= GOAL else f"missed, most by {worst.name} with {worst.error:.1%}"
    return f"The goal, an error of at most {GOAL:.0%}: {verdict}."


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare virtual with real speedup. Takes a minute or two.")
    parser.add_argument("--repeats", type=int, default=5, help="real runs of each, the median of which counts (5)")
    parser.add_argument("--scale", type=int, default=1, help="divide the work by so much, for a look at the table (1)")
    options = parser.parse_args()
    if options.repeats < 1 or options.scale < 1:
        parser.error("--repeats and --scale must be at least 1")
    average, cores = os.getloadavg()[0], len(os.sched_getaffinity(0))
    world = subject()
    rows = [measure(load, world, options.repeats) for load in loads(options.scale)]
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 110
    reason = busy(average, cores, rows)
    console.print(f"load average {average:.1f} at the start, {cores} cores; real runs the median of {options.repeats}")
    console.print(table(rows))
    console.print(closing(rows, reason), markup=False, soft_wrap=True)
    sys.exit(1 if not reason and max(row.error for row in rows) > GOAL else 0)


if __name__ == "__main__":
    main()
