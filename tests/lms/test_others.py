"""Blackboard, Brightspace, Sakai, Gradescope and plain folders: from the download to the upload."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.gradebook import feedback_zip, grades_table
from autograder.lms.base import LmsError
from tests.lms.conftest import Read, Zip, contents, course, keys

Graded = Callable[..., Path]


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as zipped:
        return zipped.namelist()


# --- Blackboard --------------------------------------------------------------------------------------------------

BLACKBOARD = {
    "Lab_3_ada_01_attempt_2026-11-23-10-36-48.txt": "Name: Ada Lovelace (ada_01)\nAssignment: Lab_3\n",
    "Lab_3_ada_01_attempt_2026-11-23-10-36-48_pool_fib.py": "first",
    "Lab_3_ada_01_attempt_2026-11-24-09-00-00.txt": "\ufeffNom: Ada Lovelace (ada_01)\n",
    "Lab_3_ada_01_attempt_2026-11-24-09-00-00_pool_fib.py": "second",
    "Lab_3_jo_attempt_2026-11-23-23-59-59_pool_fib.py": "jo's",
}
GRADES = (
    '"Last Name"\t"First Name"\t"Username"\t"Lab 2 [Total Pts: 10 Score] |77"\t"Lab 3 [Total Pts: 21 Score] |78"\t'
    '"Feedback to Learner"\t"Feedback Format"\r\n'
    '"Lovelace"\t"Ada"\t"ada_01"\t"9.0"\t""\t""\t"SMART_TEXT"\r\n"Núñez"\t"Jo"\t"jo"\t""\t""\t""\t""\r\n'
)


def test_blackboard_trusts_its_text_files(download: Zip, read: Read) -> None:
    found = read(download(BLACKBOARD))
    assert contents(found) == {"ada_01": "second", "jo": "jo's"}
    ada, jo = found.submissions
    assert ada.notes == ("there are 2 attempts; the latest, of 2026-11-24 09:00, is graded",)
    assert jo.notes == ('Blackboard\'s text about this attempt is missing; the username is taken to be "jo"',)
    assert ada.origin is not None
    assert (ada.origin.name, str(ada.origin.submitted)) == ("Ada Lovelace", "2026-11-24 09:00:00+01:00")


def test_blackboards_utf16_table_keeps_its_encoding(tmp_path: Path, download: Zip, read: Read, graded: Graded) -> None:
    out = graded(read(download(BLACKBOARD)))
    (tmp_path / "gc.xls").write_bytes(GRADES.encode("utf-16"))
    grades_table(out, "", course(), tmp_path / "up.xls", tmp_path / "gc.xls")
    before, after = GRADES.split("\t"), (tmp_path / "up.xls").read_bytes().decode("utf-16").split("\t")
    assert (tmp_path / "up.xls").read_bytes()[:2] == b"\xff\xfe"
    changed = {at: new for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}
    assert list(changed) == [10, 11, 12, 16, 17, 18]
    assert changed[10] == '"13"'
    assert changed[11].startswith('"<pre>Autograder: 13 of 21 points\n\nAssignment  pool_fib')
    assert changed[12].startswith('"HTML"')


def test_blackboard_takes_no_feedback_files(tmp_path: Path, download: Zip, read: Read, graded: Graded) -> None:
    out = graded(read(download(BLACKBOARD)))
    with pytest.raises(LmsError, match=r'takes no feedback files.*\n.*column "Feedback to Learner"'):
        feedback_zip(out, "", tmp_path / "up.zip")


# --- Brightspace -------------------------------------------------------------------------------------------------

BRIGHTSPACE = {
    "104332-88120 - Ada Lovelace - Sep 24, 2026 926 PM/pool_fib.py": "first",
    "104332-88120 - Ada Lovelace - Sep 25, 2026 1201 AM/pool_fib.py": "second",
    "104333-88120 - Jo - O'Neil - Sep 24, 2026 1200 PM/src/pool_fib.py": "jo's",
    "index.html": "<html>",
}
IMPORT = (
    "OrgDefinedId,Username,Last Name,First Name,Lab 3 Points Grade <Numeric MaxPoints:21 Weight:10>,"
    "End-of-Line Indicator\n#900123,#ada,Lovelace,Ada,,#\n#900124,#jo,O'Neil,Jo,,#\n"
)


def test_brightspace_folders(download: Zip, read: Read) -> None:
    found = read(download(BRIGHTSPACE))
    assert contents(found) == {"Ada Lovelace_104332": "second", "Jo - O'Neil_104333": "jo's"}
    assert keys(found) == {"Ada Lovelace_104332": "104332", "Jo - O'Neil_104333": "104333"}
    ada = found.submissions[0]
    assert ada.notes == ("there are 2 submissions; the latest, of 2026-09-25 00:01, is graded",)
    assert ada.origin is not None
    assert str(ada.origin.submitted) == "2026-09-25 00:01:00+02:00"


def test_brightspace_ids_are_joined_by_a_person(tmp_path: Path, download: Zip, read: Read, graded: Graded) -> None:
    out = graded(read(download(BRIGHTSPACE)))
    (tmp_path / "g.csv").write_text(IMPORT)
    up, ids = tmp_path / "up.csv", tmp_path / "ids.csv"
    with pytest.raises(LmsError, match=r'found no row with the id "104332".*say which with --ids'):
        grades_table(out, "", course(), up, tmp_path / "g.csv")
    with pytest.raises(LmsError, match=r"it has been written now, with a proposal where just one row has the name"):
        grades_table(out, "", course(), up, tmp_path / "g.csv", ids=ids)
    assert not up.exists()
    assert ids.read_text().splitlines() == [
        "id,row,name",
        "Ada Lovelace_104332,900123,Ada Lovelace",
        "Jo - O'Neil_104333,900124,Jo - O'Neil",
    ]
    grades_table(out, "", course(), up, tmp_path / "g.csv", ids=ids)
    assert up.read_text() == IMPORT.replace("Ada,,#", "Ada,13,#").replace("Jo,,#", "Jo,13,#")
    ids.write_text("id,row\nNobody,900123\n")
    with pytest.raises(LmsError, match=r'ids.csv:2: found the id "Nobody"; allowed: an id of grades.csv'):
        grades_table(out, "", course(), up, tmp_path / "g.csv", ids=ids)


def test_brightspace_feedback_and_the_last_column(tmp_path: Path, download: Zip, read: Read, graded: Graded) -> None:
    out = graded(read(download(BRIGHTSPACE)))
    feedback_zip(out, "", tmp_path / "up.zip")
    assert names(tmp_path / "up.zip") == [
        "104332-88120 - Ada Lovelace - Sep 25, 2026 1201 AM/feedback.html",
        "104333-88120 - Jo - O'Neil - Sep 24, 2026 1200 PM/feedback.html",
    ]
    (tmp_path / "g.csv").write_text(IMPORT.replace(",End-of-Line Indicator", ""))
    with pytest.raises(LmsError, match=r'g.csv:1: found no such column; allowed: "End-of-Line Indicator" as the last'):
        grades_table(out, "", course(), tmp_path / "up.csv", tmp_path / "g.csv")


# --- Sakai -------------------------------------------------------------------------------------------------------

SAKAI = {
    "Lab 3/grades.csv": '"Lab 3","SCORE_GRADE_TYPE"\n',
    "Lab 3/Lovelace, Ada(ada)/timestamp.txt": "20261123093648123",
    "Lab 3/Lovelace, Ada(ada)/Submission attachment(s)/pool_fib.py": "ada's",
    "Lab 3/Lovelace, Ada(ada)/Feedback Attachment(s)/": "",
    "Lab 3/Lovelace, Ada(ada)/comments.txt": "",
    "Lab 3/Müller (Jr), Jo(jo@x.de)/timestamp.txt": "2026-11-23T23:30:00Z",
    "Lab 3/Müller (Jr), Jo(jo@x.de)/Anlagen/sub/pool_fib.py": "jo's",
    "Lab 3/Nobody, N(nn)/comments.txt": "",
}
SAKAI_GRADES = (
    '"Lab 3","SCORE_GRADE_TYPE"\n\n"Display ID","ID","Last Name","First Name","grade","Submission date"\n'
    '"ada","ada","Lovelace","Ada","","x"\n"jo@x.de","u-7","Müller (Jr)","Jo","","x"\n"nn","nn","Nobody","N","",""\n'
)


def test_sakais_tree(download: Zip, read: Read) -> None:
    found = read(download(SAKAI))
    assert contents(found) == {"ada": "ada's", "jo@x.de": "jo's", "nn": None}
    times = [str(one.origin.submitted) for one in found.submissions if one.origin]
    assert times == ["2026-11-23 10:36:48+01:00", "2026-11-24 00:30:00+01:00", "None"]
    assert found.remarks[1:] == ()


def test_sakai_without_folders(download: Zip, read: Read) -> None:
    found = read(download({"Lab 3/Lovelace, Ada(ada)_Submission attachment(s)_pool_fib.py": "ada's"}))
    assert (contents(found), keys(found)) == ({"ada": "ada's"}, {"ada": "ada"})


def test_sakais_upload_is_the_tree_again(tmp_path: Path, download: Zip, read: Read, graded: Graded) -> None:
    out = graded(read(download(SAKAI)))
    (tmp_path / "grades.csv").write_text(SAKAI_GRADES, encoding="utf-8")
    grades_table(out, "", course(), tmp_path / "up.csv", tmp_path / "grades.csv")
    assert (tmp_path / "up.csv").read_text(encoding="utf-8") == (
        SAKAI_GRADES.replace('"Ada",""', '"Ada","13"').replace('"Jo",""', '"Jo","13"').replace('"N",""', '"N","0"')
    )
    feedback_zip(out, "", tmp_path / "up.zip", tmp_path / "up.csv")
    assert names(tmp_path / "up.zip")[:3] == [
        "Lab 3/Lovelace, Ada(ada)/Feedback Attachment(s)/feedback.html",
        "Lab 3/Lovelace, Ada(ada)/comments.txt",
        "Lab 3/Müller (Jr), Jo(jo@x.de)/Feedback Attachment(s)/feedback.html",
    ]
    assert "Lab 3/grades.csv" in names(tmp_path / "up.zip")


def test_sakais_groups_and_anonymous_hand_ins(tmp_path: Path, download: Zip, read: Read, graded: Graded) -> None:
    id = "8d5b0c1e-0000-4000-8000-00000000000"
    group = {
        f"Lab 3/Group B ({id}1)/timestamp.txt": "2026-11-23T09:36:48Z",
        f"Lab 3/Group B ({id}1)/members.txt": "Lovelace, Ada(ada); Müller, Jo(jo)",
        f"Lab 3/Group B ({id}1)/Submission attachment(s)/pool_fib.py": "theirs",
    }
    found = read(download(group))
    assert (contents(found), keys(found)) == ({"Group B": "theirs"}, {"Group B": f"{id}1"})
    assert found.submissions[0].notes == ("handed in by a group: Lovelace, Ada(ada); Müller, Jo(jo)",)
    out = graded(found)
    sheet = f'"Lab 3","X"\n\nGroup,ID,Members,grade,Submission date\nGroup B,{id}1,"Ada; Jo",,x\nGroup C,{id}2,"Cy",,\n'
    (tmp_path / "grades.csv").write_text(sheet)
    grades_table(out, "", course(), tmp_path / "up.csv", tmp_path / "grades.csv")
    assert (tmp_path / "up.csv").read_text() == sheet.replace('Jo",,x', 'Jo",13,x')
    assert set(keys(read(download(group), roster=tmp_path / "grades.csv"))) == {"Group B", "Group C"}
    # Nothing but the id of the submission tells who it is; without folders, too.
    for place in (f"{id}1 Anonymous/Submission attachment(s)/", f"{id}1 Anonymous_Submission attachment(s)_"):
        found = read(download({f"Lab 3/{place}pool_fib.py": "theirs", "Lab 3/grades.csv": ""}))
        assert (contents(found), keys(found)) == (
            {f"{id}1 Anonymous": "theirs"},
            {f"{id}1 Anonymous": f"{id}1 Anonymous"},
        )


def test_sakais_second_attachment_of_one_name_is_not_guessed_away(download: Zip, read: Read) -> None:
    place = "Lab 3/Lovelace, Ada(ada)"
    files = {f"{place}/timestamp.txt": "", f"{place}/Submission attachment(s)/pool_fib.py": "one"}
    again = f"{place}/Submission attachment(s)/pool_fib+1.py"
    (both,) = read(download(files | {again: "another"})).submissions
    assert both.path is None
    assert both.problem is not None
    assert "they differ" in both.problem
    assert contents(read(download(files | {again: "one"}))) == {"ada": "one"}


# --- Gradescope --------------------------------------------------------------------------------------------------

METADATA = """\
---
submission_4711:
  :submitters:
  - &1
    :name: Ada Lovelace
    :sid: '900123'
    :email: ada@example.org
  - :name: Jo O'Neil
    :email: jo@example.org
  :created_at: 2026-11-23 10:36:48.123456789 Z
  :score: 17.0
  :results: !ruby/object:Thing {score: 17}
