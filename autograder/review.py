"""The review queue: what is marked for a person, why, and what the person decides.

Works on a reports folder alone: which file was handed in and what the machine found lie in it (`batch.reports`). A
decision is first written down (`overrides`) and then shown in every report; a kill in between is made good by
whichever of ``grade``, ``review``, ``gradebook`` and ``feedback`` comes next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder import overrides
from autograder.archives import listed
from autograder.batch import journal, reports
from autograder.batch.journal import TABLE
from autograder.model import Override, Result, Status
from autograder.overrides import Decision, Overrides
from autograder.report import gradebook
from autograder.report.feedback import check_lines, late_lines
from autograder.report.summary import summary_page
from autograder.report.text import harmless, one_line, points, wrapped, write_whole

LONGEST = 2000
"""Characters of a reason."""


class ReviewError(Exception):
    """A decision that can't be taken: says what was found and what is allowed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of a decision. Just one of ``score``, ``checks``, ``stands`` and ``withdraw`` may be
    there; with none of them nothing is decided. ``checks`` are texts of the form NAME=POINTS."""

    score: str = ""
    checks: tuple[str, ...] = ()
    stands: bool = False
    withdraw: bool = False
    reason: str = ""
    by: str = ""

    @property
    def kinds(self) -> list[str]:
        given = {"--score": self.score, "--check": self.checks, "--stands": self.stands, "--withdraw": self.withdraw}
        return [option for option, value in given.items() if value]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue."""

    id: str
    status: str
    points: str
    reasons: tuple[str, ...]
    decided: str  # what a person decided, "" for one that waits
    feedback: Path


def queue(out: Path, *, everything: bool = False) -> tuple[list[Waiting], int]:
    """What waits for a person, in order of id, and how many have been decided about; ``everything``: those as well."""
    settle(out)
    found, decided = [], 0
    for id, report in _reports(out):
        about = report["extra_data"]
        override = about.get("override")
        decided += override is not None
        if (about["status"] == "graded" and override is None) or (override is not None and not everything):
            continue
        row = gradebook.row(report)
        found.append(
            Waiting(
                id,
                about["status"],
                f"{row['total'] or '–'} of {row['max']}",
                tuple(map(str, about["reviews"])) or _undecided(report),
                "" if override is None else gradebook.in_words(override),
                out / id / "feedback.html",
            )
        )
    return found, decided


def queue_text(out: Path, waiting: Sequence[Waiting], decided: int) -> str:
    """The queue, ready to print."""
    lines: list[str] = []
    for one in waiting:
        lines += ["", f"{one_line(one.id)}   {one.points} points   {'decided' if one.decided else one.status}"]
        for reason in one.reasons:
            lines += wrapped(harmless(reason, 600), "    ")
        if one.decided:
            lines += wrapped(harmless(one.decided, 600), "    → ", hang="  ")
        lines.append(f"    {one.feedback}")
    count = sum(not one.decided for one in waiting)
    head = f"{out}: {count or 'nothing'} to be looked at" + (f", {decided} decided" if decided else "")
    if count:
        lines += ["", f"All of one: autograder review {out} ID"]
    return "\n".join([head, *lines]) + "\n"


