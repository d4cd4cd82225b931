"""What grading.yml may say: its sections, and for every value the type, the bounds, and the words for both.

The sections are typed dictionaries and not classes with defaults, so that a section holds just what the file says;
what it leaves out is the business of :mod:`autograder.config`. A value's ``description`` is the text that an error
shows after "allowed:".
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Required, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, TypeAdapter, with_config
from pydantic.fields import FieldInfo
from typing_extensions import TypedDict, get_type_hints, is_typeddict

from autograder.marked_yaml import Place
from autograder.model import Visibility

UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
MODULE = r"[A-Za-z_][A-Za-z0-9_]*"


def size_text(size: int) -> str:
    """A number of bytes in the largest unit that it is a whole number of: ``1 GiB``, ``1000 B``."""
    unit = next(unit for unit in reversed(UNITS) if size % UNITS[unit] == 0)
    return f"{size // UNITS[unit]} {unit}"


def _size(value: object) -> object:
    if isinstance(value, str) and (match := re.fullmatch(r"([0-9]{1,18}) ?([KMGT]iB|B)", value)):
        return int(match[1]) * UNITS[match[2]]
    return value


def _date(value: object) -> datetime:
    form = r"2\d{3}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[-+]\d\d:\d\d)?"
    if isinstance(value, str) and re.fullmatch(form, value, re.ASCII):
        return datetime.fromisoformat(value)  # ValueError on a 31st of June
    raise ValueError


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, KeyError, ValueError):  # a folder of the database, no such name, nothing like a name
        raise ValueError from None
    return name


def _one_line(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError
    return value


def _words(description: str, **bounds: Any) -> FieldInfo:
    field: FieldInfo = Field(description=description, **bounds)
    return field


def _between(low: float, high: float, noun: str) -> FieldInfo:
    return _words(f"{noun} from {low} to {high}", ge=low, le=high)


def _sizes(low: int, high: int) -> FieldInfo:
    text = f"bytes from {size_text(low)} to {size_text(high)}, a whole number with or without one of {', '.join(UNITS)}"
    return _words(text, ge=low, le=high)


_Text = Annotated[str, AfterValidator(_one_line), _words("text on one line, not empty")]
_Zone = Annotated[str, AfterValidator(_zone), _words("a name of the tz database, such as UTC or Europe/Berlin")]
_Date = Annotated[
    datetime,
    BeforeValidator(_date),
    _words("a date and time such as 2026-12-07T23:59 (or with an offset: 2026-12-07T23:59+01:00)"),
]
_File = Annotated[str, _words("the name of a Python file, such as my_program.py", pattern=rf"\A{MODULE}\.py\z")]
_Module = Annotated[str, _words("the name of a module, such as requests", pattern=rf"\A{MODULE}\z")]
_Visibility = Annotated[Visibility, _words(", ".join(word.value for word in Visibility), strict=False)]
_Bool = Annotated[bool, _words("true, false")]
_Seconds = Annotated[float, _between(0, 60, "a number of seconds")]
_Schedules = Annotated[int, _between(1, 10_000, "a whole number")]

_strict = with_config(ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))


@_strict
class CourseSection(TypedDict, total=False):
    name: Required[_Text]
    timezone: _Zone


@_strict
class MachineSection(TypedDict, total=False):
    """See :class:`autograder.model.Machine`. A tick of no cost would give an endless loop no end in virtual time."""

    cores: Annotated[int, _between(1, 1024, "a whole number")]
    gil: _Bool
    tick: Annotated[float, _between(1e-9, 1, "a number of seconds")]
    operation: _Seconds
    thread_start: _Seconds
    process_start: _Seconds
    pipe: Annotated[int, BeforeValidator(_size), _sizes(16, 1 << 30)]


@_strict
class LimitsSection(TypedDict, total=False):
    """See :class:`autograder.model.Limits`."""

    real_time: Annotated[float, _between(0.1, 3600, "a number of seconds")]
    cpu_time: Annotated[int, _between(1, 3600, "a whole number of seconds")]
    memory: Annotated[int, BeforeValidator(_size), _sizes(1 << 26, 1 << 40)]
    processes: Annotated[int, _between(1, 10_000, "a whole number")]
    disk: Annotated[int, BeforeValidator(_size), _sizes(1 << 20, 1 << 40)]
    files: Annotated[int, _between(10, 10**7, "a whole number")]
    output: Annotated[int, BeforeValidator(_size), _sizes(1 << 10, 1 << 30)]
    work: Annotated[int, _between(1_000, 10**12, "a whole number of ticks")]
    operations: Annotated[int, _between(100, 10**9, "a whole number")]


@_strict
class LateSection(TypedDict, total=False):
    """See :class:`autograder.model.LatePolicy`."""

    grace_minutes: Annotated[int, _between(0, 10_080, "a whole number of minutes")]
    per_day_percent: Annotated[float, _between(0, 100, "a number")]
    max_days: Annotated[int, _between(0, 365, "a whole number of days")]


@_strict
class CheckSection(TypedDict, total=False):
    points: Required[Annotated[float, _between(0, 1000, "a number")]]
    visibility: _Visibility


@_strict
class AssignmentSection(TypedDict, total=False):
    title: Required[_Text]
    file: Required[_File]
    due: _Date
    imports: Annotated[list[_Module], _words("a list of names of modules, such as [requests]")]
    machine: MachineSection
    limits: LimitsSection
    late: LateSection
    schedules: _Schedules
    checks: Required[Annotated[dict[str, CheckSection], _words("a mapping with an entry for every test", min_length=1)]]


@_strict
class GradingFile(TypedDict, total=False):
    course: Required[CourseSection]
    machine: MachineSection
    limits: LimitsSection
    late: LateSection
    schedules: _Schedules
    assignments: Required[
        Annotated[dict[str, AssignmentSection], _words("a mapping with an entry for every assignment")]
    ]


grading_file: TypeAdapter[GradingFile] = TypeAdapter(GradingFile)


def allowed(place: Place) -> tuple[str, list[str]]:
    """What may stand at a place of the file: in words, and where there are but a few possibilities, all of them (the
    keys of a section, the words of a choice)."""
    kind: Any = GradingFile
    text = ""
    for key in place:
        # a key of a section, or else an entry of a dict or an item of a list
        kind = get_type_hints(kind, include_extras=True)[str(key)] if is_typeddict(kind) else get_args(kind)[-1]
        text = ""
        while get_origin(kind) in (Required, Annotated):
            kind, *extras = get_args(kind)
            text = next((extra.description for extra in extras if isinstance(extra, FieldInfo)), None) or text
    if is_typeddict(kind):
        keys = list(get_type_hints(kind))
        return f"a mapping with the keys {', '.join(keys)}", keys
    if isinstance(kind, type) and issubclass(kind, Visibility):
        return text, [word.value for word in kind]
    return text, []
