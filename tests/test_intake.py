"""Intake: what a PATH may be, what becomes of everything else, and that archives can do no harm."""

from __future__ import annotations

import os
import stat
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import unpack
from autograder.archives import MAX_FILE
from autograder.ids import safe_id
from autograder.intake import IntakeError, collect, find_submissions
from autograder.model import Submission

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

FILE = "locked_printing.py"


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    return folder


def hand_in(folder: Path, *names: str, file: str = FILE) -> None:
    for name in names:
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / file).write_text(f"# {name}\n")


def ids(submissions: list[Submission]) -> list[str]:
    return [submission.id for submission in submissions]


def archive(path: Path, entries: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in entries.items():
            zipped.writestr(name, content)
    return path


# --- the four forms of a PATH ------------------------------------------------------------------------------------


def test_a_file_with_the_assignments_name_belongs_to_its_folder(place: Path, scratch: Path) -> None:
    hand_in(place, "bauer")
    assert find_submissions(place / "bauer" / FILE, FILE, scratch) == [Submission("bauer", place / "bauer" / FILE)]


def test_a_file_with_another_name_is_called_by_it(place: Path, scratch: Path) -> None:
    (place / "bauer.py").write_text("")
    assert find_submissions(place / "bauer.py", FILE, scratch) == [Submission("bauer", place / "bauer.py")]


def test_a_relative_path_is_named_by_the_folder_it_is_in(
    place: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(place, "bauer")
    monkeypatch.chdir(place / "bauer")
    for path in (FILE, ".", "../bauer"):
        assert ids(find_submissions(Path(path), FILE, scratch)) == ["bauer"]


def test_a_folder_that_holds_the_file_is_one_submission(place: Path, scratch: Path) -> None:
    hand_in(place, "bauer")
    (place / "bauer" / "notes").mkdir()
    assert find_submissions(place / "bauer", FILE, scratch) == [Submission("bauer", place / "bauer" / FILE)]


def test_a_folder_of_folders_is_a_class_in_order_of_id(place: Path, scratch: Path) -> None:
    hand_in(place, "chen", "aaltonen", "bauer", ".git", "__MACOSX", "__pycache__")
    (place / ".DS_Store").write_text("")
    found = find_submissions(place, FILE, scratch)
    assert ids(found) == ["aaltonen", "bauer", "chen"]
    assert [one.path for one in found] == [place / name / FILE for name in ids(found)]
    assert all(one.problem is None and one.notes == () for one in found)


@pytest.mark.parametrize("wrapper", ["", "class/"])
def test_a_zip_of_a_class_packed_from_inside_or_whole(place: Path, scratch: Path, wrapper: str) -> None:
    path = archive(
        place / "submissions.zip",
        {
            f"{wrapper}bauer/{FILE}": "# bauer",
            f"{wrapper}aaltonen/{FILE}": "# aaltonen",
            f"{wrapper}chen/notes.txt": "sorry",
            f"__MACOSX/{wrapper}bauer/._{FILE}": "x",
            f"{wrapper}.DS_Store": "x",
        },
    )
    found = find_submissions(path, FILE, scratch)
    assert ids(found) == ["aaltonen", "bauer", "chen"]
    assert [one.path and one.path.read_text() for one in found] == ["# aaltonen", "# bauer", None]
    assert found[2].problem == f'no file "{FILE}" was handed in (found: notes.txt)'
    assert all(one.path is None or scratch in one.path.parents for one in found)


def test_a_zip_with_the_file_at_its_top_is_named_by_the_zip(place: Path, scratch: Path) -> None:
    path = archive(place / "bauer.zip", {FILE: "# bauer", "notes.txt": "hello"})
    (found,) = find_submissions(path, FILE, scratch)
    assert found.id == "bauer"
    assert found.path is not None
    assert found.path.read_text() == "# bauer"


def test_a_zip_of_one_students_folder_is_named_by_the_folder(place: Path, scratch: Path) -> None:
    path = archive(place / "download.zip", {f"bauer/{FILE}": ""})
    assert ids(find_submissions(path, FILE, scratch)) == ["bauer"]


def test_several_paths_make_one_class(place: Path, scratch: Path) -> None:
    hand_in(place, "bauer", "aaltonen")
    (place / "chen.py").write_text("")
    found = collect([place / "chen.py", place / "bauer", place / "aaltonen" / FILE, place / "bauer"], FILE, scratch)
    assert ids(list(found.submissions)) == ["aaltonen", "bauer", "chen"]
    assert found.remarks == (f"{place / 'bauer'} is given twice; it is graded once",)


# --- what can't be graded is said --------------------------------------------------------------------------------


def test_a_folder_without_the_file_says_what_it_holds_instead(place: Path, scratch: Path) -> None:
    hand_in(place, "aaltonen")
    for name in ("Locked_Printing.py", "b.txt", "src/c.py", "d.txt", "e.txt", "f.txt", ".hidden"):
        (place / "bauer" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "bauer" / name).write_text("")
    (place / "chen").mkdir()
    _, bauer, chen = find_submissions(place, FILE, scratch)
    listed = "Locked_Printing.py, b.txt, d.txt, e.txt, f.txt, … and 1 more"
    assert (bauer.path, bauer.problem) == (None, f'no file "{FILE}" was handed in (found: {listed})')
    assert (chen.path, chen.problem) == (None, f'no file "{FILE}" was handed in (the folder is empty)')


def test_the_only_python_file_is_graded_under_another_name_too(place: Path, scratch: Path) -> None:
    hand_in(place, "aaltonen")
    hand_in(place, "bauer/src", file="Locked.py")
    for folder in (place, archive(place.parent / "c.zip", {f"a/{FILE}": "", "bauer/src/Locked.py": "# bauer/src\n"})):
        found = collect([folder], FILE, scratch)
        bauer = found.submissions[1]
        assert (bauer.id, bauer.path and bauer.path.read_text()) == ("bauer", "# bauer/src\n")
        assert bauer.notes == (
            f'the file is named "Locked.py", not "{FILE}"; it is graded, being the only Python file',
        )
        assert found.remarks == ()


def test_what_is_no_regular_file_is_not_opened(place: Path, scratch: Path) -> None:
    secret = place.parent / "secret.py"
    secret.write_text("# not to be read")
    for name in ("directory", "link", "dangling", "pipe", "big", "full"):
        (place / name).mkdir()
    (place / "directory" / FILE).mkdir()
    (place / "link" / FILE).symlink_to(secret)
    (place / "dangling" / FILE).symlink_to("nowhere")
    os.mkfifo(place / "pipe" / FILE)
    (place / "big" / FILE).write_bytes(b"#" * (MAX_FILE + 1))
    (place / "full" / FILE).write_bytes(b"#" * MAX_FILE)
    (place / "outside").symlink_to(place / "full")
    found = {one.id: one for one in find_submissions(place, FILE, scratch)}
    assert found.pop("full").path == place / "full" / FILE
    assert all(one.path is None for one in found.values())
    assert {id: one.problem for id, one in found.items()} == {
        "big": f'"{FILE}" is too big: it has more than {MAX_FILE} bytes',
        "dangling": f'"{FILE}" is a link to another place, not a file',
        "directory": f'"{FILE}" is a folder, not a file',
        "link": f'"{FILE}" is a link to another place, not a file',
        "outside": 'the folder "outside" is a link to another place',
        "pipe": f'"{FILE}" is a pipe, not a file',
    }
    (direct,) = find_submissions(place / "link" / FILE, FILE, scratch)
    assert (direct.id, direct.path) == ("link", None)


def test_the_content_is_the_judges_business(place: Path, scratch: Path) -> None:
    for name, content in {"empty": b"", "latin1": "# é".encode("latin-1"), "binary": bytes(range(256))}.items():
        (place / name).mkdir()
        (place / name / FILE).write_bytes(content)
    assert all(one.problem is None and one.path for one in find_submissions(place, FILE, scratch))


def test_loose_files_and_nested_classes_are_remarked(place: Path, scratch: Path) -> None:
    hand_in(place, "bauer", "aaltonen")
    (place / "chen.py").write_text("")
    (place / "roster.csv").write_text("")
    found = collect([place], FILE, scratch)
    assert found.remarks == (f"{place}: not graded, because it lies in no student's folder: chen.py",)
    (place / FILE).write_text("")
    found = collect([place], FILE, scratch)
    assert ids(list(found.submissions)) == ["class"]
    assert "one submission; those in folders below it are not graded: aaltonen, bauer" in found.remarks[0]


def test_a_class_in_which_nobody_has_the_file_asks_for_the_assignment(place: Path, scratch: Path) -> None:
    hand_in(place, "bauer", "aaltonen", file="pool_fib.py")
    found = collect([place], FILE, scratch)
    note = f'the file is named "pool_fib.py", not "{FILE}"; it is graded, being the only Python file'
    assert [(one.problem, one.notes) for one in found.submissions] == [(None, (note,))] * 2
    assert found.remarks == (f'not one of the 2 submissions holds "{FILE}": is this the right assignment?',)


def test_an_empty_folder_among_others_is_a_student_without_file(place: Path, scratch: Path) -> None:
    hand_in(place, "bauer")
    (place / "chen").mkdir()
    found = collect([place / "chen", place / "bauer"], FILE, scratch)
    assert [(one.id, one.path is None) for one in found.submissions] == [("bauer", False), ("chen", True)]


def test_unusable_paths_are_refused_with_what_is_allowed(place: Path, scratch: Path) -> None:
    (place / "notes.txt").write_text("")
    (place / "broken.zip").write_bytes(b"PK nothing")
    archive(place / "empty.zip", {})
    hand_in(place, "wrong", file="pool_fib.py")
    cases = {
        place / "nobody": "there is no such file or folder",
        place / "notes.txt": 'found a file named "notes.txt"',
        place / "wrong": "found: pool_fib.py",
        place / "broken.zip": "the archive is damaged",
        place / "empty.zip": "the archive is empty",
    }
    for path, message in cases.items():
        with pytest.raises(IntakeError) as error:
            find_submissions(path, FILE, scratch)
        assert str(error.value).startswith(str(path))
        assert message in str(error.value)
        if path.suffix != ".zip":
            assert f'allowed: a .py file or a notebook, a folder that holds "{FILE}"' in str(error.value)


def test_the_reports_must_not_lie_among_the_submissions(place: Path, scratch: Path) -> None:
    hand_in(place, "bauer")
    for out in (place, place / "out", place / "bauer" / ".." / "out"):
        with pytest.raises(IntakeError, match="the reports would lie among the submissions"):
            collect([place], FILE, scratch, out)
    collect([place], FILE, scratch, place.parent / "out")
    collect([place / "bauer"], FILE, scratch, place / "bauer" / "out")


# --- ids ---------------------------------------------------------------------------------------------------------


def test_ids_that_differ_in_case_only_are_made_distinct_and_said(place: Path, scratch: Path) -> None:
    hand_in(place, "bauer", "Bauer", "bauer-2")
    found = {one.path and one.path.parent.name: one for one in find_submissions(place, FILE, scratch)}
    assert {name: one.id for name, one in found.items()} == {
        "Bauer": "Bauer",
        "bauer": "bauer-3",
        "bauer-2": "bauer-2",
    }
    assert found["bauer"].notes == ('another submission has the id "bauer" already: this one is graded as "bauer-3"',)
    assert found["Bauer"].notes == found["bauer-2"].notes == ()


def test_the_same_name_from_two_paths_is_numbered_whatever_their_order(place: Path, scratch: Path) -> None:
    hand_in(place / "a", "bauer")
    hand_in(place / "b", "bauer")
    one, other = (collect(paths, FILE, scratch) for paths in ([place / "a", place / "b"], [place / "b", place / "a"]))
    assert one == other
    assert [(s.id, s.path) for s in one.submissions] == [
        ("bauer", place / "a" / "bauer" / FILE),
        ("bauer-2", place / "b" / "bauer" / FILE),
    ]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("bauer", "bauer"),
        ("Müller, Jörg_1234", "Müller, Jörg_1234"),
        ("陈伟", "陈伟"),
        (unicodedata.normalize("NFD", "José"), "José"),
        ("=cmd()", "_cmd()"),
        ("@sum", "_sum"),
        ("-rf", "_rf"),
        ("..", "_"),
        ("", "submission"),
        ("a/b\\c:d", "a_b_c_d"),
        ("tab\tand\nline", "tab_and_line"),
        ("\x1b[31mred", "_[31mred".replace("[", "_")),
        ("name. ", "name"),
        ("bad\udcff", "bad_"),
        ("Grades.csv", "Grades.csv_"),
    ],
)
def test_safe_id(name: str, id: str) -> None:
    assert safe_id(name) == id


