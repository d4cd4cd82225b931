"""Runs the attacks of one group, each as a submission that is graded from end to end, and says what came of them.

``python -m tests.attacks.arena FOLDER GROUP`` prints a line of JSON for each, and at the end one with all that is left
on the machine (`leftovers`). The arena is the judge: an attack that stops it leaves lines out.
Everything around lies open on purpose (files that every user may read, a folder that every
user may write to), so that only the sandbox keeps them, and every attack is told where what it looks for is.

A program has ``total(numbers, known)`` and never does what is asked of it, so that any point is a forged one; unless
its header expects it to pass, because it only shows its teeth where nobody counts. An attack that gets through and
would not be noticed by what it left returns the sum. The header may say, beside what is expected, what the verdict
``says``, ``within`` how many seconds of real time it is to be ended, and ``meet``, a function whose calls must come
together in the real run as they did in the world. One that ends by a mistake of its own has attacked nothing, and
counts as wrong unless the header says that it ``raises`` that.

Beside it another submission is under way, in a launcher of its own, as with ``--jobs 2``: it must not notice anything.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

PROGRAMS = Path(__file__).parent / "programs"
TOKEN = "token-" + "f3a9c1" * 3
FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")
EVERYWHERE = (
    *FOLDERS,
    "/run",
    "/run/lock",
    "/run/user",
    "/var/lock",
    "/var/spool/cron",
    "/var/cache",
    "/dev",
    "/dev/mqueue",
)
HIDDEN = f"""
from autograder.judge import *
from tests.attacks import arena

def test_total(submission):
    '''The sum. {TOKEN}'''
    run = submission.run("total", [20, 22, arena.SECRET], arena.known)
    arena.seen.append(repr((run.recording.report, run.output.text, run.files)))
    arena.raised.append(run.error.type if run.error else "")
    assert run.value == 42 + arena.SECRET
    submission.confirm("total", [20, 22, arena.SECRET], arena.known, **arena.asked)
"""
MISTAKES = {
    "AttributeError",
    "ImportError",
    "IndexError",
    "ModuleNotFoundError",
    "NameError",
    "SyntaxError",
    "TypeError",
}
NEIGHBOUR = b"""
import os
here = os.path.abspath("own")
with open(here, "w") as file: file.write("mine")
def unharmed():
    return sorted(os.listdir(os.path.dirname(here))), open(here).read(), os.stat(here).st_mode & 0o777
"""
SECRET = 1789
LAUNCHED = 2 if os.geteuid() else 0
"""Processes below each launcher that are its own: bubblewrap's first one inside, and the interpreter."""
SKIPPED = 77
"""The exit code where this setting has no sandbox to attack."""
known: dict[str, Any] = {}
seen: list[str] = []
raised: list[str] = []
asked: dict[str, Any] = {}


def header(program: Path) -> dict[str, str]:
    lines = [line[2:].split(": ", 1) for line in program.read_text().splitlines() if line.startswith("# ")]
    return {words[0]: words[1] for words in lines if len(words) == 2}


def prepare(folder: Path) -> Any:
    """The course, the class and the outside."""
    from autograder.model import Assignment, CheckPolicy, Limits, Visibility

    for name in ("assignment", "class", "results", "open"):
        (folder / name).mkdir()
        (folder / name).chmod(0o777)
    (folder / "assignment" / "test_hidden.py").write_text(HIDDEN)
    (folder / "assignment" / "solution.py").write_text(f"# {TOKEN}\n")
    (folder / "class" / "other.py").write_text(f"# {TOKEN}\n")
    (folder / "results" / "results.json").write_text('{"score": 0}')
    os.environ["JUDGE_TOKEN"] = TOKEN
    known.update(
        judge=os.getpid(),
        hidden=str(folder / "assignment" / "test_hidden.py"),
        solution=str(folder / "assignment" / "solution.py"),
        other=str(folder / "class" / "other.py"),
        results=str(folder / "results" / "results.json"),
        open=str(folder / "open"),
    )
    limits = Limits(cpu_time=1, real_time=30.0, memory=256 << 20, processes=24, disk=24 << 20, files=500, work=200_000)
    check = CheckPolicy("total", 1.0, Visibility.HIDDEN)
    return Assignment("arena", "Arena", "program.py", folder / "assignment", (check,), limits=limits, schedules=2)


def outside(folder: Path) -> dict[str, object]:
    """All that an attack could have changed."""
    from autograder.judge import grade

    found: dict[str, object] = {}
    for root in (folder / "open", folder / "results", folder / "assignment", folder / "class"):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found[str(path)] = path.read_bytes()
    # Those of our own guests: another arena may run at the same time.
    owners = {os.geteuid()} | {one._slot.user for one in grade._launchers.values() if one._slot is not None}
    for name in FOLDERS:
        found[name] = sorted(path.name for path in Path(name).glob("attack-*") if owner(path) in owners)
    return found


def owner(path: Path) -> int:
    try:
        return path.lstat().st_uid
    except OSError:
        return -1


def users() -> set[int]:
    """Those of our guests, whom no other launcher has meanwhile; as an ordinary user they are our own."""
    launchers = [*_launchers(), neighbour.launcher]
    return {os.geteuid()} if os.geteuid() else {one._slot.user for one in launchers if one._slot is not None}


