"""The commands ``autograder new …``: the beginning of something that a person goes on writing."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli_shared import Config, course

new = typer.Typer(help="Begin something new in the course.", no_args_is_help=True, rich_markup_mode=None)


@new.callback()
def _group() -> None:
    """Begin something new in the course."""


@new.command("assignment")
def new_assignment_(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Left out: made of the name.")] = "",
    config: Config = None,
) -> None:
    """Begin an assignment: a small one that is whole, passes `autograder verify NAME`, and is replaced piece by piece.

    NAME is also the name of the file that students hand in, NAME.py. Writes assignments/NAME/ and
    student_template/NAME/, and puts the assignment at the end of those in grading.yml.
    """
    from autograder.build.scaffold import new_assignment

    for path in new_assignment(course(config), name, title):
        typer.echo(path)
    typer.echo(
        f"\nNext      autograder verify {name}\nThen      write the handout, the solution and the checks of your own"
    )
