"""assignments/NAME/equivalent.yml: the mutants that are right programs too, each with the reason.

A list; an entry has the name of a mutant, as `autograder verify` shows it with every survivor, and says why no check
may fail it::

    - operator: daemon
      in: print_all
      line: threads = [Thread(target=say, args=(text,)) for text in texts]
      reason: All of them are joined; a daemon differs only where nobody waits.

``becomes`` (the first line that is new), ``nth`` and ``file`` (a right program other than solution.py) are needed only
where the rest is true of several mutants. The list is read strictly: an unknown key, a missing reason, an entry that
fits no mutant or more than one, or two entries for one mutant are refused with their line. So the list cannot outlive
what it speaks of, and an entry never excuses more than it was written for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import marked_yaml
from autograder.verify.mutants import SOLUTION, Mutant

FILE = "equivalent.yml"
_REQUIRED = ("operator", "line", "reason")
_KEYS: dict[str, type] = {
    "operator": str,
    "in": str,
    "line": str,
    "becomes": str,
    "nth": int,
    "file": str,
    "reason": str,
}


class EquivalentError(Exception):
    """The list cannot be read. The text has the file, the line, what was found, and what is allowed."""

    def __init__(self, path: Path, line: int, found: str, allowed: str) -> None:
        super().__init__(f"{path}:{line}: found {found}\n  allowed: {allowed}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, and where it stands."""

    path: Path
    at: int  # its line in the list
    keys: Mapping[str, Any]

    @property
    def place(self) -> str:
        return f"{self.path}:{self.at}"

    @property
    def file(self) -> str:
        """The program that the mutant was made of."""
        return str(self.keys.get("file", SOLUTION))

    @property
    def reason(self) -> str:
        return str(self.keys["reason"])

    def fits(self, mutant: Mutant) -> bool:
        """Whether all that the entry says is true of a mutant."""
        actual = {
            "operator": mutant.operator,
            "in": mutant.scope,
            "line": mutant.line,
            "becomes": mutant.becomes,
            "nth": mutant.nth,
        }
        said = {key: value for key, value in self.keys.items() if key in actual}
        return mutant.file == self.file and all(actual[key] == value for key, value in said.items())


def load(path: Path) -> list[Entry]:
    """The entries of a list; none where there is no such file. Raises EquivalentError."""
    if not path.is_file():
        return []
    try:
        document = marked_yaml.parse(path.read_text(encoding="utf-8"))
    except marked_yaml.Unreadable as error:
        raise EquivalentError(path, error.trouble.line, error.trouble.found, error.trouble.allowed) from None
    except (OSError, UnicodeDecodeError) as error:
        raise EquivalentError(path, 1, f"a file that cannot be read ({error})", "text in UTF-8") from None
    for trouble in document.troubles:
        raise EquivalentError(path, trouble.line, trouble.found, trouble.allowed)
    if document.value is None:
        return []
    if not isinstance(document.value, list):
        raise EquivalentError(path, document.lines[()], f"a {type(document.value).__name__}", "a list of entries")
    return [_entry(path, document, index, value) for index, value in enumerate(document.value)]


def _entry(path: Path, document: marked_yaml.Document, index: int, value: object) -> Entry:
    at = document.lines[(index,)]
    if not isinstance(value, dict):
        raise EquivalentError(path, at, repr(value)[:80], f"a mapping with the keys {', '.join(_KEYS)}")
    for key, found in value.items():
        line = document.lines[(index, key)]
        if key not in _KEYS:
            raise EquivalentError(path, line, f'the key "{key}"', f"the keys {', '.join(_KEYS)}")
        if type(found) is not _KEYS[key]:
            words = "a whole number" if _KEYS[key] is int else "text (in quotes, where it looks like something else)"
            raise EquivalentError(path, line, f'"{key}: {found}"', words)
    for key in _REQUIRED:
        if not str(value.get(key, "")).strip():
            raise EquivalentError(path, at, f'an entry without "{key}"', f"entries with {', '.join(_REQUIRED)}")
    return Entry(path, at, value)


def assigned(entries: Iterable[Entry], mutants: Iterable[Mutant]) -> tuple[dict[Mutant, Entry], list[str]]:
    """The entry of each mutant that has one, and what is wrong with the entries that fit none, or several."""
    all_mutants = list(mutants)
    found: dict[Mutant, Entry] = {}
    problems = []
    for entry in entries:
        fitting = [mutant for mutant in all_mutants if entry.fits(mutant)]
        if not fitting:
            problems.append(f"{entry.place}: fits no mutant of {entry.file}; the program or the operators have changed")
        elif len(fitting) > 1:
            names = "".join(f"\n    {mutant.name}" for mutant in fitting)
            problems.append(f'{entry.place}: fits {len(fitting)} mutants; say more ("becomes", "in", "nth"):{names}')
        elif fitting[0] in found:
            problems.append(f"{entry.place}: the same mutant as in line {found[fitting[0]].at}")
        else:
            found[fitting[0]] = entry
    return found, problems
