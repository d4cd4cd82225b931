"""The student's commands: ``check``, ``watch``, ``explain`` and ``replay``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.shared import Config, course, say

if TYPE_CHECKING:
    from autograder.model import Assignment
    from autograder.selfcheck import Checked


def check(
    first: Annotated[str, typer.Argument(metavar="ASSIGNMENT|PATH", show_default=False)],
    second: Annotated[str | None, typer.Argument(metavar="PATH", show_default=False)] = None,
    timeline: Annotated[
        bool, typer.Option("--timeline", help="Draw what its threads and processes did, and open the picture.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.html", help="Write the timeline there, and do not open it."),
    ] = None,
    config: Config = None,
) -> None:
    """Run the public checks on one file.

    PATH is the file, or the folder that holds it. The assignment is told by the file's name, or named before it. With
    --timeline a page shows a run of each check, who did what when and beside which line; it is written to
    NAME.timeline.html in this folder. Exits with 0 if all checks pass and with 1 if not.
    """
    from autograder import selfcheck

    drawn = timeline or output is not None
    path, assignment = _chosen(first, second, config)
    target = _page(output or Path(f"{assignment.name}.timeline.html")) if drawn else None
    checked = selfcheck.check(path, assignment, target)
    _show(checked)
    if target is not None:
        from autograder.report import viewer

        opened = output is None and viewer.show(target)
        typer.echo(f"\nTimeline  {target}" + (" (opened)" if opened else ""))
    if not checked.passed:
        raise typer.Exit(1)


def watch(
    first: Annotated[str, typer.Argument(metavar="ASSIGNMENT|PATH", show_default=False)],
    second: Annotated[str | None, typer.Argument(metavar="PATH", show_default=False)] = None,
    config: Config = None,
) -> None:
    """Run the public checks on one file, and again whenever it is saved.

    PATH and ASSIGNMENT are those of `check`. Ends at Ctrl-C.
    """
    from autograder import selfcheck

    path, assignment = _chosen(first, second, config)

    def show(checked: selfcheck.Checked) -> None:
        if sys.stdout.isatty():
            typer.echo("\x1b[2J\x1b[H", nl=False)  # an empty screen, written from its top
        _show(checked)
        say("watching: save the file to check it again, Ctrl-C ends")

    selfcheck.watch(path, assignment, show)


def explain(
    words: Annotated[list[str] | None, typer.Argument(metavar="FINDING", show_default=False)] = None,
) -> None:
    """Explain a kind of finding: a small program that has it, what is shown, why it is wrong, the mended program.

    FINDING is its name, such as "not joined"; without one, all are listed.
    """
    from autograder import findings

    if not words:
        known = findings.summaries()
        width = max(map(len, known))
        for kind, summary in known.items():
            typer.echo(f"{kind:<{width}}  {summary}")
        return
    from autograder.report import terminal

    kind, text = findings.section(" ".join(words))
    if terminal.wants_colour(sys.stdout):
        terminal.markdown(f"# {kind}\n\n{text}")
    else:
        typer.echo(f"{kind}\n\n{text}")


def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    schedule: Annotated[str, typer.Argument(metavar="SCHEDULE", show_default=False)],
    assignment: Annotated[
        str | None, typer.Option("--assignment", "-a", help="Left out: told by the file's name.", show_default=False)
    ] = None,
    config: Config = None,
) -> None:
    """Run FILE once more on the SCHEDULE that a report named, and draw what its threads and processes do."""
    from autograder import intake, system

    assignments = course(config, file).assignments
    chosen = intake.named(assignments, assignment) if assignment else intake.belonging_to(assignments, file)
    path = intake.regular_file(file / chosen.file if file.is_dir() else file)
    system.require(chosen.imports)

    from autograder.judge.replay import replay

    typer.echo(replay(path, schedule, chosen).rstrip("\n"))


def _chosen(first: str, second: str | None, config: Path | None) -> tuple[Path, Assignment]:
    """The file, or its folder, and the assignment of ``ASSIGNMENT PATH`` or of ``PATH`` alone."""
    from autograder import intake

    path = Path(second or first)
    assignments = course(config, path).assignments
    return path, intake.named(assignments, first) if second else intake.belonging_to(assignments, path)


def _show(checked: Checked) -> None:
    typer.echo(checked.text, nl=False, color=True)
    if checked.note:
        say(checked.note)


def _page(path: Path) -> Path:
    """A page's path, if it can be written; a program, for one, must never be overwritten by it."""
    if path.suffix != ".html":
        raise typer.BadParameter(f'found "{path}"; allowed: a name that ends in .html', param_hint="--output")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise typer.BadParameter(f'"{path}" can\'t be written', param_hint="--output")
    return path
