"""Tiny assignments, made in a folder of the test's own, and graded as the real ones are."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any, Protocol

import pytest

from autograder.judge.grade import grade
from autograder.model import Assignment, CheckPolicy, Limits, Result, Submission, Visibility

LIMITS = Limits(work=50_000, operations=3_000, output=5_000, processes=20, cpu_time=2)


class Graded(Protocol):
    def __call__(self, source: str | bytes, hidden: str = "", public: str = "", **changes: Any) -> Result: ...


@pytest.fixture
def assignment(tmp_path: Path) -> Any:
    """Make an assignment of these tests."""

    def make(hidden: str = "", public: str = "", *, imports: tuple[str, ...] = (), **changes: Any) -> Assignment:
        folder = tmp_path / "assignment"
        folder.mkdir(exist_ok=True)
        header = "import pytest\nfrom autograder.judge import *\n\n"
        names = []
        for name, text in (("test_public.py", public), ("test_hidden.py", hidden)):
            text = dedent(text)
            (folder / name).write_text(header + text)
            names += [line[9:].partition("(")[0] for line in text.splitlines() if line.startswith("def test_")]
        checks = tuple(CheckPolicy(name, 1.0, Visibility.VISIBLE) for name in names)
        values: dict[str, Any] = {"limits": LIMITS, "schedules": 6, **changes}
        return Assignment("tiny", "Tiny", "program.py", folder, checks, imports=imports, **values)

    return make


@pytest.fixture
def graded(assignment: Any, tmp_path: Path) -> Graded:
    """``graded(source, tests)``: the result of a submission."""

    def graded(source: str | bytes, hidden: str = "", public: str = "", **changes: Any) -> Result:
        real = changes.pop("real", False)
        public_only = changes.pop("public_only", False)
        path = tmp_path / "program.py"
        path.write_bytes(dedent(source).encode() if isinstance(source, str) else source)
        made = assignment(hidden, public, **changes)
        return grade(Submission("s1", path), made, real=real, public_only=public_only)

    return graded
