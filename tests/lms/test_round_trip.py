"""Any class, out of each LMS and back into it: whatever students are called and whatever their files are called, each
one's file is graded, and each one's points and feedback come back to them and to nobody else.

The names in a download, the rows of a table and the reading of an upload are made here by the rules of each LMS's own
source where that is open, and by its documentation and the parsers of others where it is not. Which those are stands in
the modules of `autograder.lms`.
"""

from __future__ import annotations

import csv
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from autograder.gradebook import feedback_zip, grades_table
from autograder.lms.collect import Wanted, collect
from autograder.lms.table import load
from tests.lms.conftest import FILE, course, write_reports

TIMES = ("2026-11-23-10-36-48", "2026-11-24-09-00-00", "2026-11-24-09-00-01")
LEFT_OUT = ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini")  # by us, whoever's they are
SAFE = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\")


@dataclass(frozen=True)
class Hand:
    """A student, what they handed in, and in which order."""

    number: int
    name: str
    file: str  # what the student called the file
    beside: str  # another file of theirs; "" for none
    late: bool
    both: bool  # whether all points are theirs

    @property
    def content(self) -> str:
        return f"# by {self.number}"

    @property
    def files(self) -> list[tuple[str, str]]:
        return [(self.file, self.content), *([(self.beside, "no program")] if self.beside else [])]


@st.composite
def classes(draw: st.DrawFn) -> list[Hand]:
    """One to three students. Who gives the file a name of their own hands in no second Python file."""
    plain = st.text(SAFE, min_size=1, max_size=12).filter(lambda name: name[0] not in ".~" and name not in LEFT_OUT)
    hands = []
    for number in range(draw(st.integers(1, 3))):
        file = draw(st.just(FILE) | plain.map(lambda name: f"{name}.py"))
        beside = draw(st.just("") | plain.map(lambda name: f"{name}.txt"))
        name = draw(st.text(SAFE, min_size=1, max_size=20))
        hands.append(Hand(1041 + number, name, file, beside, draw(st.booleans()), draw(st.booleans())))
    return hands


def csv_of(rows: Iterable[Sequence[str]], **form: str) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n", **form).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()


class Site:
    """An LMS as far as it matters here. ``key`` is what a hand-in is joined on."""

    def key(self, hand: Hand) -> str:
        return str(hand.number)

    def download(self, hands: list[Hand]) -> dict[str, str]:
        raise NotImplementedError

    def table(self, hands: list[Hand]) -> bytes:
        raise NotImplementedError

    def reads_back(self, name: str, hands: list[Hand]) -> Hand | None:
        """Whose feedback a file of the upload is, by the LMS's own rule; None where it is nobody's."""
        raise NotImplementedError

    takes_feedback = True
    column = ""


class Canvas(Site):
    """instructure/canvas-lms: lib/content_zipper.rb; infer_comment_context_from_filename in
    app/models/abstract_assignment.rb."""

    def _front(self, hand: Hand) -> str:
        shown = re.sub(r"_(\d+)_", r"\1", hand.name).lower()
        return re.sub(r"\W", "", "_".join([shown, *(["LATE"] if hand.late else []), str(hand.number)]))

    def download(self, hands: list[Hand]) -> dict[str, str]:
        entries = {}
        for hand in hands:
            # Canvas itself would take these digits for the id.
            assume(not re.search(r"(^|_)\d+_", self._front(hand)))
            for count, (file, content) in enumerate(hand.files):
                safe = re.sub(r"[\x00/\\:*?\"<>|]+", "_", file)
                entries[f"{self._front(hand)}_{7000 + 10 * hand.number + count}_{safe}"] = content
        return entries

    def table(self, hands: list[Hand]) -> bytes:
        rows = [["Student", "ID", "SIS Login ID", "Section", "Lab 3 (4711)"], ["    Points Possible", "", "", "", "21"]]
        return csv_of([*rows, *([hand.name, str(hand.number), "login", "A", ""] for hand in hands)])

    def reads_back(self, name: str, hands: list[Hand]) -> Hand | None:
        user, attachment = [part for part in name.split("_") if part != "LATE" and part.isdecimal()][:2]
        assert int(attachment) // 10 == 700 + int(user)
        return {str(hand.number): hand for hand in hands}.get(user)


