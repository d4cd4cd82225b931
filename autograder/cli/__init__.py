"""The command ``autograder``: a function a command, each of which says what to call and how to print it.

Exit codes: 0 good; 1 a public check failed (``check``), some submission could not be graded (``grade``), or something
does not hold of an assignment (``verify``); 2 misuse: a wrong argument, course, PATH or schedule, told without a
traceback; 70 a fault of the autograder's own; 130 Ctrl-C.

A command imports what it needs when it runs: ``check`` is typed dozens of times a day and must not wait for what only
``grade`` uses.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from autograder import __version__
from autograder.cli import authors, grading, student
from autograder.cli.build import build
from autograder.cli.shared import say

app = typer.Typer(
    help="Check, grade and replay concurrent Python programs.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: rich would double the time to print it
    pretty_exceptions_enable=False,
)

FAULT = 70  # EX_SOFTWARE of sysexits.h

# By name, so that printing one error does not import the modules of all.
MISUSE = frozenset(
    {
        "autograder.batch.grading.OutputError",
        "autograder.batch.local.WorkerError",
        "autograder.batch.slurm_commands.SlurmError",
        "autograder.build.handout.HandoutError",
        "autograder.build.bundle.BuildError",
        "autograder.build.scaffold.ScaffoldError",
        "autograder.build.template.TemplateError",
        "autograder.config.ConfigError",
        "autograder.findings.NoSuchFinding",
        "autograder.intake.IntakeError",
        "autograder.lms.base.LmsError",
        "autograder.lms.table.TableError",
        "autograder.overrides.OverridesError",
        "autograder.report.gradebook.GradebookError",
        "autograder.review.ReviewError",
        "autograder.sandbox.doctor.NotIsolated",
        "autograder.similar.SimilarError",
        "autograder.system.Unsupported",
        "autograder.verify.equivalent.EquivalentError",
        "autograder.world.schedule.ScheduleError",
    }
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        typer.echo(f"autograder {__version__}")
        raise typer.Exit


# As the help lists them: the student's, the TA's, the author's.
app.command()(student.check)
app.command()(student.watch)
app.command()(student.explain)
app.command()(student.replay)
app.command()(grading.grade)
app.command()(grading.review)
app.command()(grading.similar)
app.command()(grading.gradebook)
app.command()(grading.feedback)
app.command()(authors.verify)
app.command("doctor")(authors.doctor_)
app.command("config")(authors.config_)
app.add_typer(build, name="build")
app.add_typer(authors.new, name="new")


def main(args: Sequence[str] | None = None) -> NoReturn:
    """The console entry point: runs a command, turns what it raises into a message and an exit code, and exits."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without "✓" is no reason to fail
    try:
        app(args, prog_name="autograder")
    except Exception as error:
        if any(f"{kind.__module__}.{kind.__qualname__}" in MISUSE for kind in type(error).__mro__):
            say(f"autograder: {error}")
            sys.exit(2)
        import traceback

        traceback.print_exc()
        say("autograder: this is a fault of the autograder, not of a submission; please report it with the text above")
        sys.exit(FAULT)
    sys.exit(0)
