"""Moodle: its zip and its worksheet, real ones where they lie beside the checkout."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.archives import Download, Entry
from autograder.gradebook import feedback_zip, grades_table
from autograder.intake import Intake
from autograder.lms.base import LmsError
from autograder.lms.fill import Asked
from autograder.lms.moodle import LMS
from tests.lms.conftest import Read, Zip, contents, corrected, course, keys, shared_lms

MARK = "\ufeff"
HEADER = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
)
ROW = '"Participant {}","{}",x@example.org,"Submitted for grading -  - ",{},21.00,{},"{}",-,{}\n'
_TIMES = "Last modified (submission),Last modified (grade)"
TIME = "Monday, 23 November 2026, 10:36 AM"


def worksheet(path: Path, *rows: tuple[int, str], grade: str = "", can: str = "Yes", when: str = TIME) -> Path:
    text = MARK + HEADER + "".join(ROW.format(id, name, grade, can, when, "") for id, name in rows)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_form_of_a_name(download: Zip, read: Read) -> None:
    path = download(
        {
            "Ada Lovelace_17_assignsubmission_file/pool_fib.py": "ada",
            "Ada Lovelace_17_assignsubmission_onlinetext/onlinetext.html": "<p>hello</p>",
            "Óscar Núñez_3_assignsubmission_file_/src/pool_fib.py": "óscar",  # before 4.1
            "陈伟_5_assignsubmission_file_pool_fib.py": "chen",  # without folders
            "Default group_assignsubmission_file/pool_fib.py": "nobody's",
            "readme.txt": "",
        }
    )
    found = read(path)
    assert contents(found) == {
        "Ada Lovelace_17": "ada",
        "Default group": "nobody's",
        "Óscar Núñez_3": "óscar",
        "陈伟_5": "chen",
    }
    assert keys(found) == {"Ada Lovelace_17": "17", "Default group": "", "Óscar Núñez_3": "3", "陈伟_5": "5"}
    notes = {one.id: one.notes for one in found.submissions}
    assert notes["Óscar Núñez_3"] == ('graded is "src/pool_fib.py"',)
    assert "has no id for this hand-in" in notes["Default group"][0]
    assert found.remarks == (
        f"{path}: recognised as a download from Moodle",
        f"{path}: not graded, because it has no participant in its name: readme.txt",
    )


def test_anonymous_submissions_have_no_name(download: Zip, read: Read) -> None:
    path = download({f"Teilnehmer_{id}_assignsubmission_file/pool_fib.py": "" for id in (5, 6)})
    found = read(path)
    assert keys(found) == {"Teilnehmer_5": "5", "Teilnehmer_6": "6"}
    assert {one.origin.name for one in found.submissions if one.origin} == {""}


def test_the_worksheet_is_the_roster(tmp_path: Path, download: Zip, read: Read) -> None:
    path = download({"Ada Lovelace_1_assignsubmission_file/pool_fib.py": ""})
    sheet = worksheet(tmp_path / "w.csv", (1, "Ada Lovelace"), (4, "No_Submission"))
    found = read(path, roster=sheet)
    assert keys(found) == {"Ada Lovelace_1": "1", "No Submission_4": "4"}
    ada, nobody = found.submissions
    assert ada.origin is not None
    assert str(ada.origin.submitted) == "2026-11-23 10:36:00+01:00"
    assert (nobody.path, nobody.problem) == (None, "nothing was handed in")
    assert nobody.origin is not None
    assert nobody.origin.submitted is None
    assert "handed in nothing: No Submission_4" in found.remarks
    assert "they are read as Europe/Berlin" in found.remarks[-1]


@pytest.fixture
def ready(tmp_path: Path, download: Zip, read: Read, graded: Callable[..., Path]) -> Path:
    """Reports of two students; participant 1 has 13 points, participant 2 all 21."""
    path = download({f"{name}_assignsubmission_file/pool_fib.py": "" for name in ("Ada Lovelace_1", "Jo ONeil_2")})
    sheet = worksheet(tmp_path / "w.csv", (1, "Ada Lovelace"), (2, "Jo O'Neil"), (4, "Nobody"))
    found = read(path, roster=sheet)
    return graded(Intake(found.submissions[:2]), _2=("right", "fast"))


def test_only_the_cells_of_grade_and_comment_change(tmp_path: Path, ready: Path) -> None:
    said = grades_table(ready, "", course(), tmp_path / "up.csv", tmp_path / "w.csv")
    row = ROW.replace(",{}\n", ",{}\n")
    assert (tmp_path / "up.csv").read_bytes().decode() == (
        MARK + HEADER
        + row.format(1, "Ada Lovelace", "13", "Yes", TIME, "<p>Autograder: 13 of 21 points</p>")
        + row.format(2, "Jo O'Neil", "21", "Yes", TIME, "<p>Autograder: 21 of 21 points</p>")
        + row.format(4, "Nobody", "", "Yes", TIME, "")
    )  # fmt: skip
    assert said[0] == f'2 rows have a grade of the 2 results, in {tmp_path / "up.csv"}, column "Grade"'
    assert said[1] == "1 rows without a result are left as they are (lines 4)"
    assert "upload this worksheet before the feedback files" in said[2]
    # What was filled can be filled again: our comment is ours, the grade is the same.
    grades_table(ready, "moodle", course(), tmp_path / "again.csv", tmp_path / "up.csv")
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "up.csv").read_bytes()


def test_a_worksheet_in_another_language_is_read_by_its_shape(tmp_path: Path, ready: Path) -> None:
    german = (
        'ID,"Vollständiger Name",Status,Bewertung,"Bestwertung","Bewertung kann geändert werden",'
        '"Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"\n'
        '"Teilnehmer/in 2","Jo O\'Neil",Abgegeben,,"21,00",Ja,"Montag, 23. November 2026, 10:36",-,\n'
        '"Teilnehmer/in 1","Ada Lovelace",Abgegeben,,"21,00",Ja,"Montag, 23. November 2026, 10:36",-,\n'
    )
    (tmp_path / "w.csv").write_text(german, encoding="utf-8")
    corrected(ready, "Ada Lovelace_1", "12.5")
    grades_table(ready, "", course(), tmp_path / "up.csv", tmp_path / "w.csv")
    lines = (tmp_path / "up.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith('"Teilnehmer/in 2","Jo O\'Neil",Abgegeben,21,"21,00",Ja')
    assert lines[2].startswith('"Teilnehmer/in 1","Ada Lovelace",Abgegeben,"12,5","21,00",Ja')


def test_without_a_worksheet_the_four_columns_are_made(tmp_path: Path, ready: Path) -> None:
    grades_table(ready, "", course(), tmp_path / "up.csv")
    assert (tmp_path / "up.csv").read_text(encoding="utf-8") == (
        f"{MARK}Identifier,Grade,Last modified (grade),Feedback comments\n"
        "Participant 1,13,-,<p>Autograder: 13 of 21 points</p>\n"
        "Participant 2,21,-,<p>Autograder: 21 of 21 points</p>\n"
    )


def test_feedback_goes_after_the_worksheet(tmp_path: Path, ready: Path) -> None:
    up = tmp_path / "up.zip"
    with pytest.raises(LmsError, match="found no worksheet made from these reports yet; allowed: autograder gradebook"):
        feedback_zip(ready, "", up)
    grades_table(ready, "", course(), tmp_path / "up.csv", tmp_path / "w.csv")
    feedback_zip(ready, "", up)
    first = up.read_bytes()
    with zipfile.ZipFile(up) as zipped:
        # importziplib.php: explode('_', $part, 5), the second of at least four is the participant.
        parts = [name.split("/")[0].split("_", 4) for name in zipped.namelist()]
        assert parts == [
            ["Ada Lovelace", "1", "assignsubmission", "file"],
            ["Jo ONeil", "2", "assignsubmission", "file"],
        ]
        page = zipped.read("Ada Lovelace_1_assignsubmission_file/feedback.html").decode()
    assert "Points      13 of 21" in page
    feedback_zip(ready, "moodle", up, alone=True)
    assert up.read_bytes() == first


TRAPS = {
    "out of range": ({"total": "22"}, "found the total 22; allowed: 0 to 21: correct it in grades.csv"),
    "negative": ({"total": "-1"}, "found the total -1; allowed: 0 to 21"),
    "not a number": ({"total": "good"}, 'found the total "good"; allowed: a number from 0 to 21'),
    "no total": ({"total": ""}, "found no total: it could not be graded; allowed: a number: enter the total"),
    "another scale": ({"old": ",21.00,", "new": ",100.00,"}, "found at most 100 points there, and 21 in grading.yml"),
    "unknown id": (
        {"old": '"Participant 1"', "new": '"Participant 9"'},
        'found no row with the id "1"; allowed: one row',
    ),
    "an id twice": ({"old": '"Participant 2"', "new": '"Participant 1"'}, 'found the id "1" in 2 rows'),
    "a group's id": (
        {"old": "Ada Lovelace", "new": "Bob Byron"},
        'found the name "Bob Byron" in the row of id 1, and "Ada',
    ),
    "locked": ({"old": ",Yes,", "new": ",No,"}, "found Moodle says that the grade can't be changed"),
    "graded by hand": ({"old": ",,21.00", "new": ",18.00,21.00"}, "found the grade 18.00 there already, and 13 to put"),
    "handed in again": ({"old": "10:36 AM", "new": "11:59 PM"}, "found a hand-in newer than the one that was graded"),
    "no worksheet": (
        {"old": "Identifier", "new": "Name", "all": True},
        "allowed: a grading worksheet, with the columns",
    ),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_traps_are_named_before_the_upload(tmp_path: Path, ready: Path, trap: str) -> None:
    change, message = TRAPS[trap]
    sheet = tmp_path / "w.csv"
    if "total" in change:
        corrected(ready, "Ada Lovelace_1", str(change["total"]))
    else:
        text = sheet.read_text(encoding="utf-8").replace(str(change["old"]), str(change["new"]), 1)
        sheet.write_text(text.replace("Participant", "4") if "all" in change else text, encoding="utf-8")
    with pytest.raises(LmsError, match=re.escape(message)) as error:
        grades_table(ready, "", course(), tmp_path / "up.csv", sheet)
    assert re.match(r".+\.csv:(\d+:)? ", str(error.value))
    assert not (tmp_path / "up.csv").exists()


def test_what_a_ta_may_ask_for_instead(tmp_path: Path, ready: Path) -> None:
    sheet = tmp_path / "w.csv"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace(",,21.00", ",5,100.00"), encoding="utf-8")
    with pytest.raises(LmsError) as error:
        grades_table(ready, "", course(), tmp_path / "up.csv", sheet)
    assert "Ada Lovelace_1 and 1 more: found at most 100 points there" in str(error.value)
    said = grades_table(ready, "", course(), tmp_path / "up.csv", sheet, asked=Asked(partial=True))
    assert said[0].startswith("0 rows have a grade of the 2 results")
    assert "left as it is:" in said[1]
    assert (tmp_path / "up.csv").read_bytes() == sheet.read_bytes()
    grades_table(ready, "", course(), tmp_path / "up.csv", sheet, asked=Asked(scale=True, overwrite=True))
    assert [line.split(",")[4:7] for line in (tmp_path / "up.csv").read_text(encoding="utf-8").splitlines()[1:3]] == [
        ["61.9", "100.00", "Yes"],
        ["100", "100.00", "Yes"],
    ]
    with pytest.raises(LmsError, match="the table itself"):
        grades_table(ready, "", course(), sheet, sheet)


def test_a_comment_by_a_person_stays(tmp_path: Path, ready: Path) -> None:
    sheet = tmp_path / "w.csv"
    text = sheet.read_text(encoding="utf-8").replace(",-,\n", ",-,Well done!\n", 1)
    sheet.write_text(text, encoding="utf-8")
    said = grades_table(ready, "", course(), tmp_path / "up.csv", sheet)
    assert "Ada Lovelace_1: has a comment by a person, which stays" in said[1]
    assert ",13,21.00" in (tmp_path / "up.csv").read_text(encoding="utf-8")
    assert "-,Well done!\n" in (tmp_path / "up.csv").read_text(encoding="utf-8")


def test_a_team_on_the_roster_is_not_taken_for_a_participant(
    tmp_path: Path, download: Zip, read: Read, graded: Callable[..., Path]
) -> None:
    (tmp_path / "w.csv").write_text(
        f"Identifier,Full name,Group,Grade,Maximum grade,{_TIMES}\n"
        'Participant 1,Ada,Team A,,21,"Monday, 23 November 2026, 10:36 AM",-\n'
        'Participant 2,Bob,Team B,,21,"Monday, 23 November 2026, 11:36 AM",-\n'
        'Participant 3,Cy,Team B,,21,"Monday, 23 November 2026, 11:36 AM",-\n'
    )
    found = read(download({"Team B_1_assignsubmission_file/pool_fib.py": ""}), roster=tmp_path / "w.csv")
    assert keys(found) == {"Ada_1": "1", "Team B_1": "group 1"}
    team = found.submissions[1].origin
    assert team is not None
    assert str(team.submitted) == "2026-11-23 11:36:00+01:00"
    assert "handed in nothing: Ada_1" in found.remarks
    out = graded(found)
    grades_table(out, "", course(), tmp_path / "up.csv", tmp_path / "w.csv")
    assert [line.split(",")[3] for line in (tmp_path / "up.csv").read_text().splitlines()[1:]] == ["0", "13", "13"]
    feedback_zip(out, "", tmp_path / "up.zip")
    with zipfile.ZipFile(tmp_path / "up.zip") as zipped:
        assert [name.split("_")[1] for name in zipped.namelist()] == ["2", "3"]


def test_a_teams_grade_goes_to_all_rows_of_the_team(
    tmp_path: Path, download: Zip, read: Read, graded: Callable[..., Path]
) -> None:
    out = graded(read(download({"Team B_1_assignsubmission_file/pool_fib.py": ""})))
    sheet = tmp_path / "w.csv"
    sheet.write_text(
        "Identifier,Full name,Status,Group,Grade,Maximum grade,Last modified (grade)\n"
        "Participant 1,Ada,x,Team A,,21.00,-\n"
        "Participant 2,Bob,x,Team B,,21.00,-\n"
        "Participant 3,Cy,x,Team B,,21.00,-\n",
        encoding="utf-8",
    )
    said = grades_table(out, "", course(), tmp_path / "up.csv", sheet)
    lines = (tmp_path / "up.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[4] for line in lines[1:]] == ["", "13", "13"]  # 1 is the team's id, and not participant 1
    assert said[0].startswith("2 rows have a grade of the 1 results")
    # Without the column of teams, the number must not be taken for a participant's.
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("Group", "Section"), encoding="utf-8")
    with pytest.raises(LmsError, match='found the name "Ada" in the row of id 1, and "Team B" in the download'):
        grades_table(out, "", course(), tmp_path / "up.csv", sheet)


# --- any name ----------------------------------------------------------------------------------------------------

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
FILES = st.text(st.characters(exclude_characters="/\\", exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda name: not name.startswith(".") and name not in ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini")
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(NAMES, st.integers(1, 10**9), FILES)
def test_any_name_and_file_come_back(name: str, id: int, file: str) -> None:
    """By downloader.php: the name without ``_`` and what no file name may hold, then the id."""
    name = re.sub(r"""[&<>"'`:\\|/]""", "", name.replace("_", " "))
    path = PurePosixPath(f"{name}_{id}_assignsubmission_file", file)
    download = Download((Entry(path, lambda limit: b""),))
    assert LMS.recognises(download)
    (one,) = LMS.read(download, [])
    assert (one.key, one.name, [piece.name for piece in one.pieces]) == (str(id), name, [file])


