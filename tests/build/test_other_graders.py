"""What is made for PrairieLearn, Autolab and plain Docker, and what its scripts leave of a hand-in, laid out as there.

Neither PrairieLearn nor Autolab nor Docker runs here. Their contracts are held by the forms that they document.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from autograder.build.autolab import build_autolab
from autograder.build.bundle import BuildError
from autograder.build.docker import build_docker
from autograder.build.prairielearn import build_prairielearn
from autograder.config import load_course
from autograder.inside import autolab, prairielearn
from autograder.intake import handed_in
from autograder.judge.grade import grade
from autograder.model import (
    CheckPolicy,
    Course,
    Finding,
    Outcome,
    Result,
    Status,
    Verdict,
    Visibility,
)

ROOT = Path(__file__).parents[2]
NAME, FILE = "locked_printing", "locked_printing.py"
FOLDER = ROOT / "assignments" / NAME
PROGRAMS = {
    "right": (FOLDER / "solution.py").read_text(encoding="utf-8"),
    "wrong": (FOLDER / "wrong" / "lock_per_thread.py").read_text(encoding="utf-8"),
    "no python": "def print_all(:\n",
    "exits": "import os\nos._exit(0)\n",
    "nothing": None,
}
# https://prairielearn.readthedocs.io/en/latest/externalGrading/#grading-results
IN_PRAIRIELEARN = {
    "type": "object",
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "format_errors": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "message": {"type": "string"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "points": {"type": "number"},
                    "max_points": {"type": "number"},
                    "output": {"type": "string"},
                },
                "required": ["name", "points", "max_points"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["gradable"],
    "if": {"properties": {"gradable": {"const": True}}},
    "then": {"required": ["score", "tests"]},
    "else": {"required": ["format_errors"]},
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(ROOT)


def bash(script: Path | str, *words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = os.environ | {"PYTHONPATH": str(ROOT), "AUTOGRADER_PYTHON": sys.executable} | environment
    return subprocess.run(
        ["bash", str(script), *words], cwd=cwd, env=variables, capture_output=True, text=True, check=False
    )


def here(course: Course, text: str | None, folder: Path) -> Result:
    folder.mkdir()
    if text is not None:
        (folder / FILE).write_text(text, encoding="utf-8")
    return grade(handed_in(folder, FILE), course.assignments[NAME])


# --- PrairieLearn -----------------------------------------------------------------------------------------------------


@pytest.fixture
def question(course: Course, tmp_path: Path) -> Path:
    build_prairielearn(course, course.assignments[NAME], tmp_path / "made", image="me/grader", degraded=True)
    return tmp_path / "made" / "questions" / NAME


def laid_out(question: Path, tmp_path: Path, text: str | None) -> Path:
    root = tmp_path / "grade"
    shutil.copytree(question / "tests", root / "tests")
    (root / "student").mkdir()
    (root / "data").mkdir()
    (root / "data" / "data.json").write_text("{}")
    if text is not None:
        (root / "student" / FILE).write_text(text, encoding="utf-8")
    return root


def result_of(root: Path) -> dict[str, Any]:
    assert [path.name for path in (root / "results").iterdir()] == ["results.json"]
    written: dict[str, Any] = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(IN_PRAIRIELEARN).validate(written)
    return written


@pytest.mark.parametrize("who", PROGRAMS)
def test_prairielearn_grades(question: Path, course: Course, tmp_path: Path, who: str) -> None:
    root = laid_out(question, tmp_path, PROGRAMS[who])
    done = bash(root / "tests" / "grade.sh", cwd=tmp_path, AUTOGRADER_ROOT=str(root))
    assert done.returncode == 0, done.stderr
    written, ours = result_of(root), here(course, PROGRAMS[who], tmp_path / "here")
    assert written == prairielearn.results(ours, FILE), done.stderr
    assert written["gradable"] == (who not in ("no python", "nothing"))
    if written["gradable"]:
        assert written["score"] == ours.score / ours.max_score
        assert sum(test["max_points"] for test in written["tests"]) == ours.max_score
        assert "locked_texts_stay_together" not in json.dumps(written)


@pytest.mark.parametrize(
    "change",
    [{"AUTOGRADER_PYTHON": "/no/such/python"}, {"AUTOGRADER_TIMEOUT": "0.01"}, {"AUTOGRADER_PYTHON": "/bin/false"}],
)
def test_prairielearn_has_a_result_in_every_case(question: Path, tmp_path: Path, change: dict[str, str]) -> None:
    root = laid_out(question, tmp_path, PROGRAMS["right"])
    done = bash(root / "tests" / "grade.sh", cwd=tmp_path, AUTOGRADER_ROOT=str(root), **change)
    assert done.returncode == 0
    assert result_of(root) == {
        "gradable": False,
        "format_errors": [
            "The autograder failed: this says nothing about your program. Please tell the staff of the course."
        ],
    }
    assert "for the staff: the grader ended with exit code" in done.stderr


def test_the_question(question: Path, course: Course, tmp_path: Path) -> None:
    about = json.loads((question / "info.json").read_text(encoding="utf-8"))
    # apps/prairielearn/src/schemas/infoQuestion.ts: strict objects, and these of their keys.
    assert set(about) <= {"uuid", "title", "topic", "tags", "type", "gradingMethod", "singleVariant"} | {
        "externalGradingOptions"
    }
    assert set(about["externalGradingOptions"]) <= {"enabled", "image", "entrypoint", "timeout"}
    assert about["gradingMethod"] == "External"
    assert about["externalGradingOptions"]["image"] == "me/grader"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", about["uuid"])
    page = (question / "question.html").read_text(encoding="utf-8")
    assert page.startswith("{{=<% %>=}}\n<pl-question-panel>")
    assert f'file-name="{FILE}"' in page
    assert (question / FILE).read_text() == (ROOT / "student_template" / NAME / FILE).read_text()
    assert os.access(question / "tests" / "grade.sh", os.X_OK)
    names = {path.name for path in question.rglob("*")}
    assert "solution.py" not in names
    assert "wrong" not in names
    build_prairielearn(course, course.assignments[NAME], tmp_path / "again", image="me/grader", degraded=True)
    again = tmp_path / "again" / "questions" / NAME / "info.json"
    assert again.read_bytes() == (question / "info.json").read_bytes()


def autolab_score(lines: list[str]) -> float | None:
    """What Autolab records of these lines (saveAutograde, parseAutoresult of app/helpers/assessment_autograde_core.rb).
    A problem that the lab does not have, no problem at all, or another line at the end would be a 0 with an error."""
    last = re.sub(r"([a-zA-Z0-9]+):", r'"\1":', lines[-1])
    scores: dict[str, float | None] = json.loads(last)["scores"]
    assert list(scores) == [NAME]
    return scores[NAME]


def result(*verdicts: Verdict, **more: Any) -> Result:
    return Result("one", NAME, verdicts, **({"status": Status.GRADED} | more))


def verdict(name: str, visibility: Visibility, outcome: Outcome = Outcome.FAILED, message: str = "Why.") -> Verdict:
    finding = None if outcome is Outcome.PASSED else Finding("wrong", message)
    return Verdict(CheckPolicy(name, 2.0, visibility), f"Title {name}.", outcome, finding)


def test_only_visible_checks_are_told_one_by_one() -> None:
    graded = result(
        verdict("open", Visibility.VISIBLE),
        verdict("later", Visibility.AFTER_PUBLISHED, Outcome.PASSED),
        verdict("secret", Visibility.HIDDEN),
        reviews=("a secret reason",),
        status=Status.REVIEW,
    )
    for text in (prairielearn.dumps(prairielearn.results(graded, FILE)), autolab.report(graded, FILE)):
        assert "Title open." in text
        assert "Title later" not in text
        assert "secret" not in text
        assert "A person will look at this submission" in text
    assert prairielearn.results(graded, FILE)["tests"][1] == {
        "name": "Further checks",
        "points": 2.0,
        "max_points": 4.0,
        "output": "1 of 2 passed; what they check is not shown here.",
    }


def test_a_fault_of_the_grader_costs_nothing() -> None:
    broken = result(verdict("open", Visibility.VISIBLE, Outcome.ERROR), status=Status.BROKEN, reviews=("why",))
    assert prairielearn.results(broken, FILE)["gradable"] is False
    assert autolab_score(autolab.report(broken, FILE).splitlines()) is None


def test_no_more_than_prairielearn_takes() -> None:
    long = [verdict(f"c{n}", Visibility.VISIBLE, message="x" * 4000 + " y" * 2000) for n in range(300)]
    written = prairielearn.results(result(*long), FILE)
    assert len(prairielearn.dumps(written)) <= prairielearn.LARGEST
    assert len(json.loads(prairielearn.dumps(written))["tests"]) == 300


# --- Autolab ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def lab(course: Course, tmp_path: Path) -> Path:
    build_autolab(course, course.assignments[NAME], tmp_path / "made", degraded=True)
    with tarfile.open(tmp_path / "made" / f"{NAME}.tar") as archive:
        archive.extractall(tmp_path / "lab", filter="data")
    return tmp_path / "lab" / NAME


def made(lab: Path, tmp_path: Path, text: str | None, **environment: str) -> list[str]:
    """The lines that ``make`` prints where Autolab runs it."""
    place = tmp_path / "instance"
    place.mkdir()
    shutil.copy(lab / "autograde-Makefile", place / "Makefile")
    shutil.copy(lab / "autograde.tar", place)
    if text is not None:
        (place / FILE).write_text(text, encoding="utf-8")
    variables = os.environ | {"PYTHONPATH": str(ROOT), "AUTOGRADER_PYTHON": sys.executable} | environment
    done = subprocess.run(["make"], cwd=place, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@needs_make
@pytest.mark.parametrize("who", PROGRAMS)
def test_autolab_grades(lab: Path, course: Course, tmp_path: Path, who: str) -> None:
    lines, ours = made(lab, tmp_path, PROGRAMS[who]), here(course, PROGRAMS[who], tmp_path / "here")
    assert lines == autolab.report(ours, FILE).splitlines()
    assert autolab_score(lines) == ours.score
    assert json.loads(lines[-1])["scoreboard"] == [ours.score]
    table = json.loads(lines[-2])
    assert table["_presentation"] == "semantic"
    assert len(table["Checks"]) == 2


@needs_make
@pytest.mark.parametrize("change", [{"AUTOGRADER_PYTHON": "/bin/false"}, {"AUTOGRADER_TIMEOUT": "0.01"}])
def test_autolab_gives_no_score_where_the_grader_fails(lab: Path, tmp_path: Path, change: dict[str, str]) -> None:
    lines = made(lab, tmp_path, PROGRAMS["right"], **change)
    assert autolab_score(lines) is None
    assert "says nothing about your program" in lines[-2]


def test_the_lab(lab: Path, course: Course, tmp_path: Path) -> None:
    about = yaml.safe_load((lab / f"{NAME}.yml").read_text(encoding="utf-8"))
    assert about["general"]["handin_filename"] == FILE
    assert about["problems"] == [{"name": NAME, "description": "", "max_score": 20.0, "optional": False}]
    assert json.loads(about["scoreboard"]["colspec"])["scoreboard"]
    with tarfile.open(tmp_path / "made" / f"{NAME}.tar") as archive:
        names = archive.getnames()
    assert names[0] == NAME  # the folder's own entry comes first, or Autolab refuses it
    with tarfile.open(fileobj=io.BytesIO((lab / "autograde.tar").read_bytes())) as archive:
        inner = archive.getnames()
    assert {"grade.sh", "judge/grading.yml", f"judge/assignments/{NAME}/test_hidden.py"} <= set(inner)
    with tarfile.open(fileobj=io.BytesIO((lab / f"{NAME}-handout.tar").read_bytes())) as archive:
        students = archive.getnames()
    assert sorted(students)[1:] == [f"{NAME}-handout/README.md", f"{NAME}-handout/{FILE}"]
    assert not any("solution" in name for name in [*names, *inner, *students])
    dockerfile = (tmp_path / "made" / "image" / "Dockerfile").read_text()
    assert "ARG BASE=concurrency-autograder\n" in dockerfile


# --- Docker -----------------------------------------------------------------------------------------------------------


def test_the_folder_for_docker(course: Course, tmp_path: Path) -> None:
    """All that the Dockerfile copies is there, and what it makes of it runs."""
    chosen = [course.assignments[name] for name in (NAME, "image_pool")]
    build_docker(course, chosen, tmp_path, image="me/grader")
    text = (tmp_path / "Dockerfile").read_text()
    assert "@" not in re.sub(r'"\$@"', "", text)
    copied = re.findall(r"^COPY (\S+) ", text, re.MULTILINE)
    assert copied == ["requirements.txt", "autograder", "course"]
    assert all((tmp_path / name).exists() for name in copied)
    assert "pillow==" in (tmp_path / "requirements.txt").read_text()
    assert not any(path.name == "solution.py" for path in tmp_path.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "autograder", "config"],
        cwd=tmp_path / "course", env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert set(yaml.safe_load(done.stdout)["assignments"]) == {NAME, "image_pool"}


# --- misuse -----------------------------------------------------------------------------------------------------------


def test_times_that_cannot_be_are_refused(course: Course, tmp_path: Path) -> None:
    chosen = course.assignments[NAME]
    with pytest.raises(BuildError, match="--timeout: found 601; allowed: 30 to 600"):
        build_prairielearn(course, chosen, tmp_path, timeout=601)
    with pytest.raises(BuildError, match="--timeout: found 3; allowed: 30 or more"):
        build_autolab(course, chosen, tmp_path, timeout=3)


def test_the_script_is_shell() -> None:
    for path in (ROOT / "autograder" / "build" / "container").glob("*.sh"):
        assert bash("-n", str(path), cwd=ROOT).returncode == 0, path


def test_a_hand_in_that_is_missing_is_a_problem_not_a_fault() -> None:
    missing = result(
        Verdict(CheckPolicy("open", 2.0, Visibility.VISIBLE), "T", Outcome.FAILED, Finding("missing file", "No file.")),
        problem="No file.",
    )
    assert prairielearn.results(missing, FILE) == {"gradable": False, "format_errors": ["No file."]}
