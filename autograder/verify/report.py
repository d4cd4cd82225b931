"""What ``autograder verify`` prints: each problem, each survivor as a diff, and a line of figures an assignment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.report.text import harmless
from autograder.verify.gate import Report, Survivor
from autograder.verify.operators import OPERATORS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def show(report: Report, console: Console) -> None:
    """All that does not hold of one assignment. Nothing where all of it does."""
    from rich.text import Text

    for problem in report.problems:
        console.print(Text(harmless(problem, 20_000)), soft_wrap=True)
    for survivor in report.survivors:
        console.print(Text(f"{report.assignment}: no check fails this mutant"), soft_wrap=True)
        console.print(_diff(survivor), soft_wrap=True)
        console.print()


def _diff(survivor: Survivor) -> Text:
    from rich.text import Text

    mutant = survivor.mutant
    text = next((operator.text for operator in OPERATORS if operator.name == mutant.operator), "")
    lines = Text(f"  {mutant.name}\n  {text}\n")
    if survivor.remark:
        lines.append(f"  {harmless(survivor.remark, 2_000)}\n", style="yellow")
    styles = {"-": "red", "+": "green", "@": "cyan"}
    for line in mutant.diff.splitlines():
        lines.append(f"    {line}\n", style=styles.get(line[:1], ""))
    lines.rstrip()
    return lines


def table(reports: Sequence[Report], console: Console) -> None:
    """A line an assignment, and one for all."""
    from rich import box
    from rich.table import Table

    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    shown.add_column("assignment", no_wrap=True)
    for heading in ("right", "passed", "wrong", "caught", "mutants", "caught", "equivalent", "survived", "seconds"):
        shown.add_column(heading, justify="right", no_wrap=True)
    rows = [(report.assignment, figures(report)) for report in reports]
    for name, row in rows:
        shown.add_row(name, *map(str, row))
    if len(rows) > 1:
        shown.add_section()
        shown.add_row("all", *(str(sum(column)) for column in zip(*(row for _, row in rows), strict=True)))
    console.print(shown)


def figures(report: Report) -> tuple[int, ...]:
    """The columns of the table, from right to seconds."""
    return (
        report.right,
        report.passed,
        report.wrong,
        report.failed,
        report.mutants,
        report.caught,
        report.equivalent,
        len(report.survivors),
        round(report.seconds),
    )
