"""From downloads to submissions: which LMS made a download, whose hand-in is which, and who handed in nothing.

A download that no LMS is recognised in is one of the plain layouts (:mod:`autograder.intake`). Where two would do, the
TA is asked for ``--lms`` rather than guessed for. Nothing that one student handed in stops the class: it becomes that
student's problem, in the words of the report.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder import intake
from autograder.archives import Download, Unreadable, listed, of_folder, of_zip
from autograder.intake import Found, Intake, IntakeError
from autograder.lms import all_of_them, named
from autograder.lms.base import HandIn, Lms, LmsError, Student
from autograder.lms.choose import choose
from autograder.lms.table import load
from autograder.model import Origin, Submission


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the TA asked for: an LMS by name ("" for the one recognised), a roster, and which of all submissions:
    those of some ids, those handed in after a time (aware)."""

    lms: str = ""
    roster: Path | None = None
    only: tuple[str, ...] = ()
    since: datetime | None = None


def collect(
    paths: Sequence[Path], file: str, scratch: Path, out: Path | None, zone: str, wanted: Wanted = Wanted()
) -> Intake:
    """The submissions of all PATHs and of the roster, and what was passed over, in words for the TA."""
    looker = _Looker(ZoneInfo(zone), named(wanted.lms) if wanted.lms else None)
    found = intake.collect(paths, file, scratch, out, looker.scan)
    submissions, remarks = list(found.submissions), list(found.remarks)
    if wanted.roster is not None:
        submissions = looker.join(submissions, wanted.roster, remarks)
    if looker.zoneless:
        remarks.append(f"the times of hand-ins have no zone; they are read as {zone}, the time zone of grading.yml")
    if wanted.only:
        submissions = _only(submissions, wanted.only)
    if wanted.since is not None:
        submissions = _since(submissions, wanted.since, remarks)
    return Intake(tuple(submissions), tuple(remarks))


