"""What a kill costs: gradings that are ended at many moments, and the same command again.

- **the grader** is killed (SIGKILL) before or after one of the calls that leave something behind on the disk; which one
  is drawn by seed from all that an undisturbed grading makes, so that the moments lie in the writing, not around it;
- **workers** are killed, drawn by seed, when they have just been given a submission;
- **the disk is full**: OUT is a tmpfs of a drawn size, too small for all, which then becomes larger (root only).

After each, the same command again must leave the very bytes of the undisturbed grading, each submission once in
grades.csv, no process of the ended grading and, when the second one is over, none of its temporary folders.

No moment is chosen by the clock, so that a slow machine is asked the same.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import ctypes
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import active_children
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from scale import chosen, make_class

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, prctl(2)


# --- one grading, in a process of its own -----------------------------------------------------------------------------


def grade(name: str, folder: Path, out: Path, jobs: int, step: int, seed: int, kills: int) -> None:
    """Grades, and is killed at the ``step``-th step, or kills ``kills`` of its workers. Prints how many steps and how
    many submissions there were, and how many workers were killed."""
    from autograder.batch import grading
    from autograder.intake import find_submissions

    assignment = chosen(name)
    submissions = find_submissions(folder, assignment.file, folder)
    steps = killed = judged = 0
    draw = random.Random(seed)

    def stepping(real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            nonlocal steps
            for call in (lambda: None, lambda: real(*args, **options)):
                result = call()
                steps += 1
                if steps == step:
                    os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    def running(ids: Sequence[str]) -> None:
        nonlocal killed
        workers = [one.pid for one in active_children() if one.pid]
        if ids and workers and killed < kills and draw.random() < 0.5:
            os.kill(draw.choice(sorted(workers)), signal.SIGKILL)
            killed += 1

    def progress(result: object) -> None:
        nonlocal judged
        judged += 1

    for place, attribute in ((os, "fsync"), (os, "write"), (Path, "replace"), (Path, "mkdir")):
        setattr(place, attribute, stepping(getattr(place, attribute)))
    try:
        grading.grade_class(submissions, assignment, out, jobs, running=running, progress=progress)
    except grading.OutputError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    print(json.dumps({"steps": steps, "killed": killed, "judged": judged}))


@dataclass
class Bench:
    """The class, how it is graded, and what was counted."""

    name: str
    folder: Path
    scratch: Path
    jobs: int
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    whole: dict[str, bytes] = field(default_factory=dict)

    def grade(self, out: Path, step: int = 0, seed: int = 0, kills: int = 0) -> tuple[int, dict[str, int]]:
        """The exit code, and what the grading said. Returns when nothing that it started is left."""
        words = [self.name, str(self.folder), str(out), *map(str, (self.jobs, step, seed, kills))]
        temporary = self.scratch / "tmp"
        temporary.mkdir(exist_ok=True)
        process = subprocess.Popen(
            [sys.executable, __file__, "--grade", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"TMPDIR": str(temporary)},
            text=True,
        )
        said, told = process.communicate()
        if process.returncode not in (0, 2, -signal.SIGKILL):
            raise SystemExit(f"kills: grading gave {process.returncode}\n{told}")
        self.counts["processes that outlived their grader for long"] += len(outlived())
        return process.returncode, json.loads(said) if said else {}

    def again(self, out: Path, what: str) -> None:
        """The same command again, and what must hold then."""
        reported = sum(1 for _ in out.glob("*/results.json"))
        code, _ = self.grade(out)
        if code:
            self.problems.append(f"{what}: the same command again gave {code}")
        found = everything(out)
        self.counts["gradings that came out as the undisturbed one"] += found == self.whole
        if found != self.whole:
            names = sorted(name for name in found.keys() | self.whole.keys() if found.get(name) != self.whole.get(name))
            self.problems.append(f"{what}: {', '.join(names[:5])} differ")
        with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
            rows = Counter(row["id"] for row in csv.DictReader(file))
        ids = {path.name for path in self.folder.iterdir()}
        self.counts["submissions lost"] += len(ids - rows.keys())
        self.counts["submissions twice in grades.csv"] += sum(count > 1 for count in rows.values())
        self.counts["reports there when the second grading began"] += reported
        left = list((self.scratch / "tmp").iterdir())
        self.counts["temporary folders left"] += len(left)
        for path in left:
            shutil.rmtree(path, ignore_errors=True)


def everything(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != ".journal.jsonl"
    }


def outlived() -> list[int]:
    """What does not end by itself of all that lost its parent, which are our children then (`SUBREAPER`). A minute is
    for a machine under load; on an idle one they are gone in milliseconds."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    stubborn: list[int] = []
    while pids := [int(pid) for pid in children.read_text().split() if int(pid) not in stubborn]:
        with contextlib.suppress(ChildProcessError, ProcessLookupError):
            descriptor = os.pidfd_open(pids[0])
            try:
                if not select.select([descriptor], [], [], 60)[0]:
                    stubborn.append(pids[0])
                else:
                    os.waitpid(pids[0], 0)
            finally:
                os.close(descriptor)
    return stubborn


