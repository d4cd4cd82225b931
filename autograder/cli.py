"""The command ``autograder``: a function a command, each of which says what to call and how to print it.

Exit codes: 0 good; 1 a public check failed (``check``), some submission could not be graded (``grade``), or something
does not hold of an assignment (``verify``); 2 misuse: a wrong argument, course, PATH or schedule, told without a
traceback; 70 a fault of the autograder's own; 130 Ctrl-C.

A command imports what it needs when it runs: ``check`` is typed dozens of times a day and must not wait for what only
``grade`` uses.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder import __version__
from autograder.cli_build import build
from autograder.cli_new import new
from autograder.cli_review import review, similar
from autograder.cli_shared import Config
from autograder.cli_shared import course as _course
from autograder.cli_shared import say as _say

if TYPE_CHECKING:
    from autograder.batch.slurm import Slurm
    from autograder.model import Assignment
    from autograder.selfcheck import Checked

app = typer.Typer(
    help="Check, grade and replay concurrent Python programs.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: rich would double the time to print it
    pretty_exceptions_enable=False,
)
app.add_typer(build, name="build")
app.add_typer(new, name="new")

Lms = Annotated[
    str,
    typer.Option(
        "--lms",
        metavar="LMS",
        help="canvas, moodle, gradescope, blackboard, brightspace, sakai or plain. Left out: the one recognised.",
    ),
]

FAULT = 70  # EX_SOFTWARE of sysexits.h

# By name, so that printing one error does not import the modules of all.
MISUSE = frozenset(
    {
        "autograder.batch.grading.OutputError",
        "autograder.batch.local.WorkerError",
        "autograder.batch.slurm.SlurmError",
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


@app.command()
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


@app.command()
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
        _say("watching: save the file to check it again, Ctrl-C ends")

    selfcheck.watch(path, assignment, show)


@app.command()
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


@app.command()
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

    from autograder import intake, stopping, system

    cluster = _cluster(executor, out, jobs, cpus, chunk, slurm_option, degraded=allow_degraded)
    course = _course(config)
    chosen = intake.named(course.assignments, assignment)
    system.require(chosen.imports)  # before the modules that only a Unix can import

    from autograder.batch import grading
    from autograder.cores import usable
    from autograder.late import with_lateness
    from autograder.lms.collect import Wanted, collect, moment
    from autograder.model import Result, Status
    from autograder.report import terminal
    from autograder.sandbox import doctor
    from autograder.scratch import Scratch, remove_stale

    after = moment(since, course.timezone) if since else None
    # A cluster's nodes are each asked when they judge.
    if cluster is None and (
        note := doctor.admit((one.folder for one in course.assignments.values()), degraded=allow_degraded)
    ):
        _say(f"note: {note}")
    graded = 0

    def count(result: Result) -> None:
        nonlocal graded
        graded += 1
        shown.graded(result)

    if cluster is not None:
        with grading.writing(out):
            out.mkdir(parents=True, exist_ok=True)
        remove_stale(out)
    with stopping.by_signals(), Scratch(None if cluster is None else out) as scratch:
        wanted = Wanted(lms, roster, tuple(regrade or ()), after)
        found = collect(paths, chosen.file, scratch, out, course.timezone, wanted)
        submissions = with_lateness(found.submissions, course.deadlines[chosen.name])
        for remark in (*found.remarks, *(f"{one.id}: {note}" for one in found.submissions for note in one.notes)):
            _say(f"note: {remark}")
        try:
            with terminal.class_progress(len(submissions), Console(stderr=True)) as shown:
                results = grading.grade_class(
                    submissions,
                    chosen,
                    out,
                    jobs or usable(),
                    executor=cluster,
                    progress=count,
                    running=shown.running,
                    again=again or bool(regrade),
                )
        except KeyboardInterrupt:
            _say(f"stopped: {graded} of {len(submissions)} were graded; their reports are in {out}")
            raise typer.Exit(130) from None
    terminal.class_table(results, Console())
    typer.echo(f"\nGrades    {out / 'grades.csv'}\nFeedback  {out / '<id>' / 'feedback.html'} (and .txt)")
    typer.echo(f"Summary   {out / 'summary.html'}")
    if any(result.status is not Status.GRADED for result in results):
        typer.echo(f"Look at   autograder review {out}")
    if any(result.status is Status.BROKEN for result in results):
        raise typer.Exit(1)


app.command()(review)  # in the order of a TA's day, as the help lists them
app.command()(similar)


@app.command()
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
    done, *remarks = grades_table(out, lms, _course(config), to, export, column, ids, asked)
    typer.echo(done)
    for remark in remarks:
        _say(f"note: {remark}")


@app.command()
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
        _say(f"note: {remark}")


@app.command()
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

    assignments = _course(config, file).assignments
    chosen = intake.named(assignments, assignment) if assignment else intake.belonging_to(assignments, file)
    path = intake.regular_file(file / chosen.file if file.is_dir() else file)
    system.require(chosen.imports)

    from autograder.judge.replay import replay

    typer.echo(replay(path, schedule, chosen).rstrip("\n"))


@app.command()
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
    from autograder.report import terminal
    from autograder.scratch import Scratch
    from autograder.verify import gate, report

    assignments = _course(config).assignments
    chosen = [intake.named(assignments, name) for name in names or assignments]
    system.require(package for one in chosen for package in one.imports)
    options = gate.Options(jobs or cores.usable(), repeat, programs, mutants, all_right, schedules)
    console, reports = Console(highlight=False), []
    if not console.is_terminal:
        console.width = 120  # a log has no edge to wrap at
    for plan in [gate.plan(assignment, options) for assignment in chosen]:
        with Scratch() as scratch, terminal.counter(plan.judgings, Console(stderr=True)) as advance:
            reports.append(gate.verify(plan, scratch, progress=advance))
        report.show(reports[-1], console)
    report.table(reports, console)
    if not all(one.green for one in reports):
        raise typer.Exit(1)


@app.command("doctor")
def doctor_(config: Config = None) -> None:
    """Tell what this machine can give: the layers around a submission, each tried, Python versions, cores and quota.

    Exits with 0 if that is enough for official grading, and with 1 if not.
    """
    from autograder import system

    system.require()
    from autograder.sandbox import doctor

    folders = [one.folder for one in _course(config).assignments.values()]
    examination = doctor.examine(doctor.secrets_of(folders))
    typer.echo(doctor.report(examination))
    if examination.lacking:
        raise typer.Exit(1)


@app.command("config")
def config_(config: Config = None) -> None:
    """Print the course as it is in force: grading.yml with all defaults filled in."""
    from autograder.config import describe

    typer.echo(describe(_course(config)).rstrip("\n"))


def main(args: Sequence[str] | None = None) -> NoReturn:
    """The console entry point: runs a command, turns what it raises into a message and an exit code, and exits."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without "✓" is no reason to fail
    try:
        app(args, prog_name="autograder")
    except Exception as error:
        if any(f"{kind.__module__}.{kind.__qualname__}" in MISUSE for kind in type(error).__mro__):
            _say(f"autograder: {error}")
            sys.exit(2)
        import traceback

        traceback.print_exc()
        _say("autograder: this is a fault of the autograder, not of a submission; please report it with the text above")
        sys.exit(FAULT)
    sys.exit(0)


def _chosen(first: str, second: str | None, config: Path | None) -> tuple[Path, Assignment]:
    """The file, or its folder, and the assignment of ``ASSIGNMENT PATH`` or of ``PATH`` alone."""
    from autograder import intake

    path = Path(second or first)
    assignments = _course(config, path).assignments
    return path, intake.named(assignments, first) if second else intake.belonging_to(assignments, path)


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

    try:
        checked = slurm.checked_options(more or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--slurm-option") from None
    options = slurm.Options(cpus or 1, tasks or 0, chunk or slurm.CHUNK, checked, degraded)
    return slurm.Slurm(out, options, note=_say)


def _show(checked: Checked) -> None:
    typer.echo(checked.text, nl=False, color=True)
    if checked.note:
        _say(checked.note)


def _page(path: Path) -> Path:
    """A page's path, if it can be written; a program, for one, must never be overwritten by it."""
    if path.suffix != ".html":
        raise typer.BadParameter(f'found "{path}"; allowed: a name that ends in .html', param_hint="--output")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise typer.BadParameter(f'"{path}" can\'t be written', param_hint="--output")
    return path
