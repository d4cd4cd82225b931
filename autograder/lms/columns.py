"""Which column of a gradebook is the assignment's, and where the header is.

A gradebook of a whole course has a column for every assignment. The right one is named by the TA (``--column``, a part
of its header will do), else it is the one that contains the assignment's title of grading.yml, else the only one there
is. A second candidate is a doubt, and a doubt is an error: grades in the wrong column look just like grades.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograder.archives import listed
from autograder.lms.base import LmsError, problem
from autograder.lms.table import Table

_LOOKED_AT = 6  # lines of a table in which a header is looked for


def header_of(table: Table, fits: Callable[[list[str]], bool]) -> tuple[int, list[str]] | None:
    """The position of the header and its cells without surrounding spaces."""
    for at, row in enumerate(table.rows[:_LOOKED_AT]):
        header = [value.strip() for value in row.values]
        if fits(header):
            return at, header
    return None


def chosen(table: Table, top: int, candidates: Sequence[int], column: str, title: str) -> int:
    """The column to fill among the candidates."""
    header = table.rows[top]
    for wanted in (column, "" if column else title):
        if not wanted:
            continue
        exact = [at for at in candidates if header[at].strip() == wanted]
        part = [at for at in candidates if wanted.casefold() in header[at].casefold()]
        for found in (exact, part):
            if len(found) == 1:
                return found[0]
    if not column and len(candidates) == 1:
        return candidates[0]
    names = [f'"{header[at]}"' for at in candidates]
    what = f'no one column for "{column}"' if column else f"{len(candidates)} columns of assignments"
    raise LmsError(
        problem(
            table.path, header.line, "", what, f"--column with a part of one of: {listed(names) or '(there are none)'}"
        )
    )
