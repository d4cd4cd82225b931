"""Bars in the terminal for what takes long: how far it is, how fast, and what is being worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autograder.model import Result
from autograder.report.text import one_line

if TYPE_CHECKING:
    # Imported where used: rich takes longer to import than a check to run.
    from rich.console import Console
    from rich.progress import Progress


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
    """The same for anything that has a name: what it gives is to be called with each that is done."""
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
