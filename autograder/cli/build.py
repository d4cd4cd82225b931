"""The commands ``autograder build …``: what is made of the course, for students and for other graders.

Like those of `autograder.cli`, a function a command, which imports what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.shared import Config, course

build = typer.Typer(help="Make files from the course's sources.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="ASSIGNMENT", show_default=False)]
IMAGE = "concurrency-autograder"
Image = Annotated[str, typer.Option("--image", metavar="NAME", help="What the Docker image is called.")]
Notebook = Annotated[bool, typer.Option("--notebook", help="Students fill in a notebook, not a Python file.")]
Degraded = Annotated[bool, typer.Option("--allow-degraded", help="Grade even where layers of the sandbox are missing.")]


@build.callback()
def needs(context: typer.Context) -> None:
    """Make files from the course's sources."""
    from autograder import system

    if context.invoked_subcommand != "template":  # all others read the checks by the modules that run them
        system.require()


@build.command("template")
def build_template_(
    names: Annotated[list[str] | None, typer.Argument(metavar="ASSIGNMENT", show_default=False)] = None,
    config: Config = None,
) -> None:
    """Make the students' templates from the reference solutions: of all assignments, or of those named."""
    from autograder import intake
    from autograder.build.template import build_templates

    whole = course(config)
    chosen = [intake.named(whole.assignments, name).name for name in names or ()]
    for path in build_templates(whole, chosen, whole.root):
        typer.echo(path)


@build.command("handout")
def build_handout_(
    names: Annotated[list[str] | None, typer.Argument(metavar="ASSIGNMENT", show_default=False)] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="The folder for students.")] = Path("handout"),
    notebook: Notebook = False,
    config: Config = None,
) -> None:
    """Make the folder that students get: templates, handouts and the public checks of all assignments, or of those
    named, and nothing else."""
    from autograder import intake
    from autograder.build.handout import build_handout

    whole = course(config)
    chosen = [intake.named(whole.assignments, name).name for name in names or ()]
    for path in build_handout(whole, chosen, out, notebooks=notebook):
        typer.echo(path)


@build.command("gradescope")
def build_gradescope_(
    name: Name,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.zip", help="Left out: build/gradescope/ASSIGNMENT.zip."),
    ] = None,
    wheels: Annotated[
        str, typer.Option("--wheels", metavar="VERSION", help="Carry the packages, for this Python (3.12).")
    ] = "",
    timeout: Annotated[int, typer.Option(help="Seconds for one hand-in; below Gradescope's own limit.")] = 540,
    leaderboard: Annotated[
        bool, typer.Option("--leaderboard", help="Put points and speedup on Gradescope's leaderboard.")
    ] = False,
    allow_degraded: Degraded = False,
    config: Config = None,
) -> None:
    """Make the zip that Gradescope's "Configure autograder" page takes.

    It holds setup.sh, run_autograder, the grader, and the tests of this assignment alone; no solution. Its packages
    have the versions that are installed here.
    """
    from autograder import intake
    from autograder.build.gradescope import build_gradescope

    whole = course(config)
    chosen = intake.named(whole.assignments, name)
    target = to or Path("build") / "gradescope" / f"{chosen.name}.zip"
    made = build_gradescope(
        whole, chosen, target, wheels=wheels, degraded=allow_degraded, leaderboard=leaderboard, timeout=timeout
    )
    typer.echo(made)


@build.command("otter")
def build_otter_(
    name: Name,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="A folder. Left out: build/otter/ASSIGNMENT.")
    ] = None,
    notebook: Notebook = False,
    allow_degraded: Degraded = False,
    config: Config = None,
) -> None:
    """Make otter-grader's autograder.zip with our judge in it, and the folder for students with otter's tests."""
    from autograder import intake
    from autograder.build.otter import build_otter

    whole = course(config)
    chosen = intake.named(whole.assignments, name)
    folder = out or Path("build") / "otter" / chosen.name
    for path in build_otter(whole, chosen, folder, degraded=allow_degraded, notebook=notebook):
        typer.echo(path)


@build.command("docker")
def build_docker_(
    names: Annotated[list[str] | None, typer.Argument(metavar="ASSIGNMENT", show_default=False)] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="The folder for `docker build`.")] = Path(
        "build/docker"
    ),
    image: Image = IMAGE,
    config: Config = None,
) -> None:
    """Make the folder for a Docker image with the grader and the tests of all assignments, or of those named."""
    from autograder import intake
    from autograder.build.docker import build_docker

    whole = course(config)
    chosen = [intake.named(whole.assignments, name) for name in names or whole.assignments]
    build_docker(whole, chosen, out, image=image)
    typer.echo(out / "Dockerfile")
    typer.echo(out / "README.md")


@build.command("prairielearn")
def build_prairielearn_(
    name: Name,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="OUT", help="A course of PrairieLearn's, or a new folder.")
    ] = Path("build/prairielearn"),
    image: Image = IMAGE,
    timeout: Annotated[int, typer.Option(help="Seconds for one hand-in, at most 600.")] = 300,
    allow_degraded: Degraded = False,
    config: Config = None,
) -> None:
    """Make the question of an assignment for PrairieLearn. Its image is that of `autograder build docker`."""
    from autograder import intake
    from autograder.build.prairielearn import build_prairielearn

    whole = course(config)
    chosen = intake.named(whole.assignments, name)
    for path in build_prairielearn(whole, chosen, out, image=image, timeout=timeout, degraded=allow_degraded):
        typer.echo(path)


@build.command("autolab")
def build_autolab_(
    name: Name,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="A folder.")] = Path("build/autolab"),
    image: Image = IMAGE,
    timeout: Annotated[int, typer.Option(help="Seconds for one hand-in.")] = 300,
    allow_degraded: Degraded = False,
    config: Config = None,
) -> None:
    """Make the lab of an assignment for Autolab, and the Dockerfile of an image for it."""
    from autograder import intake
    from autograder.build.autolab import build_autolab

    whole = course(config)
    chosen = intake.named(whole.assignments, name)
    for path in build_autolab(whole, chosen, out, image=image, timeout=timeout, degraded=allow_degraded):
        typer.echo(path)


@build.command("student")
def build_student_(
    names: Annotated[list[str] | None, typer.Argument(metavar="ASSIGNMENT", show_default=False)] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="A folder.")] = Path("build/student"),
    notebook: Notebook = False,
    config: Config = None,
) -> None:
    """Make the zip for students of each assignment, or of those named: template, handout, public checks."""
    from autograder import intake
    from autograder.build.everything import build_student

    whole = course(config)
    for chosen in [intake.named(whole.assignments, name) for name in names or whole.assignments]:
        typer.echo(build_student(whole, chosen, out / f"{chosen.name}.zip", notebooks=notebook))


@build.command("all")
def build_all_(
    names: Annotated[list[str] | None, typer.Argument(metavar="ASSIGNMENT", show_default=False)] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="A folder.")] = Path("build"),
    image: Image = IMAGE,
    allow_degraded: Degraded = False,
    config: Config = None,
) -> None:
    """Make everything: for students, Gradescope, PrairieLearn, Autolab, Docker, and otter where it is installed."""
    from autograder import intake
    from autograder.build.everything import build_all

    whole = course(config)
    chosen = [intake.named(whole.assignments, name) for name in names or whole.assignments]
    for line in build_all(whole, chosen, out, image=image, degraded=allow_degraded):
        typer.echo(line)
