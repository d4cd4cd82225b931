"""The TA's commands, in the order of a TA's day: ``grade``, ``review``, ``similar``, ``gradebook`` and ``feedback``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.shared import Config, course, say

if TYPE_CHECKING:
    from autograder.batch.slurm import Slurm

Lms = Annotated[
    str,
    typer.Option(
        "--lms",
        metavar="LMS",
        help="canvas, moodle, gradescope, blackboard, brightspace, sakai or plain. Left out: the one recognised.",
    ),
]

Out = Annotated[Path, typer.Argument(metavar="OUT", show_default=False)]


def grade(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", show_default=False)],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="The folder for the reports.")],
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="Submissions (with slurm: tasks) at a time. Left out: one a core."),
    ] = None,
    executor: Annotated[
        str, typer.Option("--executor", metavar="local|slurm", help="Who judges: this machine, or a Slurm cluster.")
    ] = "local",
    cpus: Annotated[
        int | None,
        typer.Option("--cpus-per-task", min=1, help="With slurm: cores of a task, and its submissions at a time (1)."),
    ] = None,
    chunk: Annotated[
        int | None, typer.Option("--chunk", min=1, help="With slurm: submissions a task (20).", show_default=False)
    ] = None,
    slurm_option: Annotated[
        list[str] | None,
        typer.Option("--slurm-option", metavar="OPTION", help="With slurm: for sbatch, such as --partition=short."),
    ] = None,
    lms: Lms = "",
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="The LMS's table of students: who handed in nothing, and when."),
    ] = None,
    regrade: Annotated[
        list[str] | None, typer.Option("--regrade", metavar="ID", help="Only this one; may be given several times.")
    ] = None,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="Only what was handed in after it: 2026-12-07T23:59.")
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Grade also what is graded already and has not changed since.")
    ] = False,
    allow_degraded: Annotated[
        bool, typer.Option("--allow-degraded", help="Grade even where layers of the sandbox are missing.")
    ] = False,
    config: Config = None,
) -> None:
    """Grade a class.

    PATH is the download of an LMS (its zip, or that unpacked), a .py file, a folder that holds it, a folder of such
    folders, or a zip of one of these. Writes OUT/ID/results.json, feedback.txt and feedback.html for each submission,
    OUT/grades.csv, in which rows of earlier gradings stay, and OUT/summary.html. Whatever ended a grading, the same
    command again goes on from there: what is graded already is graded anew only if the file, the policy or the grader
    has changed. With --executor slurm a cluster judges; OUT and PATH must be where all nodes see them.

    Exits with 0 when all were graded, whatever their score, and with 1 when some could not be. Refuses where the
    machine cannot keep a hostile submission in; `autograder doctor` tells why.
    """
    from rich.console import Console

    from autograder import intake, system

    cluster = _cluster(executor, out, jobs, cpus, chunk, slurm_option, degraded=allow_degraded)
    policy = course(config)
    chosen = intake.named(policy.assignments, assignment)
    system.require(chosen.imports)  # before the modules that only a Unix can import

    from autograder.batch.order import Order, Stopped, carry_out
    from autograder.model import Status
    from autograder.report import terminal

    order = Order(
        tuple(paths), out, jobs or 0, cluster, lms, roster, tuple(regrade or ()), since, again, allow_degraded
    )
    try:
        results = carry_out(order, policy, chosen, lambda remark: say(f"note: {remark}"))
    except Stopped as stopped:
        say(str(stopped))
        raise typer.Exit(130) from None
    terminal.class_table(results, Console())
    typer.echo(f"\nGrades    {out / 'grades.csv'}\nFeedback  {out / '<id>' / 'feedback.html'} (and .txt)")
    typer.echo(f"Summary   {out / 'summary.html'}")
    if any(result.status is not Status.GRADED for result in results):
        typer.echo(f"Look at   autograder review {out}")
    if any(result.status is Status.BROKEN for result in results):
        raise typer.Exit(1)


def _cluster(
    executor: str,
    out: Path,
    tasks: int | None,
    cpus: int | None,
    chunk: int | None,
    more: list[str] | None,
    *,
    degraded: bool,
) -> Slurm | None:
    """The cluster that judges; None: this machine."""
    if executor == "local":
        for given, name in ((cpus, "--cpus-per-task"), (chunk, "--chunk"), (more, "--slurm-option")):
            if given:
                raise typer.BadParameter("found without --executor slurm, which alone has tasks", param_hint=name)
        return None
    if executor != "slurm":
        raise typer.BadParameter(f'found "{executor}"; allowed: local, slurm', param_hint="--executor")
    from autograder.batch import slurm
    from autograder.batch.slurm_commands import checked_options

    try:
        checked = checked_options(more or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--slurm-option") from None
    options = slurm.Options(cpus or 1, tasks or 0, chunk or slurm.CHUNK, checked, degraded)
    return slurm.Slurm(out, options, note=say)


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

    from autograder.report import terminal
    from autograder.report.similar import write
    from autograder.similar import compare_class

    found = compare_class(out, course(config), at_least / 100, known or (), common)
    written = write(out, found)
    terminal.similar_table(found, Console())
    typer.echo("\n" + "\n".join(map(str, written)))


def gradebook(
    out: Annotated[Path, typer.Argument(metavar="OUT", show_default=False)],
    to: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The table to upload.")],
    lms: Lms = "",
    export: Annotated[
        Path | None, typer.Option("--from", metavar="EXPORT", help="The LMS's own table, to be filled.")
    ] = None,
    column: Annotated[str, typer.Option("--column", help="The assignment's column, or a part of its header.")] = "",
    ids: Annotated[
        Path | None, typer.Option("--ids", metavar="FILE", help="Whose row is whose; written if it does not exist.")
    ] = None,
    scale: Annotated[bool, typer.Option("--scale", help="Convert to the LMS's maximum.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace other grades that stand there.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Leave rows with a problem as they are.")] = False,
    config: Config = None,
) -> None:
    """Fill the grades of OUT into the LMS's own table.

    No other cell is changed. Whatever the LMS would refuse or drop is told before, with exit code 2.
    """
    from autograder.gradebook import grades_table
    from autograder.lms.fill import Asked

    asked = Asked(scale, overwrite, partial)
    done, *remarks = grades_table(out, lms, course(config), to, export, column, ids, asked)
    typer.echo(done)
    for remark in remarks:
        say(f"note: {remark}")


def feedback(
    out: Annotated[Path, typer.Argument(metavar="OUT", show_default=False)],
    to: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.zip", help="The zip to upload.")],
    lms: Lms = "",
    beside: Annotated[
        Path | None, typer.Option("--with", metavar="FILE", help="The filled table, where it goes up in the same zip.")
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="No table of grades is to go up before.")] = False,
) -> None:
    """Make the zip of feedback files that the LMS takes."""
    from autograder.gradebook import feedback_zip

    done, *remarks = feedback_zip(out, lms, to, beside, alone=alone)
    typer.echo(done)
    for remark in remarks:
        say(f"note: {remark}")
