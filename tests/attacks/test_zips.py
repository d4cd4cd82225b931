"""Hostile downloads, graded by the command that a TA types: what leaves the folder, blows up or lies about its names
harms nobody else, and the command says what it did not grade."""

from __future__ import annotations

import json
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.sandbox import doctor
from tests.attacks.conftest import RIGHT, SECRET, Autograder

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")
EVIL = "# evil\n"


def zipped(path: Path, entries: list[tuple[str | zipfile.ZipInfo, bytes | str]]) -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        warnings.simplefilter("ignore")
        for name, content in entries:
            made.writestr(name, content)
    return path


def special(name: str, mode: int, content: str = "") -> tuple[zipfile.ZipInfo, str]:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (mode | 0o777) << 16
    return entry, content


def with_nul(name: str, more: str) -> zipfile.ZipInfo:
    """An entry whose name goes on behind a NUL, where C would see its end."""
    entry = zipfile.ZipInfo(name)
    entry.filename = f"{name}\0{more}"
    return entry


def traversal(path: Path) -> None:
    names = ["../tiny.py", "../../course/tiny.py", "/tmp/attack/tiny.py", "a/../../../attack.py", "..\\attack\\tiny.py"]
    zipped(path, [(name, EVIL) for name in names])


def drive(path: Path) -> None:
    zipped(path, [("C:/attack/tiny.py", EVIL), ("C:\\attack\\tiny.py", EVIL)])


def encrypted(path: Path) -> None:
    zipped(path, [("bauer/tiny.py", RIGHT)])
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags in both headers
        struct.pack_into("<H", content, content.index(signature) + offset, 1)
    path.write_bytes(content)


def duplicates(path: Path) -> None:
    zipped(path, [("bauer/tiny.py", RIGHT), ("bauer/tiny.py", EVIL)])


def many_entries(path: Path) -> None:
    zipped(path, [(f"{number}/", "") for number in range(50_001)])


def damaged(path: Path) -> None:
    zipped(path, [("bauer/tiny.py", RIGHT * 500)])
    path.write_bytes(path.read_bytes()[:-40])


def no_zip(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)


def overlapping(path: Path) -> None:
    """The bomb of David Fifield (2019): a directory that names one file's data very often."""
    zipped(path, [("a/tiny.py", b"\0" * 10_000_000)])
    content = path.read_bytes()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    count = 2000
    records = b""
    for number in range(count):
        record = bytearray(content[start:end].replace(b"a/tiny.py", b"%04d/t.py" % number))
        records += record
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(records), start, 0)
    path.write_bytes(content[:start] + records + tail)


REFUSED: dict[Callable[[Path], None], str] = {
    traversal: "lies outside of it",
    drive: "lies outside of it",
    encrypted: "is encrypted",
    duplicates: "twice",
    many_entries: "50001 entries",
    damaged: "damaged",
    no_zip: "damaged",
}

STRANGERS: list[tuple[str | zipfile.ZipInfo, bytes | str]] = [
    special("link/tiny.py", stat.S_IFLNK, "../../course/assignments/tiny/test_hidden.py"),
    special("absolute-link/tiny.py", stat.S_IFLNK, "/etc/passwd"),
    special("linked-folder", stat.S_IFLNK, "/etc"),
    special("pipe/tiny.py", stat.S_IFIFO),
    special("device/tiny.py", stat.S_IFCHR),
    special("setuid/tiny.py", stat.S_IFREG | stat.S_ISUID, RIGHT),
    ("bomb/tiny.py", b"\0" * (64 << 20)),
    ("film/tiny.py", RIGHT),
    ("film/film.mp4", b"\0" * (64 << 20)),
    ("x/" * 15 + "tiny.py", RIGHT),
    ("y/" * 400 + "tiny.py", RIGHT),
    ("folder/tiny.py/", ""),
    ("null/tiny.py", "x = '\0'"),
    ("bytes/tiny.py", b"\xff\xfe\xfa"),
    ("conftest/conftest.py", "raise SystemExit(0)"),
    ("conftest/tiny.py", RIGHT),
    ("grades.csv/tiny.py", RIGHT),
    ("GRADES.CSV/tiny.py", RIGHT),
    ("-rf/tiny.py", RIGHT),
    ("=cmd|' ⁄C calc'!A0/tiny.py", RIGHT),
    ("two\nlines/tiny.py", RIGHT),
    ("n" * 300 + "/tiny.py", RIGHT),
    ("\N{GREEK SMALL LETTER OMEGA}" * 200 + "/tiny.py", RIGHT),
    (with_nul("nul/tiny.py", "/../../../attack.py"), RIGHT),
    (".../tiny.py", RIGHT),
    ("dot./tiny.py", RIGHT),
    ("space /tiny.py", RIGHT),
    ("con/tiny.py", RIGHT),
    ("caf\N{LATIN SMALL LETTER E WITH ACUTE}/tiny.py", RIGHT),
    ("cafe\N{COMBINING ACUTE ACCENT}/tiny.py", RIGHT),
    ("<img src=x onerror=alert(1)>/tiny.py", RIGHT),
    ("results.json/tiny.py", RIGHT),
    (".hidden/tiny.py", RIGHT),
    ("\x1b[2Jescape/tiny.py", RIGHT),
    ("\N{RIGHT-TO-LEFT OVERRIDE}right-to-left/tiny.py", RIGHT),
    ("w" * 240 + "/tiny.py", RIGHT),
    ("Same/tiny.py", RIGHT),
    ("same/tiny.py", RIGHT),
    ("... /tiny.py", RIGHT),
    ("CON/tiny.py", RIGHT),
    ("honest/tiny.py", RIGHT),
]


