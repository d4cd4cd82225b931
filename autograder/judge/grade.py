"""Judge one submission: its checks as pytest runs, its result as data.

Nothing that a submission does makes this raise: a file that is missing, cannot be read, runs on import, exits, hangs
or floods the output loses its points, with the reason.
"""

from __future__ import annotations

import ast
import atexit
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.judge.failure import CheckFailed
from autograder.judge.imports import import_problem
from autograder.judge.plugin import CheckResult, JudgePlugin, scope_of
from autograder.judge.reach import reaches
from autograder.judge.subject import Subject
from autograder.model import Assignment, Finding, Outcome, Result, Status, Submission, Verdict
from autograder.notebook import MAX_NOTEBOOK, is_notebook, python_of
from autograder.sandbox.host import Launcher, LauncherError
from autograder.world.session import Program, Session, Settings
from autograder.world.strategies import NonPreemptive

LARGEST_SOURCE = 1 << 20
BACKSTOP = 300
"""Seconds of real time for one check, far above the sum of its runs' limits in all but a broken grader."""

_launchers: dict[tuple[str, tuple[str, ...]], Launcher] = {}


def launcher(kind: str, packages: tuple[str, ...]) -> Launcher:
    """The warm launcher of this process for guests with these packages; started once, ended with the process."""
    key = (kind, packages)
    if key not in _launchers:
        if not _launchers:
            atexit.register(close_launchers)
            # All modules are there by now: no collection has to go through what they hold again.
            gc.freeze()
        _launchers[key] = Launcher(kind, packages)
    return _launchers[key]


def close_launchers() -> None:
    """End the warm launchers of this process."""
    while _launchers:
        _launchers.popitem()[1].close()


def grade(
    submission: Submission,
    assignment: Assignment,
    *,
    public_only: bool = False,
    real: bool = True,
    first_failure: bool = False,
    pictures: bool = False,
    only: frozenset[str] | None = None,
) -> Result:
    """Everything that can be said of one submission.

    ``public_only`` runs the checks of test_public.py alone. ``real`` makes the real run beside the world, where a check
    asks for it. ``first_failure`` is for those who only ask whether a program is wrong: the first check that it fails
    is the last one, no shorter schedule is looked for, and there is no verdict on what was not run. ``pictures`` draws
    a run of each check, passed or not. ``only`` names the checks that are run; on others there is no verdict. Raises
    nothing that the submission could cause; a failure of the grader itself gives a result with status "broken".
    """
    titles = check_titles(assignment, public_only)
    if only is not None:
        titles = {name: title for name, title in titles.items() if name in only}
    if submission.path is None:
        problem = submission.problem or f'no file "{assignment.file}" was handed in'
        return _all_failed(submission, assignment, titles, Finding("missing file", _sentence(problem)))
    try:
        source, notes = read_source(submission.path)
    except (OSError, ValueError) as error:
        reason = error.strerror or "it cannot be read" if isinstance(error, OSError) else str(error)
        message = f"{assignment.file} cannot be graded: {reason}."
        return _all_failed(submission, assignment, titles, Finding("unreadable file", message))
    submission = replace(submission, notes=(*submission.notes, *notes))
    try:
        result = _judge(submission, assignment, titles, source, public_only, real, first_failure, pictures, only)
        return replace(result, layers=launcher("world", assignment.imports).layers)
    except LauncherError as error:
        for one in _launchers.values():
            one.close()
        _launchers.clear()
        return _broken(submission, assignment, titles, str(error))


def _judge(
    submission: Submission,
    assignment: Assignment,
    titles: dict[str, str],
    source: bytes,
    public_only: bool,
    real: bool,
    first_failure: bool,
    pictures: bool,
    only: frozenset[str] | None,
) -> Result:
    guests = launcher("world", assignment.imports)
    finding, outcome, code = probe_import(assignment, source, guests)
    if finding is not None:
        return _all_failed(submission, assignment, titles, finding, outcome)
    plain = (lambda: launcher("real", assignment.imports)) if real else None
    subject = Subject(assignment, source, guests, plain, code)
    plugin = JudgePlugin(subject, first_failure, pictures, only)
    run_tests(assignment, plugin, public_only)
    if all(result.outcome is Outcome.PASSED for result in plugin.results.values()):
        subject.confirm_all()
    verdicts = []
    for check in assignment.checks:
        if check.name not in titles or (plugin.stopped and check.name not in plugin.results):
            continue
        result = plugin.results.get(check.name) or CheckResult(
            Outcome.ERROR, Finding("error", "The check was not run.")
        )
        scope = scope_of(result.searches) if result.outcome is Outcome.PASSED else ""
        told = (result.finding, scope, result.pictures, result.speedup)
        verdicts.append(Verdict(check, titles[check.name], result.outcome, *told))
    outcomes = {verdict.outcome for verdict in verdicts}
    reviews = subject.reviews + reaches(source)
    if Outcome.ERROR in outcomes or plugin.errors:
        status = Status.BROKEN
        reviews += tuple(plugin.errors)
    else:
        status = Status.REVIEW if reviews or Outcome.INCONCLUSIVE in outcomes else Status.GRADED
    return Result(submission.id, assignment.name, tuple(verdicts), status, reviews, None, submission.notes)


