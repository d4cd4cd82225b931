"""Everything of a course in one folder, and the zips for students."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.build.everything import build_all, build_student
from autograder.config import load_course

ROOT = Path(__file__).parents[2]


def test_the_zip_of_a_student_is_all_that_is_needed(tmp_path: Path) -> None:
    """Unpacked somewhere else, the check in its README runs, on the template and on the solution."""
    course = load_course(ROOT)
    archive = build_student(course, course.assignments["warm_up"], tmp_path / "s" / "warm_up.zip")
    with zipfile.ZipFile(archive) as zipped:
        assert all(name.startswith("warm_up/") and "solution" not in name for name in zipped.namelist())
        zipped.extractall(tmp_path / "home")
    place = tmp_path / "home" / "warm_up" / "warm_up"
    for content, code in ((None, 1), ((ROOT / "assignments" / "warm_up" / "solution.py").read_bytes(), 0)):
        if content is not None:
            (place / "warm_up.py").write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-m", "autograder", "check", "warm_up.py"],
            cwd=place, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr


def test_all_of_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)  # otter's own tests build its part
    course = load_course(ROOT)
    names = ("warm_up", "pool_fib")
    told = list(build_all(course, [course.assignments[name] for name in names], tmp_path))
    for name in names:
        assert (tmp_path / "student" / f"{name}.zip").is_file()
        assert (tmp_path / "gradescope" / f"{name}.zip").is_file()
        assert (tmp_path / "prairielearn" / "questions" / name / "info.json").is_file()
        assert (tmp_path / "autolab" / f"{name}.tar").is_file()
    assert (tmp_path / "docker" / "Dockerfile").is_file()
    assert told[-1].startswith("left out: otter")
    assert all(Path(line).exists() for line in told[:-1])
    assert not any(path.name == "solution.py" for path in tmp_path.rglob("*"))