@UNHURRIED
@given(st.text())
def test_an_id_is_always_the_name_of_one_folder(name: str) -> None:
    id = safe_id(name)
    assert id
    assert len(id.encode()) <= 201
    assert not set(id) & set("/\\:\n\0")
    assert id[0] not in ".=+-@' "
    assert not id.endswith((".", " "))
    assert safe_id(id) == id


def test_an_id_that_differs_from_the_name_is_noted(place: Path, scratch: Path) -> None:
    hand_in(place, "=1+1")
    (found,) = find_submissions(place, FILE, scratch)
    assert (found.id, found.notes) == ("_1+1", ('handed in as "=1+1", graded as "_1+1"',))


# --- hostile archives --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../bauer/x.py", "bauer/../../x.py", "/etc/x.py", "C:/x.py", "..\\x.py", "bauer\\..\\..\\x.py"]
)
def test_an_entry_that_leaves_the_folder_refuses_the_archive(place: Path, scratch: Path, name: str) -> None:
    path = archive(place / "evil.zip", {f"aaltonen/{FILE}": "", name.replace("x.py", FILE): "evil"})
    with pytest.raises(IntakeError, match="lies outside of it"):
        find_submissions(path, FILE, scratch)
    assert not [file for file in place.parent.rglob(FILE) if "evil" in file.read_text()]


