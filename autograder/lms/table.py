"""A table that someone else owns: read whole, changed in single cells, and otherwise left alone byte for byte.

The LMS made the file, a spreadsheet may have rewritten it, and the LMS will compare it with what it knows. Writing it
anew with ``csv.writer`` would change quotes, line ends, the byte order mark and the encoding of every row for the sake
of one cell, and a TA who looks at the difference could not tell the one from the other. So each cell remembers where
in the text it stands, and :meth:`Table.bytes` puts new text into just those places.

The ``csv`` module can read but not do this: it forgets the quotes. It is the judge, though. ``read`` splits the text
itself, has ``csv`` read the same, and refuses the file where the two disagree.

- Encoding: UTF-8 with and without a byte order mark; UTF-16 with one (Blackboard's "tab delimited" download and Excel's
  "Unicode text"); what is none of these is taken for Latin-1, in which every byte has a character of its own and comes
  out as it was.
- Delimiter: comma, semicolon (Excel, where the comma is the decimal mark) or tab, whichever parts the first line most.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAX_TABLE = 64 << 20  # bytes

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class TableError(Exception):
    """The file is no table that can be read: says which, what was found and what is allowed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's value, and where its text (with the quotes, if any) stands."""

    value: str
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells and the line of the file that it begins on, counted from 1."""

    cells: tuple[Cell, ...]
    line: int

    def __getitem__(self, column: int) -> str:
        """The value in a column; empty where the row is too short for it."""
        return self.cells[column].value if 0 <= column < len(self.cells) else ""

    @property
    def values(self) -> list[str]:
        return [cell.value for cell in self.cells]

    def __bool__(self) -> bool:
        return any(cell.value.strip() for cell in self.cells)


@dataclass(slots=True)
class Table:
    """The rows of a file, and the changes to be made in it."""

    path: Path
    text: str
    rows: tuple[Row, ...]
    delimiter: str
    encoding: str = "utf-8"
    mark: bytes = b""
    changes: dict[tuple[int, int], str] = field(default_factory=dict)

    def set(self, row: Row, column: int, value: str) -> None:
        """Puts a value into a cell. One that is there already is no change. Raises :class:`TableError` where the row
        has no such cell, or the file's encoding no such character."""
        if column >= len(row.cells):
            raise TableError(f"{self.path}:{row.line}: found {len(row.cells)} cells; allowed: one for each column")
        cell = row.cells[column]
        if value == cell.value:
            return
        quoted = cell.quoted or bool(re.search(r'["\r\n]', value)) or self.delimiter in value
        text = '"' + value.replace('"', '""') + '"' if quoted else value
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise TableError(
                f"{self.path}:{row.line}: found {value[error.start : error.end]!r}, which the file's encoding "
                f"({self.encoding}) has no place for; allowed: a file saved as UTF-8"
            ) from None
        self.changes[cell.start, cell.end] = text

    def bytes(self) -> bytes:
        """The file with the changes in it."""
        kept: list[str] = []
        at = 0
        for (start, end), text in sorted(self.changes.items()):
            kept += [self.text[at:start], text]
            at = end
        return self.mark + "".join([*kept, self.text[at:]]).encode(self.encoding, "surrogatepass")


def load(path: Path) -> Table:
    """The table in a file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path}: found no readable file ({error.strerror or error}); allowed: a table") from None
    if len(content) > MAX_TABLE:
        raise TableError(f"{path}: found {len(content)} bytes; allowed: at most {MAX_TABLE}")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableError(f"{path}: found an Excel workbook; allowed: a table as CSV or tab-delimited text")
    return read(content, path)


def read(content: bytes, path: Path = Path("table")) -> Table:
    """The table in the bytes of a file."""
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", "utf-8"))
    try:
        text = content[len(mark) :].decode(encoding, "strict" if encoding == "utf-8" else "surrogatepass")
    except UnicodeDecodeError:
        if mark:
            raise TableError(f"{path}: found a broken {encoding}; allowed: a table in UTF-8 or UTF-16") from None
        encoding = "latin-1"
        text = content.decode(encoding)
    if "\0" in text:
        raise TableError(f"{path}: found null bytes; allowed: a table as text")
    first = next((line for line in re.split(r"[\r\n]+", text) if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    rows = tuple(_rows(text, delimiter))
    try:
        expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise TableError(
            f"{path}: found no table ({error}); allowed: one as an LMS or a spreadsheet writes it"
        ) from None
    if [row.values for row in rows] != expected:
        raise TableError(f"{path}: found quotes that don't pair; allowed: a table as an LMS or a spreadsheet writes it")
    return Table(path, text, rows, delimiter, encoding, mark)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    """Splits a text as RFC 4180 says, and a row without a cell where a line is empty, as ``csv`` does."""
    plain = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    quoted = re.compile(r'"((?:[^"]|"")*)"')
    end = re.compile(r"\r\n|\r|\n|\Z")
    at, line = 0, 1
    while at < len(text):
        cells: list[Cell] = []
        begun = line
        while True:
            match = quoted.match(text, at)
            rest = plain.match(text, match.end() if match else at)
            assert rest is not None  # it matches the empty text, too
            value = match[1].replace('""', '"') + rest[0] if match else rest[0]
            cells.append(Cell(value, at, rest.end(), match is not None))
            line += len(re.findall(r"\r\n|\r|\n", match[0])) if match else 0
            at = rest.end()
            if not text.startswith(delimiter, at):
                break
            at += 1
        over = end.match(text, at)
        assert over is not None  # ``plain`` stops nowhere else
        at = over.end()
        line += 1
        yield Row(() if cells == [Cell("", cells[0].start, cells[0].end, False)] else tuple(cells), begun)
