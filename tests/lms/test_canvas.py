"""Canvas: names as content_zipper.rb makes them, the gradebook as its exporter writes it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.archives import Download, Entry
from autograder.gradebook import feedback_zip, grades_table
from autograder.lms.base import LmsError
from autograder.lms.canvas import LMS
from tests.lms.conftest import Read, Zip, contents, course, keys

EXPORT = (
    "\ufeffStudent,ID,SIS Login ID,Section,Lab 2 (4710),Lab 3 (4711),Final Score\r\n"
    "    Points Possible,,,,10,21,(read only)\r\n"
    '"Lovelace, Ada",1042,ada,"Sec, 1",9,,\r\n'
    '"O\'Neil, ""Jo""",1043,jo,"Sec, 1",8,,\r\n'
    '"Student, Test",99,test,"Sec, 1",,,\r\n'
)


def test_names_late_marks_and_resubmissions(download: Zip, read: Read) -> None:
    path = download(
        {
            "lovelaceada_1042_7701_pool_fib-1.py": "the second",
            "oneiljo_LATE_1043_7702_pool_fib.py": "the first",
            "oneiljo_LATE_1043_7703_pool_fib-2.py": "the third",
            "oneiljo_LATE_1043_7704_notes.txt": "",
            "núñezóscar_1044_7705_mine.py": "another name",
            "chen_1045_text.html": "<p>my answer</p>",
        }
    )
    found = read(path)
    assert contents(found) == {
        "chen_1045": None,
        "lovelaceada_1042": "the second",
        "núñezóscar_1044": "another name",
        "oneiljo_1043": "the third",
    }
    assert keys(found) == {id: id[-4:] for id in contents(found)}
    assert [one.origin.late for one in found.submissions if one.origin] == [False, False, False, True]
    notes = {one.id: one.notes for one in found.submissions}
    assert notes["lovelaceada_1042"] == (
        '"pool_fib-1.py" is Canvas\'s name for a file handed in again as "pool_fib.py"',
    )
    assert notes["oneiljo_1043"][1] == '"pool_fib.py" was handed in 2 times; the latest is graded'
    assert notes["núñezóscar_1044"][0].startswith('the file is named "mine.py", not "pool_fib.py"; it is graded')
    assert found.submissions[0].problem == 'no file "pool_fib.py" was handed in (found: text.html)'


def test_the_suffix_of_the_eighth_time_and_of_two_extensions(download: Zip, read: Read) -> None:
    uuid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    found = read(download({f"x_1_2_pool_fib-{uuid}.py": "a", "x_1_3_pool_fib-1.py.txt": "b"}))
    assert contents(found) == {"x_1": "a"}


def test_anonymous_grading(download: Zip, read: Read) -> None:
    found = read(download({"anon_x7Gp2_7701_pool_fib.py": "a", "LATE_anon_0aB3c_7702_pool_fib.py": "b"}))
    assert keys(found) == {"anon_0aB3c": "0aB3c", "anon_x7Gp2": "x7Gp2"}
    assert [one.origin.late for one in found.submissions if one.origin] == [True, False]
    # A student called Anon among others is no such download.
    assert keys(read(download({"anon_1042_7701_pool_fib.py": "", "bo_1043_7702_pool_fib.py": ""}))) == {
        "anon_1042": "1042",
        "bo_1043": "1043",
    }


def test_a_late_mark_without_a_time_is_for_a_person(download: Zip, read: Read, graded: Callable[..., Path]) -> None:
    out = graded(read(download({"ada_LATE_1042_7701_pool_fib.py": ""})))
    text = (out / "ada_1042" / "results.json").read_text()
    assert '"status": "review"' in text
    assert "does not say since when: nothing has been taken off" in text
    assert "A person will look at this submission" in (out / "ada_1042" / "feedback.txt").read_text()


@pytest.fixture
def ready(download: Zip, read: Read, graded: Callable[..., Path]) -> Path:
    return graded(read(download({"ada_1042_7701_pool_fib.py": "", "jo_LATE_1043_7702_mine-1.py": ""})))


