"""A new assignment to begin with: small, whole, and green in `autograder verify`.

Everything that an assignment consists of is there (handout, solution with its marks, checks, ``right/``, ``wrong/``,
``equivalent.yml``, the entry in grading.yml, the students' template), about a task of a few lines, so that whoever
writes the real one replaces it piece by piece and can run `verify` after each. The files are the templates in
``scaffold/``.

Nothing that is there is overwritten, and what was begun is taken away again where it can't be ended.
"""

from __future__ import annotations

import keyword
import re
import shutil
import sys
from pathlib import Path

import yaml

from autograder.build.template import build_templates
from autograder.config import FILE, ConfigError, load_course
from autograder.model import Course
from autograder.report.text import write_whole

TEMPLATES = Path(__file__).with_name("scaffold")
_ENTRY = "grading.yml"


class ScaffoldError(Exception):
    """No assignment can be made: says what was found and what is allowed."""


def new_assignment(course: Course, name: str, title: str = "") -> list[Path]:
    """Makes the assignment and returns the files that were written, grading.yml last. Raises ScaffoldError."""
    _check_name(course, name)
    title = " ".join(title.split()) or name.replace("_", " ").capitalize()
    if '"""' in title or "\\" in title:
        raise ScaffoldError('--title: found a text with a backslash or """; allowed: one that may stand in a docstring')
    config = course.root / FILE
    before = config.read_bytes()
    after = _with_entry(before.decode("utf-8"), _rendered(_ENTRY, name, title), config)
    folder = course.root / "assignments" / name
    written: list[Path] = []
    try:
        for template in sorted(TEMPLATES.rglob("*.jinja")):
            place = template.relative_to(TEMPLATES).with_suffix("")
            if place.as_posix() != _ENTRY:
                path = folder / place
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(_rendered(place.as_posix(), name, title), encoding="utf-8")
                written.append(path)
        write_whole(config, after)
        written += build_templates(load_course(config), [name], course.root)
    except BaseException as error:
        write_whole(config, before)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(course.root / "student_template" / name, ignore_errors=True)
        if isinstance(error, ConfigError | OSError):
            raise ScaffoldError(f"{config}: the new entry can't be put in here ({error})") from error
        raise
    return [*written, config]


def _check_name(course: Course, name: str) -> None:
    allowed = "a name of lower case letters, digits and _, which is also the name of the file that students hand in"
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name) or keyword.iskeyword(name):
        raise ScaffoldError(f'found the name "{name}"; allowed: {allowed}')
    if name in sys.stdlib_module_names:
        raise ScaffoldError(f'found the name "{name}", a module of Python\'s own; allowed: {allowed}, and of no module')
    if name in course.assignments or any(one.file == f"{name}.py" for one in course.assignments.values()):
        raise ScaffoldError(f'found the name "{name}", which the course has already; allowed: another one')
    for place in (course.root / "assignments" / name, course.root / "student_template" / name):
        if place.exists():
            raise ScaffoldError(f"{place}: found something there already; allowed: a name that is not taken")


def _rendered(place: str, name: str, title: str) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # The files are Python, Markdown and YAML, not HTML.
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.get_template(f"{place}.jinja").render(name=name, title=title)


def _with_entry(text: str, entry: str, config: Path) -> str:
    """The text of grading.yml with one more entry at the end of its assignments; every other character stays."""
    tree = yaml.compose(text)  # it has been loaded already, so that it is a mapping with assignments
    assert isinstance(tree, yaml.MappingNode)
    section = next(value for key, value in tree.value if key.value == "assignments")
    if not isinstance(section, yaml.MappingNode) or section.flow_style or not section.value:
        line = section.start_mark.line + 1
        raise ScaffoldError(f"{config}:{line}: found assignments on one line; allowed: each on a line of its own")
    indent = " " * section.value[0][0].start_mark.column
    lines = text.splitlines(keepends=True)
    at = _last_line(section) + 1
    if lines and at >= len(lines) and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    new = ["\n", *(f"{indent}{line}" for line in entry.splitlines(keepends=True))]
    return "".join([*lines[:at], *new, *lines[at:]])


def _last_line(node: yaml.Node) -> int:
    """The line, from 0, on which a node's last word stands. A block's own end is where the next thing begins, behind
    empty lines and comments."""
    while isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.line
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return end - 1
    return end
