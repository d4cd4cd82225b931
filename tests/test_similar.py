"""Which submissions are alike: what a copy can change, what two people may share, and who gets to know."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import cli, similar
from autograder.batch import reports
from autograder.config import load_course
from autograder.model import Assignment, CheckPolicy, Outcome, Result, Status, Submission, Verdict, Visibility
from autograder.report.similar import spans_of
from tests.report.html import Page

COURSE = load_course(Path(__file__).parents[1])
ASSIGNMENT = COURSE.assignments["shared_array"]

OWN = '''\
"""Mine."""
import sys
from multiprocessing import Process


class Board:
    # the cells
    def __init__(self, width, height):
        self.cells = [[0 for column in range(width)] for row in range(height)]
        self.width, self.height = width, height

    def neighbours(self, row, column):
        found = 0
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                if (down or right) and self.cells[(row + down) % self.height][(column + right) % self.width]:
                    found += 1
        return found


def main(argument):
    board = Board(int(argument), 20)
    while board.neighbours(3, 4) < 3:
        board.cells[3][5] ^= 1
        sys.stdout.write("%d\\n" % board.neighbours(3, 4))
'''

RENAMED = '''\
from multiprocessing import Process
import sys


def start(text):
    game = Game(int(text), 20)
    while game.near(3, 4) < 3:  # why not
        game.cells[3][5] ^= 1
        sys.stdout.write('%d\\n' % game.near(3, 4))


class Game:
    """A game."""

    def __init__(self, w, h):
        self.cells = [[0 for x in range(w)]
                      for y in range(h)]
        self.width, self.height = w, h

    def near(self, y, x):
        n = 0
        for i in (-1, 0, 1):
            for j in (-1, 0, 1):
                if (i or j) and self.cells[(y + i) % self.height][(x + j) % self.width]:
                    n += 1
        return n
'''

OTHER = """\
import queue


def collect(words):
    seen = {}
    todo = queue.Queue()
    for number, word in enumerate(words):
        if word.startswith("x") or not word:
            continue
        seen.setdefault(len(word), []).append((number, word.upper()))
        todo.put(word)
    try:
        return max(seen.items(), key=lambda pair: len(pair[1]))
    except ValueError:
        return None, [todo.get() for _ in range(todo.qsize())]
"""


def compare(at_least: float = 0.6, common: int | None = None, **files: str) -> similar.Comparison:
    contents = {id: text.encode() for id, text in files.items()}
    return similar.compare("shared_array", contents, similar._forms(ASSIGNMENT), ASSIGNMENT, at_least, common)


def told(comparison: similar.Comparison) -> list[tuple[str, str, str]]:
    return [(pair.first, pair.second, pair.kind) for pair in comparison.pairs]


def test_a_copy_that_was_renamed_and_shuffled() -> None:
    (pair,) = compare(a=OWN, b=RENAMED, c=OTHER).pairs
    assert (pair.first, pair.second, pair.kind) == ("a", "b", "alike")
    assert pair.similarity > 0.85
    lines = RENAMED.splitlines()
    assert "        for i in (-1, 0, 1):" in [lines[number - 1] for number in pair.lines_second]


def test_new_names_and_layout_alone() -> None:
    comparison = compare(
        a=OWN, b=OWN.replace("column", "c").replace("    # the cells\n", "\n\n"), c=OWN, d=OWN + "\n\n"
    )
    assert told(comparison) == [
        ("a", "b", "renamed"),
        ("a", "c", "same"),
        ("a", "d", "same"),
        ("b", "c", "renamed"),
        ("b", "d", "renamed"),
        ("c", "d", "same"),
    ]
    assert {pair.similarity for pair in comparison.pairs} == {1.0}
    assert comparison.groups == (("a", "b", "c", "d"),)


def test_a_part_that_was_copied() -> None:
    half = OWN[OWN.index("def main") :]
    assert compare(a=OTHER + half, b=OWN).pairs == ()
    (pair,) = compare(0.3, a=OTHER + half, b=OWN).pairs
    assert pair.lines_first[0] > len(OTHER.splitlines())
    assert pair.share_second < pair.share_first < 0.7


def test_the_courses_own_forms_are_no_evidence() -> None:
    """What the solution and right/ look like, two students may come to alone; also renamed."""
    solution = (ASSIGNMENT.folder / "solution.py").read_text()
    renamed = solution.replace("array", "memory").replace("counter", "count")
    files = {"a": solution, "b": renamed, "c": solution + "\n"}
    for number, form in enumerate(sorted((ASSIGNMENT.folder / "right").glob("*.py"))):
        files |= {f"d{number}": form.read_text(), f"e{number}": "# mine\n" + form.read_text()}
    comparison = compare(**files)
    assert comparison.pairs == ()
    assert comparison.too_little == comparison.compared == len(files)


def test_the_template_is_no_evidence() -> None:
    blank = similar._forms(ASSIGNMENT)[1].decode()
    assert compare(a=blank, b=blank, c=f"{blank}\n").pairs == ()
    assert told(compare(a=blank + OTHER, b=blank + OWN)) == []


def test_files_with_nothing_of_their_own_are_told_where_they_are_the_same_to_the_letter() -> None:
    text = (ASSIGNMENT.folder / "solution.py").read_text().replace("array", "memory")
    assert told(compare(a=text, b=text)) == [("a", "b", "same")]


def test_what_many_write_is_no_evidence() -> None:
    files = {f"s{number}": f"{OWN}\nx = {'1 + ' * number} 1\n" for number in range(8)}
    assert len(compare(**files).pairs) == 28
    assert compare(common=7, **files).pairs == ()


def test_more_code_that_all_were_given(tmp_path: Path) -> None:
    forms = [*similar._forms(ASSIGNMENT), OWN.encode()]
    contents = {"a": OWN.encode(), "b": RENAMED.encode()}
    assert similar.compare("shared_array", contents, forms, ASSIGNMENT, 0.6).pairs == ()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"def f(:\n  '''", b"x = 1\n" * 50_000, "ü = 'ö'\n".encode()]
)
def test_any_content(content: bytes) -> None:
    comparison = similar.compare("shared_array", {"a": content, "b": content}, [], ASSIGNMENT, 0.6)
    assert [pair.kind for pair in comparison.pairs] == ["same"] * bool(content.strip())
    assert all(len(document.tokens) <= similar.MOST_TOKENS for document in comparison.documents.values())


def test_the_example_class_is_not_suspected() -> None:
    """Real programs of different people, and all the forms in right/ without knowledge of each other."""
    for name, assignment in COURSE.assignments.items():
        forms = similar._forms(assignment)
        folder = COURSE.root / "examples" / "class" / name
        handed_in = {path.parent.name: path.read_bytes() for path in folder.glob(f"*/{assignment.file}")}
        assert similar.compare(name, handed_in, forms, assignment, 0.6).pairs == ()
        right = {path.stem: path.read_bytes() for path in (assignment.folder / "right").glob("*.py")}
        assert similar.compare(name, right, forms[:2], assignment, 0.6).pairs == ()


@pytest.mark.parametrize(("lines", "said"), [((1, 2, 3, 7), "1-3 7"), ((), ""), ((4,), "4"), ((1, 3, 5, 6), "1 3 5-6")])
def test_spans_of_lines(lines: tuple[int, ...], said: str) -> None:
    assert spans_of(lines) == said


# The command ----------------------------------------------------------------------------------------------------------

CHECKS = (CheckPolicy("squares_are_right", 1, Visibility.VISIBLE),)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A reports folder with two that are alike, one that is not, and one who handed in nothing."""
    assignment = Assignment("shared_array", "", "shared_array.py", ASSIGNMENT.folder, CHECKS)
    folder = tmp_path / "out"
    folder.mkdir()
    for id, text in (("ann<b>", OWN), ("bob", RENAMED), ("cem", OTHER), ("dora", "")):
        path = tmp_path / f"{id}.py" if text else None
        if path:
            path.write_text(text)
        result = Result(id, "shared_array", (Verdict(CHECKS[0], "It is.", Outcome.PASSED),), Status.GRADED)
        submission = Submission(id, path, None if path else "Nothing.")
        texts = reports.texts(result, submission, assignment, reports.source_of(path))
        (folder / id).mkdir()
        reports.write(folder, submission, assignment.file, texts, None)
    return folder


