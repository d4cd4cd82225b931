"""The zip for otter-grader, run by the real `otter run`, and otter's tests for students.

Needs otter (the extra "otter"), with which ``make test-otter`` runs it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder.build.bundle import BuildError
from autograder.build.notebook import pieces
from autograder.build.otter import build_otter, requirements
from autograder.build.otter_tests import public_tests
from autograder.config import load_course
from autograder.inside.otter import OURS, lines, replace_results
from autograder.intake import regular_file
from autograder.judge.grade import grade
from autograder.model import Course, Submission
from autograder.report.gradescope import SCHEMA

ROOT = Path(__file__).parents[2]
NAME, FILE, BOOK = "locked_printing", "locked_printing.py", "locked_printing.ipynb"
FOLDER = ROOT / "assignments" / NAME

needs_otter = pytest.mark.skipif(
    importlib.util.find_spec("otter") is None, reason="otter-grader is not installed: make test-otter runs it"
)


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(ROOT)


@pytest.fixture(scope="module")
def built(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("otter")
    build_otter(course, course.assignments[NAME], out)
    return out


def run(built: Path, submission: Path, tmp_path: Path) -> dict[str, Any]:
    """otter's results.json."""
    out = tmp_path / "out"
    out.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "otter", "run", "-a", str(built / "autograder.zip"), "-o", str(out), str(submission)],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    results: dict[str, Any] = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return results


def points(results: dict[str, Any]) -> dict[str, float]:
    return {test["name"]: test["score"] for test in results["tests"] if "score" in test}


def ours(course: Course, path: Path) -> dict[str, float]:
    result = grade(Submission("one", regular_file(path)), course.assignments[NAME])
    return {line.name: line.score for line in lines(result, FILE)}


@needs_otter
@pytest.mark.timeout(300)
@pytest.mark.parametrize("program", ["solution.py", "wrong/lock_per_thread.py", "wrong/no_join.py"])
def test_otter_run_gives_our_points(built: Path, course: Course, tmp_path: Path, program: str) -> None:
    path = tmp_path / FILE
    path.write_bytes((FOLDER / program).read_bytes())
    results = run(built, path, tmp_path)
    assert points(results) == ours(course, path)
    full = sum(check.points for check in course.assignments[NAME].checks)
    assert (sum(points(results).values()) == full) == (program == "solution.py")
    assert all(test["visibility"] == "hidden" for test in results["tests"])


@pytest.fixture(scope="module")
def in_notebooks(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("otter-notebooks")
    build_otter(course, course.assignments[NAME], out, notebook=True)
    return out


def filled_in(path: Path, program: Path) -> None:
    """What a student does: the template's cells (all but otter's) replaced by those of a program."""
    book = json.loads(path.read_text(encoding="utf-8"))
    kept = [one for one in book["cells"] if one["cell_type"] == "markdown" or one["metadata"].get("tags")]
    begin = next(place for place, one in enumerate(kept) if one["metadata"].get("tags")) + 1
    cells = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text, "id": f"mine-{n}"}
        for n, text in enumerate(pieces(program.read_text(encoding="utf-8")))
    ]
    book["cells"] = kept[:begin] + cells + kept[begin:]
    path.write_text(json.dumps(book), encoding="utf-8")


