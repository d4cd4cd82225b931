"""What all commands share: the course, and how they speak beside their output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from autograder.model import Course

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="grading.yml", help="The course. Left out: here, or in a folder above."),
]


def course(config: Path | None, near: Path | None = None) -> Course:
    """The course of the option, or of this folder, or of the file that a command is about."""
    from autograder.config import find_course, load_course

    return load_course(config or find_course(near=near))


def say(message: str) -> None:
    from autograder.report.text import harmless

    typer.echo(harmless(message, 20_000), err=True)