def run(*args: object) -> int:
    with pytest.raises(SystemExit) as exited:
        cli.main([str(arg) for arg in args])
    assert isinstance(exited.value.code, int)
    return exited.value.code


@pytest.fixture(autouse=True)
def _in_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(COURSE.root)


def test_the_command(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    students = {path: path.read_bytes() for path in out.glob("*/*")}
    assert run("similar", out) == 0
    said = capsys.readouterr().out
    assert "1 pair among 3 submissions" in said
    assert str(out / "similar.html") in said
    (row,) = csv.DictReader(io.StringIO((out / "similar.csv").read_text()))
    assert (row["first"], row["second"], row["kind"]) == ("ann<b>", "bob", "alike")
    page = Page((out / "similar.html").read_text())
    assert "ann<b> and bob" in page.text
    assert {"ann%3Cb%3E/feedback.html", "bob/feedback.html"} <= {about["href"] for about in page.all("a")}
    assert not page.all("script")
    # No student reads of it, neither now nor after.
    assert {path: path.read_bytes() for path in out.glob("*/*")} == students
    assert run("similar", out, "--at-least", 100) == 0
    assert "no pairs among 3 submissions" in capsys.readouterr().out
    assert run("similar", out, "--known", out / "bob" / "shared_array.py") == 0
    assert "no pairs" in capsys.readouterr().out


def test_the_same_bytes_in_every_process(out: Path) -> None:
    made = []
    for seed in ("0", "1", "2"):
        program = "import sys; from autograder.cli import main; main(sys.argv[1:])"
        done = subprocess.run(
            [sys.executable, "-c", program, "similar", out, "--at-least", "1"],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
        )
        made.append((done.stdout, (out / "similar.csv").read_bytes(), (out / "similar.html").read_bytes()))
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (lambda out: [out / "none"], "found no such folder; allowed: the OUT of autograder grade"),
        (lambda out: [out / "bob"], "found no results; allowed: the OUT of autograder grade"),
        (lambda out: [out, "--known", out / "none.py"], "found no readable file"),
        (lambda out: [out, "--at-least", "0"], "--at-least"),
        (lambda out: [out, "--common", "0"], "--common"),
    ],
)
def test_what_is_refused(
    out: Path, capsys: pytest.CaptureFixture[str], args: Callable[[Path], list[object]], message: str
) -> None:
    assert run("similar", *args(out)) == 2
    assert message in capsys.readouterr().err


def test_grades_of_another_course(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in out.glob("*/results.json"):
        path.write_text(path.read_text().replace("shared_array", "sorting"))
    assert run("similar", out) == 2
    assert 'found grades of "sorting"; allowed: an assignment of this course' in capsys.readouterr().err
