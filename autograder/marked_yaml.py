"""YAML in which every value knows its line: what a configuration needs so that an error can point at its place.

The text is read as a tree of nodes, which know where they stand, and turned into plain values with a table of lines
beside them. Plain words are understood as in YAML 1.2's core schema, not as in PyYAML's YAML 1.1: ``1e-7`` is a
number, ``23:59`` and ``2026-12-07`` are text, ``yes`` and ``on`` are text and no booleans. Underscores may group the
digits of a whole number (``20_000_000``). Every key is text. Anchors, aliases and tags of one's own are refused: what
stands in the file is what is meant.

:func:`dump` writes plain values so that :func:`parse` reads the same ones again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

Place = tuple[str | int, ...]
"""Where a value stands: the keys and list positions that lead to it from the top."""

_ALIAS = "an alias (*name) is refused here, write the value out"
_TAG = "tag:yaml.org,2002:"
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"(?=.{1,40}\Z)[-+]?[0-9]+(_[0-9]+)*")  # longer ones count as float: int() has a limit of its own
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NULL = re.compile(r"~|null|Null|NULL|")
_PLAIN = (("bool", _BOOL), ("int", _INT), ("float", _FLOAT), ("null", _NULL))


class Trouble(NamedTuple):
    """Something that makes the text unreadable as YAML, or ambiguous. ``line`` counts from 1."""

    line: int
    place: Place
    found: str
    allowed: str


@dataclass
class Document:
    """The values of a text, the line of each of them, and the keys that stand in it twice (the first one counts)."""

    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)


class Unreadable(Exception):
    """The text is no YAML, or YAML of a kind that is refused. Holds its one :class:`Trouble`."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"line {trouble.line}: {trouble.found}")
        self.trouble = trouble


class _FlowMapping(dict[str, Any]):
    """A mapping that :func:`dump` writes on one line."""


class _FlowList(list[Any]):
    """The same for a list."""


def flow(value: dict[str, Any] | list[Any]) -> dict[str, Any] | list[Any]:
    """The same mapping or list, to be written on one line by :func:`dump`."""
    return _FlowMapping(value) if isinstance(value, dict) else _FlowList(value)


_RESOLVERS: dict[str | None, list[tuple[str, re.Pattern[str]]]] = {
    # Listed under None: tried for every plain word, whatever its first letter. PyYAML matches from the start only.
    None: [(f"{_TAG}{name}", re.compile(rf"(?:{pattern.pattern})\Z")) for name, pattern in _PLAIN]
}


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = _RESOLVERS

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.get_event()  # type: ignore[no-untyped-call]  # its stub has no types
            raise yaml.composer.ComposerError(None, None, _ALIAS, event.start_mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


class _Dumper(yaml.SafeDumper):
    yaml_implicit_resolvers = _RESOLVERS


_Dumper.add_representer(_FlowMapping, lambda dumper, it: dumper.represent_mapping(f"{_TAG}map", it, flow_style=True))
_Dumper.add_representer(_FlowList, lambda dumper, it: dumper.represent_sequence(f"{_TAG}seq", it, flow_style=True))


def parse(text: str) -> Document:
    """Read one YAML document. Raises :class:`Unreadable`; keys that stand twice are left to the caller to refuse."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = " ".join(part for part in (error.context, error.problem) if part)
        raise Unreadable(Trouble(mark.line + 1 if mark else 1, (), f"no valid YAML ({words})", "YAML")) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"the unprintable character U+{ord(text[error.position]):04X}"
        raise Unreadable(Trouble(line, (), found, "printable text")) from None
    except RecursionError:
        raise Unreadable(Trouble(1, (), "brackets nested too deep", "a nesting of a few levels")) from None
    document = Document()
    if node is not None:
        document.lines[()] = node.start_mark.line + 1
        document.value = _value(node, (), document)
    return document


def _value(node: yaml.Node, place: Place, document: Document) -> Any:
    kind = node.tag.removeprefix(_TAG)
    if isinstance(node, yaml.MappingNode) and kind == "map":
        mapping: dict[str, Any] = {}
        for key, child, at in _entries(node, place, document):
            document.lines[at] = key.start_mark.line + 1
            mapping[key.value] = _value(child, at, document)
        return mapping
    if isinstance(node, yaml.SequenceNode) and kind == "seq":
        for index, child in enumerate(node.value):
            document.lines[(*place, index)] = child.start_mark.line + 1
        return [_value(child, (*place, index), document) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        try:
            return _scalar(kind, node.value)
        except (KeyError, ValueError):
            pass
    shown = f"!!{kind}" if kind != node.tag else node.tag
    return _refuse(node, place, f"the tag {shown}", "values without a tag")


def _entries(
    node: yaml.MappingNode, place: Place, document: Document
) -> Iterator[tuple[yaml.ScalarNode, yaml.Node, Place]]:
    """The entries of a mapping under their first key; a second one is noted as trouble."""
    first: dict[str, int] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            _refuse(key, place, "a key that is no word", "words as keys")
        at = (*place, key.value)
        if key.value in first:
            found = f'the key "{key.value}" twice (first on line {first[key.value]})'
            document.troubles.append(Trouble(line, place, found, "every key once"))
            continue
        first[key.value] = line
        yield key, child, at


def _scalar(kind: str, text: str) -> Any:
    """The value of a plain or quoted word. KeyError: no kind of ours; ValueError: the word is not of that kind."""
    match kind:
        case "str":
            return text
        case "null":
            return None
        case "bool":
            return {"true": True, "false": False}[text.lower()]
        case "int":
            return int(text)
        case "float":
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    raise KeyError(kind)


def _refuse(node: yaml.Node, place: Place, found: str, allowed: str) -> Any:
    raise Unreadable(Trouble(node.start_mark.line + 1, place, found, allowed))


def dump(value: Any) -> str:
    """Plain values as YAML, in their order, one line for a value; what :func:`flow` marked stays on one line."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))
    return text