def told(out: Path, id: str) -> str:
    """Everything that is known of one submission, hidden checks too: for who decides about it."""
    settle(out)
    id = _known(out, id)
    evidence = _evidence(out, id)
    log = overrides.load(out)
    result = reports.decided(evidence, log.latest(id))
    machine = evidence.result
    score = "–" if result.status is Status.BROKEN else points(result.score)
    lines = [
        f"Submission  {one_line(id)}{_student(machine)}",
        f"Status      {result.status.value}" + (" (a person has decided)" if result.override else ""),
        f"Points      {score} of {points(result.max_score)}" + _was(result, machine),
    ]
    if (out / id / evidence.file).exists():
        lines.append(f"File        {out / id / evidence.file}")
    lines += [f"Feedback    {out / id / 'feedback.html'} (and .txt)", "", "Why a person should look"]
    reasons = result.reviews or tuple(f"not decided: {name}" for name in overrides.undecided_checks(machine))
    for reason in reasons or ("There is no reason: the grader was sure.",):
        lines += wrapped(harmless(reason), "  ", hang="  ")
    for paragraph in [*([f"Could not be checked: {result.problem}"] if result.problem else []), *machine.notes]:
        lines += wrapped(harmless(paragraph), "  ", hang="  ")
    for paragraph in late_lines(result, total=True):
        lines += wrapped(harmless(paragraph), "  ", hang="  ")
    if history := log.by_id.get(id):
        lines += ["", "Decided"]
        for number, decision in enumerate(history, 1):
            lines += wrapped(harmless(_line(decision, result, last=number == len(history))), "  ", hang="  ")
    lines += ["", "Checks, hidden ones too"]
    for verdict in result.verdicts:
        own = check_lines(verdict, evidence.file, problem=result.problem, seen=result.override is not None)
        lines += ["", f"  {verdict.check.name}", *(f"    {line}".rstrip() for line in own)]
        while not lines[-1]:
            lines.pop()
    if result.status is not Status.GRADED:
        lines += ["", f"Decide: autograder review {out} {one_line(id)} --stands --reason TEXT"]
        lines += ["        (or --score POINTS, or --check NAME=POINTS, in the place of --stands)"]
    return "\n".join(lines).rstrip() + "\n"


def decide(out: Path, id: str, asked: Asked, now: datetime | None = None) -> str:
    """Writes a decision down, has the reports show it, and says what it came to."""
    if len(asked.kinds) != 1:
        raise ReviewError(
            f"found {' and '.join(asked.kinds) or 'a reason, but no decision'}; "
            "allowed: one of --score, --check (several times), --stands and --withdraw"
        )
    if not asked.reason.strip() and not asked.withdraw:
        raise ReviewError("--reason: found nothing; allowed: why, in words that the student may read")
    if len(asked.reason) > LONGEST:
        raise ReviewError(f"--reason: found {len(asked.reason)} characters; allowed: at most {LONGEST}")
    id = _known(out, id)
    evidence = _evidence(out, id)
    with _held(out) as kept:
        log = overrides.load(out)
        decision = _decision(id, asked, evidence, log, now or datetime.now(UTC))
        overrides.add(out, decision)
        try:
            _show(out, kept, overrides.load(out))
        except OSError as error:
            raise ReviewError(
                f"{error.filename or out}: can't be written ({error.strerror or error})\n"
                "  allowed: room for the reports; the decision itself is kept, and the next command shows it"
            ) from None
    result = reports.decided(evidence, decision)
    return f"{one_line(id)}: {points(result.score)} of {points(result.max_score)} points, {result.status.value}" + (
        " (as the machine has it)" if decision.override is None else ""
    )


def settle(out: Path) -> None:
    """Has the reports show every decision, should a kill have come in between."""
    if not out.is_dir():
        raise ReviewError(f"{out}: found no such folder; allowed: the OUT of autograder grade")
    log = overrides.load(out)
    if log.by_id and any(True for _ in reports.stale(out, log, _table(out, log).rows)):
        with _held(out) as kept:
            try:
                _show(out, kept, log)
            except OSError as error:
                raise ReviewError(f"{error.filename or out}: can't be written ({error.strerror or error})") from None


def _show(out: Path, kept: journal.Journal, log: Overrides) -> None:
    """Makes the reports of what is stale again, and the table and the summary with it."""
    book, name = _table(out, log), ""
    for id, evidence in list(reports.stale(out, log, book.rows)):
        name = evidence.result.assignment
        book.add(id, reports.remake(out, id, evidence, log.latest(id), kept))
    if name:
        kept.note(TABLE, {"sha256": book.write(out / "grades.csv")})
        write_whole(out / "summary.html", summary_page(out, name, book))


def _table(out: Path, log: Overrides) -> gradebook.Gradebook:
    """The table, with the columns of the checks that the submissions decided about were graded by."""
    found = (reports.evidence(out / id) for id in log.by_id)
    checks = next(([one.check.name for one in each.result.verdicts] for each in found if each is not None), [])
    return gradebook.load(out / "grades.csv", checks)


def _held(out: Path) -> journal.Journal:
    try:
        return journal.Journal(out)
    except journal.Busy:
        raise ReviewError(
            f"{out}: found a grading that writes into this folder; allowed: to wait for its end"
        ) from None
    except OSError as error:
        raise ReviewError(f"{out}: can't be written ({error.strerror or error})") from None