class Moodle(Site):
    """moodle/moodle: mod/assign/classes/downloader.php, clean_filename of lib/moodlelib.php;
    mod/assign/feedback/file/importziplib.php."""

    def download(self, hands: list[Hand]) -> dict[str, str]:
        clean = r"""[&<>"'`:\\|/]|\.\.+"""
        assume(all(hand.name != "." for hand in hands))  # "._1041_…" is what macOS calls the shadow of "1041_…"
        return {
            f"{re.sub(clean, '', hand.name.replace('_', ' '))}_{hand.number}_assignsubmission_file/{file}": content
            for hand in hands
            for file, content in hand.files
        }

    def table(self, hands: list[Hand]) -> bytes:
        head = ["Identifier", "Full name", "Status", "Grade", "Maximum grade", "Grade can be changed"]
        head += ["Last modified (submission)", "Last modified (grade)", "Feedback comments"]
        when = "Monday, 23 November 2026, 10:36 AM"
        rows = [
            [f"Participant {hand.number}", hand.name, "Submitted", "", "21.00", "Yes", when, "-", ""] for hand in hands
        ]
        return b"\xef\xbb\xbf" + csv_of([head, *rows])

    def reads_back(self, name: str, hands: list[Hand]) -> Hand | None:
        parts = name.split("/")[0].split("_", 4)
        assert parts[2:] == ["assignsubmission", "file"]
        return {str(hand.number): hand for hand in hands}.get(parts[1])


class Gradescope(Site):
    """The export as those read it who wrote parsers for it; there is no upload of feedback."""

    takes_feedback = False

    def download(self, hands: list[Hand]) -> dict[str, str]:
        about = {
            f"submission_{hand.number}": {
                ":submitters": [{":name": hand.name, ":sid": f"90{hand.number}", ":email": f"{hand.number}@x.org"}],
                ":created_at": "2026-11-23 10:36:48.123456789 Z",
            }
            for hand in hands
        }
        files = {
            f"assignment_9_export/submission_{hand.number}/{file}": content
            for hand in hands
            for file, content in hand.files
        }
        return {"assignment_9_export/submission_metadata.yml": yaml.safe_dump(about, allow_unicode=True), **files}

    def table(self, hands: list[Hand]) -> bytes:
        head = ["First Name", "Last Name", "SID", "Email", "Total Score", "Max Points", "Status", "Submission ID"]
        rows = [
            [hand.name, "", f"90{hand.number}", f"{hand.number}@x.org", "", "21.0", "Ungraded", str(hand.number)]
            for hand in hands
        ]
        return csv_of([head, *rows])


class Blackboard(Site):
    """The names that the parsers of vangef/BBGradebookOrganiser and others live on; help.blackboard.com, "Work offline
    with grade data"."""

    takes_feedback = False

    def key(self, hand: Hand) -> str:
        return f"user_{hand.number}.x"

    def download(self, hands: list[Hand]) -> dict[str, str]:
        entries = {}
        for hand in hands:
            stem = f"Lab_3 (threads)_{self.key(hand)}_attempt_{TIMES[0]}"
            entries[f"{stem}.txt"] = f"Name: {hand.name} ({self.key(hand)})\nAssignment: Lab_3 (threads)\n"
            entries |= {f"{stem}_{file}": content for file, content in hand.files}
        return entries

    def table(self, hands: list[Hand]) -> bytes:
        head = ["Last Name", "First Name", "Username", "Lab 3 [Total Pts: 21 Score] |78"]
        head += ["Feedback to Learner", "Feedback Format"]
        rows = [[hand.name, "", self.key(hand), "", "", ""] for hand in hands]
        text = csv_of([head, *rows], delimiter="\t").decode()
        return text.encode("utf-16")