@pytest.mark.parametrize(
    ("mode", "kind"),
    [(stat.S_IFLNK, "a link to another place"), (stat.S_IFCHR, "a device"), (stat.S_IFIFO, "a pipe")],
)
def test_links_and_devices_are_not_unpacked(place: Path, scratch: Path, mode: int, kind: str) -> None:
    path = place / "class.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        for name in (f"bauer/{FILE}", "bauer/other"):
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = (mode | 0o777) << 16
            zipped.writestr(entry, "/etc/passwd")
        zipped.writestr(f"chen/{FILE}", "# chen")
    bauer, chen = find_submissions(path, FILE, scratch)
    assert (bauer.path, bauer.problem) == (None, f'"{FILE}" is {kind}, not a file')
    assert chen.path is not None
    assert not [one for one in scratch.rglob("*") if one.is_symlink() or not (one.is_file() or one.is_dir())]


def test_only_the_files_to_grade_are_unpacked(place: Path, scratch: Path) -> None:
    path = archive(place / "c.zip", {f"bauer/{FILE}": "# b", "bauer/film.mp4": b"x" * 100_000, "b" * 300: "long"})
    find_submissions(path, FILE, scratch)
    assert sum(file.stat().st_size for file in scratch.rglob("*") if file.is_file()) == len("# b")


