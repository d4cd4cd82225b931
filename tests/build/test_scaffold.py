"""`autograder new assignment`: what it makes is a whole assignment, green from the first minute."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import cli
from autograder.build import scaffold
from autograder.build.scaffold import ScaffoldError, new_assignment
from autograder.config import load_course
from autograder.model import Course

GRADING = """\
course:
  name: A course  # of ours
assignments:
    # the first
    sums:
        title: Sums
        file: sums.py
        checks:
            right: {points: 3}

    # the last of them
    sorting:
        title: Sorting
        file: sort_it.py
        checks:
            right:
                points: 3
                visibility: hidden
# what follows
late:
  per_day_percent: 10
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "grading.yml").write_text(GRADING)
    for name in ("sums", "sorting"):
        (tmp_path / "assignments" / name).mkdir(parents=True)
        (tmp_path / "assignments" / name / "test_public.py").write_text("def test_right(submission): ...\n")
    return load_course(tmp_path)


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_the_entry_and_not_a_character_else(course: Course) -> None:
    new_assignment(course, "loud_words")
    text = (course.root / "grading.yml").read_text()
    before, _, rest = text.partition('\n    loud_words:\n      title: "Loud words"\n')
    entry, _, after = rest.partition("# what follows")
    assert before + "# what follows" + after == GRADING
    assert all(line.startswith("      ") for line in entry.splitlines())
    found = load_course(course.root)
    assert list(found.assignments) == ["sums", "sorting", "loud_words"]
    assert sum(check.points for check in found.assignments["loud_words"].checks) == 10


@pytest.mark.parametrize("end", ["", "\n", "\n\n# the end\n", "\n\n\n"])
def test_at_the_end_of_the_file(course: Course, end: str) -> None:
    config = course.root / "grading.yml"
    text = GRADING.partition("# what follows")[0].rstrip() + end
    config.write_text(text)
    new_assignment(load_course(course.root), "loud_words")
    new_assignment(load_course(course.root), "more_words", 'More: "words" & <others>')
    assert load_course(course.root).assignments["more_words"].title == 'More: "words" & <others>'
    for line in text.splitlines():
        assert line in config.read_text().splitlines()


def test_what_is_made(course: Course) -> None:
    written = new_assignment(course, "loud_words", "Loud words")
    root = course.root
    assert set(everything(root)) >= {str(path.relative_to(root)) for path in written}
    folder = root / "assignments" / "loud_words"
    assert {path.name for path in folder.iterdir()} == {
        "equivalent.yml", "handout.md", "right", "solution.py", "test_hidden.py", "test_public.py", "wrong",
    }  # fmt: skip
    for path in written:
        assert "{{" not in path.read_text()
        if path.suffix == ".py":
            ast.parse(path.read_text())
    template = (root / "student_template" / "loud_words" / "loud_words.py").read_text()
    assert "NotImplementedError" in template
    assert "Thread(" not in template
    assert "autograder watch loud_words.py" in (root / "student_template" / "loud_words" / "README.md").read_text()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Loud", 'found the name "Loud"; allowed: a name of lower case letters'),
        ("../x", 'found the name "../x"'),
        ("class", 'found the name "class"'),
        ("queue", "a module of Python's own"),
        ("sums", "which the course has already"),
        ("sort_it", "which the course has already"),
        ("there", "found something there already"),
    ],
)
def test_names_that_are_refused(course: Course, name: str, message: str) -> None:
    (course.root / "student_template" / "there").mkdir(parents=True)
    before = everything(course.root)
    with pytest.raises(ScaffoldError, match=message.replace("(", r"\(")):
        new_assignment(course, name)
    assert everything(course.root) == before


def test_a_title_that_would_break_the_file(course: Course) -> None:
    with pytest.raises(ScaffoldError, match="--title: found a text with"):
        new_assignment(course, "loud_words", 'A """title"""')


def test_assignments_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "assignments" / "sums").mkdir(parents=True)
    (tmp_path / "assignments" / "sums" / "test_public.py").write_text("def test_right(submission): ...\n")
    entry = "{sums: {title: Sums, file: sums.py, checks: {right: {points: 3}}}}"
    (tmp_path / "grading.yml").write_text(f"course: {{name: A}}\nassignments: {entry}\n")
    with pytest.raises(ScaffoldError, match=r"grading\.yml:2: found assignments on one line"):
        new_assignment(load_course(tmp_path), "loud_words")


def test_nothing_is_left_of_what_could_not_be_ended(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(course.root)

    def full(*_: object) -> list[Path]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scaffold, "build_templates", full)
    with pytest.raises(ScaffoldError, match="No space left"):
        new_assignment(course, "loud_words")
    assert everything(course.root) == before


def test_the_command(course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(course.root)
    with pytest.raises(SystemExit) as done:
        cli.main(["new", "assignment", "loud_words"])
    assert done.value.code == 0
    assert "Next      autograder verify loud_words" in capsys.readouterr().out
    with pytest.raises(SystemExit) as done:
        cli.main(["new", "assignment", "loud_words"])
    assert done.value.code == 2
    assert "which the course has already" in capsys.readouterr().err


@pytest.mark.timeout(900)  # some fifty programs are judged
def test_verify_is_green_at_once(course: Course) -> None:
    """As an author types it: the checks tell right programs from wrong ones, and every mutant is caught or listed."""
    new_assignment(course, "loud_words")
    done = subprocess.run(
        [sys.executable, "-c", "from autograder.cli import main; main()", "verify", "loud_words"],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
