"""What tasks, locks and source lines are called in a text for students: by the names that they know them by.

No address and no path ever appears; what a program chose itself is shortened and made printable, since the texts go
into terminals and web pages.
"""

from __future__ import annotations

import re
from collections import Counter

from autograder.trace.events import PLAIN_KINDS, Trace

_TARGET = re.compile(r"^(Thread-\d+) \(.*\)$")  # threading names a thread after its target too
_ASSIGNED = re.compile(r"^\s*(?:global\s+)?([A-Za-z_][\w.]*)\s*(?::[^=]*)?=(?!=)")
_WITH_AS = re.compile(r"\bas\s+([A-Za-z_]\w*)\s*:")

MEMORY_KINDS = frozenset({"Value", "Array"})

LONGEST = 24


def shorten(text: str, length: int) -> str:
    """At most so many characters, with … where some were left out in the middle."""
    if len(text) <= length:
        return text
    tail = (length - 1) // 3
    return text[: length - 1 - tail] + "…" + text[len(text) - tail :]


def printable(text: str) -> str:
    """The text with its line breaks and tabs shown, and without anything that a terminal would act on."""
    text = text.replace("\n", "⏎").replace("\t", "⇥")
    return "".join(char if char.isprintable() else "�" for char in text)


def task_names(trace: Trace) -> dict[int, str]:
    """Each task's name: "main" for the program's main thread; a number is added where two have the same name."""
    names = {}
    for task in trace.tasks:
        name = printable(_TARGET.sub(r"\1", task.name)) or f"task {task.id}"
        names[task.id] = "main" if task.id == 0 or task.name == "MainThread" else shorten(name, LONGEST)
    often = Counter(names.values())
    return {id_: name if often[name] == 1 or id_ == 0 else f"{name} #{id_}" for id_, name in names.items()}


def resource_names(trace: Trace, source: str) -> dict[str, str]:
    """What the program calls the locks and shared objects that it used: the name that the line which makes one assigns
    it to, or else its kind. Those that would share a name are numbered, in the order of their lines and first uses."""
    used = dict.fromkeys(name for event in trace.events for name in (*(lock for lock, _ in event.held), event.resource))
    used.update(dict.fromkeys(wait.resource for wait in trace.blocked))
    memory = {event.resource for event in trace.events if event.op in ("read", "store")} & trace.resources.keys()
    # A Value and the lock in it are made by one line, and are two things.
    made_with = {resource.line for resource in trace.resources.values() if resource.kind in MEMORY_KINDS} - {0}
    names: dict[str, str] = {}
    known = [trace.resources[id_] for id_ in used if id_ in trace.resources]
    for resource in sorted((one for one in known if one.kind not in PLAIN_KINDS), key=lambda it: it.line):
        text = source_line(source, resource.line)
        match = _ASSIGNED.search(text) or _WITH_AS.search(text)
        name = match[1] if match else printable(resource.kind) if resource.kind in MEMORY_KINDS else ""
        name = shorten(name or printable(resource.name or resource.kind.lower()) or "lock", LONGEST)
        inner = resource.id not in memory and (resource.line in made_with or resource.kind in MEMORY_KINDS)
        names[resource.id] = f"{name}'s lock" if inner else name
    # A variable and the lock that it names are two things, and nobody takes one for the other.
    plain = {one.id: shorten(printable(one.name) or "memory", LONGEST) for one in known if one.kind in PLAIN_KINDS}
    return {**_numbered(names), **_numbered(plain)}


def _numbered(names: dict[str, str]) -> dict[str, str]:
    """The same names, told apart where several have the same one."""
    often = Counter(names.values())
    count: Counter[str] = Counter()
    for id_, name in names.items():
        if often[name] > 1:
            count[name] += 1
            names[id_] = f"{name} #{count[name]}"
    return names


def source_line(source: str, line: int) -> str:
    """The text of a source line, "" where there is no such line."""
    lines = source.split("\n")
    return lines[line - 1].rstrip() if 0 < line <= len(lines) else ""


def quoted_line(source: str, line: int, width: int = 80) -> str:
    """'line 12  print(text, end="")', as it stands beneath a drawing."""
    return f"line {line}  {shorten(printable(source_line(source, line).strip()), width)}".rstrip()
