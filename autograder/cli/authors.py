"""The commands of those who write assignments and run the course: ``verify``, ``new``, ``doctor`` and ``config``."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli.shared import Config, course

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


def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="ASSIGNMENT", show_default=False)] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Programs at a time. Left out: one a core.")
    ] = None,
    programs: Annotated[bool, typer.Option(help="Judge the solution, right/ and wrong/.")] = True,
    mutants: Annotated[bool, typer.Option(help="Judge generated mutants of the solution.")] = True,
    all_right: Annotated[bool, typer.Option("--all-right", help="Mutants of every file in right/ too: hours.")] = False,
    repeat: Annotated[int, typer.Option(min=1, help="Judgings of each right and wrong file, which must agree.")] = 1,
    schedules: Annotated[
        int | None, typer.Option(min=1, help="Schedules that a check tries. Left out: what grading.yml says.")
    ] = None,
    config: Config = None,
) -> None:
    """Verify the checks of all assignments, or of those named: for whoever writes them.

    The solution and right/ must get full marks, each file in wrong/ must fail the checks that it names, each check must
    have such a file, and each mutant of the solution must fail a check or be listed in equivalent.yml with a reason.
    Exits with 0 if all of this holds and with 1 if not.
    """
    from rich.console import Console

    from autograder import cores, intake, system
    from autograder.report.progress import counter
    from autograder.scratch import Scratch
    from autograder.verify import gate, report

    assignments = course(config).assignments
    chosen = [intake.named(assignments, name) for name in names or assignments]
    system.require(package for one in chosen for package in one.imports)
    options = gate.Options(jobs or cores.usable(), repeat, programs, mutants, all_right, schedules)
    console, reports = Console(highlight=False), []
    if not console.is_terminal:
        console.width = 120  # a log has no edge to wrap at
    for plan in [gate.plan(assignment, options) for assignment in chosen]:
        with Scratch() as scratch, counter(plan.judgings, Console(stderr=True)) as advance:
            reports.append(gate.verify(plan, scratch, progress=advance))
        report.show(reports[-1], console)
    report.table(reports, console)
    if not all(one.green for one in reports):
        raise typer.Exit(1)


def doctor_(config: Config = None) -> None:
    """Tell what this machine can give: the layers around a submission, each tried, Python versions, cores and quota.

    Exits with 0 if that is enough for official grading, and with 1 if not.
    """
    from autograder import system

    system.require()
    from autograder.sandbox import doctor

    folders = [one.folder for one in course(config).assignments.values()]
    examination = doctor.examine(doctor.secrets_of(folders))
    typer.echo(doctor.report(examination))
    if examination.lacking:
        raise typer.Exit(1)


def config_(config: Config = None) -> None:
    """Print the course as it is in force: grading.yml with all defaults filled in."""
    from autograder.config import describe

    typer.echo(describe(course(config)).rstrip("\n"))
