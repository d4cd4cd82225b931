"""grading.yml is read strictly: what is wrong is told with its file, its line, what was found and what is allowed."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograder.config
from autograder.config import FILE, SCHEDULES, ConfigError, describe, find_course, load_course
from autograder.config_schema import LateSection, LimitsSection, MachineSection
from autograder.model import (
    Assignment,
    CheckPolicy,
    Course,
    Deadline,
    LatePolicy,
    Limits,
    Machine,
    Visibility,
)

PUBLIC = 'def test_example(submission):\n    """The example comes out."""\n'
HIDDEN = 'def helper():\n    pass\n\n\ndef test_always(submission):\n    """It holds on every schedule."""\n'
HEAD = 'course: {name: "Course"}\n'
SECTION = """\
assignments:
  locks:
    title: "Locks"
    file: locks.py
    checks:
      example: {points: 1, visibility: visible}
      always: {points: 3, visibility: hidden}
"""

MakeCourse = Callable[..., Path]


@pytest.fixture
def make_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeCourse:
    """A function that writes a small course and returns its grading.yml; messages name it as seen from its folder."""

    def make(text: str | bytes, files: dict[str, str] | None = None) -> Path:
        tests = {"assignments/locks/test_public.py": PUBLIC, "assignments/locks/test_hidden.py": HIDDEN}
        for name, content in {**tests, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        path = tmp_path / FILE
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        monkeypatch.chdir(tmp_path)
        return path

    return make


def refused(path: Path) -> list[str]:
    """The lines of the refusal."""
    with pytest.raises(ConfigError) as caught:
        load_course(path)
    lines = str(caught.value).splitlines()
    assert lines == [str(problem) for problem in caught.value.problems]
    return lines


def test_a_small_course_gets_all_defaults(make_course: MakeCourse) -> None:
    path = make_course(HEAD + SECTION)
    course = load_course(path)
    assert course == Course(
        name="Course",
        timezone="UTC",
        root=path.parent,
        machine=Machine(),
        limits=Limits(),
        schedules=SCHEDULES,
        late=LatePolicy(),
        assignments={
            "locks": Assignment(
                name="locks",
                title="Locks",
                file="locks.py",
                folder=path.parent / "assignments" / "locks",
                checks=(
                    CheckPolicy("example", 1.0, Visibility.VISIBLE, line=7),
                    CheckPolicy("always", 3.0, Visibility.HIDDEN, line=8),
                ),
            )
        },
        deadlines={"locks": Deadline(None, LatePolicy())},
    )


@pytest.mark.parametrize(
    ("section", "noun"), [(MachineSection, Machine), (LimitsSection, Limits), (LateSection, LatePolicy)]
)
def test_the_file_may_say_all_that_the_model_knows(section: type, noun: type) -> None:
    assert list(section.__annotations__) == [field.name for field in fields(noun)]


def test_the_folder_is_as_good_as_the_file(make_course: MakeCourse) -> None:
    path = make_course(HEAD + SECTION)
    assert load_course(path.parent) == load_course(path)


def test_the_assignment_wins_over_the_course_and_the_course_over_the_defaults(make_course: MakeCourse) -> None:
    top = "machine: {cores: 8, tick: 1e-6}\nlimits: {memory: 512 MiB, work: 1_000_000}\nschedules: 5\n"
    top += "late: {per_day_percent: 12.5, max_days: 2}\n"
    own = "    machine: {cores: 2}\n    limits: {output: 65536}\n    schedules: 3\n    late: {max_days: 0}\n"
    own += "    imports: [requests]\n"
    course = load_course(make_course(HEAD + top + SECTION + own))
    assert course.machine == replace(Machine(), cores=8, tick=1e-6)
    assert course.limits == replace(Limits(), memory=512 << 20, work=1_000_000)
    assert (course.schedules, course.late) == (5, LatePolicy(0, 12.5, 2))
    locks = course.assignments["locks"]
    assert locks.machine == replace(Machine(), cores=2, tick=1e-6)
    assert locks.limits == replace(Limits(), memory=512 << 20, work=1_000_000, output=65536)
    assert (locks.schedules, locks.imports) == (3, ("requests",))
    assert course.deadlines["locks"].late == LatePolicy(0, 12.5, 0)


def test_visibility_follows_the_file_of_the_test_where_nothing_is_said(make_course: MakeCourse) -> None:
    section = SECTION.replace(", visibility: visible", "").replace(", visibility: hidden", "")
    checks = load_course(make_course(HEAD + section)).assignments["locks"].checks
    assert [check.visibility for check in checks] == [Visibility.VISIBLE, Visibility.HIDDEN]


@pytest.mark.parametrize(
    ("due", "in_utc"),
    [
        ("2026-12-07T23:59", "2026-12-07T22:59"),
        ("2026-07-07 12:00:30", "2026-07-07T10:00:30"),
        ("2026-12-07T23:59Z", "2026-12-07T23:59"),
        ("2026-12-07T23:59-05:00", "2026-12-08T04:59"),
        ("2026-03-29T02:30", "2026-03-29T01:30"),  # the clocks skip it: half an hour after the jump
    ],
)
def test_due_dates_are_local_to_the_course(make_course: MakeCourse, due: str, in_utc: str) -> None:
    head = 'course: {name: "Course", timezone: Europe/Berlin}\n'
    course = load_course(make_course(f"{head}{SECTION}    due: {due}\n"))
    moment = course.deadlines["locks"].due
    assert moment is not None
    assert moment.tzinfo == ZoneInfo("Europe/Berlin")
    assert moment.astimezone(UTC) == datetime.fromisoformat(f"{in_utc}+00:00")


TITLE = '"Locks"'
REFUSALS = {
    "unknown key at the top": ("machin: {cores: 2}\n", 'found the unknown key "machin"', ["machine", "assignments"]),
    "unknown key in a section": (
        "machine:\n  gil: true\n  coers: 2\n",
        'found the unknown key "coers"',
        ["cores", "tick"],
    ),
    "duplicate key": (
        "machine: {cores: 2}\nmachine: {cores: 4}\n",
        'found the key "machine" twice (first on line 2)',
        [],
    ),
    "no cores": ("machine: {cores: 0}\n", "machine.cores: found 0", ["from 1 to 1024"]),
    "half a core": ("machine: {cores: 0.5}\n", "machine.cores: found 0.5", ["a whole number"]),
    "a number as text": ('machine: {cores: "4"}\n', 'machine.cores: found "4"', ["a whole number"]),
    "true as a number": ("machine: {cores: true}\n", "machine.cores: found true", ["a whole number"]),
    "yes as a boolean": ("machine: {gil: yes}\n", 'machine.gil: found "yes"', ["true, false"]),
    "a number as a boolean": ("machine: {gil: 1}\n", "machine.gil: found 1", ["true, false"]),
    "free ticks": ("machine: {tick: 0}\n", "machine.tick: found 0", ["1e-09"]),
    "an endless tick": ("machine: {tick: .inf}\n", "machine.tick: found Infinity", ["a number of seconds"]),
    "no number": ("machine: {tick: .nan}\n", "machine.tick: found NaN", ["a number of seconds"]),
    "an empty section": ("machine:\n", "machine: found nothing", ["cores", "process_start", "pipe"]),
    "a list as a section": ("limits: [1]\n", "limits: found a list", ["real_time", "operations"]),
    "an unknown unit": ("limits: {memory: 1 GB}\n", 'limits.memory: found "1 GB"', ["MiB", "GiB"]),
    "too little memory": ("limits: {memory: 1 MiB}\n", 'limits.memory: found "1 MiB"', ["64 MiB"]),
    "negative time": ("limits: {real_time: -1}\n", "limits.real_time: found -1", ["0.1 to 3600"]),
    "no schedules": ("schedules: 0\n", "schedules: found 0", ["from 1 to 10000"]),
    "nothing as a value": ("schedules: ~\n", "schedules: found nothing", ["from 1 to 10000"]),
    "more than all points": ("late: {per_day_percent: 101}\n", "late.per_day_percent: found 101", ["from 0 to 100"]),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_bad_value_at_the_top_is_refused(make_course: MakeCourse, case: str) -> None:
    text, found, allowed = REFUSALS[case]
    [line] = refused(make_course(HEAD + text + SECTION))
    assert line.startswith(f"{FILE}:{1 + text.count(chr(10))}: ")
    assert found in line
    for word in ("; allowed: ", *allowed):
        assert word in line


ASSIGNMENT_REFUSALS = {
    "negative points": ("points: 1,", "points: -1,", 7, "checks.example.points: found -1", "a number from 0 to 1000"),
    "points as text": ("points: 1,", "points: one,", 7, 'checks.example.points: found "one"', "a number from 0"),
    "no points": ("points: 1, ", "", 7, 'checks.example: found no key "points"', "points: a number from 0 to 1000"),
    "unknown visibility": (
        "visibility: hidden",
        "visibility: banana",
        8,
        'checks.always.visibility: found "banana"',
        "visible, hidden, after_due_date, after_published",
    ),
    "unknown key of a check": ("points: 1,", "points: 1, weight: 2,", 7, 'unknown key "weight"', "points, visibility"),
    "a bare number as a check": ("{points: 1, visibility: visible}", "3", 7, "checks.example: found 3", "points"),
    "an empty title": (TITLE, '" "', 4, 'locks.title: found " "', "text on one line"),
    "a title of two lines": (TITLE, r'"a\nb"', 4, "locks.title: found", "text on one line"),
    "no title": (f"    title: {TITLE}\n", "", 3, 'locks: found no key "title"', "title: text on one line"),
    "a file that is no Python": ("locks.py", "locks.txt", 5, 'locks.file: found "locks.txt"', "a Python file"),
    "a file elsewhere": ("locks.py", "../locks.py", 5, 'locks.file: found "../locks.py"', "a Python file"),
    "a day that does not exist": (
        "file:",
        "due: 2026-06-31T12:00\n    file:",
        5,
        'locks.due: found "2026-06-31T12:00"',
        "a date and time such as 2026-12-07T23:59",
    ),
    "a date without a time": ("file:", "due: 2026-12-07\n    file:", 5, "locks.due: found", "a date and time"),
    "a time of no date": ("file:", "due: tomorrow\n    file:", 5, 'locks.due: found "tomorrow"', "a date and time"),
    "a name that is no module": (
        "file:",
        "imports:\n    - requests\n    - a-b\n    file:",
        7,
        'locks.imports.1: found "a-b"',
        "the name of a module",
    ),
    "imports that are no list": ("file:", "imports: os\n    file:", 5, 'locks.imports: found "os"', "a list of names"),
    "a bad value in an own section": (
        "file:",
        "machine: {cores: 0}\n    file:",
        5,
        "assignments.locks.machine.cores: found 0",
        "from 1 to 1024",
    ),
}


@pytest.mark.parametrize("case", ASSIGNMENT_REFUSALS)
def test_a_bad_value_in_an_assignment_is_refused(make_course: MakeCourse, case: str) -> None:
    old, new, number, found, allowed = ASSIGNMENT_REFUSALS[case]
    assert old in SECTION
    [line] = refused(make_course(HEAD + SECTION.replace(old, new)))
    assert line.startswith(f"{FILE}:{number}: ")
    assert found in line
    assert allowed in line.split("; allowed: ")[1]


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("course:", "machine: {coers: 2}\ncourse:", "cores"),
        ("visibility: hidden", "visibility: hiden", "hidden"),
        ("  locks:", "  lokcs:", "locks"),
        ("      example:", "      exmaple:", "example"),
    ],
)
def test_a_typing_error_gets_the_word_that_was_meant(make_course: MakeCourse, old: str, new: str, hint: str) -> None:
    assert f'; did you mean "{hint}"?' in refused(make_course((HEAD + SECTION).replace(old, new)))[0]


def test_a_time_zone_that_does_not_exist_is_refused(make_course: MakeCourse) -> None:
    for zone in ("Europe/Berln", "../../etc/passwd", "Europe"):
        [line] = refused(make_course(f'course:\n  name: "Course"\n  timezone: {zone}\n{SECTION}'))
        assert line == (
            f'{FILE}:3: course.timezone: found "{zone}"; '
            "allowed: a name of the tz database, such as UTC or Europe/Berlin"
        )


def test_sections_that_have_to_be_there(make_course: MakeCourse) -> None:
    assert refused(make_course("schedules: 3\n")) == [
        f'{FILE}:1: found no key "course"; allowed: course: a mapping with the keys name, timezone',
        f'{FILE}:1: found no key "assignments"; allowed: assignments: a mapping with an entry for every assignment',
    ]


def test_an_assignment_without_checks_is_refused(make_course: MakeCourse) -> None:
    section = SECTION[: SECTION.index("checks:")]
    [line] = refused(make_course(f"{HEAD}{section}checks: {{}}\n"))
    assert line.startswith(
        f"{FILE}:6: assignments.locks.checks: found an empty mapping; allowed: a mapping with an entry"
    )


def test_a_check_without_a_test_is_refused(make_course: MakeCourse) -> None:
    assert refused(make_course(HEAD + SECTION + "      never: {points: 1}\n")) == [
        f"{FILE}:9: assignments.locks.checks.never: found no test_never in assignments/locks; allowed: example, always"
    ]


def test_only_top_level_functions_are_tests(make_course: MakeCourse) -> None:
    hidden = HIDDEN + "\n\nclass TestMore:\n    def test_inner(self):\n        pass\n\n\ntest_value = 3\n"
    files = {"assignments/locks/test_hidden.py": hidden}
    load_course(make_course(HEAD + SECTION, files))
    for name in ("inner", "value"):
        [line] = refused(make_course(f"{HEAD}{SECTION}      {name}: {{points: 1}}\n", files))
        assert f"found no test_{name}" in line


def test_a_test_without_points_is_refused_at_its_own_line(make_course: MakeCourse) -> None:
    section = SECTION.replace("      always: {points: 3, visibility: hidden}\n", "")
    [line] = refused(make_course(HEAD + section))
    assert line == (
        "assignments/locks/test_hidden.py:5: test_always: found no points for it in assignments.locks.checks;"
        " allowed: example"
    )


def test_two_tests_of_one_name_are_refused(make_course: MakeCourse) -> None:
    hidden = HIDDEN + "\n\ndef test_example(submission):\n    pass\n"
    [line] = refused(make_course(HEAD + SECTION, {"assignments/locks/test_hidden.py": hidden}))
    assert line == (
        "assignments/locks/test_hidden.py:9: test_example: found a second test (first in test_public.py:1);"
        " allowed: every name once"
    )


@pytest.mark.parametrize(("text", "line"), [("x = 1\ndef (\n", 2), ("x = '\0'\n", 1)])
def test_a_test_file_that_is_no_python_is_refused(make_course: MakeCourse, text: str, line: int) -> None:
    [message] = refused(make_course(HEAD + SECTION, {"assignments/locks/test_hidden.py": text}))
    assert message.startswith(f"assignments/locks/test_hidden.py:{line}: found a syntax error (")


def test_tests_are_read_and_never_run(make_course: MakeCourse, tmp_path: Path) -> None:
    evil = f"from pathlib import Path\nPath({str(tmp_path / 'ran')!r}).touch()\nraise SystemExit\n{HIDDEN}"
    load_course(make_course(HEAD + SECTION, {"assignments/locks/test_hidden.py": evil}))
    assert not (tmp_path / "ran").exists()


def test_an_assignment_without_a_folder_is_refused(make_course: MakeCourse) -> None:
    section = SECTION.replace("  locks:", "  pools:")
    assert refused(make_course(HEAD + section)) == [
        f"{FILE}:3: assignments.pools: found no folder assignments/pools; allowed: locks"
    ]


def test_an_assignment_outside_its_folder_is_refused(make_course: MakeCourse) -> None:
    section = SECTION.replace("  locks:", "  ../assignments/locks:")
    assert "found no folder" in refused(make_course(HEAD + section))[0]


def test_an_assignment_without_tests_is_refused(make_course: MakeCourse) -> None:
    section = SECTION.replace("  locks:", "  bare:")
    [line] = refused(make_course(HEAD + section, {"assignments/bare/handout.md": "# Bare\n"}))
    assert line == (
        f"{FILE}:3: assignments.bare: found no test_public.py or test_hidden.py in assignments/bare;"
        " allowed: an assignment with tests"
    )


def test_two_assignments_with_one_file_are_refused(make_course: MakeCourse) -> None:
    other = SECTION.replace("assignments:\n", "").replace("  locks:", "  other:")
    files = {"assignments/other/test_public.py": PUBLIC, "assignments/other/test_hidden.py": HIDDEN}
    [line] = refused(make_course(HEAD + SECTION + other, files))
    assert line == (
        f'{FILE}:11: assignments.other.file: found "locks.py", the file of locks too;'
        " allowed: a name that no other assignment uses"
    )


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_lines(make_course: MakeCourse) -> None:
    section = SECTION.replace("points: 1", "points: -1").replace("hidden", "banana").replace("locks.py", "locks")
    hidden = HIDDEN + "\n\ndef test_forgotten(submission):\n    pass\n"
    lines = refused(
        make_course(
            f"{HEAD}machine: {{cores: 0, ticks: 1}}\nschedules: 2\nschedules: 3\n{section}      never: {{points: 1}}\n",
            {"assignments/locks/test_hidden.py": hidden},
        )
    )
    places = [line.split(": found")[0].replace("assignments.locks", "…") for line in lines]
    assert places == [
        f"{FILE}:2: machine.cores",
        f"{FILE}:2: machine",
        f"{FILE}:4",
        f"{FILE}:8: ….file",
        f"{FILE}:10: ….checks.example.points",
        f"{FILE}:11: ….checks.always.visibility",
        f"{FILE}:12: ….checks.never",
        "assignments/locks/test_hidden.py:9: test_forgotten",
    ]


UNREADABLE = {
    "a bracket left open": (b"course: {name: x\nschedules: 3\n", 2, "no valid YAML", "YAML"),
    "a tab": (b"course:\n\tname: x\n", 2, "no valid YAML", "YAML"),
    "an empty file": (b"", 1, "an empty file", "a mapping with the keys course, machine, limits, late, schedules"),
    "nothing but comments": (b"# later\n", 1, "an empty file", "a mapping with the keys course"),
    "a list": (b"- course\n", 1, "a list", "a mapping with the keys course"),
    "a word": (b"course\n", 1, '"course"', "a mapping with the keys course"),
    "two documents": (b"course: {name: x}\n---\na: 1\n", 2, "no valid YAML", "YAML"),
    "no UTF-8": (b"course:\n  name: Fran\xe7ais\n", 2, "the byte 0xe7, which is no UTF-8", "text in UTF-8"),
    "a control character": (b"course:\n  name: a\x07\n", 2, "the unprintable character U+0007", "printable text"),
    "an alias": (b"course: &c {name: x}\nlate: *c\n", 2, "an alias (*name) is refused", "YAML"),
    "an alias of what is around it": (b"course: &c {name: *c}\n", 1, "an alias (*name) is refused", "YAML"),
    "a tag": (
        b"course:\n  name: !!python/object:os.system x\n",
        2,
        "the tag !!python/object:os.system",
        "without a tag",
    ),
    "a tag of one's own": (b"course: !mine {name: x}\n", 1, "the tag !mine", "values without a tag"),
    "a tag that does not fit": (b"schedules: !!int many\n", 1, "the tag !!int", "values without a tag"),
    "a mapping as a key": (b"? {a: 1}\n: 2\n", 1, "a key that is no word", "words as keys"),
    "a tower of brackets": (b"[" * 20_000, 1, "brackets nested too deep", "a few levels"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_can_not_be_read_is_refused(make_course: MakeCourse, case: str) -> None:
    text, number, found, allowed = UNREADABLE[case]
    [line] = refused(make_course(text))
    assert line.startswith(f"{FILE}:{number}: ")
    assert found in line
    assert allowed in line.split("; allowed: ")[1]


def test_a_missing_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for path, name in ((Path("none.yml"), "none.yml"), (tmp_path / "folder", f"folder/{FILE}")):
        assert refused(path) == [
            f"{name}:1: found no readable file (No such file or directory); allowed: a course's {FILE}"
        ]


@pytest.mark.parametrize("text", ["1e-7", "1.0e-7", "1.0e-07", "0.0000001", "1E-7"])
def test_a_number_is_a_number_however_it_is_written(make_course: MakeCourse, text: str) -> None:
    assert load_course(make_course(f"{HEAD}machine: {{tick: {text}}}\n{SECTION}")).machine.tick == 1e-7


def test_a_number_of_any_length_is_refused_and_no_crash(make_course: MakeCourse) -> None:
    [line] = refused(make_course(f"{HEAD}schedules: {'9' * 5000}\n{SECTION}"))
    assert line.startswith(f"{FILE}:2: schedules: found Infinity; allowed: a whole number")


def test_long_values_are_shortened(make_course: MakeCourse) -> None:
    [line] = refused(make_course(f"{HEAD}schedules: {'x' * 5000}\n{SECTION}"))
    assert f'schedules: found "{"x" * 56}…; allowed:' in line


def test_a_byte_order_mark_does_no_harm(make_course: MakeCourse) -> None:
    assert load_course(make_course(b"\xef\xbb\xbf" + (HEAD + SECTION).encode())).name == "Course"


# --- describe ---------------------------------------------------------------------------------------------------------


def test_describe_fills_in_all_that_is_in_force(make_course: MakeCourse) -> None:
    top = "machine: {cores: 2, gil: false, tick: 1e-7, operation: 0, thread_start: 5e-5, process_start: 2e-3,"
    top += " pipe: 4 KiB}\n"
    top += "limits: {real_time: 10, cpu_time: 5, memory: 1024 MiB, processes: 64, output: 3000, "
    top += "work: 20_000, operations: 200}\nschedules: 9\nlate: {grace_minutes: 1, per_day_percent: 2, max_days: 3}\n"
    own = "    due: 2026-12-07T23:59\n    limits: {real_time: 2.5}\n"
    assert describe(load_course(make_course(HEAD + top + SECTION + own))) == (
        "course:\n  name: Course\n  timezone: UTC\n"
        "machine:\n  cores: 2\n  gil: false\n  tick: 1.0e-07\n  operation: 0\n"
        "  thread_start: 5.0e-05\n  process_start: 0.002\n  pipe: 4 KiB\n"
        "limits:\n  real_time: 10\n  cpu_time: 5\n  memory: 1 GiB\n  processes: 64\n"
        "  disk: 256 MiB\n  files: 10000\n  output: 3000 B\n"
        "  work: 20000\n  operations: 200\n"
        "late:\n  grace_minutes: 1\n  per_day_percent: 2\n  max_days: 3\n"
        "schedules: 9\n"
        "assignments:\n  locks:\n    title: Locks\n    file: locks.py\n    due: 2026-12-07T23:59:00+00:00\n"
        "    late: {grace_minutes: 1, per_day_percent: 2, max_days: 3}\n"
        "    imports: []\n"
        "    machine: {cores: 2, gil: false, tick: 1.0e-07, operation: 0, thread_start: 5.0e-05,"
        " process_start: 0.002, pipe: 4 KiB}\n"
        "    limits: {real_time: 2.5, cpu_time: 5, memory: 1 GiB, processes: 64, disk: 256 MiB,"
        " files: 10000, output: 3000 B, work: 20000,"
        " operations: 200}\n"
        "    schedules: 9\n"
        "    checks:\n"
        "      example: {points: 1, visibility: visible}\n"
        "      always: {points: 3, visibility: hidden}\n"
    )


def seconds(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


# Texts that YAML could take for something else, beside any printable ones.
TEXT = st.sampled_from(
    ["yes", "1e-7", "0x10", "23:59", "a: b", "# no", "~", "*x", "'", "2026-12-07", "é\U0001f512"]
) | (st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable() and bool(text.strip())))
MACHINE = st.builds(
    Machine,
    cores=st.integers(1, 1024),
    gil=st.booleans(),
    tick=seconds(1e-9, 1),
    operation=seconds(0, 60),
    thread_start=seconds(0, 60),
    process_start=seconds(0, 60),
    pipe=st.integers(16, 1 << 30),
)
LIMITS = st.builds(
    Limits,
    real_time=seconds(0.1, 3600),
    cpu_time=st.integers(1, 3600),
    memory=st.integers(1 << 26, 1 << 40),
    processes=st.integers(1, 10_000),
    output=st.integers(1 << 10, 1 << 30),
    work=st.integers(1_000, 10**12),
    operations=st.integers(100, 10**9),
)
LATE = st.builds(LatePolicy, st.integers(0, 10_080), seconds(0, 100), st.integers(0, 365))
CHECKS = st.tuples(
    st.builds(CheckPolicy, st.just("example"), seconds(0, 1000), st.sampled_from(Visibility)),
    st.builds(CheckPolicy, st.just("always"), seconds(0, 1000), st.sampled_from(Visibility)),
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"])


@st.composite
def courses(draw: st.DrawFn, root: Path) -> Course:
    zone = draw(ZONES)
    moments = st.integers(0, 3 * 10**9).map(lambda second: datetime(2000, 1, 2, tzinfo=UTC) + timedelta(seconds=second))
    locks = Assignment(
        name="locks",
        title=draw(TEXT),
        file=draw(st.sampled_from(["locks.py", "no.py", "_.py"])),
        folder=root / "assignments" / "locks",
        checks=draw(CHECKS),
        machine=draw(MACHINE),
        limits=draw(LIMITS),
        schedules=draw(st.integers(1, 10_000)),
        imports=tuple(draw(st.lists(st.sampled_from(["requests", "true", "no", "null", "_x1"])))),
    )
    due = draw(st.none() | moments.map(lambda moment: moment.astimezone(ZoneInfo(zone))))
    return Course(
        name=draw(TEXT),
        timezone=zone,
        root=root,
        machine=draw(MACHINE),
        limits=draw(LIMITS),
        schedules=draw(st.integers(1, 10_000)),
        late=draw(LATE),
        assignments={"locks": locks},
        deadlines={"locks": Deadline(due, draw(LATE))},
    )


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_is_described_is_what_is_loaded(make_course: MakeCourse, tmp_path: Path, data: st.DataObject) -> None:
    course = data.draw(courses(tmp_path))
    loaded = load_course(make_course(describe(course)))
    locks = loaded.assignments["locks"]
    checks = tuple(replace(check, line=0) for check in locks.checks)
    assert replace(loaded, assignments={"locks": replace(locks, checks=checks)}) == course
    assert describe(loaded) == describe(course)


# --- where the course is ----------------------------------------------------------------------------------------------


def test_the_nearest_course_above_is_found(
    make_course: MakeCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_course(HEAD + SECTION)
    deep = tmp_path / "hand-ins" / "ada"
    deep.mkdir(parents=True)
    assert find_course(deep) == path
    assert find_course(tmp_path) == path
    monkeypatch.chdir(deep)
    assert find_course() == path


def test_elsewhere_the_checkout_of_the_package_is_found(tmp_path: Path) -> None:
    assert find_course(tmp_path) == Path(autograder.config.__file__).parent.parent / FILE


def test_without_any_course_it_is_said_where_one_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autograder.config, "__file__", str(tmp_path / "site-packages" / "autograder" / "config.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        find_course()
    assert str(caught.value) == (
        f"{FILE}:1: found no {FILE} here or in a folder above; "
        f"allowed: a folder of a course, which has {FILE} at its top"
    )


# --- the real one -----------------------------------------------------------------------------------------------------


def test_the_course_of_this_checkout_loads_and_describes_itself(tmp_path: Path) -> None:
    course = load_course(find_course(Path(__file__).parent))
    assert set(course.assignments) == {path.name for path in (course.root / "assignments").iterdir() if path.is_dir()}
    for name, assignment in course.assignments.items():
        assert assignment.file == f"{name}.py"
        assert sum(check.points for check in assignment.checks) > 0
    assert describe(course)


def test_the_course_of_a_file_is_found_where_the_current_folder_has_none(tmp_path: Path) -> None:
    (tmp_path / "unit" / "warm_up").mkdir(parents=True)
    (tmp_path / "unit" / "grading.yml").write_text("")
    (tmp_path / "elsewhere").mkdir()
    near = tmp_path / "unit" / "warm_up" / "warm_up.py"
    assert find_course(tmp_path / "elsewhere", near) == tmp_path / "unit" / "grading.yml"
    (tmp_path / "elsewhere" / "grading.yml").write_text("")
    assert find_course(tmp_path / "elsewhere", near) == tmp_path / "elsewhere" / "grading.yml"
