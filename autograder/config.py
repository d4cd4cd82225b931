"""grading.yml, the course's policy, read strictly into a :class:`~autograder.model.Course`.

A grade must never rest on a typing error, so nothing is guessed and nothing ignored: an unknown key, a key twice, a
wrong type, a value out of bounds, a check without a test and a test without points are refused. All that is wrong is
told at once, a line each, with its file, line, what was found and what is allowed::

    grading.yml:14: assignments.locked_printing.checks.x.visibility: found "banana"; allowed: visible, hidden, …

Values are in force from the outside in: the defaults of :mod:`autograder.model`, then the top level of grading.yml,
then the assignment's own section. :func:`describe` prints what comes out.

Tests are looked up by their text (``def test_NAME`` at the top level of test_public.py and test_hidden.py): reading a
course never runs code of it.
"""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from autograder import marked_yaml
from autograder.config_schema import GradingFile, allowed, grading_file, size_text
from autograder.marked_yaml import Place
from autograder.model import Assignment, CheckPolicy, Course, Deadline, LatePolicy, Limits, Machine, Visibility

FILE = "grading.yml"
TESTS = {"test_public.py": Visibility.VISIBLE, "test_hidden.py": Visibility.HIDDEN}
"""The files that hold an assignment's tests, and who sees a check of each where grading.yml does not say."""
SCHEDULES = Assignment("", "", "", Path(), ()).schedules  # the model's default


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (``line`` counts from 1), what was found, and what is allowed there."""

    file: str
    line: int
    where: str
    found: str
    allowed: str

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        return f"{self.file}:{self.line}: {where}found {self.found}; allowed: {self.allowed}"


class ConfigError(Exception):
    """The course cannot be used as it stands. ``str()`` of it has one line for each of its ``problems``."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


# --- what was found ---------------------------------------------------------------------------------------------------


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "a mapping" if value else "an empty mapping"
        case list():
            return "a list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _shown_path(path: Path) -> str:
    absolute, here = path.absolute(), Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else path)


def _choice(word: object, options: Iterable[str]) -> str:
    options = list(options)
    return (", ".join(options) or "none, there are none") + _meant(word, options)


def _meant(word: object, options: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(word), list(options), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


class _Source:
    """The file as plain values, with a place for everything that is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.document = self._read()
        for trouble in self.document.troubles:
            self.add(trouble.place, trouble.found, trouble.allowed, line=trouble.line)

    def _read(self) -> marked_yaml.Document:
        try:
            content = self.path.read_bytes()
        except OSError as error:
            self._stop(1, (), f"no readable file ({error.strerror})", f"a course's {FILE}")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self._stop(line, (), f"the byte 0x{content[error.start]:02x}, which is no UTF-8", "text in UTF-8")
        try:
            return marked_yaml.parse(text)
        except marked_yaml.Unreadable as error:
            self._stop(*error.trouble)

    def _stop(self, line: int, place: Place, found: str, allowed: str) -> NoReturn:
        self.add(place, found, allowed, line=line)
        raise ConfigError(self.problems)

    def add(self, place: Place, found: str, allowed: str, *, line: int | None = None) -> None:
        """Note a problem at a place of the file; without a line, at that of the place or of what is around it."""
        around = place
        while line is None:
            line = self.document.lines.get(around, None if around else 1)
            around = around[:-1]
        self.problems.append(Problem(_shown_path(self.path), line, ".".join(map(str, place)), found, allowed))

    def add_elsewhere(self, path: Path, line: int, where: str, found: str, allowed: str) -> None:
        """Note a problem of another file of the course."""
        self.problems.append(Problem(_shown_path(path), line, where, found, allowed))

    def mapping(self, *place: str) -> dict[str, Any]:
        """The mapping at a place, an empty one where none stands there."""
        value = self.document.value
        for key in place:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def validate(self) -> GradingFile | None:
        """The file's sections; None where there was something to refuse."""
        if self.document.value is None:
            self._stop(1, (), "an empty file", allowed(())[0])
        try:
            return grading_file.validate_python(self.document.value)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_context=False):
                self._refuse(detail["loc"], detail["type"], detail["input"])
            return None

    def _refuse(self, place: Place, kind: str, value: object) -> None:
        if kind == "extra_forbidden":
            keys = allowed(place[:-1])[1]
            line = self.document.lines[place]
            self.add(place[:-1], f'the unknown key "{place[-1]}"', _choice(place[-1], keys), line=line)
        elif kind == "missing":
            self.add(place[:-1], f'no key "{place[-1]}"', f"{place[-1]}: {allowed(place)[0]}")
        else:
            text, options = allowed(place)
            self.add(place, _shown(value), text + _meant(value, options))