def test_a_bomb_costs_its_student_the_points_and_nobody_else(place: Path, scratch: Path) -> None:
    path = place / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(f"bauer/{FILE}", b"\0" * (8 * MAX_FILE))
        zipped.writestr(f"chen/{FILE}", "# chen")
    bauer, chen = find_submissions(path, FILE, scratch)
    assert (bauer.path, bauer.problem) == (None, f'"{FILE}" is too big: it has more than {MAX_FILE} bytes')
    assert chen.path is not None
    assert sum(file.stat().st_size for file in scratch.rglob("*") if file.is_file()) < 2 * MAX_FILE


def test_the_sum_of_an_archive_is_bounded(place: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(place / "c.zip", {f"{name}/{FILE}": "x" * 10 for name in "abc"})
    monkeypatch.setattr(unpack, "MAX_EXTRACTED", 30)
    assert len(find_submissions(path, FILE, scratch)) == 3
    monkeypatch.setattr(unpack, "MAX_EXTRACTED", 29)
    with pytest.raises(IntakeError, match="unpacks to more than 29 bytes"):
        find_submissions(path, FILE, scratch)
    monkeypatch.setattr(unpack, "MAX_ENTRIES", 2)
    with pytest.raises(IntakeError, match="has 3 entries\n  allowed: at most 2"):
        find_submissions(path, FILE, scratch)


def test_encrypted_and_damaged_archives_are_refused(place: Path, scratch: Path) -> None:
    path = archive(place / "c.zip", {f"bauer/{FILE}": "x" * 50})
    whole = path.read_bytes()

    encrypted = bytearray(whole)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags in both headers
        struct.pack_into("<H", encrypted, whole.index(signature) + offset, 1)
    path.write_bytes(encrypted)
    with pytest.raises(IntakeError, match="is encrypted"):
        find_submissions(path, FILE, scratch)

    path.write_bytes(whole.replace(b"x" * 50, b"y" * 50))  # the checksum does not fit
    with pytest.raises(IntakeError, match="damaged"):
        find_submissions(path, FILE, scratch)

    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(IntakeError, match="damaged"):
        find_submissions(path, FILE, scratch)


def test_the_same_entry_twice_is_refused(place: Path, scratch: Path) -> None:
    path = place / "c.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr(f"bauer/{FILE}", "shown")
        with pytest.warns(UserWarning, match="Duplicate name"):
            zipped.writestr(f"bauer/{FILE}", "graded")
    with pytest.raises(IntakeError, match="twice"):
        find_submissions(path, FILE, scratch)


def test_names_that_macos_wrote_are_read_as_utf8(place: Path, scratch: Path) -> None:
    path = archive(place / "c.zip", {f"Jörg/{FILE}": "", f"aa/{FILE}": ""})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(signature) + offset, 0)  # "not UTF-8", though it is
    path.write_bytes(content)
    assert ids(find_submissions(path, FILE, scratch)) == ["Jörg", "aa"]
