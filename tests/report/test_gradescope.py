"""results.json against Gradescope's format, and against everything that must not be in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.model import CheckPolicy, Finding, Outcome, Result, Status, Verdict, Visibility
from autograder.report.gradescope import SCHEMA, dumps, results

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_schema_is_one() -> None:
    VALIDATOR.check_schema(VALIDATOR.schema)


def test_the_whole_of_a_result(mixed: Result) -> None:
    report = results(mixed)
    VALIDATOR.validate(report)
    assert {key: value for key, value in report.items() if key != "tests"} == {
        "score": 4,
        "output": "Passed 1 of the 2 checks that you can see now.",
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "assignment": "locked_printing",
            "submission": "bauer",
            "status": "graded",
            "problem": None,
            "reviews": [],
            "notes": [],
            "layers": [],
        },
    }
    first, second, *_ = report["tests"]
    assert first == {
        "name": "The check every_text holds.",
        "name_format": "text",
        "score": 3,
        "max_score": 3,
        "status": "passed",
        "output": "",
        "output_format": "text",
        "visibility": "visible",
        "extra_data": {"check": "every_text", "outcome": "passed", "finding": ""},
    }
    assert (second["score"], second["max_score"], second["status"]) == (0, 2.5, "failed")
    assert second["output"].splitlines()[:2] == ["The text of b stands inside that of a.", "See lines 10 and 12."]
    assert second["output"].endswith("See it again:  autograder replay locked_printing.py 3f9a2c")
    assert [test["visibility"] for test in report["tests"]] == [
        "visible",
        "visible",
        "after_due_date",
        "after_published",
    ]


def test_the_leaderboard_has_the_speedup_of_checks_that_passed(mixed: Result) -> None:
    passed, failed, *rest = mixed.verdicts
    fast = replace(mixed, verdicts=(replace(passed, speedup=3.14159), replace(failed, speedup=9.0), *rest))
    report = results(fast, leaderboard=True)
    VALIDATOR.validate(report)
    assert report["leaderboard"] == [
        {"name": "Points", "value": 4, "order": "desc"},
        {"name": "Speedup", "value": 3.14, "order": "desc"},
    ]
    assert "leaderboard" not in results(fast)


def test_the_score_is_the_sum_of_the_tests(secretive: Result) -> None:
    report = results(secretive)
    assert report["score"] == sum(test["score"] for test in report["tests"]) == 12


def test_what_students_see_at_once_tells_nothing_hidden(secretive: Result) -> None:
    report = results(secretive)
    hidden = [test for test in report["tests"] if test["visibility"] == "hidden"]
    assert len(hidden) == 2
    seen = {key: value for key, value in report.items() if key not in {"extra_data", "tests", "score"}}
    assert "SECRET" not in json.dumps(seen)
    assert report["output"] == (
        "A person will look at this submission before its points count.\nPassed 1 of the 2 checks that you can see now."
    )
    assert report["extra_data"]["reviews"] == ["SECRET disagreement of the real run"]


@pytest.mark.parametrize(
    ("outcome", "said"), [(Outcome.INCONCLUSIVE, "a limit of real time"), (Outcome.ERROR, "the grader itself failed")]
)
def test_what_was_not_decided_is_never_passed(verdict: Callable[..., Verdict], outcome: Outcome, said: str) -> None:
    report = results(Result("a", "pool_fib", (verdict("pool", 2, outcome),), Status.REVIEW))
    VALIDATOR.validate(report)
    (test,) = report["tests"]
    assert (test["status"], test["score"]) == ("failed", 0)
    assert test["output"].startswith("Not decided: " + said)
    assert "says nothing about your program" in " ".join(test["output"].split())


def test_a_problem_is_told_once(verdict: Callable[..., Verdict]) -> None:
    problem = 'no file "pool_fib.py" was handed in (the folder is empty)'
    failed = verdict("pool", 2, Outcome.FAILED, finding=Finding("no file", problem))
    report = results(Result("a", "pool_fib", (failed, failed), Status.GRADED, problem=problem))
    VALIDATOR.validate(report)
    assert dumps(report).count("the folder is empty") == 2  # in output and in extra_data
    assert report["output"].startswith(f"Your program could not be checked: {problem}\n")


def test_a_broken_one_blames_the_grader() -> None:
    report = results(Result("a", "pool_fib", (), Status.BROKEN, reviews=("exit code 70",)))
    VALIDATOR.validate(report)
    assert report["score"] == 0
    assert "fault of the grader" in report["output"]


def test_a_file_of_another_name_is_named_in_the_replay_command(mixed: Result) -> None:
    assert "autograder replay 'my file.py' 3f9a2c" in results(mixed, "my file.py")["tests"][1]["output"]


def test_equal_results_are_equal_bytes(secretive: Result) -> None:
    text = dumps(results(secretive))
    assert text == dumps(results(replace(secretive)))
    assert text.isascii()
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert json.loads(text) == results(secretive)


EVIL = st.text(st.characters(codec=None))
VERDICTS = st.builds(
    Verdict,
    st.builds(
        CheckPolicy, st.from_regex("[a-z_]{1,9}", fullmatch=True), st.floats(0, 100), st.sampled_from(Visibility)
    ),
    EVIL,
    st.sampled_from(Outcome),
    st.none() | st.builds(Finding, EVIL, EVIL, st.lists(st.integers(1, 99)).map(tuple), EVIL, EVIL),
)
RESULTS = st.builds(
    Result,
    EVIL,
    st.just("pool_fib"),
    st.lists(VERDICTS).map(tuple),
    st.sampled_from(Status),
    st.lists(EVIL).map(tuple),
    st.none() | EVIL,
    st.lists(EVIL).map(tuple),
)


@UNHURRIED
@given(RESULTS)
def test_any_text_of_a_student_gives_a_valid_file(result: Result) -> None:
    report = results(result)
    VALIDATOR.validate(report)
    assert json.loads(dumps(report)) == report
    passed = [test for test in report["tests"] if test["status"] == "passed"]
    assert len(passed) == sum(verdict.outcome is Outcome.PASSED for verdict in result.verdicts)
    for test in report["tests"]:
        assert "\x1b" not in test["output"] + test["name"]
        (test["output"] + test["name"]).encode()


def test_lengths_are_bounded(verdict: Callable[..., Verdict]) -> None:
    flood = "x" * 1_000_000
    failed = verdict("pool", 2, Outcome.FAILED, finding=Finding("wrong value", flood, (), flood), title=flood)
    report = results(Result("a", "pool_fib", (failed,), Status.REVIEW, (flood,), flood))
    assert len(dumps(report)) < 50_000


BASE: dict[str, Any] = {"score": 1, "tests": [{"name": "a", "score": 1, "max_score": 1, "status": "passed"}]}


@pytest.mark.parametrize(
    "change",
    [
        {"score": "1"},
        {"score": None},
        {"stdout_visibility": "Visible"},
        {"output_format": "markdown"},
        {"execution_time": -1},
        {"date": "today"},
        {"tests": {}},
        {"tests": [{"name": "a", "status": None}]},
        {"tests": [{"name": "a", "status": "error"}]},
        {"tests": [{"name": "a", "points": 1}]},
        {"tests": [{"number": 1}]},
        {"tests": [{"tags": "a"}]},
        {"tests": [{"visibility": "secret"}]},
        {"leaderboard": [{"name": "speed"}]},
        {"leaderboard": [{"name": "speed", "value": 1, "order": "up"}]},
    ],
)
def test_the_schema_refuses(change: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(BASE)
    assert not VALIDATOR.is_valid(BASE | change)


def test_the_schema_wants_a_score_somewhere() -> None:
    assert VALIDATOR.is_valid({"tests": [{"score": 1}, {"score": 0}]})
    assert not VALIDATOR.is_valid({"tests": [{"score": 1}, {"name": "b"}]})
    assert not VALIDATOR.is_valid({"tests": []})
    assert not VALIDATOR.is_valid({})
    assert VALIDATOR.is_valid({"score": 0})