def probe_import(assignment: Assignment, source: bytes, guests: Launcher) -> tuple[Finding | None, Outcome, bytes]:
    """What is wrong with importing the file (None if nothing is), whether that is a fact about the program or only a
    matter of time, and the file's code as the guest compiled it."""
    program = Program(assignment.file.removesuffix(".py"), source, assignment.imports)
    settings = Settings(machine=assignment.machine, limits=assignment.limits)
    with Session(guests, program, settings, NonPreemptive()) as session:
        imported = session.imported
    failure: CheckFailed | None = import_problem(imported, assignment.file, assignment.imports)
    outcome = Outcome.INCONCLUSIVE if imported.outcome == "inconclusive" else Outcome.FAILED
    code = imported.report.code if imported.report is not None else b""
    return failure.finding() if failure is not None else None, outcome, code


UNUSED = (
    "cacheprovider",
    "debugging",
    "doctest",
    "faulthandler",
    "junitxml",
    "legacypath",
    "logging",
    "pastebin",
    "recwarn",
    "setuponly",
    "setupplan",
    "stepwise",
    "terminal",
    "threadexception",
    "unittest",
    "unraisableexception",
)
"""Pytest's own plugins that the judge has no use for; two of them collect garbage after every test."""


def run_tests(assignment: Assignment, plugin: JudgePlugin, public_only: bool) -> None:
    """The tests of an assignment, in this process."""
    arguments = [
        *(part for name in UNUSED for part in ("-p", f"no:{name}")),
        *("-p", "pytest_timeout", "--timeout", str(BACKSTOP), "--timeout-method", "signal"),
        *("--import-mode", "importlib", "--capture", "no", "-c", os.devnull),
        # Without the last, pytest would look into every folder from the root of the file system down to the tests.
        *("--rootdir", str(assignment.folder), "--confcutdir", str(assignment.folder)),
    ]
    files = check_files(assignment, public_only)
    with _plain_pytest():
        code = pytest.main([*arguments, *map(str, files)], plugins=[plugin])
    # Another assignment's tests have the same module names, and pytest would take these for them.
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "") in map(str, files):
            del sys.modules[name]
    # Pytest says the same where a test file could not be loaded; that is among the errors.
    if code == pytest.ExitCode.INTERRUPTED and not plugin.errors:
        raise KeyboardInterrupt


@contextmanager
def _plain_pytest() -> Iterator[None]:
    """No plugins but ours: others may be installed beside, and each costs time and could change what a test does."""
    before = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    addopts = os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        else:
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = before
        if addopts is not None:
            os.environ["PYTEST_ADDOPTS"] = addopts


def check_files(assignment: Assignment, public_only: bool) -> list[Path]:
    names = ["test_public.py"] if public_only else ["test_public.py", "test_hidden.py"]
    return [path for name in names if (path := assignment.folder / name).is_file()]


def check_titles(assignment: Assignment, public_only: bool) -> dict[str, str]:
    """The checks that are run, each with its test's docstring, in the order of the files."""
    titles: dict[str, str] = {}
    for path in check_files(assignment, public_only):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                name = node.name.removeprefix("test_")
                lines = (ast.get_docstring(node) or name.replace("_", " ")).strip().splitlines()
                titles[name] = lines[0]
    return titles


def read_source(path: Path) -> tuple[bytes, tuple[str, ...]]:
    """The Python to judge, and what to say of how it was had. Of a notebook it is the code cells. Raises OSError, and
    ValueError with the reason where there is none."""
    notebook = is_notebook(path.name)
    limit = MAX_NOTEBOOK if notebook else LARGEST_SOURCE
    with path.open("rb") as file:
        source = file.read(limit + 1)
    if len(source) > limit:
        raise ValueError(f"the file is larger than {limit // 1024} KiB")
    if not notebook:
        return source, ()
    converted = python_of(source)
    source = converted.source.encode("utf-8", "replace")
    if len(source) > LARGEST_SOURCE:
        raise ValueError(f"the code of the notebook is larger than {LARGEST_SOURCE // 1024} KiB")
    return source, converted.notes


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _all_failed(
    submission: Submission,
    assignment: Assignment,
    titles: dict[str, str],
    finding: Finding,
    outcome: Outcome = Outcome.FAILED,
) -> Result:
    """No check could be run, for one reason that lies in the submission."""
    verdicts = tuple(
        Verdict(check, titles[check.name], outcome, finding) for check in assignment.checks if check.name in titles
    )
    reviews = ("the import was not decided within the limits of time",) if outcome is Outcome.INCONCLUSIVE else ()
    status = Status.REVIEW if reviews else Status.GRADED
    return Result(submission.id, assignment.name, verdicts, status, reviews, finding.message, submission.notes)


def _broken(submission: Submission, assignment: Assignment, titles: dict[str, str], reason: str) -> Result:
    """The grader itself failed."""
    finding = Finding("error", f"The grader failed: {reason}.")
    verdicts = tuple(
        Verdict(check, titles[check.name], Outcome.ERROR, finding)
        for check in assignment.checks
        if check.name in titles
    )
    return Result(
        submission.id, assignment.name, verdicts, Status.BROKEN, (finding.message,), finding.message, submission.notes
    )