@needs_otter
@pytest.mark.timeout(300)
@pytest.mark.parametrize("program", ["solution.py", "wrong/no_lock.py"])
def test_a_notebook_of_a_student(in_notebooks: Path, course: Course, tmp_path: Path, program: str) -> None:
    """Filled in, executed at home with otter's checks in it, and run by otter for the grade."""
    home = in_notebooks / "student" / NAME
    original = (home / BOOK).read_text(encoding="utf-8")
    assert not (home / FILE).exists()
    try:
        filled_in(home / BOOK, FOLDER / program)
        executed = tmp_path / "executed.ipynb"
        command = [sys.executable, "-m", "jupyter", "execute", f"--output={executed}", BOOK]
        done = subprocess.run(
            command, cwd=home, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        # The checks of a notebook at home are those of a file with the same code.
        expected = grade(Submission("one", home / BOOK), course.assignments[NAME], public_only=True)
        cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
        said = {
            "".join(one["source"]): "".join(one["outputs"][0]["data"]["text/plain"])
            for one in cells
            if one["cell_type"] == "code" and "".join(one["source"]).startswith("grader.check")
        }
        for verdict in expected.verdicts:
            passed = "All test cases passed!" in said[f'grader.check("{verdict.check.name}")']
            assert passed == (verdict.score > 0)
        path = tmp_path / BOOK
        path.write_bytes((home / BOOK).read_bytes())
    finally:
        (home / BOOK).write_text(original, encoding="utf-8")
    assert points(run(in_notebooks, path, tmp_path)) == ours(course, path)
    full = sum(check.points for check in course.assignments[NAME].checks)
    assert (sum(ours(course, path).values()) == full) == (program == "solution.py")


HOSTILE = """\
import json, os, pathlib, pickle, sys

try:
    import otter
    from otter.test_files.abstract_test import TestFile
    TestFile.score = property(lambda self: 100)
    from otter.test_files.exception_test import test_case
    test_case.call_func = lambda self, env: None
except ImportError:
    pass

for place in ("results/results.json", "results/judged.json", "results/results.pkl", "submission_metadata.json"):
    for folder in ("..", "../..", "/autograder"):
        try:
            pathlib.Path(folder, place).write_text('{"score": 100, "tests": []}')
        except OSError:
            pass


def print_all(*args, **kwargs):
    os._exit(0)
"""
LEFT = "import pathlib\npathlib.Path({marker!r}).write_text('a module of the student ran as the judge')\n"


@needs_otter
@pytest.mark.timeout(300)
def test_a_file_that_patches_otter_gets_nothing(built: Path, course: Course, tmp_path: Path) -> None:
    """Neither its code, nor a log that runs something when it is unpickled, nor modules beside it reach otter."""
    marker = tmp_path / "marker"
    archive = tmp_path / "hostile.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(FILE, HOSTILE)
        # A pickle of os.system("touch marker"), protocol 0.
        zipped.writestr(".OTTER_LOG", f"cos\nsystem\n(S'touch {marker}'\ntR.")
        for module in ("multiprocessing", "ipykernel_launcher", "otter", "json", "autograder", "msgspec", "pytest"):
            zipped.writestr(f"{module}/__init__.py", LEFT.format(marker=str(marker)))
            zipped.writestr(f"{module}/__main__.py", LEFT.format(marker=str(marker)))
    results = run(built, archive, tmp_path)
    assert not marker.exists()
    assert sum(points(results).values()) == 0
    assert list(points(results)) == list(ours(course, FOLDER / "solution.py"))


@needs_otter
def test_what_is_in_the_zip(built: Path) -> None:
    with zipfile.ZipFile(built / "autograder.zip") as archive:
        names = set(archive.namelist())
        config = json.loads(archive.read("otter_config.json"))
        setup = archive.read("setup.sh").decode()
    assert {"run_autograder", "run_otter.py", "environment.yml", "judge/grading.yml"} <= names
    assert f"judge/assignments/{NAME}/test_hidden.py" in names
    assert not any("solution.py" in name or "/wrong/" in name for name in names)
    # Not among the files that otter copies beside the hand-in.
    assert not any(name.startswith("files/") for name in names)
    assert config["plugins"] == [{"autograder.inside.otter.Judge": {"allow_degraded": False}}]
    assert subprocess.run(["bash", "-n"], input=setup, text=True, check=False).returncode == 0


@needs_otter
@pytest.mark.timeout(300)
@pytest.mark.parametrize("program", ["solution.py", "wrong/one_copy_too_many.py"])
def test_otters_check_at_home(built: Path, course: Course, program: str) -> None:
    """`Notebook().check` says of each public check what `autograder check` says."""
    home = built / "student" / NAME
    (home / FILE).write_bytes((FOLDER / program).read_bytes())
    code = (
        "import json, otter, importlib\n"
        f"module = importlib.import_module({NAME!r})\n"
        "notebook = otter.Notebook(tests_dir='tests')\n"
        f"names = {[path.stem for path in sorted((home / 'tests').glob('*.py'))]!r}\n"
        "grades = {name: notebook.check(name, global_env=vars(module)) for name in names}\n"
        "print(json.dumps({name: [one.score, one.summary()] for name, one in grades.items()}))\n"
    )
    path = os.pathsep.join([str(home), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=home, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    result = grade(Submission("one", home / FILE), course.assignments[NAME], public_only=True)
    assert {name: score for name, (score, _) in said.items()} == {
        verdict.check.name: verdict.score for verdict in result.verdicts
    }
    for verdict in result.verdicts:
        if verdict.finding is not None:
            assert verdict.finding.message.split()[0] in said[verdict.check.name][1]


def test_the_tests_name_public_checks_alone(course: Course) -> None:
    tests = public_tests(course.assignments[NAME])
    assert sorted(tests) == ["example_blocks.py", "example_output.py"]
    for text in tests.values():
        compile(text, "test", "exec")


def test_requirements_have_no_extras_but_those_asked_for(course: Course) -> None:
    assert any(one.startswith("pillow") for one in requirements(course.assignments["image_pool"]))
    assert not any(one.startswith(("pillow", "mypy", "otter")) for one in requirements(course.assignments[NAME]))


def test_our_results_replace_otters(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "results.json").write_text("otter's")
    replace_results(tmp_path)  # otter refused the hand-in: its word stays
    assert (tmp_path / "results" / "results.json").read_text() == "otter's"
    (tmp_path / "results" / OURS).write_text("ours")
    replace_results(tmp_path)
    assert (tmp_path / "results" / "results.json").read_text() == "ours"


def test_the_plugin_leaves_a_valid_result_and_an_empty_hand_in(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without otter: the hand-in is judged late, in a container's layout, and taken away."""
    from autograder.build.bundle import course_files
    from autograder.inside.otter import COURSE, Judge

    for name, content in course_files(course, course.assignments[NAME]).items():
        path = tmp_path / "source" / COURSE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / FILE).write_bytes((FOLDER / "solution.py").read_bytes())
    (tmp_path / "submission" / "secret.txt").write_text("the student's")
    about = {"id": 7, "created_at": "2026-12-08T10:00:00Z", "assignment": {"due_date": "2026-12-07T23:00:00Z"}}
    (tmp_path / "submission_metadata.json").write_text(json.dumps(about))
    monkeypatch.chdir(tmp_path / "submission")
    plugin = Judge(str(tmp_path / "submission" / FILE), {}, {"allow_degraded": True})
    plugin.before_grading(None)
    assert Path.cwd() == tmp_path / "submission"
    assert [path.name for path in (tmp_path / "submission").iterdir()] == [FILE]
    assert (tmp_path / "submission" / FILE).read_text() == ""
    report = json.loads((tmp_path / "results" / OURS).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(report)
    assert report["score"] == 18  # a day late: 10 % of 20
    shown = {line.name: line.score for line in plugin._lines}
    assert shown["Late"] == -2
    assert sum(shown.values()) == 18


def test_without_otter_it_is_said(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BuildError, match=r"pip install .*\[otter\]"):
        build_otter(course, course.assignments[NAME], tmp_path)