# --- the real ones -----------------------------------------------------------------------------------------------


def test_the_real_download_and_worksheet(tmp_path: Path, read: Read, graded: Callable[..., Path]) -> None:
    real = shared_lms("moodle-4.5.5")
    found = read(real / "a1-downloadall.zip", roster=real / "a1-worksheet.csv", zone="UTC")
    assert keys(found) == {
        "Ada Lovelace_1": "1",
        "Jean Luc ONeil, Jr. 42_2": "2",
        "No Submission_4": "4",
        "Óscar Núñez-García_3": "3",
    }
    assert contents(found)["Ada Lovelace_1"] is not None
    out = graded(found)
    asked = Asked(scale=True)
    grades_table(out, "", course("UTC"), tmp_path / "up.csv", real / "a1-worksheet.csv", asked=asked)
    before = list(csv.reader((real / "a1-worksheet.csv").read_text(encoding="utf-8-sig").splitlines()))
    after = list(csv.reader((tmp_path / "up.csv").read_text(encoding="utf-8-sig").splitlines()))
    changed = {before[0][at] for old, new in zip(before, after, strict=True) for at in range(11) if old[at] != new[at]}
    assert changed == {"Grade", "Feedback comments"}
    assert [row[5] for row in after[1:]] == ["61.9", "0", "0", "0"]
    feedback_zip(out, "", tmp_path / "up.zip")
    form = r"[^_/]+_(\d+)_assignsubmission_file/feedback\.html"
    with zipfile.ZipFile(real / "a1-feedback-upload.zip") as accepted, zipfile.ZipFile(tmp_path / "up.zip") as ours:
        assert any(re.fullmatch(form, name) for name in accepted.namelist())
        assert [match[1] for name in ours.namelist() if (match := re.fullmatch(form, name))] == ["1", "2", "3"]


