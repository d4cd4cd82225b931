"""Otter's test files for the public checks of an assignment: what ``otter.Notebook().check`` runs at home."""

from __future__ import annotations

import json

from autograder.judge.grade import check_titles
from autograder.model import Assignment


def public_tests(assignment: Assignment) -> dict[str, str]:
    """Otter's test files for the public checks, by name. Points are those of grading.yml."""
    titles = check_titles(assignment, public_only=True)
    points = {check.name: check.points for check in assignment.checks}
    return {f"{check}.py": _test(assignment.name, check, title, points[check]) for check, title in titles.items()}


def _test(assignment: str, check: str, title: str, points: float) -> str:
    return (
        "OK_FORMAT = False\n\n"
        "from autograder.inside.otter_home import passes\nfrom otter.test_files import test_case\n\n"
        f"name = {json.dumps(check)}\n\n\n"
        f"@test_case(name={json.dumps(title)}, points={points:g})\n"
        f"def test_{check}(env):\n    passes({json.dumps(assignment)}, {json.dumps(check)}, env)\n"
    )
