"""A student's own check of one file: the public checks, once or whenever the file is saved."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import intake, system
from autograder.model import Assignment, Outcome
from autograder.report import terminal
from autograder.report.feedback import public_checks
from autograder.scratch import Scratch


@dataclass(frozen=True, slots=True)
class Checked:
    """What to print, whether all checks passed, and what was missing of an official grading ("": nothing)."""

    text: str
    passed: bool
    note: str


def check(path: Path, assignment: Assignment, page: Path | None = None) -> Checked:
    """Run the public checks on the file ``path``, or on the one in that folder. A run of each is drawn in ``page``, if
    there is to be one (HTML). Raises `IntakeError` where there is no file, and `system.Unsupported` where no program
    can be run."""
    system.require(assignment.imports)
    with Scratch() as scratch:
        submission = intake.only(path, assignment.file, scratch)

        from autograder.judge.grade import grade

        result = grade(submission, assignment, public_only=True, pictures=page is not None)
        if page is not None:
            from autograder.report.page import timeline_page
            from autograder.report.text import write_whole

            content = submission.path.read_bytes() if submission.path is not None else None
            write_whole(page, timeline_page(result, path.name if path.suffix else assignment.file, content))
    name = str(path / assignment.file) if path.is_dir() else str(path)
    text = terminal.check_report(result, name, colour=terminal.wants_colour(sys.stdout))
    from autograder.sandbox.layers import lacking

    missing = lacking(result.layers) if result.layers else ()
    note = f"an unsandboxed self-check, without {', '.join(missing)}: no official score" if missing else ""
    good = all(verdict.outcome is Outcome.PASSED for verdict in public_checks(result)) and not result.problem
    return Checked(text, good, note)


def saves(path: Path, file: str) -> Iterator[object]:
    """Something for each time that the file (or the one of this name in the folder ``path``) is saved, for ever.

    Editors save in different ways: some write into the file, some write another one and give it the name. So the folder
    is watched, and of it the one name.
    """
    import watchfiles

    folder, name = (path, file) if path.is_dir() else (path.resolve().parent, path.name)
    # It tells of Ctrl-C in a message of its own unless it may raise.
    with contextlib.suppress(KeyboardInterrupt):
        yield from watchfiles.watch(
            folder,
            watch_filter=lambda change, changed: Path(changed).name == name and change is not watchfiles.Change.deleted,
            recursive=False,
        )


def watch(
    path: Path, assignment: Assignment, show: Callable[[Checked], None], changes: Iterable[object] | None = None
) -> None:
    """Check now, and again at each of the ``changes`` (by default, whenever the file is saved). A file that is gone for
    a moment is waited for. Returns when there are no more changes: at Ctrl-C."""
    show(check(path, assignment))
    for _ in saves(path, assignment.file) if changes is None else changes:
        try:
            show(check(path, assignment))
        except intake.IntakeError as error:
            show(Checked(f"{error}\n", False, ""))
