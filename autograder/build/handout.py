"""The folder that students get: templates, handouts, the public checks, and the part of grading.yml that they need.

    OUT/README.md                          how to begin
    OUT/grading.yml                        the public checks alone, with the machine and the limits in force
    OUT/NAME/FILE.py, OUT/NAME/README.md   the template and its handout
    OUT/assignments/NAME/test_public.py    what `autograder check` runs

With ``notebooks`` FILE.ipynb stands in the place of FILE.py, and with ``otter`` OUT/NAME/tests/ has a test for each
public check, for ``otter.Notebook().check``.

Nothing of the solutions, the hidden checks or their points goes in: only what is listed here is written.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from autograder.build.notebook import notebook
from autograder.build.otter_tests import public_tests
from autograder.build.template import for_students, readme, source
from autograder.config import FILE, describe
from autograder.judge.grade import check_titles
from autograder.model import Assignment, Course, Visibility
from autograder.notebook import notebook_name
from autograder.system import EXTRAS

PUBLIC = "test_public.py"


class HandoutError(Exception):
    """The folder for students cannot be made. The text says why."""


def build_handout(
    course: Course, names: Collection[str], out: Path, *, notebooks: bool = False, otter: bool = False
) -> list[Path]:
    """Write the folder for the named assignments (all of them where ``names`` is empty) and return its files. Raises
    HandoutError where ``out`` is a folder of a course with more than that in it, and TemplateError."""
    if (out / "assignments").is_dir() and any((out / "assignments").glob("*/solution.py")):
        raise HandoutError(f"{out} is the course itself: found solutions in it; choose another folder")
    chosen = {name: _public(course.assignments[name]) for name in names or course.assignments}
    reduced = replace(course, assignments=chosen, deadlines={name: course.deadlines[name] for name in chosen})
    texts = {Path("README.md"): _readme(reduced, notebooks), Path(FILE): describe(reduced)}
    for name, assignment in chosen.items():
        code, handout = for_students(assignment)
        if notebooks:
            checks = [check.name for check in assignment.checks] if otter else []
            texts[Path(name, notebook_name(assignment.file))] = notebook(code, handout, assignment.file, checks)
        else:
            texts[Path(name, assignment.file)] = code
        texts[Path(name, "README.md")] = readme(handout, assignment, notebook=notebooks)
        if otter:
            texts |= {Path(name, "tests", test): text for test, text in public_tests(assignment).items()}
        texts[Path("assignments", name, PUBLIC)] = source(assignment.folder / PUBLIC)
    for path, text in texts.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    return [out / path for path in texts]


def _public(assignment: Assignment) -> Assignment:
    """The assignment with the checks alone that a student may see and run."""
    public = check_titles(assignment, public_only=True)
    shown = tuple(
        check for check in assignment.checks if check.name in public and check.visibility is Visibility.VISIBLE
    )
    if len(shown) < len(public):
        hidden = sorted(set(public) - {check.name for check in shown})
        raise HandoutError(
            f"{assignment.folder / PUBLIC}: found checks that grading.yml does not call visible ({', '.join(hidden)}); "
            "move them to test_hidden.py, or make them visible"
        )
    return replace(assignment, checks=shown)


def _readme(course: Course, notebooks: bool) -> str:
    files = {name: notebook_name(one.file) if notebooks else one.file for name, one in course.assignments.items()}
    rows = "".join(f"| `{one.name}/{files[one.name]}` | {one.title} |\n" for one in course.assignments.values())
    first = next(iter(course.assignments.values()))
    extras = sorted({EXTRAS[name] for one in course.assignments.values() for name in one.imports if name in EXTRAS})
    package = f'"concurrency-autograder[{",".join(extras)}]"' if extras else "concurrency-autograder"
    return (
        f"# {course.name}\n\n"
        "Each folder has a program to fill in, and a README.md that says what it has to do. Install the checks once\n"
        "(the course may tell you to do so from another place), then go into a folder:\n\n"
        f"    pip install {package}\n"
        f"    cd {first.name}\n"
        f"    autograder check {files[first.name]}\n\n"
        "Linux and macOS will do; on Windows use WSL. These checks are a part of what is graded.\n\n"
        f"| program | about |\n|---|---|\n{rows}"
    )
