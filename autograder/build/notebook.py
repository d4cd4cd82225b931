"""The notebook of an assignment, for courses that hand in .ipynb: handout and template as cells, and otter's checks.

The template's code is cut where it says so itself: what stands at the top (docstring, imports, constants), each
function and class, the script at the end. Taken together again (`autograder.notebook`), the cells are the template. The
cells for otter have the tag by which neither otter nor we grade them.

It is written as JSON of nbformat 4.5 (https://nbformat.readthedocs.io/en/latest/format_description.html) with ids that
stay the same from build to build.
"""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterable
from typing import Any

from autograder.notebook import IGNORED, notebook_name

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def notebook(template: str, handout: str, file: str, checks: Iterable[str] = ()) -> str:
    """The text of the notebook. ``checks`` are the names of otter's tests; without any, otter is not mentioned."""
    checks = list(checks)
    cells = [_markdown(handout)]
    if checks:
        cells.append(_code('import otter\n\ngrader = otter.Notebook(tests_dir="tests")', ignored=True))
    cells += [_code(text) for text in pieces(template)]
    if checks:
        name = notebook_name(file)
        cells.append(
            _markdown(
                "## Check your work\n\n"
                f"**Save first**: what is checked is the file `{name}`, all of its code cells from top to bottom."
            )
        )
        cells += [_code(f"grader.check({json.dumps(check)})", ignored=True) for check in checks]
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number}"
    about = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    book = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def pieces(template: str) -> list[str]:
    """The template's code, a text for each cell, with the comments in front of what they belong to."""
    lines = list(io.StringIO(template))
    begins: list[int] = []  # lines, from 0, at which a cell begins
    before: ast.stmt | None = None
    end = 0  # the line behind the statement before
    for node in ast.parse(template).body:
        if before is None or isinstance(node, _SCOPES) or isinstance(before, _SCOPES) or _is_script(node):
            begins.append(end)
        before, end = node, node.end_lineno or node.lineno
    texts = ["".join(lines[a:b]).strip("\n") for a, b in zip(begins, [*begins[1:], len(lines)], strict=True)]
    return [text for text in texts if text.strip()]


def _is_script(node: ast.stmt) -> bool:
    """``if __name__ == "__main__":``"""
    return isinstance(node, ast.If) and "__name__" in {
        one.id for one in ast.walk(node.test) if isinstance(one, ast.Name)
    }


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip("\n").splitlines(keepends=True)}


def _code(text: str, *, ignored: bool = False) -> dict[str, Any]:
    about: dict[str, Any] = {"tags": [IGNORED]} if ignored else {}
    source = text.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": about, "outputs": [], "source": source}
