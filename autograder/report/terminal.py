"""Reports for the terminal: one file's checks for a student, tables of a class for a TA.

Colour only where a person looks: not in a file or a pipe, and not where NO_COLOR is set (https://no-color.org).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from autograder.model import Outcome, Result, Status
from autograder.report.feedback import check_lines, public_checks, standing
from autograder.report.text import harmless, one_line, points, wrapped

if TYPE_CHECKING:
    # Imported where used: rich takes longer to import than a check to run.
    from rich.console import Console

    from autograder.similar import Comparison

_COLOURS = {Outcome.PASSED: "32", Outcome.FAILED: "31", Outcome.INCONCLUSIVE: "33", Outcome.ERROR: "33"}
_STYLES = {Status.GRADED: "", Status.REVIEW: "yellow", Status.BROKEN: "red"}


def check_report(result: Result, file: str, *, colour: bool = False) -> str:
    """What ``autograder check`` prints: the checks that a student may see, and nothing of the others, not even
    how many there are or what they count."""
    lines: list[str] = []
    for paragraph in standing(result):
        lines += [*wrapped(harmless(paragraph)), ""]
    shown = public_checks(result)
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