def test_the_column_of_the_assignment_is_filled(tmp_path: Path, ready: Path) -> None:
    (tmp_path / "e.csv").write_bytes(EXPORT.encode())
    said = grades_table(ready, "", course(), tmp_path / "up.csv", tmp_path / "e.csv")
    assert (tmp_path / "up.csv").read_bytes().decode() == EXPORT.replace('Sec, 1",9,,', 'Sec, 1",9,13,').replace(
        'Sec, 1",8,,', 'Sec, 1",8,13,'
    )
    assert 'column "Lab 3 (4711)"' in said[0]
    assert "still to be looked at by a person (autograder review): jo_1043" in said


def test_the_column_is_never_guessed(tmp_path: Path, ready: Path) -> None:
    export = tmp_path / "e.csv"
    export.write_text(EXPORT.replace("Lab 3", "Week 3"), encoding="utf-8", newline="")
    with pytest.raises(LmsError, match=r'e.csv:1: found 2 columns .*one of: "Lab 2 \(4710\)", "Week 3 \(4711\)"'):
        grades_table(ready, "", course(), tmp_path / "up.csv", export)
    with pytest.raises(LmsError, match='found no one column for "eek 4"'):
        grades_table(ready, "", course(), tmp_path / "up.csv", export, "eek 4")
    assert "4711" in grades_table(ready, "", course(), tmp_path / "up.csv", export, "4711")[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",8,,", ",8,EX,", "e.csv:4: jo_1043: found EX: the student is excused"),
        ("1042", "2042", 'ada_1042: found no row with the id "1042"'),
        (",10,21,", ",10,20,", "found at most 20 points there, and 21 in grading.yml; allowed: the same on both"),
        ("Student,ID", "Name,Key", "e.csv:1: found no header with Student and ID"),
    ],
)
def test_traps(tmp_path: Path, ready: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "e.csv").write_bytes(EXPORT.replace(old, new, 1).encode())
    with pytest.raises(LmsError, match=re.escape(message)):
        grades_table(ready, "", course(), tmp_path / "up.csv", tmp_path / "e.csv")
    with pytest.raises(LmsError, match="found no --from for Canvas"):
        grades_table(ready, "", course(), tmp_path / "up.csv")


def test_feedback_has_the_name_of_the_file_handed_in(tmp_path: Path, ready: Path) -> None:
    feedback_zip(ready, "", tmp_path / "up.zip")
    with zipfile.ZipFile(tmp_path / "up.zip") as zipped:
        assert zipped.namelist() == ["ada_1042_7701_pool_fib.py", "jo_LATE_1043_7702_mine-1.py"]
        assert zipped.read("ada_1042_7701_pool_fib.py").decode() == (ready / "ada_1042" / "feedback.txt").read_text()


def test_the_gradebook_is_the_roster(tmp_path: Path, download: Zip, read: Read) -> None:
    (tmp_path / "e.csv").write_bytes(EXPORT.encode())
    found = read(download({"lovelaceada_1042_7701_pool_fib.py": ""}), roster=tmp_path / "e.csv")
    assert keys(found) == {"lovelaceada_1042": "1042", "oneiljo_1043": "1043", "studenttest_99": "99"}


@given(
    st.text(st.characters(exclude_categories=["Cs"])).filter(lambda name: not re.search(r"_\d+$|^\d+$", name)),
    st.integers(1, 10**12),
    st.integers(1, 10**12),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\0/\\:*?"<>|'), min_size=1).filter(
        lambda file: file[0] != "."
    ),
)
def test_any_name_and_file_come_back(name: str, user: int, attachment: int, late: bool, file: str) -> None:
    """get_filename, sanitize_user_name and sanitize_file_name of content_zipper.rb."""
    shown = re.sub(r"_(\d+)_", r"\1", name).lower()
    front = re.sub(r"\W", "", "_".join([shown, *(["LATE"] if late else []), str(user)]))
    if re.search(r"(^|_)\d+_", front):
        return  # Canvas itself would take those digits for the user's id
    download = Download((Entry(PurePosixPath(f"{front}_{attachment}_{file}"), lambda limit: b""),))
    (one,) = LMS.read(download, [])
    assert (one.key, one.late) == (str(user), late)
    assert one.place == f"{front}_{attachment}_{file}"
