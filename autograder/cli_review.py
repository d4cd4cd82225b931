"""The commands for after grading: ``autograder review`` and ``autograder similar``.

Like those of `autograder.cli`, a function a command, which imports what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli_shared import Config
from autograder.cli_shared import course as _course

Out = Annotated[Path, typer.Argument(metavar="OUT", show_default=False)]


def review(
    out: Out,
    id: Annotated[str | None, typer.Argument(metavar="ID", show_default=False)] = None,
    score: Annotated[str, typer.Option("--score", metavar="POINTS", help="The points that count, in the end.")] = "",
    check: Annotated[
        list[str] | None,
        typer.Option("--check", metavar="NAME=POINTS", help="Points for one check; may be given several times."),
    ] = None,
    stands: Annotated[bool, typer.Option("--stands", help="Seen; the points stand as they are.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the decision back.")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why. The student reads it.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides. The student reads it.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="List also what has been decided.")] = False,
) -> None:
    """List what is marked for a person, show why, and take the person's decision.

    OUT is the folder of `autograder grade`. Without ID all that waits is listed; with it everything about that one
    submission is shown. With --score, --check or --stands, and a --reason, it is decided: grades.csv, the feedback and
    the summary show it, and it holds through every later grading, until the student hands in something else.
    """
    from autograder import review as queue

    asked = queue.Asked(score, tuple(check or ()), stands, withdraw, reason, by)
    if id is None:
        if asked != queue.Asked():
            raise typer.BadParameter("a decision is about one submission", param_hint="ID")
        waiting, decided = queue.queue(out, everything=everything)
        typer.echo(queue.queue_text(out, waiting, decided), nl=False)
    elif asked == queue.Asked():
        typer.echo(queue.told(out, id), nl=False)
    else:
        typer.echo(queue.decide(out, id, asked))


def similar(
    out: Out,
    at_least: Annotated[
        int, typer.Option("--at-least", min=1, max=100, metavar="PERCENT", help="Of their own code that a pair shares.")
    ] = 60,
    known: Annotated[
        list[Path] | None,
        typer.Option("--known", metavar="FILE.py", help="Code that all were given: no evidence. Several if you like."),
    ] = None,
    common: Annotated[
        int | None,
        typer.Option("--common", min=1, help="Submissions that may share a passage before it counts as usual."),
    ] = None,
    config: Config = None,
) -> None:
    """List pairs of submissions that are more alike than two people write by chance. For you alone: no report of a
    student's mentions it.

    OUT is the folder of `autograder grade`. Names, comments, layout and the order of functions do not matter; the
    template and the forms that the course itself knows do not count. Writes OUT/similar.html, with both files side by
    side, and OUT/similar.csv.
    """
    from rich.console import Console

    from autograder import similar as similarity
    from autograder.report import terminal

    found = similarity.compare_class(out, _course(config), at_least / 100, known or (), common)
    written = similarity.write(out, found)
    terminal.similar_table(found, Console())
    typer.echo("\n" + "\n".join(map(str, written)))