# --- the course's folders ---------------------------------------------------------------------------------------------


def _tests(source: _Source, folder: Path) -> dict[str, tuple[Path, int]] | None:
    """The tests of an assignment, without their ``test_``, each with its file and line; None where a file of them
    cannot be read (which is noted)."""
    tests: dict[str, tuple[Path, int]] = {}
    readable = True
    for path in (folder / name for name in TESTS):
        if not path.is_file():
            continue
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError) as error:  # ValueError: a null byte
            line = getattr(error, "lineno", None) or 1
            source.add_elsewhere(path, line, "", f"a syntax error ({getattr(error, 'msg', error)})", "Python")
            readable = False
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            name = node.name.removeprefix("test_")
            if name in tests:
                other = f"{tests[name][0].name}:{tests[name][1]}"
                source.add_elsewhere(
                    path, node.lineno, node.name, f"a second test (first in {other})", "every name once"
                )
            tests.setdefault(name, (path, node.lineno))
    return tests if readable else None


def _check_folder(source: _Source, root: Path, name: str) -> dict[str, tuple[Path, int]]:
    """Note what the section of an assignment and its folder do not agree on. Returns the folder's tests."""
    place = ("assignments", name)
    folder = root / "assignments" / name
    if not name.isidentifier() or not folder.is_dir():
        folders = sorted(path.name for path in folder.parent.glob("[!._]*") if path.is_dir())
        source.add(place, f"no folder assignments/{name}", _choice(name, folders))
        return {}
    if not any((folder / test).is_file() for test in TESTS):
        source.add(place, f"no {' or '.join(TESTS)} in assignments/{name}", "an assignment with tests")
        return {}
    tests = _tests(source, folder)
    checks = source.mapping(*place, "checks")
    if tests is None or not checks:
        return {}
    for check in checks:
        if check not in tests:
            source.add((*place, "checks", check), f"no test_{check} in assignments/{name}", _choice(check, tests))
    for check, (path, line) in tests.items():
        if check not in checks:
            where = f"assignments.{name}.checks"
            source.add_elsewhere(path, line, f"test_{check}", f"no points for it in {where}", _choice(check, checks))
    return tests


def _check_files(source: _Source) -> None:
    """A hand-in is told by its file's name, so two assignments can't share one."""
    owners: dict[str, str] = {}
    for name in source.mapping("assignments"):
        file = source.mapping("assignments", name).get("file")
        if isinstance(file, str) and owners.setdefault(file, name) != name:
            place = ("assignments", name, "file")
            source.add(place, f"{_shown(file)}, the file of {owners[file]} too", "a name that no other assignment uses")


# --- the course -------------------------------------------------------------------------------------------------------


def find_course(start: Path | None = None, near: Path | None = None) -> Path:
    """The grading.yml that holds for a folder (the current one by default): its own, else that of the nearest folder
    above it, else likewise for the file or folder ``near``, else the one of the checkout that this package is used
    from. Raises ConfigError where there is none."""
    start = (start or Path.cwd()).absolute()
    near = start if near is None else near.absolute()
    beside = Path(__file__).absolute().parent.parent
    for folder in (start, *start.parents, near, *near.parents, beside):
        if (folder / FILE).is_file():
            return folder / FILE
    allowed = f"a folder of a course, which has {FILE} at its top"
    raise ConfigError([Problem(_shown_path(start / FILE), 1, "", f"no {FILE} here or in a folder above", allowed)])


