"""The folder for students: it is a course of its own, with the public checks and without anything else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.build.handout import HandoutError, build_handout
from autograder.cli import main
from autograder.config import load_course
from autograder.judge.grade import check_titles

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)


def test_it_holds_the_public_checks_of_all_assignments_and_no_more(tmp_path: Path) -> None:
    written = build_handout(COURSE, [], tmp_path)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(written)
    made = load_course(tmp_path)
    assert list(made.assignments) == list(COURSE.assignments)
    for name, assignment in made.assignments.items():
        public = check_titles(COURSE.assignments[name], public_only=True)
        assert [check.name for check in assignment.checks] == list(public)
        assert assignment.machine == COURSE.assignments[name].machine
        assert assignment.limits == COURSE.assignments[name].limits
        assert assignment.imports == COURSE.assignments[name].imports
        template = ROOT / "student_template" / name
        for path in template.iterdir():
            assert (tmp_path / name / path.name).read_text() == path.read_text()
    secrets = [path.name for path in written if path.name in ("solution.py", "test_hidden.py", "equivalent.yml")]
    assert not secrets
    text = "".join(path.read_text() for path in written)
    assert "BEGIN SOLUTION" not in text
    assert "after_published" not in text


def test_a_student_checks_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build_handout(COURSE, ["warm_up"], tmp_path)
    shutil.copy(COURSE.assignments["warm_up"].folder / "solution.py", tmp_path / "warm_up" / "warm_up.py")
    monkeypatch.chdir(tmp_path / "warm_up")
    with pytest.raises(SystemExit) as end:
        main(["check", "warm_up.py"])
    assert end.value.code == 0
    assert "3 of 3 checks passed." in capsys.readouterr().out


def test_the_course_itself_is_no_place_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    before = (ROOT / "grading.yml").read_bytes()
    with pytest.raises(HandoutError, match="is the course itself"):
        build_handout(COURSE, [], ROOT)
    with pytest.raises(SystemExit) as end:
        main(["build", "handout", "-o", str(ROOT), "--config", str(ROOT / "grading.yml")])
    assert end.value.code == 2
    assert "Traceback" not in capsys.readouterr().err
    assert (ROOT / "grading.yml").read_bytes() == before


def test_a_public_check_that_is_not_visible_is_refused(tmp_path: Path) -> None:
    course = tmp_path / "course"
    (course / "assignments").mkdir(parents=True)
    shutil.copytree(ROOT / "assignments" / "warm_up", course / "assignments" / "warm_up")
    text = (ROOT / "grading.yml").read_text()
    text = text[: text.index("  iteration_count:\n")]
    (course / "grading.yml").write_text(
        text.replace(
            "hello_is_printed: {points: 1, visibility: visible}", "hello_is_printed: {points: 1, visibility: hidden}"
        )
    )
    with pytest.raises(HandoutError, match=r"test_public.py: found checks .* \(hello_is_printed\)"):
        build_handout(load_course(course), [], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_notebooks_in_place_of_files(tmp_path: Path) -> None:
    build_handout(load_course(ROOT), ["warm_up"], tmp_path, notebooks=True)
    assert sorted(path.name for path in (tmp_path / "warm_up").iterdir()) == ["README.md", "warm_up.ipynb"]
    assert "autograder watch warm_up.ipynb" in (tmp_path / "warm_up" / "README.md").read_text()
    assert "autograder check warm_up.ipynb" in (tmp_path / "README.md").read_text()
    assert "otter" not in (tmp_path / "warm_up" / "warm_up.ipynb").read_text()