# --- one decision --------------------------------------------------------------------------------------------------


def _decision(id: str, asked: Asked, evidence: reports.Evidence, log: Overrides, now: datetime) -> Decision:
    when = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    machine = evidence.result
    if asked.withdraw:
        if log.latest(id) is None:
            raise ReviewError(f"--withdraw: found no decision about {one_line(id)}; allowed: where there is one")
        return Decision(id, when, evidence.content, None, why=asked.reason.strip(), by=asked.by.strip())
    score = None if not asked.score else _points("--score", asked.score, machine.max_score)
    override = Override(asked.reason.strip(), asked.by.strip(), score, _checks(asked.checks, machine))
    if machine.status is Status.BROKEN and score is None:
        raise ReviewError(
            f"{asked.kinds[0]}: found a submission that could not be graded, so that it has no points; "
            "allowed: --score, or to grade it again"
        )
    return Decision(id, when, evidence.content, override, overrides.machine_score(machine), machine.reviews)


def _checks(asked: Sequence[str], machine: Result) -> tuple[tuple[str, float], ...]:
    worth = {one.check.name: one.check.points for one in machine.verdicts}
    given: dict[str, float] = {}
    for text in asked:
        name, equals, value = text.partition("=")
        if not equals or name not in worth:
            raise ReviewError(f'--check: found "{text}"; allowed: NAME=POINTS, where NAME is one of {", ".join(worth)}')
        if name in given:
            raise ReviewError(f"--check: found {name} twice; allowed: each check once")
        given[name] = _points(f"--check {name}", value, worth[name])
    return tuple(given.items())


def _points(option: str, text: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise ReviewError(f'{option}: found "{text}"; allowed: a number from 0 to {points(most)}')
    return round(value, 4)


# --- what is there -------------------------------------------------------------------------------------------------


def _reports(out: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(out.glob("*/results.json")):
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
            report["extra_data"]["assignment"], report["extra_data"]["reviews"], gradebook.row(report)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not one of ours
        yield path.parent.name, report


def _known(out: Path, wanted: str) -> str:
    """The id of a submission, told by that or by the LMS's own."""
    if not out.is_dir():
        raise ReviewError(f"{out}: found no such folder; allowed: the OUT of autograder grade")
    ids, by_key = [], {}
    for id, report in _reports(out):
        ids.append(id)
        by_key[(report["extra_data"].get("lms") or {}).get("id", id)] = id
    if wanted in ids:
        return wanted
    if wanted in by_key:
        return by_key[wanted]
    raise ReviewError(f'{out}: found no submission "{one_line(wanted, 60)}"; allowed: {listed(ids) or "none is there"}')


def _evidence(out: Path, id: str) -> reports.Evidence:
    found = reports.evidence(out / id)
    if found is None:
        raise ReviewError(
            f"{out / id}: found no {reports.EVIDENCE} that can be read (another version graded it, or it was changed); "
            f"allowed: one of this version, which the same grading again, with --regrade {id}, makes"
        )
    return found


def _undecided(report: dict[str, Any]) -> tuple[str, ...]:
    checks = [test["extra_data"] for test in report["tests"]]
    return tuple(f"not decided: {one['check']}" for one in checks if one["outcome"] not in ("passed", "failed"))


def _student(result: Result) -> str:
    origin = result.origin
    if origin is None or origin.lms == "plain":
        return ""
    return f"   {one_line(' '.join(filter(None, [origin.name, f'({origin.lms} {origin.key})'])))}"


def _was(result: Result, machine: Result) -> str:
    score = overrides.machine_score(machine)
    if result.override is None or score == result.score:
        return ""
    return f" (the machine: {'none' if score is None else points(score)})"


def _line(decision: Decision, result: Result, *, last: bool) -> str:
    if decision.override is None:
        what = " ".join(filter(None, ["withdrawn", decision.by and f"by {decision.by}", decision.why]))
        return f"{decision.when}  {what}"
    standing = "in force" if result.override is not None else "asks again, see above"
    return f"{decision.when}  {overrides.in_short(decision.override)}" + (f"   [{standing}]" if last else "")