def leftovers() -> set[str]:
    """What belongs to our guests' users anywhere on the machine: processes, files where every user may write, segments,
    semaphores and queues of System V and of POSIX, keys."""
    ours, found = users(), set()
    if os.geteuid() == 0:
        found.update(f"the process {pid}" for pid in orphans(ours))
    for folder in EVERYWHERE:
        for path in Path(folder).glob("*"):
            if owner(path) in ours and not path.name.startswith(("arena-", "autograder-", "pytest-")):
                found.add(str(path))
    for kind in ("shm", "sem", "msg"):
        with suppress(OSError), Path(f"/proc/sysvipc/{kind}").open() as file:
            names = file.readline().split()
            for line in file:
                row = dict(zip(names, line.split(), strict=True))
                if int(row["uid"]) in ours or int(row["cuid"]) in ours:
                    found.add(f"{kind} {line.strip()}")
    if os.geteuid() == 0:
        with suppress(OSError), Path("/proc/key-users").open() as file:
            found.update(f"keys {line.strip()}" for line in file if int(line.split(":")[0]) in ours)
    return found


def orphans(ours: set[int]) -> list[int]:
    """The processes of these users that are below no other living process than our launchers: the first of all
    processes has taken them on, or a launcher of ours still has them. (A grader in another root folder may have the
    same numbers of users; its guests have a launcher of their own.)"""
    parents, owned = {}, set()
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            fields = dict(line.split(":", 1) for line in status.read_text("utf-8", "replace").splitlines())
            pid = int(status.parent.name)
            parents[pid] = int(fields["PPid"])
            if int(fields["Uid"].split()[0]) in ours:
                owned.add(pid)
    tops = {1, os.getpid(), *(one._process.pid for one in [*_launchers(), neighbour.launcher])}

    def top(pid: int) -> int:
        while pid in owned:
            pid = parents.get(pid, 1)
        return pid

    return sorted(pid for pid in owned if top(pid) in tops)


def _launchers() -> list[Any]:
    from autograder.judge import grade

    return list(grade._launchers.values())


class Neighbour:
    """A submission that is being graded meanwhile."""

    def begin(self, folder: Path) -> None:
        from autograder.sandbox.host import Launcher
        from autograder.world.session import Program, Session, Settings
        from autograder.world.strategies import NonPreemptive

        self.launcher = Launcher("world")
        self.session = Session(self.launcher, Program("neighbour", NEIGHBOUR), Settings(), NonPreemptive())
        known.update(
            neighbour=self.launcher.seen_from_here(self.session._pid),
            own=str(self.session._work / "own"),
            launcher=self.launcher._process.pid,
        )

    def harm(self) -> str:
        report = self.session.call("unharmed").report
        said = repr(report and report.value)
        return "" if said == "['tuple', [['list', ['own']], 'mine', 384]]" else f"{self.session.call('unharmed')}"

    def end(self) -> None:
        self.launcher.close()


neighbour = Neighbour()


def processes() -> int:
    from autograder.judge import grade
    from autograder.sandbox.watch import descendants

    return sum(len(descendants(one._process.pid)) for one in grade._launchers.values())


def attack(program: Path, assignment: Any, folder: Path) -> dict[str, Any]:
    from autograder.judge import grade
    from autograder.model import Submission
    from autograder.report.feedback import feedback

    seen.clear()
    raised.clear()
    asked.clear()
    about = header(program)
    if "meet" in about:
        asked.update(meet=about["meet"], costs={about["meet"]: 1.0})
    if "within" in about:
        # It ends by this limit alone, which must not take long then.
        assignment = replace(assignment, limits=replace(assignment.limits, real_time=float(about["within"])))
    before, running, began = outside(folder), processes(), time.monotonic()
    line: dict[str, Any] = {"name": program.stem, "expects": about["expects"], "says": about.get("says", "")}
    try:
        result = grade.grade(Submission("attacker", program), assignment)
    except BaseException as error:
        return line | {"crash": f"{type(error).__name__}: {error}", "outcome": "", "score": 0}
    verdict = result.verdicts[0]
    text = "".join([*seen, feedback(result, "program.py").replace(f"The sum. {TOKEN}", "")])
    shown = repr((verdict.finding, result.reviews, result.problem))
    line |= {"outcome": verdict.outcome.value, "status": result.status.value, "score": result.score}
    line["why"] = verdict.finding.message[-200:] if verdict.finding else "; ".join(result.reviews)[:200]
    line["leak"] = TOKEN in text or TOKEN in shown
    line["changed"] = outside(folder) != before
    line["survivors"] = max(0, processes() - max(running, LAUNCHED * len(grade._launchers)))
    line["left"] = [str(path) for one in grade._launchers.values() for path in one.left()]
    line["crash"] = "broken" if result.status.value == "broken" else ""
    line["mistake"] = next((one for one in raised if one in MISTAKES and one != about.get("raises")), "")
    line["neighbour"] = neighbour.harm()
    line["seconds"] = round(time.monotonic() - began, 2)
    return line


def main() -> None:
    from autograder.judge import grade
    from autograder.sandbox.layers import OPTIONAL
    from tests.attacks import arena  # the one that the hidden test imports, not __main__

    assignment = arena.prepare(Path(sys.argv[1]))  # before a launcher starts, which must take nothing of it along
    lacking = [name for name in grade.launcher("world", ()).failed if name not in OPTIONAL]
    if lacking:
        print(f"the sandbox lacks {', '.join(lacking)} here", file=sys.stderr)
        sys.exit(SKIPPED)
    arena.neighbour.begin(Path(sys.argv[1]))
    before = arena.leftovers() if os.geteuid() else set()
    for program in sorted((PROGRAMS / sys.argv[2]).glob(sys.argv[3] if len(sys.argv) > 3 else "*.py")):
        print(json.dumps(arena.attack(program, assignment, Path(sys.argv[1]))), flush=True)
    arena.neighbour.session.close()
    print(json.dumps({"leftovers": sorted(arena.leftovers() - before)}), flush=True)
    arena.neighbour.end()
    grade.close_launchers()


if __name__ == "__main__":
    main()
