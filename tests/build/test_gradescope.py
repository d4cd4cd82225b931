"""The zip for Gradescope: what it holds and what it must not, and that it is the same bytes each time."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from autograder.build import bundle
from autograder.build.bundle import BuildError, requirements
from autograder.build.gradescope import build_gradescope
from autograder.config import load_course
from autograder.model import Course

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(ROOT)


@pytest.fixture(scope="module")
def archive(course: Course, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    to = tmp_path_factory.mktemp("zip") / "deep" / "pool_fib.zip"
    assert build_gradescope(course, course.assignments["pool_fib"], to) == to
    return zipfile.ZipFile(io.BytesIO(to.read_bytes()))


def test_scripts_stand_at_the_top_and_can_be_run(archive: zipfile.ZipFile) -> None:
    for name in ("setup.sh", "run_autograder"):
        assert (archive.getinfo(name).external_attr >> 16) & stat.S_IXUSR
        text = archive.read(name).decode()
        assert text.startswith("#!/usr/bin/env bash\n")
        assert "@ASSIGNMENT@" not in text
        assert "@TIMEOUT@" not in text
        assert "@OPTIONS@" not in text


def test_it_holds_the_tests_of_one_assignment_and_no_solution(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    assert "assignments/pool_fib/test_hidden.py" in names
    assert "assignments/pool_fib/test_public.py" in names
    assert {name.split("/")[1] for name in names if name.startswith("assignments/")} == {"pool_fib"}
    assert not [name for name in names if "solution" in name or "/right/" in name or "/wrong/" in name]
    assert not [name for name in names if "__pycache__" in name]


def test_its_course_is_this_one_with_that_assignment_alone(
    archive: zipfile.ZipFile, course: Course, tmp_path: Path
) -> None:
    archive.extractall(tmp_path)
    inside = load_course(tmp_path / "grading.yml")
    assert list(inside.assignments) == ["pool_fib"]
    ours, theirs = course.assignments["pool_fib"], inside.assignments["pool_fib"]
    assert [(one.name, one.points, one.visibility) for one in theirs.checks] == [
        (one.name, one.points, one.visibility) for one in ours.checks
    ]
    assert (theirs.limits, theirs.machine, theirs.imports) == (ours.limits, ours.machine, ours.imports)
    assert inside.deadlines["pool_fib"].late == course.deadlines["pool_fib"].late


def test_it_holds_the_whole_grader(archive: zipfile.ZipFile) -> None:
    package = ROOT / "autograder"
    expected = {f"autograder/{path.relative_to(package).as_posix()}" for path in package.rglob("*.py")}
    assert expected <= set(archive.namelist())
    assert "autograder/report/results.schema.json" in archive.namelist()


def test_packages_are_pinned(archive: zipfile.ZipFile) -> None:
    pins = archive.read("requirements.txt").decode().split()
    assert pins == requirements()
    assert all(pin.count("==") == 1 for pin in pins)
    assert {"msgspec", "pytest", "landlockpy", "requests"} <= {pin.split("==")[0] for pin in pins}
    assert not any(pin.startswith(("otter", "jupyter", "mypy", "concurrency-autograder")) for pin in pins)


def test_what_students_may_import_goes_along(course: Course) -> None:
    with_images, without = requirements(course.assignments["image_pool"]), requirements(course.assignments["warm_up"])
    assert [pin.split("==")[0] for pin in with_images if pin not in without] == ["pillow"]


def test_the_same_course_makes_the_same_bytes(course: Course, tmp_path: Path) -> None:
    chosen = course.assignments["warm_up"]
    first = build_gradescope(course, chosen, tmp_path / "1.zip").read_bytes()
    assert build_gradescope(course, chosen, tmp_path / "2.zip").read_bytes() == first


def test_options_reach_the_script(course: Course, tmp_path: Path) -> None:
    to = build_gradescope(
        course, course.assignments["warm_up"], tmp_path / "z.zip", degraded=True, leaderboard=True, timeout=77
    )
    script = zipfile.ZipFile(to).read("run_autograder").decode()
    assert '"$root" --allow-degraded --leaderboard\n' in script
    assert "AUTOGRADER_TIMEOUT:-77" in script
    assert '"assignment": "warm_up"' in script


def test_a_time_that_is_none_is_refused(course: Course, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="--timeout: found 0; allowed: 1 or more"):
        build_gradescope(course, course.assignments["warm_up"], tmp_path / "z.zip", timeout=0)
    assert not (tmp_path / "z.zip").exists()


def test_wheels_that_cannot_be_had_are_told(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "requirements", lambda assignment: ["no-such-package-anywhere==0"])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(BuildError, match=r"^--wheels 3\.12: .*no-such-package-anywhere"):
        build_gradescope(course, course.assignments["warm_up"], tmp_path / "z.zip", wheels="3.12")
