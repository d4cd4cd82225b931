"""Which file of a hand-in is graded, what downloads can do no harm with, and whom a command grades."""

from __future__ import annotations

import io
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder import archives
from autograder.intake import IntakeError
from autograder.lms.base import LmsError
from autograder.lms.collect import moment
from tests.lms.conftest import Read, Zip, contents, keys

FRONT = "Ada_1_assignsubmission_file/"
BO = "Bo_2_assignsubmission_file/pool_fib.py"


def zipped(entries: dict[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return content.getvalue()


CHOICES: dict[str, tuple[dict[str, str | bytes], str | None, str]] = {
    "the name": ({"pool_fib.py": "a", "other.py": "b"}, "a", ""),
    "the least deep": ({"old/pool_fib.py": "a", "pool_fib.py": "b"}, "b", ""),
    "in a folder": ({"src/pool_fib.py": "a"}, "a", 'graded is "src/pool_fib.py"'),
    "other letters": ({"Pool_Fib.py": "a", "x.py": "b"}, "a", 'the file is named "Pool_Fib.py", not'),
    "a copy": ({"pool_fib (2).py": "a", "x.py": "b"}, "a", 'the file is named "pool_fib (2).py"'),
    "the only one": ({"lab.py": "a", "notes.txt": "b"}, "a", "it is graded, being the only Python file"),
    "none of several": ({"a.py": "", "b.py": ""}, None, 'no file "pool_fib.py" was handed in (found: a.py, b.py)'),
    "two that differ": ({"a/pool_fib.py": "a", "b/pool_fib.py": "b"}, None, 'several files may be "pool_fib.py"'),
    "two that do not": ({"a/pool_fib.py": "a", "b/pool_fib.py": "a"}, "a", 'graded is "a/pool_fib.py"'),
    "in a zip": ({"work.ZIP": zipped({"w/pool_fib.py": "a"})}, "a", 'graded is "work.ZIP/w/pool_fib.py"'),
    "in a zip in a zip": ({"a.zip": zipped({"b.zip": zipped({"pool_fib.py": "a"})})}, None, "found: a.zip/b.zip"),
    "a damaged zip": ({"a.zip": b"PK nothing"}, None, '"a.zip" is damaged or of a kind'),
    "outside of its zip": ({"a.zip": zipped({"../pool_fib.py": "a"})}, None, "left out, because the name lies outside"),
    "too big": ({"pool_fib.py": "#" * (archives.MAX_FILE + 1)}, None, '"pool_fib.py" is too big'),
    "a bomb": ({"a.zip": zipped({"pool_fib.py": b"\0" * (8 * archives.MAX_FILE)})}, None, "is too big: it has"),
    "nothing": ({"notes.txt": ""}, None, "(found: notes.txt)"),
}  # fmt: skip


@pytest.mark.parametrize("case", CHOICES)
def test_the_file_that_is_graded(download: Zip, read: Read, case: str) -> None:
    entries, expected, said = CHOICES[case]
    found = read(download({**{FRONT + name: content for name, content in entries.items()}, BO: "bo"}))
    ada, bo = found.submissions
    assert contents(found) == {"Ada_1": expected, "Bo_2": "bo"}  # whatever Ada handed in, Bo is graded
    assert said in "\n".join((*ada.notes, ada.problem or "", ""))
    assert (ada.path is None) == (ada.problem is not None)
    assert (bo.notes, bo.problem) == ((), None)


def test_links_duplicates_and_names_outside_harm_nobody(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo(f"{FRONT}pool_fib.py")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr(BO, "bo")
        archive.writestr("../../Cy_3_assignsubmission_file/pool_fib.py", "cy")
        archive.writestr("Di_4_assignsubmission_file/pool_fib.py", "shown")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("Di_4_assignsubmission_file/pool_fib.py", "graded")
    found = read(path)
    assert contents(found) == {"Ada_1": None, "Bo_2": "bo", "Di_4": None}
    problems = {one.id: one.problem for one in found.submissions}
    assert problems["Ada_1"] == '"pool_fib.py" is a link to another place, not a file'
    assert problems["Di_4"] == 'several files may be "pool_fib.py", and they differ: pool_fib.py, pool_fib.py'
    assert any("../../Cy_3" in remark for remark in found.remarks)


def test_a_damaged_file_costs_its_student_alone(download: Zip, read: Read) -> None:
    path = download({f"{FRONT}pool_fib.py": "x" * 50, BO: "bo"})
    path.write_bytes(path.read_bytes().replace(b"x" * 50, b"y" * 50))  # the checksum does not fit
    found = read(path)
    assert contents(found) == {"Ada_1": None, "Bo_2": "bo"}
    assert '"pool_fib.py" is damaged' in (found.submissions[0].problem or "")


def test_a_download_may_be_unpacked_or_packed_once_more(tmp_path: Path, download: Zip, read: Read) -> None:
    entries = {f"{FRONT}pool_fib.py": "ada", BO: "bo", "__MACOSX/._x": ""}
    flat = {"ada_1042_7701_pool_fib.py": "ada", "bo_1043_7702_pool_fib.py": "bo"}
    for name, files in (("moodle", entries), ("canvas", flat)):
        expected = keys(read(download(files, f"{name}.zip")))
        assert len(expected) == 2
        assert (
            keys(read(download({f"my class/{path}": text for path, text in files.items()}, "packed.zip"))) == expected
        )
        with zipfile.ZipFile(tmp_path / f"{name}.zip") as archive:
            archive.extractall(tmp_path / name)
        assert keys(read(tmp_path / name)) == expected
    (tmp_path / "moodle" / "Eve_9_assignsubmission_file").mkdir()
    (tmp_path / "moodle" / "Eve_9_assignsubmission_file" / "pool_fib.py").symlink_to("/etc/passwd")
    eve = read(tmp_path / "moodle").submissions[-1]
    assert (eve.id, eve.path, eve.problem) == ("Eve_9", None, '"pool_fib.py" is a link to another place, not a file')


def test_the_layout_is_recognised_or_forced(download: Zip, read: Read) -> None:
    plain = download({"ada/pool_fib.py": "a", "b_1_2_x/pool_fib.py": "b"}, "plain.zip")
    assert keys(read(plain)) == {}
    assert set(contents(read(plain))) == {"ada", "b_1_2_x"}
    with pytest.raises(IntakeError, match=r"found nothing of the form of a Moodle download \(ada/pool_fib.py, b_1_2_x"):
        read(plain, lms="moodle")
    both = download({"x_1_2_a_attempt_2026-11-23-10-36-48_pool_fib.py": ""}, "both.zip")
    with pytest.raises(LmsError, match=r"found a layout that is canvas and blackboard alike\n  allowed: --lms"):
        read(both)
    assert keys(read(both, lms="canvas")) == {"x_1": "1"}
    assert keys(read(both, lms="blackboard")) == {"a": "a"}
    moodle = download({f"{FRONT}pool_fib.py": ""}, "moodle.zip")
    assert set(contents(read(moodle, lms="plain"))) == {"Ada_1_assignsubmission_file"}


def test_names_alike_stay_two_students(download: Zip, read: Read) -> None:
    names = ("Jan Müller_1", "Jan Müller_2", "JAN MÜLLER_2")
    found = read(download({f"{name}_assignsubmission_file/pool_fib.py": name for name in names}))
    assert sorted(filter(None, contents(found).values())) == sorted(names)
    assert len({one.id.casefold() for one in found.submissions}) == 3


def test_a_wrong_name_of_everybody_asks_for_the_assignment(download: Zip, read: Read) -> None:
    found = read(download({f"{FRONT}lab.py": "a", BO.replace("pool_fib", "lab"): "b"}))
    assert 'not one of the 2 submissions holds "pool_fib.py": is this the right assignment?' in found.remarks


# --- who is graded -----------------------------------------------------------------------------------------------

BLACKBOARD = {f"L_{user}_attempt_2026-11-{day}-10-00-00_pool_fib.py": user for user, day in (("ada", 23), ("jo", 25))}


def test_regrade_by_our_id_or_the_lmss(download: Zip, read: Read) -> None:
    path = download({f"{FRONT}pool_fib.py": "", BO: ""})
    assert set(contents(read(path, only=("Bo_2",)))) == {"Bo_2"}
    assert set(contents(read(path, only=("1", "Bo_2", "2")))) == {"Ada_1", "Bo_2"}
    with pytest.raises(LmsError, match=r'--regrade: found "Eve"; allowed: the id of one of the 2 \(Ada_1, Bo_2\)'):
        read(path, only=("Eve",))


def test_since_a_time_by_the_courses_clocks(download: Zip, read: Read) -> None:
    path = download(BLACKBOARD)
    assert set(contents(read(path, since=moment("2026-11-24T00:00", "Europe/Berlin")))) == {"jo"}
    assert set(contents(read(path, since=moment("2026-11-25T09:00+00:00", "Europe/Berlin")))) == set()
    assert set(contents(read(path, since=moment("2026-11-25T08:59+00:00", "Europe/Berlin")))) == {"jo"}
    assert moment("2026-11-24", "Europe/Berlin") == datetime(2026, 11, 23, 23, tzinfo=UTC)
    with pytest.raises(LmsError, match='--since: found "yesterday"; allowed: a time such as'):
        moment("yesterday", "UTC")


def test_since_leaves_nobody_out_for_want_of_a_time(download: Zip, read: Read) -> None:
    found = read(download({f"{FRONT}pool_fib.py": ""}), since=moment("2026-11-24", "UTC"))
    assert set(contents(found)) == {"Ada_1"}
    assert "graded though not known to be handed in since: Ada_1" in found.remarks[-1]


def test_a_roster_that_is_none(tmp_path: Path, download: Zip, read: Read) -> None:
    path = download({f"{FRONT}pool_fib.py": ""})
    for text, message in (("a,b\n1,2\n", "r.csv:1: found no column of ids"), ("id\n1\n1\n", "the same id twice")):
        (tmp_path / "r.csv").write_text(text)
        with pytest.raises(LmsError, match=message):
            read(path, roster=tmp_path / "r.csv")
    (tmp_path / "r.csv").write_text("id,name\n7,Eve\n")
    found = read(path, roster=tmp_path / "r.csv")
    assert keys(found) == {"7": "7", "Ada_1": "1"}
    assert "not on the roster: Ada_1" in found.remarks
