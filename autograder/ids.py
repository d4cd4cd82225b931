"""Ids: a submission's name as the name of a folder, a cell and an argument.

An id is what a TA calls a submission by, and the folder that its reports are written to. Names come from students and
from archives, so an id is made safe for all three uses, and distinct without regard to case, as file systems may be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MAX_ID = 100  # characters of an id

_RESERVED = frozenset({"grades.csv"})  # lies beside the folders named by ids


def safe_id(name: str) -> str:
    """``name`` as an id: letters (of every script), digits, space and ``._-,'()@+``; all else becomes ``_``.

    The first character is neither a dot, which would hide the folder, nor one that a spreadsheet or a command line
    takes for something else (``=+-@``). Composed and decomposed accents are one (macOS archives hold the latter).
    """
    name = unicodedata.normalize("NFC", name)
    kept = "".join(
        char if char.isalnum() or unicodedata.category(char)[0] == "M" or char in " ._-,'()@+" else "_" for char in name
    )
    kept = re.sub(r"^[ .\-+@']", "_", kept)[:MAX_ID]
    while len(kept.encode()) > 2 * MAX_ID:  # a file system counts bytes
        kept = kept[:-1]
    kept = kept.rstrip(" .") or "submission"
    return f"{kept}_" if kept.casefold() in _RESERVED else kept


def distinct(names: Sequence[str]) -> list[str]:
    """A safe id for each of the names, no two the same.

    Whoever has a name for themselves keeps it; of several with the same one (without regard to case), the first keeps
    it, and the others are numbered from 2.
    """
    wanted = [safe_id(name) for name in names]
    taken = {name.casefold() for name in wanted}
    used: set[str] = set()
    ids = []
    for name in wanted:
        id = name
        if id.casefold() in used:
            number = 2
            while f"{name}-{number}".casefold() in taken:
                number += 1
            id = f"{name}-{number}"
        used.add(id.casefold())
        taken.add(id.casefold())
        ids.append(id)
    return ids
