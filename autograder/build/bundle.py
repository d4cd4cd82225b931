"""What a zip for a container is made of: the assignment as a course of its own, the grader, and its packages.

No solution goes in, and nothing of other assignments. The packages are pinned to the versions that are installed where
it is built. The same course makes the same bytes, so that a zip that did not change need not be uploaded again.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

import autograder
from autograder.config import FILE, TESTS, describe
from autograder.model import Assignment, Course
from autograder.system import EXTRAS

DISTRIBUTION = "concurrency-autograder"
SCRIPTS = Path(__file__).with_name("container")
PLATFORMS = ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "any")
"""Of the wheels: Gradescope's machines are x86-64 with glibc."""

_LEFT_OUT = frozenset({"solution.py", "handout.md", "equivalent.yml", "right", "wrong", "__pycache__"})
_SCAFFOLD = Path("build", "scaffold")
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold; the same zip is the same bytes
_EXECUTABLE = 0o755


class BuildError(Exception):
    """Something cannot be built: says what is missing and how to get it."""


def only(course: Course, *assignments: Assignment) -> Course:
    """The course with these assignments alone."""
    return replace(
        course,
        assignments={one.name: one for one in assignments},
        deadlines={one.name: course.deadlines[one.name] for one in assignments},
    )


def course_files(course: Course, *assignments: Assignment) -> dict[str, bytes]:
    """grading.yml with these assignments alone, and what their judge needs, by names below the course's folder."""
    files = {FILE: describe(only(course, *assignments)).encode()}
    for one in assignments:
        files |= {f"assignments/{one.name}/{name}": content for name, content in tests(one)}
    return files


def write(files: Mapping[str, bytes], out: Path, executable: Iterable[str] = ()) -> list[Path]:
    """Write files below a folder, and return where they are."""
    runs = set(executable)
    paths = []
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if name in runs:
            path.chmod(_EXECUTABLE)
        paths.append(path)
    return paths


def script(name: str, **marks: str) -> bytes:
    """A file of ``container/`` with each @MARK@ replaced."""
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    for mark, value in marks.items():
        text = text.replace(f"@{mark}@", value)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines()).encode()


def requirements(*assignments: Assignment) -> list[str]:
    """What the grader needs, and what the assignments let students import, as pip is told it, each pinned to the
    version that is installed here. Raises BuildError where the grader was not installed as a distribution, or a
    package is missing."""
    extras = {"", *(EXTRAS[name] for one in assignments for name in one.imports if name in EXTRAS)}
    wanted, pins = [DISTRIBUTION], dict[str, str]()
    try:
        while wanted:
            owner = wanted.pop()
            for text in metadata.requires(owner) or ():
                requirement = Requirement(text)
                name = requirement.name.lower().replace("_", "-")
                # Extras are ours alone: what somebody else's package offers beside is nothing that we asked for.
                asked = extras if owner == DISTRIBUTION else {""}
                marker = requirement.marker
                if name not in pins and (marker is None or any(marker.evaluate({"extra": one}) for one in asked)):
                    pins[name] = metadata.version(name)
                    wanted.append(name)
    except metadata.PackageNotFoundError as error:
        raise BuildError(f"{error.name} is not installed here; allowed: an environment made by `make venv`") from None
    return [f"{name}=={version}" for name, version in sorted(pins.items())]


def package() -> Iterable[tuple[str, bytes]]:
    """The files of the grader itself, by their names in the package; without what new assignments are begun with, which
    has a solution in it."""
    root = Path(autograder.__file__).parent
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and "__pycache__" not in inside.parts and _SCAFFOLD not in inside.parents:
            yield inside.as_posix(), path.read_bytes()


def tests(assignment: Assignment) -> Iterable[tuple[str, bytes]]:
    """The files of an assignment that its judge needs."""
    for path in sorted(assignment.folder.rglob("*")):
        inside = path.relative_to(assignment.folder)
        if path.is_file() and inside.parts[0] not in _LEFT_OUT and "__pycache__" not in inside.parts:
            yield inside.as_posix(), path.read_bytes()
    if not any((assignment.folder / name).is_file() for name in TESTS):
        raise BuildError(f"{assignment.folder}: found no tests; allowed: {' or '.join(TESTS)}")


def wheels(pins: list[str], version: str) -> Iterable[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        options = [option for platform in PLATFORMS for option in ("--platform", platform)]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--dest", folder]
        command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", version, *options, *pins]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["pip download failed"])[-1]
            raise BuildError(f"--wheels {version}: {reason}")
        for path in sorted(Path(folder).iterdir()):
            yield path.name, path.read_bytes()


def zipped(files: dict[str, bytes], executable: Iterable[str] = ()) -> bytes:
    """A zip of these files, in order of name, without a time of its own."""
    runs = set(executable)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, _MOMENT)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.create_system = 3  # Unix: the mode counts, wherever the zip is made
            about.external_attr = (0o100000 | (_EXECUTABLE if name in runs else 0o644)) << 16
            archive.writestr(about, files[name])
    return buffer.getvalue()