def load_course(path: Path) -> Course:
    """Read a grading.yml, or the one in a folder. Raises ConfigError with all that is wrong with it."""
    source = _Source(path / FILE if path.is_dir() else path)
    root = source.path.absolute().parent
    sections = source.validate()
    _check_files(source)
    tests = {name: _check_folder(source, root, name) for name in source.mapping("assignments")}
    if sections is None or source.problems:
        main = _shown_path(source.path)
        raise ConfigError(sorted(source.problems, key=lambda it: (it.file != main, it.file, it.line)))

    machine = replace(Machine(), **sections.get("machine", {}))
    limits = replace(Limits(), **sections.get("limits", {}))
    late = replace(LatePolicy(), **sections.get("late", {}))
    schedules = sections.get("schedules", SCHEDULES)
    timezone = sections["course"].get("timezone", "UTC")
    assignments = {}
    deadlines = {}
    for name, section in sections["assignments"].items():
        assignments[name] = Assignment(
            name=name,
            title=section["title"],
            file=section["file"],
            folder=root / "assignments" / name,
            checks=tuple(
                CheckPolicy(
                    name=check,
                    points=float(policy["points"]),
                    visibility=policy.get("visibility", TESTS[tests[name][check][0].name]),
                    line=source.document.lines["assignments", name, "checks", check],
                )
                for check, policy in section["checks"].items()
            ),
            machine=replace(machine, **section.get("machine", {})),
            limits=replace(limits, **section.get("limits", {})),
            schedules=section.get("schedules", schedules),
            imports=tuple(section.get("imports", ())),
        )
        due = _local(section["due"], ZoneInfo(timezone)) if "due" in section else None
        deadlines[name] = Deadline(due, replace(late, **section.get("late", {})))
    return Course(
        name=sections["course"]["name"],
        timezone=timezone,
        root=root,
        machine=machine,
        limits=limits,
        schedules=schedules,
        late=late,
        assignments=assignments,
        deadlines=deadlines,
    )


def _local(due: datetime, zone: ZoneInfo) -> datetime:
    """The same moment in the course's time zone. By way of UTC: a time that the clocks skip becomes a real one."""
    aware = due if due.tzinfo else due.replace(tzinfo=zone)
    return aware.astimezone(UTC).astimezone(zone)


def describe(course: Course) -> str:
    """What is in force, all defaults filled in, as a grading.yml that says the same when it is loaded."""
    tree: dict[str, Any] = {
        "course": {"name": course.name, "timezone": course.timezone},
        "machine": _plain(course.machine),
        "limits": _plain(course.limits),
        "late": _plain(course.late),
        "schedules": course.schedules,
        "assignments": {},
    }
    for name, assignment in course.assignments.items():
        deadline = course.deadlines[name]
        due = {"due": deadline.due.isoformat(timespec="seconds")} if deadline.due else {}
        tree["assignments"][name] = {
            "title": assignment.title,
            "file": assignment.file,
            **due,
            "late": marked_yaml.flow(_plain(deadline.late)),
            "imports": marked_yaml.flow(list(assignment.imports)),
            "machine": marked_yaml.flow(_plain(assignment.machine)),
            "limits": marked_yaml.flow(_plain(assignment.limits)),
            "schedules": assignment.schedules,
            "checks": {
                check.name: marked_yaml.flow({"points": _number(check.points), "visibility": check.visibility.value})
                for check in assignment.checks
            },
        }
    return marked_yaml.dump(tree)


def _plain(policy: Machine | Limits | LatePolicy) -> dict[str, Any]:
    values = {key: _number(value) for key, value in asdict(policy).items()}
    if isinstance(policy, Machine):
        values["pipe"] = size_text(policy.pipe)
    if isinstance(policy, Limits):
        values |= {
            "memory": size_text(policy.memory),
            "disk": size_text(policy.disk),
            "output": size_text(policy.output),
        }
    return values


def _number(value: Any) -> Any:
    """A number without a needless ``.0``; anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