@pytest.fixture(autouse=True, scope="module")
def graded_here() -> None:
    if lacking := doctor.examine().lacking:
        pytest.skip(f"official grading needs {', '.join(one.name for one in lacking)}")


def around(tmp_path: Path) -> dict[str, bytes]:
    """All files but the reports."""
    out = tmp_path / "out"
    paths = [path for path in tmp_path.rglob("*") if path.is_file() and out not in path.parents]
    return {str(path): path.read_bytes() for path in paths if path.suffix != ".pyc"}


def test_archives_that_are_refused(autograder: Autograder, tmp_path: Path) -> None:
    for make, reason in REFUSED.items():
        path = tmp_path / f"{make.__name__}.zip"
        make(path)
        before = around(tmp_path)
        done = autograder("grade", "tiny", path, "-o", tmp_path / "out")
        assert (done.returncode, reason in done.stderr) == (2, True), (make.__name__, done.stderr)
        assert around(tmp_path) == before
        assert not Path("/tmp/attack").exists()


def test_students_with_hostile_entries(autograder: Autograder, tmp_path: Path) -> None:
    """All in one download: each loses what its own entry costs, and the honest ones nothing."""
    path = zipped(tmp_path / "class.zip", STRANGERS)
    before = around(tmp_path)
    done = autograder("grade", "tiny", path, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert around(tmp_path) == before
    results = {one.parent.name: json.loads(one.read_text()) for one in (tmp_path / "out").glob("*/results.json")}
    full = {name for name, result in results.items() if result["score"] == 3}
    none = {name for name, result in results.items() if result["score"] == 0}
    assert full | none == set(results)
    assert {"link", "absolute-link", "pipe", "device", "bomb", "folder", "null", "bytes"} <= none
    assert {"honest", "film", "setuid", "conftest"} <= full
    assert len({name.casefold() for name in results}) == len(results) > 20
    assert all(name.isprintable() and name[0] not in "=+-@." for name in results)
    table = (tmp_path / "out" / "grades.csv").read_text()
    assert len(table.splitlines()) == len(results) + 1
    assert not any(line.startswith(("=", "-", "+", "@", '"=')) for line in table.splitlines())
    # What was handed in is kept as it was.
    reports = [one for one in (tmp_path / "out").rglob("*") if one.is_file() and one.suffix != ".py"]
    said = "".join(one.read_text() for one in reports) + done.stdout + done.stderr
    assert "root:" not in said
    assert "\x1b[2J" not in said
    feedback = "".join(one.read_text() for one in (tmp_path / "out").rglob("feedback.txt"))
    assert SECRET not in feedback


def test_zips_within_zips(autograder: Autograder, tmp_path: Path) -> None:
    """Nested for ever, and a bomb of overlapping files; beside them an honest student."""
    inner = zipped(tmp_path / "inner.zip", [("tiny.py", RIGHT)])
    for _ in range(30):
        inner = zipped(tmp_path / "outer.zip", [("inner.zip", inner.read_bytes())])
        inner = inner.rename(tmp_path / "inner.zip")
    overlapping(tmp_path / "bomb.zip")
    content = [("nested/deep.zip", inner.read_bytes()), ("bomb/bomb.zip", (tmp_path / "bomb.zip").read_bytes())]
    path = zipped(tmp_path / "class.zip", [*content, ("honest/tiny.py", RIGHT)])
    done = autograder("grade", "tiny", path, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    scores = {one.parent.name: json.loads(one.read_text())["score"] for one in tmp_path.glob("out/*/results.json")}
    assert scores == {"nested": 0, "bomb": 0, "honest": 3}
    done = autograder("grade", "tiny", tmp_path / "bomb.zip", "-o", tmp_path / "alone")
    assert done.returncode in (0, 2), done.stderr
    size = sum(one.stat().st_size for one in tmp_path.glob("alone/**/*") if one.is_file())
    assert size < 64 << 20
