from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.report import text
from autograder.report.text import harmless, one_line, points, wrapped, write_whole

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain\nöäü 陈伟 ✓ │", "plain\nöäü 陈伟 ✓ │"),
        ("\x1b[2J\x07\x00", "\\x1b[2J\\x07\\x00"),
        ("a\r\nb\rc", "a\nb\\x0dc"),
        ("\ttab", "    tab"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("lone \udcff", "lone \\udcff"),
        ("\x85\u2028\ufeff\U000e0041", "\\x85\\u2028\\ufeff\\U000e0041"),
    ],
)
def test_harmless_shows_what_does_not_show(given_text: str, shown: str) -> None:
    assert harmless(given_text) == shown


@UNHURRIED
@given(st.text(st.characters(codec=None)))
def test_harmless_text_can_be_encoded_and_holds_no_controls(given_text: str) -> None:
    shown = harmless(given_text)
    shown.encode("utf-8")
    assert not [char for char in shown if (ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0]
    assert harmless(shown) == shown


def test_harmless_bounds_the_length() -> None:
    assert harmless("x" * 10, 10) == "x" * 10
    assert harmless("x" * 12, 10) == "x" * 10 + "… (2 more characters)"
    assert len(harmless("\x00" * 10_000_000, 100)) < 500


def test_one_line() -> None:
    assert one_line("  a\n\n b\x1b \t c ") == "a b\\x1b c"
    assert one_line("a" * 10, 10) == "a" * 10
    assert one_line("abc defg", 5) == "abc…"
    assert len(one_line("x" * 1_000_000)) == 200


@pytest.mark.parametrize(
    ("value", "written"), [(3.0, "3"), (0.0, "0"), (2.5, "2.5"), (0.1 + 0.2, "0.3"), (100, "100"), (1 / 3, "0.3333")]
)
def test_points(value: float, written: str) -> None:
    assert points(value) == written


def test_wrapped_breaks_long_lines_only_and_keeps_line_ends() -> None:
    assert wrapped("one two three\n\nfour", "  ", 9) == ["  one two", "  three", "", "  four"]
    assert wrapped("a_very_long_name = 1", "", 5) == ["a_very_long_name", "= 1"]
    assert wrapped("  indented words", "", 12) == ["  indented", "  words"]
    assert wrapped("a title of words", "", 8, hang="  ") == ["a title", "  of", "  words"]


def test_write_whole_replaces_or_leaves_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "grades.csv"
    write_whole(path, "old\n")
    write_whole(path, "ä\n")
    assert path.read_bytes() == "ä\n".encode()

    def full(self: Path, target: Path) -> None:
        raise OSError("no room")

    monkeypatch.setattr(text.Path, "replace", full)
    with pytest.raises(OSError, match="no room"):
        write_whole(path, "new\n")
    assert path.read_bytes() == "ä\n".encode()
    assert [file.name for file in tmp_path.iterdir()] == ["grades.csv"]
