"""Reports for the terminal: one file's checks for a student, a class's table for a TA.

Colour only where a person looks: not in a file or a pipe, and not where NO_COLOR is set (https://no-color.org).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from autograder.model import Outcome, Result, Status, Verdict, Visibility
from autograder.report.feedback import check_lines, standing
from autograder.report.text import harmless, one_line, points, wrapped

if TYPE_CHECKING:
    # Imported where used: rich takes longer to import than a check to run.
    from rich.console import Console
    from rich.progress import Progress

    from autograder.similar import Comparison

_COLOURS = {Outcome.PASSED: "32", Outcome.FAILED: "31", Outcome.INCONCLUSIVE: "33", Outcome.ERROR: "33"}
_STYLES = {Status.GRADED: "", Status.REVIEW: "yellow", Status.BROKEN: "red"}


def check_report(result: Result, file: str, *, colour: bool = False) -> str:
    """What ``autograder check`` prints: the checks that a student may see, and nothing of the others, not even
    how many there are or what they count."""
    lines: list[str] = []
    for paragraph in standing(result):
        lines += [*wrapped(harmless(paragraph)), ""]
    shown = public(result)
    for verdict in shown:
        head, *below = check_lines(verdict, file, problem=result.problem)
        lines += [f"\x1b[{_COLOURS[verdict.outcome]}m{head}\x1b[0m" if colour else head, *below]
    passed = sum(verdict.outcome is Outcome.PASSED for verdict in shown)
    if not shown:
        lines.append("This assignment has no checks that you can run yourself.")
    else:
        if lines[-1]:
            lines.append("")
        lines.append(f"{passed} of {len(shown)} checks passed.")
    return "\n".join(lines) + "\n"


def public(result: Result) -> list[Verdict]:
    """The verdicts that a student may see at any time."""
    return [verdict for verdict in result.verdicts if verdict.check.visibility is Visibility.VISIBLE]


def wants_colour(stream: TextIO) -> bool:
    """Whether to write colours to ``stream``."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def markdown(text: str) -> None:
    """Prints a document as a terminal shows it best."""
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(Console().width, 100)).print(Markdown(text, code_theme="ansi_light"))


def class_table(results: Sequence[Result], console: Console) -> None:
    """Prints a line a submission, and beneath them how many there are of each status."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("id", overflow="fold", min_width=8)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("not passed", overflow="fold", ratio=1)
    for result in sorted(results, key=lambda result: result.submission):
        score = "–" if result.status is Status.BROKEN else points(result.score)
        # Text, never str: a str would be searched for markup, and this comes from submissions.
        table.add_row(
            Text(one_line(result.submission)),
            Text(f"{score}/{points(result.max_score)}"),
            Text(result.status.value, style=_STYLES[result.status]),
            Text(_in_short(result)),
        )
    console.print(table)
    count = {status: sum(result.status is status for result in results) for status in Status}
    parts = [f"{len(results)} submissions" if len(results) != 1 else "1 submission"]
    if count[Status.REVIEW]:
        parts.append(f"{count[Status.REVIEW]} to be looked at")
    if count[Status.BROKEN]:
        parts.append(f"{count[Status.BROKEN]} could not be graded")
    console.print(Text(", ".join(parts)))


def similar_table(comparison: Comparison, console: Console) -> None:
    """Prints a line a pair of submissions that are alike, and beneath them how many were compared."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from autograder.report.similar import SAID, percent, spans_of
    from autograder.similar import LEAST

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in ("first", "second"):
        table.add_column(column, overflow="fold", min_width=8)
    table.add_column("alike", justify="right", no_wrap=True)
    table.add_column("how", overflow="fold")
    table.add_column("lines", overflow="fold", ratio=1)
    for pair in comparison.pairs:
        table.add_row(
            Text(one_line(pair.first)),
            Text(one_line(pair.second)),
            Text(f"{percent(pair.similarity)} %"),
            Text(SAID[pair.kind]),
            Text(f"{spans_of(pair.lines_first)} and {spans_of(pair.lines_second)}"),
        )
    if comparison.pairs:
        console.print(table)
    for group in comparison.groups:
        console.print(Text(f"together: {', '.join(map(one_line, group))}"))
    said = f"{len(comparison.pairs) or 'no'} pairs among {comparison.compared} submissions".replace("1 pairs", "1 pair")
    if comparison.too_little:
        said += f", {comparison.too_little} of which have fewer than {LEAST} tokens of their own: too few to compare"
    console.print(Text(said))


class ClassProgress:
    """A bar of how many submissions are graded, how fast, how long it will take, and which are being graded now."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total = progress, total
        self._task = progress.add_task("grading", total=total, now="", start=False)
        self._kept: int | None = 0  # graded before; None as soon as something is being graded

    def graded(self, result: Result) -> None:
        if self._kept is not None:
            self._kept += 1
        self._progress.advance(self._task)

    def running(self, ids: Sequence[str]) -> None:
        if self._kept is not None:
            # Those that were graded before took no time, and say nothing of how long the others will take.
            self._progress.reset(self._task, total=self._total, completed=self._kept)
            self._kept = None
        self._progress.update(self._task, now=", ".join(one_line(id, 30) for id in ids))


@contextmanager
def class_progress(total: int, console: Console) -> Iterator[ClassProgress]:
    """Where nobody looks (``console`` is no terminal), nothing is drawn."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(rate(task.finished_speed or task.speed))

    columns = (
        TextColumn("grading"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[now]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
    )
    # The speed of the last minutes: some submissions take much longer than others.
    with Progress(
        *columns,
        console=console,
        disable=not console.is_terminal,
        transient=True,
        expand=True,
        speed_estimate_period=300,
    ) as progress:
        yield ClassProgress(progress, total)


def rate(speed: float | None) -> str:
    """Submissions a second, or a minute where that reads better."""
    if not speed:
        return "–/s"
    return f"{speed:.1f}/s" if speed >= 1 else f"{speed * 60:.1f}/min"


@contextmanager
def counter(total: int, console: Console, doing: str = "judging") -> Iterator[Callable[[str], None]]:
    """The same for anything that has a name, to be called with it."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[last]}", markup=False),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(doing, total=total, last="")
        yield lambda name: progress.update(task, advance=1, last=one_line(name, 30))


def _in_short(result: Result) -> str:
    """Why points are missing: the problem, or the names of the checks; and why a person should look."""
    if result.problem is not None:
        parts = [one_line(result.problem, 120)]
    else:
        failed = [verdict for verdict in result.verdicts if verdict.outcome is not Outcome.PASSED]
        marks = {Outcome.FAILED: "", Outcome.INCONCLUSIVE: " (not decided)", Outcome.ERROR: " (grader failed)"}
        names = [one_line(verdict.check.name, 60) + marks[verdict.outcome] for verdict in failed]
        parts = [", ".join(names)] if names else []
    parts += [f"look: {one_line(review, 120)}" for review in result.reviews if review != result.problem]
    return "; ".join(parts)