class Brightspace(Site):
    """The names that those rely on who parse the download; community.d2l.com, "Import grades"."""

    def folder(self, hand: Hand) -> str:
        return f"{hand.number}-88120 - {hand.name} - Nov 23, 2026 1036 AM"

    def key(self, hand: Hand) -> str:
        return f"u{hand.number}"  # of the table; the number of the folder is in none, so a person joins them

    def download(self, hands: list[Hand]) -> dict[str, str]:
        files = {f"{self.folder(hand)}/{file}": content for hand in hands for file, content in hand.files}
        return {"index.html": "<html>", **files}

    def table(self, hands: list[Hand]) -> bytes:
        head = ["Username", "Last Name", "First Name", "Lab 3 Points Grade <Numeric MaxPoints:21>"]
        rows = [[f"#{self.key(hand)}", hand.name, "", "", "#"] for hand in hands]
        return csv_of([[*head, "End-of-Line Indicator"], *rows])

    def reads_back(self, name: str, hands: list[Hand]) -> Hand | None:
        return {self.folder(hand): hand for hand in hands}.get(name.split("/")[0])


class Sakai(Site):
    """sakaiproject/sakai: zipSubmissions, zipAttachments and escapeInvalidCharsEntry of
    assignment/impl/src/java/org/sakaiproject/assignment/impl/AssignmentServiceImpl.java."""

    root = "Lab 3 (threads)"

    def key(self, hand: Hand) -> str:
        return f"user.{hand.number}@x"

    def place(self, hand: Hand) -> str:
        name = hand.name if "," in hand.name else f"{hand.name},"
        return f"{self.root}/{self.escaped(f'{name}({self.key(hand)})').strip()}"

    def escaped(self, text: str) -> str:
        return re.sub(r"[^\x00-\x7f]|\?", "", unicodedata.normalize("NFD", text))

    def download(self, hands: list[Hand]) -> dict[str, str]:
        entries = {f"{self.root}/grades.csv": '"Lab 3","SCORE_GRADE_TYPE"\n'}
        for hand in hands:
            # Without a character that is ASCII a name would be empty, or end as another file of the student's does.
            names = [self.escaped(file) for file, _ in hand.files]
            assume(len(set(names)) == len(names) and all(name.strip()[:1] not in ("", ".", "~") for name in names))
            assume(not set(names) & {*LEFT_OUT})
            entries[f"{self.place(hand)}/timestamp.txt"] = "2026-11-23T10:36:48Z"
            entries[f"{self.place(hand)}/Submission attachment(s)/"] = ""
            for name, (_, content) in zip(names, hand.files, strict=True):
                entries[f"{self.place(hand)}/Submission attachment(s)/{name}"] = content
            entries[f"{self.place(hand)}/comments.txt"] = ""
            entries[f"{self.place(hand)}/Feedback Attachment(s)/"] = ""
        return entries

    def table(self, hands: list[Hand]) -> bytes:
        head = ["Display ID", "ID", "Last Name", "First Name", "grade", "Submission date", "Late submission"]
        rows = [[self.key(hand), self.key(hand), hand.name, "", "", "2026-11-23T10:36:48Z", ""] for hand in hands]
        return csv_of([["Lab 3", "SCORE_GRADE_TYPE"], [], head, *rows])

    def reads_back(self, name: str, hands: list[Hand]) -> Hand | None:
        place, _, file = name.removesuffix("/feedback.html").removesuffix("/Feedback Attachment(s)").partition("\0")
        assert not file
        return {self.place(hand): hand for hand in hands}.get(place.removesuffix("/comments.txt"))


class SakaiAnonymous(Sakai):
    """The same with anonymous grading."""

    def key(self, hand: Hand) -> str:
        return f"8d5b0c1e-0000-4000-8000-00000000{hand.number} Anonymous"

    def place(self, hand: Hand) -> str:
        return f"{self.root}/{self.key(hand)}"


class SakaiGroups(Sakai):
    """zipGroupSubmissions of the same file: a folder a group."""

    def key(self, hand: Hand) -> str:
        return f"8d5b0c1e-0000-4000-8000-00000000{hand.number}"

    def place(self, hand: Hand) -> str:
        assume(hand.name.strip())
        return f"{self.root}/{hand.name.strip()} ({self.key(hand)})"

    def table(self, hands: list[Hand]) -> bytes:
        head = ["Group", "ID", "Members", "grade", "Submission date", "Late submission"]
        return csv_of(
            [["Lab 3", "SCORE_GRADE_TYPE"], [], head, *([hand.name, self.key(hand), "", "", "", ""] for hand in hands)]
        )