submission_4712:
  :submitters: []
  :created_at: 2026-11-23 02:00:00 -0800
submission_4713: {}
"""
GRADESCOPE = {
    "assignment_9_export/submission_metadata.yml": METADATA,
    "assignment_9_export/submission_4711/pool_fib.py": "group's",
    "assignment_9_export/submission_4712/pool_fib.py": "nobody's",
    "__MACOSX/assignment_9_export/._submission_metadata.yml": "",
    "assignment_9_export/.DS_Store": "",
}
SCORES = (
    "First Name,Last Name,SID,Email,Total Score,Max Points,Status,Submission ID,Submission Time\n"
    "Ada,Lovelace,900123,ada@example.org,,21.0,Graded,4711,2026-11-23 10:36:48 +0000\n"
    "Jo,O'Neil,,jo@example.org,,21.0,Graded,4711,2026-11-23 10:36:48 +0000\n"
    "Cy,Young,900125,cy@example.org,,21.0,Missing,,\n"
)


def test_gradescopes_export(download: Zip, read: Read) -> None:
    found = read(download(GRADESCOPE))
    assert contents(found) == {"submission_4711": "group's", "submission_4712": "nobody's"}
    group, nobody = (one.origin for one in found.submissions)
    assert group is not None
    assert nobody is not None
    assert (group.key, group.members) == ("4711", ("900123", "jo@example.org"))
    assert str(group.submitted) == "2026-11-23 11:36:48+01:00"
    assert (nobody.members, str(nobody.submitted)) == ((), "2026-11-23 11:00:00+01:00")
    assert found.submissions[0].notes == ("handed in by a group: Ada Lovelace and Jo O'Neil",)
    assert any("without files in the export: submission_4713" in remark for remark in found.remarks)


def test_damaged_metadata_stop_nobody(download: Zip, read: Read) -> None:
    found = read(download(GRADESCOPE | {"assignment_9_export/submission_metadata.yml": "a: [b"}))
    assert len(found.submissions) == 2
    assert any("submission_metadata.yml can't be read" in remark for remark in found.remarks)


def test_gradescopes_scores(tmp_path: Path, download: Zip, read: Read, graded: Graded) -> None:
    (tmp_path / "s.csv").write_text(SCORES)
    found = read(download(GRADESCOPE), roster=tmp_path / "s.csv")
    assert keys(found) == {"900125": "900125", "submission_4711": "4711", "submission_4712": "4712"}
    out = graded(found)
    with pytest.raises(LmsError, match='submission_4712: found no row with the id "4712"'):
        grades_table(out, "", course(), tmp_path / "up.csv", tmp_path / "s.csv")
    (tmp_path / "ids.csv").write_text("id,row\nsubmission_4711,900123\nsubmission_4711,jo@example.org\n900125,900125\n")
    with pytest.raises(LmsError, match="takes no feedback from a file"):
        feedback_zip(out, "", tmp_path / "up.zip")
    (out / "submission_4712" / "results.json").unlink()
    for ids in (None, tmp_path / "ids.csv"):
        said = grades_table(out, "", course(), tmp_path / "up.csv", tmp_path / "s.csv", ids=ids)
        lines = (tmp_path / "up.csv").read_text().splitlines()[1:]
        assert [line.split(",")[4] for line in lines] == ["13", "13", "0"]
    assert "takes no grades from a file" in said[-1]


# --- plain -------------------------------------------------------------------------------------------------------


def test_plain_folders_from_a_roster_to_a_table(tmp_path: Path, download: Zip, read: Read, graded: Graded) -> None:
    (tmp_path / "r.csv").write_text("id,name,submitted\nada,Ada,2026-11-23T10:00\njo,Jo,\ncy,Cy,\n")
    found = read(download({"ada/pool_fib.py": "a", "jo/pool_fib.py": "b"}), roster=tmp_path / "r.csv")
    assert contents(found) == {"ada": "a", "cy": None, "jo": "b"}
    out = graded(found)
    grades_table(out, "", course(), tmp_path / "up.csv")
    assert (tmp_path / "up.csv").read_text() == "id,grade\nada,13\ncy,0\njo,13\n"
    (tmp_path / "t.csv").write_text("ID;Who;Lab 3\njo;;\nada;;\ncy;;0\n")
    grades_table(out, "plain", course(), tmp_path / "up.csv", tmp_path / "t.csv", "Lab 3")
    assert (tmp_path / "up.csv").read_text() == "ID;Who;Lab 3\njo;;13\nada;;13\ncy;;0\n"
    feedback_zip(out, "", tmp_path / "up.zip")
    assert names(tmp_path / "up.zip") == ["ada/feedback.txt", "cy/feedback.txt", "jo/feedback.txt"]


def test_pages_go_back_unless_a_person_has_changed_the_text(
    tmp_path: Path, download: Zip, read: Read, graded: Graded, with_page: Callable[[str], str]
) -> None:
    out = graded(read(download({"ada/pool_fib.py": "a", "jo/pool_fib.py": "b"})))
    page = with_page("ada")
    with_page("jo")
    with (out / "jo" / "feedback.txt").open("a") as file:
        file.write("See me.\n")
    feedback_zip(out, "", tmp_path / "up.zip")
    assert names(tmp_path / "up.zip") == ["ada/feedback.html", "ada/feedback.txt", "jo/feedback.txt"]
    with zipfile.ZipFile(tmp_path / "up.zip") as zipped:
        assert zipped.read("ada/feedback.html").decode() == page
        assert zipped.read("jo/feedback.txt").decode().endswith("See me.\n")


def test_an_lms_that_takes_pages_gets_the_changed_text_as_one(
    tmp_path: Path, download: Zip, read: Read, graded: Graded, with_page: Callable[[str], str]
) -> None:
    out = graded(read(download(BRIGHTSPACE)))
    ada, jo = sorted(path.parent.name for path in out.glob("*/feedback.txt"))
    page = with_page(ada)
    with_page(jo)
    (out / jo / "feedback.txt").write_text("<b> See me.\n")
    feedback_zip(out, "", tmp_path / "up.zip")
    with zipfile.ZipFile(tmp_path / "up.zip") as zipped:
        first, second = (zipped.read(name).decode() for name in zipped.namelist())
    assert first == page
    assert second == '<!DOCTYPE html>\n<meta charset="utf-8">\n<pre>&lt;b&gt; See me.\n</pre>\n'


def test_one_lms_at_a_time(tmp_path: Path, download: Zip, read: Read, graded: Graded) -> None:
    sakai, blackboard = download(SAKAI, "s.zip"), download(BLACKBOARD, "b.zip")
    with pytest.raises(LmsError, match="found a download from Blackboard beside another"):
        read(sakai, blackboard)
    out = graded(read(sakai))
    with pytest.raises(LmsError, match=re.escape("found a hand-in from Sakai; allowed: --lms sakai")):
        grades_table(out, "moodle", course(), tmp_path / "up.csv")
    with pytest.raises(LmsError, match='found the LMS "ilias"\n  allowed: canvas, moodle'):
        grades_table(out, "ilias", course(), tmp_path / "up.csv")
