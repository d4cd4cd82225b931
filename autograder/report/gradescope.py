"""results.json, in the format that Gradescope's harness reads.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/, held by ``results.schema.json`` beside this
file. What goes in is a fact about the program: no durations, paths or names of machines, and no dates but those that
the LMS gave for the hand-in, so that equal results are equal bytes. The text is ASCII; whatever else a message holds
is written as JSON escapes, which no reader's encoding can spoil.

Decisions that the format leaves open:

- ``score`` overrides the sum of the tests. It is that sum less what the late policy takes off.
- A check that was not decided (a limit of real time ended it, or the grader failed) gives no points, has the status
  "failed", because there are only two, and its output begins by saying that this is no statement about the program.
- A ``leaderboard`` is only written where it was asked for. It has the points, and the speedup of each check for speed
  that was passed: in virtual time, so that no busy machine puts anybody further down.
- The reasons why a person should look at a submission stand in ``extra_data``, which students don't see: they may
  tell what a hidden check does. The student reads only that someone will look.

``extra_data`` of the whole and of each test is for our own commands: with it a gradebook can be made again from the
results alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.model import Assignment, Lateness, Outcome, Override, Result, Status, Verdict
from autograder.report import markdown
from autograder.report.feedback import explanation, file_of, late_lines, public_checks, standing, title_of
from autograder.report.text import harmless, one_line

SCHEMA = Path(__file__).with_name("results.schema.json")


def results(result: Result, file: str = "", *, page: bool = False, leaderboard: bool = False) -> dict[str, Any]:
    """``result`` as Gradescope reads it. ``file`` is the name of the file handed in, for the replay commands. For its
    ``page`` texts are Markdown; otherwise they are plain, for people and programs of our own."""
    file = file_of(result, file)
    return {
        **({"leaderboard": _leaderboard(result)} if leaderboard else {}),
        "score": _number(result.score),
        "output": _text(harmless("\n".join(_summary(result))), page),
        "output_format": "md" if page else "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(verdict, result, file, page) for verdict in result.verdicts],
        "extra_data": {
            "assignment": result.assignment,
            "submission": one_line(result.submission),
            "status": result.status.value,
            "problem": None if result.problem is None else harmless(result.problem),
            "reviews": [harmless(review) for review in result.reviews],
            "notes": [harmless(note) for note in result.notes],
            "layers": list(result.layers),
            **_handed_in(result),
            **_override(result.override),
        },
    }


def _leaderboard(result: Result) -> list[dict[str, Any]]:
    """The rows, highest first. Under the names of the checks where there are several."""
    told = [one for one in result.verdicts if one.speedup is not None and one.outcome is Outcome.PASSED]
    rows = [("Points", _number(result.score))]
    for one in told:
        name = "Speedup" if len(told) == 1 else f"Speedup: {title_of(one)}"
        rows.append((name, round(one.speedup or 0.0, 2)))
    return [{"name": name, "value": value, "order": "desc"} for name, value in rows]


def _handed_in(result: Result) -> dict[str, Any]:
    """Where the hand-in came from and when, as far as an LMS said so."""
    about: dict[str, Any] = {}
    origin, late = result.origin, result.lateness
    if origin is not None:
        about["lms"] = {
            "name": origin.lms,
            "id": origin.key,
            "student": origin.name,
            "place": origin.place,
            "members": list(origin.members),
            "submitted": None if origin.submitted is None else origin.submitted.isoformat(timespec="seconds"),
            "late": origin.late,
            **({"attempt": origin.attempt} if origin.attempt else {}),
        }
    if late is not None:
        about["late"] = {
            "due": late.due.isoformat(timespec="seconds"),
            "submitted": late.submitted.isoformat(timespec="seconds"),
            "days": late.days,
            "percent": _number(late.percent),
            "earned": _number(result.earned),
        }
    return about


def _override(override: Override | None) -> dict[str, Any]:
    """What a person decided."""
    if override is None:
        return {}
    return {
        "override": {
            "reason": harmless(override.reason),
            "by": one_line(override.by),
            "score": None if override.score is None else _number(override.score),
            "checks": {check: _number(points) for check, points in override.checks},
        }
    }


def dumps(results: dict[str, Any]) -> str:
    """The text of results.json."""
    return json.dumps(results, indent=2, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n"


def read(report: Mapping[str, Any], assignment: Assignment) -> Result:
    """The result that a report was made of, as far as a table needs it: without findings and their evidence. Raises
    KeyError, TypeError or ValueError where it is no report of these checks."""
    outcomes = {
        test["extra_data"]["check"]: (test["name"], Outcome(test["extra_data"]["outcome"])) for test in report["tests"]
    }
    about = report["extra_data"]
    late, override = about.get("late"), about.get("override")
    given = {} if override is None else override["checks"]
    return Result(
        about["submission"],
        about["assignment"],
        tuple(Verdict(check, *outcomes[check.name], given=given.get(check.name)) for check in assignment.checks),
        Status(about["status"]),
        tuple(about["reviews"]),
        about["problem"],
        tuple(about["notes"]),
        lateness=None
        if late is None
        else Lateness(
            datetime.fromisoformat(late["submitted"]),
            datetime.fromisoformat(late["due"]),
            late["days"],
            late["percent"],
        ),
        layers=tuple(about["layers"]),
        override=None
        if override is None
        else Override(override["reason"], override["by"], override["score"], tuple(given.items())),
    )


def _text(text: str, page: bool) -> str:
    return "\n\n".join(markdown.prose(text)) if page else text


def _test(verdict: Verdict, result: Result, file: str, page: bool) -> dict[str, Any]:
    seen = result.override is not None
    if page:
        output = markdown.explanation(verdict, file, problem=result.problem, seen=seen)
    else:
        output = "\n".join(explanation(verdict, file, problem=result.problem, seen=seen))
    return {
        "name": title_of(verdict),
        "name_format": "text",
        "score": _number(verdict.score),
        "max_score": _number(verdict.check.points),
        "status": "passed" if verdict.outcome is Outcome.PASSED else "failed",
        "output": output,
        "output_format": "md" if page else "text",
        "visibility": verdict.check.visibility.value,
        "extra_data": {
            "check": verdict.check.name,
            "outcome": verdict.outcome.value,
            "finding": "" if verdict.finding is None else one_line(verdict.finding.kind, 60),
            **({} if verdict.given is None else {"given": _number(verdict.given)}),
        },
    }


def _summary(result: Result) -> list[str]:
    """What stands above the tests. Gradescope shows it to the student at once, so hidden checks are not counted."""
    lines = standing(result)
    shown = public_checks(result)
    passed = sum(verdict.outcome is Outcome.PASSED for verdict in shown)
    if shown:
        lines.append(f"Passed {passed} of the {len(shown)} checks that you can see now.")
    return lines + late_lines(result)


def _number(value: float) -> int | float:
    """3 rather than 3.0, and 0.3 for 0.1 + 0.2."""
    value = round(value, 4)
    return int(value) if value == int(value) else value
