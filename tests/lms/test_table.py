"""The table of someone else: read as ``csv`` reads it, changed in one cell, otherwise the same bytes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.lms.table import TableError, load, read

CELLS = st.lists(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))), min_size=1)


def written(rows: list[list[str]], delimiter: str, end: str, quoting: int) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


@given(
    CELLS,
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_table_is_read_as_csv_reads_it_and_comes_out_as_it_was(
    rows: list[list[str]], delimiter: str, end: str, quoting: int, encoding: str
) -> None:
    content = written([["a", "b", "c"], *rows], delimiter, end, quoting).encode(encoding)
    table = read(content)
    assert table.delimiter == delimiter
    assert [row.values for row in table.rows][1:] == list(
        csv.reader(io.StringIO(written(rows, delimiter, end, quoting), newline=""), delimiter=delimiter)
    )
    assert table.bytes() == content


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), st.sampled_from(["x", '"x"', ""]))
def test_a_changed_cell_is_the_only_change(value: str, before: str) -> None:
    head, tail = '\ufeffid;"gra""de";z\r\n 1 ;', ';"un,touched"\r\n\r\nlast;row'
    table = read(f"{head}{before}{tail}".encode())
    table.set(table.rows[1], 1, value)
    content = table.bytes().decode()
    assert content.startswith(head)
    assert content.endswith(tail)
    assert read(content.encode()).rows[1][1] == value


def test_an_encoding_is_kept_to_the_byte() -> None:
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("latin-1", b"")):
        content = mark + 'User\tGrade\r\n"Núñez"\t\r\n'.encode(encoding)
        table = read(content)
        table.set(table.rows[1], 1, "17")
        assert table.bytes() == mark + 'User\tGrade\r\n"Núñez"\t17\r\n'.encode(encoding)


def test_lines_are_those_of_an_editor() -> None:
    table = read(b'a,b\n"two\nlines",x\n\nlast,y\n')
    assert [row.line for row in table.rows] == [1, 2, 4, 5]
    assert [bool(row) for row in table.rows] == [True, True, False, True]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'a,b\n"open,2\n', "quotes that don't pair"),
        (b"PK\x03\x04...", "an Excel workbook"),
        (b"a,b\n\0\n", "null bytes"),
        (b"\xff\xfea", "a broken utf-16-le"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, found: str) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(TableError, match=found):
        load(tmp_path / "t.csv")


def test_a_character_that_the_encoding_lacks_is_refused() -> None:
    table = read("a,b\nN\u00fa\u00f1ez,\n".encode("latin-1"))
    with pytest.raises(TableError, match=r"table:2: .*latin-1"):
        table.set(table.rows[1], 1, "✓")
    with pytest.raises(TableError, match="found 2 cells"):
        table.set(table.rows[1], 2, "x")
