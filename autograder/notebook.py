"""A submitted notebook as the Python file that is graded: its code cells, in the order in which they stand.

The order of the page is what counts, not the one in which a student ran the cells: a notebook that only works in
another order does not work. What is in a code cell and no Python does not take the whole notebook down:

- a cell tagged ``otter_ignore``, or that only talks to otter (``grader.check("q1")``), is left out
- ``%time``, ``!pip install``, ``print?`` and the like become comments; in a cell that begins with ``%%time`` or another
  magic around Python only that line does; a cell in another language (``%%bash``) does as a whole

All of it is said in the notes, and where in the file each cell begins, since findings name lines. Lines are looked at
only where Python refuses them: a ``%`` at the beginning of a line may well be an operator.

The format: https://nbformat.readthedocs.io/en/latest/format_description.html (4, and 3 of old). It is read as JSON
alone; outputs, attachments and metadata that are not named here are not looked at.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

SUFFIX = ".ipynb"
MAX_NOTEBOOK = 16 << 20  # bytes: pictures among the outputs are part of the file
IGNORED = "otter_ignore"
"""The tag of cells that otter does not grade either."""

_AROUND_PYTHON = frozenset({"%%capture", "%%prun", "%%time", "%%timeit"})
_MAGIC = re.compile(r"\s*[%!?]|.*\?\s*$|\s*[\w.,\[\]' ]+=\s*[%!]")
_MOST_NAMED = 20  # cells in a note
_MOST_LINES = 200  # of one cell that become comments


class NotebookError(ValueError):
    """A file that is no notebook, or none with Python in it: says why, in words for a sentence."""


@dataclass(frozen=True, slots=True)
class Converted:
    """The Python file, and what the student and the TA should know of how it was made."""

    source: str
    notes: tuple[str, ...]


def notebook_name(file: str) -> str:
    """What a notebook is called that is handed in for a Python file: ``pool_fib.ipynb`` for ``pool_fib.py``."""
    return PurePath(file).with_suffix(SUFFIX).name


def is_notebook(name: str) -> bool:
    return name.endswith(SUFFIX)


def python_of(content: bytes) -> Converted:
    """The code of a notebook. Raises NotebookError."""
    cells = _code_cells(content)
    parts: list[str] = []
    begins: list[str] = []
    notes: list[str] = []
    line = 1
    otters: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        text = _text(cell)
        if IGNORED in _tags(cell) or _talks_to_otter(text, otters):
            continue
        text = _python(text, number, notes)
        if not text.strip():
            continue
        parts.append(f"{text.rstrip()}\n")
        begins.append(f"cell {number} at line {line}")
        line += parts[-1].count("\n") + 2
    where = f" ({', '.join(begins[:_MOST_NAMED])}{', …' if len(begins) > _MOST_NAMED else ''})" if begins else ""
    first = f"graded are the code cells of the notebook, from top to bottom, as one file{where}"
    return Converted("\n\n".join(parts), (first, *notes))


def _code_cells(content: bytes) -> list[dict[str, Any]]:
    try:
        book = json.loads(content.decode("utf-8-sig"))
        language = _language(book)
        cells = book["cells"] if "cells" in book else [cell for sheet in book["worksheets"] for cell in sheet["cells"]]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotebookError(f"the file is no notebook that can be read ({type(error).__name__}: {error})") from None
    if language not in ("", "python"):
        raise NotebookError(f'the notebook is in "{language}", and not in Python')
    if not code:
        raise NotebookError("the notebook has no code cell")
    return code


def _language(book: Any) -> str:
    about = book.get("metadata", {})
    said = about.get("language_info", {}).get("name") or about.get("kernelspec", {}).get("language") or ""
    return str(said).lower()


def _text(cell: dict[str, Any]) -> str:
    """Version 4 has the text, or a list of its lines, as ``source``, version 3 as ``input``."""
    source = cell.get("source", cell.get("input", ""))
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _tags(cell: dict[str, Any]) -> list[Any]:
    about = cell.get("metadata")
    tags = about.get("tags") if isinstance(about, dict) else None
    return tags if isinstance(tags, list) else []


def _talks_to_otter(text: str, otters: set[str]) -> bool:
    """Whether a cell only imports otter, makes its Notebook, or calls that. Its names are added to ``otters``."""
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return False
    return bool(statements) and all(_is_otters(statement, otters) for statement in statements)


def _is_otters(statement: ast.stmt, otters: set[str]) -> bool:
    match statement:
        case ast.Import(names=[ast.alias(name="otter", asname=None)]):
            return True
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(func=ast.Attribute(value=ast.Name(id="otter"), attr="Notebook")),
        ):
            otters.add(name)
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in otters
    return False


def _python(text: str, number: int, notes: list[str]) -> str:
    """A cell without what is IPython's and not Python's. Lines keep their places."""
    lines = text.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    word = (lines[first].split() or [""])[0]
    if word.startswith("%%"):
        if word not in _AROUND_PYTHON:
            notes.append(f"cell {number} is not graded: it begins with {word}, and is not Python")
            return ""
        notes.append(f"cell {number}: {word} is not Python and is left out")
        lines[first] = f"# {lines[first]}"
    for _ in range(_MOST_LINES):
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            if not 0 <= place < len(lines) or not _MAGIC.match(lines[place]):
                break  # the student's own error, which the judge will find
            line = lines[place]
            notes.append(f'cell {number}, line {place + 1}: "{line.strip()[:60]}" is not Python and is left out')
            indent = line[: len(line) - len(line.lstrip())]
            # Inside of a block something has to stand in its place.
            lines[place] = f"{indent}{'pass  ' if indent else ''}# {line.strip()}"
        except (ValueError, RecursionError, MemoryError):
            break
        else:
            break
    return "\n".join(lines)