def test_the_real_worksheet_after_grading_has_other_grades(
    tmp_path: Path, read: Read, graded: Callable[..., Path]
) -> None:
    real = shared_lms("moodle-4.5.5")
    out = graded(read(real / "a1-downloadall.zip"))
    with pytest.raises(LmsError, match=r"after.csv:2: Ada Lovelace_1: found the grade 87.50 there already"):
        grades_table(out, "", course(), tmp_path / "up.csv", real / "a1-worksheet-after.csv", asked=Asked(scale=True))


def test_the_real_anonymous_download(tmp_path: Path, read: Read, graded: Callable[..., Path]) -> None:
    real = shared_lms("moodle-4.5.5")
    found = read(real / "blind-downloadall.zip", roster=real / "blind-worksheet.csv")
    assert keys(found) == {f"Participant_{id}": str(id) for id in (5, 6, 7, 8)}
    asked = Asked(scale=True)
    grades_table(graded(found), "", course(), tmp_path / "up.csv", real / "blind-worksheet.csv", asked=asked)
    assert (tmp_path / "up.csv").read_bytes().startswith(b"\xef\xbb\xbfIdentifier,Status,Grade")
    feedback_zip(tmp_path / "out", "", tmp_path / "up.zip")
    with zipfile.ZipFile(tmp_path / "up.zip") as ours:
        assert ours.namelist()[0] == "Participant_5_assignsubmission_file/feedback.html"
