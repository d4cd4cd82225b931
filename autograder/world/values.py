"""Values that cross between the judge and the student's program: arguments in, results out.

Only plain data crosses, each kind with its exact type, in a form that is safe to read from an untrusted side: scalars
as themselves, everything else as ``[tag, content]``. What has no such form arrives as `Opaque`: its type's name and a
shortened repr, which equals nothing that a test expects.

Some arguments cannot be sent but only described, and are made on the other side: `generator`, `in_folder`,
`shared_array`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath
from typing import Any

DEEPEST = 20
LONGEST = 200_000
LARGEST_INT = 14_000
"""Bits of an int, less than the 4300 digits that Python prints: a check that shows one must not trip over it."""
ALIKE = 100
"""So many items of a set, or keys of a dict, may have the same hash."""


@dataclass(frozen=True)
class generator:
    """A generator that yields these values once."""

    values: tuple[Any, ...]

    def __init__(self, values: Iterable[Any]) -> None:
        object.__setattr__(self, "values", tuple(values))


@dataclass(frozen=True)
class in_folder:
    """A path inside the run's own folder. As an argument it is made a ``pathlib.Path`` there; a ``Path`` that comes
    back from inside the folder is one of these again."""

    path: str

    def __repr__(self) -> str:
        return f"Path({self.path!r})"

    def __truediv__(self, other: str) -> in_folder:
        return in_folder(f"{self.path}/{other}")


@dataclass(frozen=True)
class shared_array:
    """A ``multiprocessing.Array`` with this typecode and content."""

    typecode: str
    values: tuple[Any, ...]

    def __init__(self, typecode: str, values: Iterable[Any]) -> None:
        object.__setattr__(self, "typecode", typecode)
        object.__setattr__(self, "values", tuple(values))


@dataclass(frozen=True)
class Opaque:
    """A value of a type that does not cross. Never equal to anything, so that no comparison passes by accident."""

    type: str
    text: str

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        # A set of them crosses like any other set.
        return hash((self.type, self.text))

    def __repr__(self) -> str:
        return self.text


def encode(value: Any, path: Callable[[PurePath], str | None] = lambda path: None, depth: int = 0) -> Any:
    """The wire's form of a value. ``path`` gives a path's place inside the run's folder, or None if it is outside."""
    kind = _plain(type(value))
    if value is None or kind is bool or kind is float:
        return value
    if kind is int:
        value = int(value)
        return value if -(1 << 63) <= value < 1 << 63 else ["int", hex(value)]
    if kind is str:
        value = str(value)
        # msgpack's strings are UTF-8: lone surrogates must be carried apart.
        try:
            value.encode()
        except UnicodeEncodeError:
            return ["surrogates", value.encode("utf-8", "surrogatepass")]
        return value if len(value) <= LONGEST else _opaque(value)
    if kind is bytes:
        return ["bytes", value] if len(value) <= LONGEST * 10 else _opaque(value)
    if depth >= DEEPEST:
        return _opaque(value)
    if kind in (list, tuple, set, frozenset):
        if len(value) > LONGEST:
            return _opaque(value)
        return [kind.__name__, [encode(item, path, depth + 1) for item in value]]
    if kind is dict:
        if len(value) > LONGEST:
            return _opaque(value)
        return ["dict", [[encode(k, path, depth + 1), encode(v, path, depth + 1)] for k, v in value.items()]]
    if kind is range:
        return ["range", [encode(bound) for bound in (value.start, value.stop, value.step)]]
    if kind is generator:
        return ["generator", [encode(item, path, depth + 1) for item in value.values]]
    if kind is in_folder:
        return ["in_folder", value.path]
    if kind is shared_array:
        return ["shared_array", [value.typecode, [encode(item) for item in value.values]]]
    if isinstance(value, PurePath):
        inside = path(value)
        return ["path", str(value)] if inside is None else ["in_folder", inside]
    return _opaque(value)


_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
# From the beginning of a word on, and not from each letter in it again: a long one would take for ever.
_FOLDER = re.compile(r"(?<![^\s'\"])[^\s'\"]*/autograder-[^/\s'\"]+/(?:[a-z]+/)?\d+/(?:work|scratch)/?")


def steady(text: str) -> str:
    """The text without what differs from run to run: addresses of objects, and the path of the run's folder."""
    return _FOLDER.sub("", _ADDRESS.sub("0x…", text))


def _refuse_alike(items: Sequence[Any]) -> None:
    """Numbers are easily made to have one hash, and a set of a hundred thousand of them takes minutes to build. Sorting
    their hashes does not. Raises ValueError."""
    if len(items) > ALIKE and any(len(list(same)) > ALIKE for _, same in groupby(sorted(map(hash, items)))):
        raise ValueError("not a value's form: items of one hash")


def _plain(kind: type) -> type:
    """The plain type that a subclass stands for: a Counter is a dict to whoever reads it."""
    for base in (bool, int, float, str, bytes, list, tuple, dict, set, frozenset):
        if issubclass(kind, base):
            return base
    return kind


def _opaque(value: object) -> Any:
    kind = type(value)
    try:
        text = steady(repr(value)[:2_000])[:200]  # cut first: looking for folders in a long word takes long
        text.encode()
    except Exception:
        text = f"<{kind.__name__}>"
    return ["opaque", [f"{kind.__module__}.{kind.__qualname__}", text]]


def decode(form: Any, special: Callable[[str, Any], Any] | None = None, depth: int = 0) -> Any:
    """The value of a wire form. ``special`` makes what is only described (tags "generator", "in_folder", "path",
    "shared_array"); without it the descriptions themselves come back. Raises ValueError for a malformed form."""
    if form is None or isinstance(form, (bool, int, float, str)):
        return form
    if depth > DEEPEST + 1 or not isinstance(form, (list, tuple)) or len(form) != 2:
        raise ValueError("not a value's form")
    tag, content = form
    if tag == "int" and isinstance(content, str):
        number = int(content, 16)
        bits = number.bit_length()
        return number if bits <= LARGEST_INT else Opaque("int", f"a number of {bits} bits")
    if tag == "bytes" and isinstance(content, bytes):
        return content
    if tag == "surrogates" and isinstance(content, bytes):
        return content.decode("utf-8", "surrogatepass")
    if tag == "in_folder" and isinstance(content, str):
        return special(tag, content) if special else in_folder(content)
    if tag == "path" and isinstance(content, str):
        return special(tag, content) if special else PurePath(content)
    if not isinstance(content, (list, tuple)):
        raise ValueError("not a value's form")
    if tag in ("list", "tuple", "set", "frozenset"):
        items = [decode(item, special, depth + 1) for item in content]
        if tag in ("set", "frozenset"):
            _refuse_alike(items)
        return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[tag](items)
    if tag == "dict":
        pairs = [(decode(k, special, depth + 1), decode(v, special, depth + 1)) for k, v in content]
        _refuse_alike([key for key, _ in pairs])
        return dict(pairs)
    if tag == "range":
        return range(*[decode(bound) for bound in content])
    if tag == "opaque" and len(content) == 2:
        return Opaque(str(content[0]), str(content[1]))
    if tag == "generator":
        values = [decode(item, special, depth + 1) for item in content]
        return special(tag, values) if special else generator(values)
    if tag == "shared_array" and len(content) == 2:
        values = [decode(item) for item in content[1]]
        return special(tag, (content[0], values)) if special else shared_array(content[0], values)
    raise ValueError(f"not a value's form: {tag!r}")
