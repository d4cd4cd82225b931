"""The textbook programs of ``study/`` under this project and two other tools, side by side.

frontrun 0.7.0 and interleave-test 0.1.0 explore orders of threads by bytecode. Both find an order in which an
*assertion* fails, which whoever uses them has to write; here it is the same for every program (`adapters/whole_file`:
what it prints is what it prints when its threads run one after the other). This project asks its own questions, as
``study.py`` does. They are no dependencies: each gets a virtual environment of its own in build/compare, and what can't
be installed is left out, and said.

A cell of a wrong program tells whether it was found, after how many schedules, and in how many seconds; of a right one,
whether there was a false alarm, how many schedules were tried, and whether that was all of them (within two
preemptions). The seconds are of this machine and without the start of an interpreter; a search that has found nothing
ends with its time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from interpreters import installed
from rich.console import Console
from rich.table import Table
from study import decide, programs, timed

HERE = Path(__file__).parent
BUILD = HERE.parent / "build" / "compare"


@dataclass(frozen=True)
class Tool:
    """Another tool: what to install, the oldest Python that has it, and how to run an adapter in its environment."""

    package: str
    version: str
    oldest: tuple[int, int]
    adapter: str
    command: tuple[str, ...] = ("python",)


FRONTRUN = Tool("frontrun", "0.7.0", (3, 10), "with_frontrun.py", ("frontrun", "python"))
INTERLEAVE = Tool("interleave-test", "0.1.0", (3, 12), "with_interleave.py")
COLUMNS = ((FRONTRUN, "dpor"), (INTERLEAVE, "random"), (INTERLEAVE, "pct"), (INTERLEAVE, "dfs"))
OURS = "this project"


@dataclass(frozen=True)
class Answer:
    """What a tool said of one program. ``kind`` is its finding, "" for none; ``exhausted``: it saw all schedules within
    its bound; ``failed`` is why there is no answer."""

    kind: str = ""
    schedules: int = 0
    seconds: float = 0.0
    exhausted: bool = False
    failed: str = ""


def environment(tool: Tool, pythons: dict[str, Path]) -> tuple[Path | None, str]:
    """The folder of the programs of an environment that has the tool, made if it is not there; or why there is none."""
    usable = [
        path for name, path in pythons.items() if "t" not in name and tuple(map(int, name.split("."))) >= tool.oldest
    ]
    if not usable:
        return None, f"it needs Python {tool.oldest[0]}.{tool.oldest[1]} or newer"
    folder = BUILD / f"{tool.package}-{tool.version}"
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if not ready.exists():
        commands: Sequence[Sequence[str | Path]] = (
            (usable[-1], "-m", "venv", "--clear", folder),
            (python, "-m", "pip", "install", "--quiet", f"{tool.package}=={tool.version}"),
        )
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                lines = (done.stderr or done.stdout).strip().splitlines()
                return None, lines[-1] if lines else f"{command[0]} ended with {done.returncode}"
        ready.touch()
    return folder / "bin", ""


def ask(tool: Tool, strategy: str, folder: Path, program: Path, n: int, seconds: float) -> Answer:
    """What the tool says of ``main(n)`` of a file, in a process of its own."""
    adapter = HERE / "adapters" / tool.adapter
    command = [*(folder / name for name in tool.command), adapter, program, str(n), strategy, str(seconds)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=4 * seconds + 60)
    except subprocess.TimeoutExpired:
        return Answer(failed="no end")
    return read(done.stdout, done.stderr)


def read(output: str, errors: str) -> Answer:
    """The answer in the last line of what an adapter printed."""
    try:
        found = json.loads(output.strip().splitlines()[-1])
        note = str(found["note"])
        answer = Answer(
            str(found["kind"]), int(found["schedules"]), float(found["seconds"]), found["exhausted"] is True, note
        )
    except (IndexError, KeyError, TypeError, ValueError):
        last = errors.strip().splitlines()[-1:] or ["it said nothing"]
        return Answer(failed=last[0][:60])
    return answer


def ours(program: Path, n: int) -> Answer:
    """The same of this project: the runs until one shows what is wrong, or until no schedule was left."""
    decision, seconds = timed(lambda: decide(program, n), 1)
    return Answer(decision.kind, decision.runs, seconds, decision.exhausted)


def cell(answer: Answer | None, right: bool) -> str:
    if answer is None:
        return "-"
    if answer.failed:
        return f"[yellow]undecided: {answer.failed}[/]"
    runs = f"{answer.schedules} {'schedule' if answer.schedules == 1 else 'schedules'}, {answer.seconds:.2f} s"
    if answer.kind:
        return f"[red]FALSE ALARM[/], {runs}" if right else f"found, {runs}"
    rest = "all of " if answer.exhausted else ""
    return f"clean, {rest}{runs}" if right else f"[red]not found[/], {rest}{runs}"


def closing(name: str, answers: Sequence[tuple[bool, Answer]]) -> str:
    """What a tool made of the programs, in a sentence."""
    wrong, fine = ([answer for right, answer in answers if right is of] for of in (False, True))
    return (
        f"{name}: {sum(bool(one.kind) for one in wrong)} of {len(wrong)} wrong programs found, "
        f"{sum(bool(one.kind) for one in fine)} false alarms on {len(fine)} right ones, "
        f"{sum(one.exhausted for one in fine)} of these exhausted."
    )


def compare(
    columns: Sequence[tuple[str, Callable[[Path], Answer]]], advance: Callable[[str], None]
) -> tuple[Table, dict[str, list[tuple[bool, Answer]]]]:
    """Ask all of all: the table, and by column whether each program is right and what was said of it."""
    shown = Table(title="the same files, the same n, one machine", title_justify="left")
    shown.add_column("program", no_wrap=True)
    for name, _ in columns:
        shown.add_column(name)
    said: dict[str, list[tuple[bool, Answer]]] = {name: [] for name, _ in columns}
    for path, right in sorted(programs(), key=lambda one: (one[1], one[0])):
        cells = []
        for name, answers in columns:
            advance(f"{path.stem}: {name}")
            answer = answers(path)
            said[name].append((right, answer))
            cells.append(cell(answer, right))
        shown.add_row(path.stem, *cells)
    return shown, said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=2, help="how often each thread does its work (2)")
    parser.add_argument("--seconds", type=float, default=10.0, help="for one search of another tool (10)")
    options = parser.parse_args()
    if options.n < 1 or options.seconds <= 0:
        parser.error("--n must be at least 1 and --seconds more than 0")
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 160
    pythons = installed()
    columns: list[tuple[str, Callable[[Path], Answer]]] = [(OURS, lambda path: ours(path, options.n))]
    for tool, strategy in COLUMNS:
        folder, problem = environment(tool, pythons)
        if folder is None:
            print(f"{tool.package} {tool.version} can't be installed here, so it is left out: {problem}")
            continue

        def answers(path: Path, tool: Tool = tool, strategy: str = strategy, folder: Path = folder) -> Answer:
            return ask(tool, strategy, folder, path, options.n, options.seconds)

        columns.append((f"{tool.package} {tool.version}, {strategy}", answers))
    note = Console(stderr=True)
    shown, said = compare(columns, lambda text: note.print(text, end="\r") if note.is_terminal else None)
    console.print(shown)
    for name, answered in said.items():
        print(closing(name, answered))
    alarms = any(right and answer.kind for right, answer in said[OURS])
    missed = any(not right and not answer.kind for right, answer in said[OURS])
    sys.exit(1 if alarms or missed else 0)


if __name__ == "__main__":
    main()
