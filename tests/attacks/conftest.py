"""A course of one assignment, and the command that a TA types."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRET = "the-hidden-question"
GRADING = """\
course:
  name: A course
assignments:
  tiny:
    title: Tiny
    file: tiny.py
    checks:
      sum: {points: 2, visibility: visible}
      secret: {points: 1, visibility: hidden}
"""
PUBLIC = '''\
def test_sum(submission):
    """The sum."""
    assert submission.run("total", [1, 2]).value == 3
'''
HIDDEN = f'''\
def test_secret(submission):
    """{SECRET}"""
    assert submission.run("total", [4, 5]).value == 9
'''
RIGHT = "def total(numbers):\n    return sum(numbers)\n"

Autograder = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    (folder / "assignments" / "tiny").mkdir(parents=True)
    (folder / "grading.yml").write_text(GRADING)
    (folder / "assignments" / "tiny" / "test_public.py").write_text(PUBLIC)
    (folder / "assignments" / "tiny" / "test_hidden.py").write_text(HIDDEN)
    (folder / "tiny.py").write_text(RIGHT)
    return folder


@pytest.fixture
def autograder(course: Path) -> Autograder:
    """``autograder("grade", …)``: the command, in the course's folder. ``ahead`` is searched for modules before all
    others; ``first`` is Python that its process runs before."""

    def run(*words: str | Path, ahead: Path | None = None, first: str = "") -> subprocess.CompletedProcess[str]:
        code = f"{first}\nfrom autograder.cli import main; main()"
        path = os.pathsep.join(map(str, [*([ahead] if ahead else []), ROOT]))
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, words)],
            cwd=course, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run