def moment(text: str, zone: str) -> datetime:
    """The time of a command line, by the course's clocks where it has no zone. Raises :class:`LmsError`."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise LmsError(f'--since: found "{text}"; allowed: a time such as 2026-12-07T23:59') from None
    return _aware(time, ZoneInfo(zone))


def recognise(download: Download, given: Path) -> tuple[Lms, Download] | None:
    """The LMS that made the download, and the download without a folder that someone packed around it."""
    for view in (download, download.inside()):
        if view is None:
            continue
        found = [lms for lms in all_of_them() if lms.recognises(view)]
        if len(found) > 1:
            names = " and ".join(lms.name for lms in found)
            raise LmsError(f"{given}: found a layout that is {names} alike\n  allowed: --lms with one of them")
        if found:
            return found[0], view
    return None


class _Looker:
    """Looks through PATHs with one LMS in mind, or none yet; remembers which one it was."""

    def __init__(self, zone: ZoneInfo, forced: Lms | None) -> None:
        self.zone = zone
        self.forced = forced
        self.lms = forced
        self.zoneless = False

    def scan(self, path: Path, given: Path, file: str, scratch: Path, remarks: list[str]) -> list[Found]:
        """``intake.Scan``: the hand-ins in one PATH."""
        plain = self.forced is not None and self.forced.name == "plain"
        if plain or not path.exists() or path.is_symlink() or not (path.is_dir() or path.suffix.lower() == ".zip"):
            return intake.scan_plain(path, given, file, scratch, remarks)
        try:
            download = of_folder(path) if path.is_dir() else of_zip(path)
        except Unreadable:
            return intake.scan_plain(path, given, file, scratch, remarks)  # which says what is wrong with it
        if self.forced is not None:
            inside = download.inside()
            view = inside if inside is not None and self.forced.recognises(inside) else download
            lms = self.forced
        else:
            recognised = recognise(download, given)
            if recognised is None:
                return intake.scan_plain(path, given, file, scratch, remarks)
            lms, view = recognised
            remarks.append(f"{given}: recognised as a download from {lms.title}")
        if self.lms not in (None, lms):
            raise LmsError(f"{given}: found a download from {lms.title} beside another; allowed: one LMS at a time")
        self.lms = lms
        remarks += [f"{given}: {remark}" for remark in view.remarks]
        told: list[str] = []
        hand_ins = lms.read(view, told)
        remarks += [f"{given}: {remark}" for remark in told]
        if not hand_ins:
            raise IntakeError(
                f"{given}: found nothing of the form of a {lms.title} download "
                f"({listed([entry.path.as_posix() for entry in view.files]) or 'it is empty'})\n"
                f"  allowed: the zip that {lms.title} gives, as it is, or another --lms"
            )
        place = Path(tempfile.mkdtemp(prefix=f"{lms.name}-", dir=scratch))
        return [self._found(one, lms, file, place / str(number)) for number, one in enumerate(hand_ins)]

    def _found(self, one: HandIn, lms: Lms, file: str, folder: Path) -> Found:
        when = self._time(one.when)
        origin = Origin(lms.name, one.key, one.name, one.place, one.members, when, one.late)
        choice = choose(one.pieces, file)
        notes = (*one.notes, *choice.notes)
        if choice.content is None:
            return Found(one.id, None, choice.problem, notes=notes, origin=origin)
        folder.mkdir()
        path = folder / choice.file
        path.write_bytes(choice.content)
        return Found(one.id, path, notes=notes, origin=origin)

    def _time(self, when: datetime | None) -> datetime | None:
        if when is None:
            return None
        self.zoneless |= when.tzinfo is None
        return _aware(when, self.zone)

    def join(self, submissions: list[Submission], path: Path, remarks: list[str]) -> list[Submission]:
        """The submissions with the times of the roster, and one for everybody on it who handed in nothing."""
        lms = self.lms or named("plain")
        students = lms.roster(load(path)) or named("plain").roster(load(path))
        if not students:
            raise LmsError(
                f"{path}:1: found no column of ids; allowed: a table that {lms.title} exports, or one with a column "
                '"id" (and, if you like, "name" and "submitted")'
            )
        known = {student.key: student for student in students}
        if len(known) != len(students):
            twice = listed(sorted({one.key for one in students if known[one.key] is not one}))
            raise LmsError(f"{path}: found the same id twice ({twice}); allowed: each student once")
        teams = {student.group: student for student in students if student.group}
        joined, there, strangers = [], set(), []
        for one in submissions:
            origin = one.origin or Origin(lms.name, one.id)
            team = teams.get(origin.name)
            ids = {each.key for each in students if team and each.group == team.group}
            if team:  # its id is of another kind than a student's, and may well be the same number
                origin = replace(origin, key=f"group {origin.key}", members=tuple(sorted(ids)))
            ids = ids or {origin.key, *origin.members}
            joined.append(self._joined(one, origin, team or known.get(origin.key)))
            there |= ids
            if not ids & set(known):
                strangers.append(one.id)
        if strangers:
            remarks.append(f"not on the roster: {listed(strangers)}")
        absent = [one for one in students if one.key not in there]
        if absent:
            remarks.append(f"handed in nothing: {listed([one.id for one in absent])}")
        nothing = "nothing was handed in"
        missing = [Found(one.id, None, nothing, origin=Origin(lms.name, one.key, one.name)) for one in absent]
        again = [Found(one.id, one.path, one.problem, "", one.notes, one.origin) for one in joined]
        return intake.identify([*again, *missing])

    def _joined(self, one: Submission, origin: Origin, student: Student | None) -> Submission:
        """The submission with what the roster knows of it."""
        if student is None:
            return replace(one, origin=origin)
        when = origin.submitted or self._time(student.when)
        return replace(one, origin=replace(origin, name=origin.name or student.name, submitted=when))


def _aware(time: datetime, zone: ZoneInfo) -> datetime:
    """The moment in the course's zone. By way of UTC: a time that the clocks skip becomes a real one."""
    return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC).astimezone(zone)


def _only(submissions: list[Submission], ids: Sequence[str]) -> list[Submission]:
    """Those with one of the ids, ours or the LMS's."""
    chosen = []
    for id in ids:
        found = [one for one in submissions if one.id == id] or [
            one for one in submissions if one.origin is not None and one.origin.key == id
        ]
        if not found:
            close = listed([one.id for one in submissions])
            raise LmsError(f'--regrade: found "{id}"; allowed: the id of one of the {len(submissions)} ({close})')
        chosen += found
    return sorted({one.id: one for one in chosen}.values(), key=lambda one: one.id)


def _since(submissions: list[Submission], since: datetime, remarks: list[str]) -> list[Submission]:
    """Those handed in after a time, and those of whom that is not known: none is left out for want of a time."""
    chosen, timeless = [], []
    for one in submissions:
        when = one.origin.submitted if one.origin else None
        if when is None and one.path is not None:
            timeless.append(one.id)
        if (when is None and one.path is not None) or (when is not None and when > since):
            chosen.append(one)
    if timeless:
        remarks.append(f"graded though not known to be handed in since: {listed(timeless)} (a roster may say when)")
    return chosen