class Plain(Site):
    """A folder a student, named by a number or as it comes."""

    column = "grade"

    def key(self, hand: Hand) -> str:
        return f"s{hand.number}"

    def download(self, hands: list[Hand]) -> dict[str, str]:
        return {f"{self.key(hand)}/{file}": content for hand in hands for file, content in hand.files}

    def table(self, hands: list[Hand]) -> bytes:
        return csv_of([["name", "id", "grade"], *([hand.name, self.key(hand), ""] for hand in hands)])

    def reads_back(self, name: str, hands: list[Hand]) -> Hand | None:
        return {self.key(hand): hand for hand in hands}.get(name.split("/")[0])


SITES: dict[str, Callable[[], Site]] = {
    "canvas": Canvas,
    "moodle": Moodle,
    "gradescope": Gradescope,
    "blackboard": Blackboard,
    "brightspace": Brightspace,
    "sakai": Sakai,
    "sakai, anonymous": SakaiAnonymous,
    "sakai, groups": SakaiGroups,
    "plain": Plain,
}


@pytest.mark.parametrize("lms", SITES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(hands=classes())
@example(hands=[Hand(1041, ".NET", FILE, "", False, True), Hand(1042, "Team B", "main.py", "", True, False)])
@example(hands=[Hand(1041, "Ng (Jr), Zoë", FILE, "", True, False), Hand(1042, "ng_jr_zoe", FILE, "", False, True)])
def test_any_class_comes_back(lms: str, hands: list[Hand]) -> None:
    site = SITES[lms]()
    entries = site.download(hands)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(folder / "download.zip", "w") as zipped:
            for entry, content in entries.items():
                zipped.writestr(entry, content)
        (folder / "scratch").mkdir()
        found = collect([folder / "download.zip"], FILE, folder / "scratch", None, "Europe/Berlin", Wanted())
        # Each one's file is found, and is theirs.
        by_content = {one.path.read_text(encoding="utf-8"): one for one in found.submissions if one.path}
        assert len(found.submissions) == len(hands), found.remarks
        assert set(by_content) == {hand.content for hand in hands}, [one.problem for one in found.submissions]
        # Their points come back into their row alone.
        points = {
            f"_{one.origin.key if one.origin else one.id}": ("right", "fast")
            for hand in hands
            if hand.both and (one := by_content[hand.content])
        }
        out = write_reports(folder / "out", found, **points)
        table, filled, ids = folder / "table.csv", folder / "filled.csv", None
        table.write_bytes(site.table(hands))
        if lms == "brightspace":
            ids = folder / "ids.csv"
            ids.write_bytes(csv_of([["id", "row"], *([by_content[hand.content].id, site.key(hand)] for hand in hands)]))
        grades_table(out, "", course(), filled, table, site.column, ids)
        before, after = load(table), load(filled)
        assert (before.mark, before.encoding, before.delimiter) == (after.mark, after.encoding, after.delimiter)
        rows = {hand.number: "21" if hand.both else "13" for hand in hands}
        changed = 0
        for old, new in zip(before.rows, after.rows, strict=True):
            different = {at for at in range(len(old.cells)) if old[at] != new[at]}
            if not different:
                continue
            changed += 1
            (hand,) = [hand for hand in hands if site.key(hand) in old.values or f"#{site.key(hand)}" in old.values
                       or f"Participant {site.key(hand)}" in old.values]  # fmt: skip
            grade, *comments = sorted(different)
            assert new[grade] == rows[hand.number]
            assert all("Autograder: " in new[at] or new[at] == "HTML" for at in comments)
        assert changed == len(hands)
        # And so does what they read.
        if site.takes_feedback:
            feedback_zip(out, "", folder / "feedback.zip")
            with zipfile.ZipFile(folder / "feedback.zip") as zipped:
                told = {entry: zipped.read(entry).decode() for entry in zipped.namelist()}
            whose = {entry: site.reads_back(entry, hands) for entry in told}
            assert {hand.number for hand in whose.values() if hand} == {hand.number for hand in hands}
            for entry, hand in whose.items():
                assert hand is not None, entry
                assert f"{rows[hand.number]} of 21" in told[entry]