# --- the three ways to end --------------------------------------------------------------------------------------------


def kill_grader(bench: Bench, moments: int, steps: int, draw: random.Random) -> None:
    for moment in sorted(draw.sample(range(1, steps + 1), min(moments, steps))):
        out = bench.scratch / f"grader-{moment}"
        code, _ = bench.grade(out, step=moment)
        bench.counts["graders killed"] += code == -signal.SIGKILL
        bench.again(out, f"the grader was killed at step {moment} of {steps}")
        shutil.rmtree(out)


def kill_workers(bench: Bench, kills: int, draw: random.Random) -> None:
    left, tries = kills, 0
    while left > 0 and tries < 10 * kills:
        tries += 1
        out, seed = bench.scratch / f"workers-{tries}", draw.randrange(1 << 30)
        _, said = bench.grade(out, seed=seed, kills=min(left, 4))
        left -= said["killed"]
        bench.counts["workers killed"] += said["killed"]
        bench.again(out, f"{said['killed']} workers were killed (seed {seed})")
        shutil.rmtree(out)


def fill_disk(bench: Bench, times: int, draw: random.Random) -> str:
    """Why it was left out; "" if it was not."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return "mounting a small disk needs root"
    need = sum(4096 * (2 + len(text) // 4096) for text in bench.whole.values())
    for number in range(times):
        out = bench.scratch / f"disk-{number}"
        out.mkdir()
        size = draw.randrange(need // 10, need * 8 // 10) >> 12 << 2
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(out)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            return "no file system can be mounted here"
        try:
            code, _ = bench.grade(out)
            bench.counts["disks that were full"] += code == 2
            subprocess.run(["mount", "-o", "remount,size=256m", str(out)], check=True)
            bench.again(out, f"the disk had {size} KiB")
        finally:
            subprocess.run(["umount", str(out)], check=True)
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill gradings, and see what the same command makes of it.")
    parser.add_argument("--moments", type=int, default=20, metavar="N", help="kills of the grader, and of workers (20)")
    parser.add_argument("--disks", type=int, default=3, metavar="N", help="full disks (3)")
    parser.add_argument("--submissions", type=int, default=6, metavar="N", help="in the class (6)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--assignment", default="locked_printing", metavar="NAME")
    parser.add_argument("--grade", nargs=7, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.grade:
        name, folder, out, *numbers = options.grade
        grade(name, Path(folder), Path(out), *map(int, numbers))
        return
    if sys.platform != "linux":
        raise SystemExit("kills: needs Linux")
    if min(options.moments, options.submissions, options.jobs) < 1:
        parser.error("numbers must be at least 1")
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        scratch = Path(name)
        folder = make_class(chosen(options.assignment), options.submissions, scratch / "class")
        bench = Bench(options.assignment, folder, scratch, options.jobs)
        _, said = bench.grade(scratch / "whole")
        bench.whole = everything(scratch / "whole")
        print(f"{options.submissions} submissions, {len(bench.whole)} files, {said['steps']} steps of writing")
        kill_grader(bench, options.moments, said["steps"], draw)
        kill_workers(bench, options.moments, draw)
        skipped = fill_disk(bench, options.disks, draw)
    width = max(map(len, bench.counts))
    for what, count in bench.counts.items():
        print(f"{what:<{width}}  {count}")
    if skipped:
        print(f"full disk: left out, {skipped}")
    for problem in bench.problems:
        print(problem)
    ended = ("graders killed", "workers killed", "disks that were full")
    if bench.problems or bench.counts["submissions lost"] or not any(bench.counts[one] for one in ended):
        sys.exit(1)


if __name__ == "__main__":
    main()
