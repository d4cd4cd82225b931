"""A notebook as the file that is graded."""

from __future__ import annotations

import ast
import contextlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.build.notebook import notebook, pieces
from autograder.build.template import template
from autograder.config import load_course
from autograder.intake import IntakeError, belonging_to, find_submissions, handed_in
from autograder.judge.grade import grade
from autograder.lms.collect import Wanted, collect
from autograder.model import Course, Submission
from autograder.notebook import MAX_NOTEBOOK, Converted, NotebookError, python_of

ROOT = Path(__file__).parents[1]
NAME, FILE, BOOK = "locked_printing", "locked_printing.py", "locked_printing.ipynb"
FOLDER = ROOT / "assignments" / NAME


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(ROOT)


def cell(source: str | list[str], kind: str = "code", **metadata: Any) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": metadata}


def book(*cells: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more).encode()


def of(*texts: str) -> Converted:
    return python_of(book(*map(cell, texts)))


def test_code_cells_in_their_order() -> None:
    made = python_of(
        book(cell("# Title", "markdown"), cell(["a = 1\n", "b = 2"]), cell("raw", "raw"), cell(""), cell("c = a\r\n"))
    )
    assert made.source == "a = 1\nb = 2\n\n\nc = a\n"
    places = "(cell 1 at line 1, cell 3 at line 5)"
    assert made.notes == (f"graded are the code cells of the notebook, from top to bottom, as one file {places}",)


def test_lines_are_where_the_note_says() -> None:
    made = of("x = 1\n\n\ny = 2\n\n", "z = 3", "w = 4")
    lines = made.source.split("\n")
    assert "(cell 1 at line 1, cell 2 at line 7, cell 3 at line 10)" in made.notes[0]
    assert (lines[6], lines[9]) == ("z = 3", "w = 4")


def test_the_third_version() -> None:
    sheets = [{"cells": [{"cell_type": "code", "input": ["a = 1"]}, {"cell_type": "heading", "source": "x"}]}]
    content = json.dumps({"worksheets": sheets, "metadata": {}, "nbformat": 3}).encode()
    assert python_of(content).source == "a = 1\n"


@pytest.mark.parametrize(
    ("text", "left", "note"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1\n", 'cell 1, line 1: "%matplotlib inline"'),
        ("!pip install numpy", "# !pip install numpy\n", '"!pip install numpy" is not Python'),
        ("x = 1\nprint?\n", "x = 1\n# print?\n", 'cell 1, line 2: "print?"'),
        ("files = !ls", "# files = !ls\n", '"files = !ls"'),
        ("if True:\n    %time f()", "if True:\n    pass  # %time f()\n", '"%time f()"'),
        ("%%time\nx = 1", "# %%time\nx = 1\n", "cell 1: %%time is not Python"),
        ("\n%%bash\nrm -r x", "", "cell 1 is not graded: it begins with %%bash"),
    ],
)
def test_what_is_no_python_is_left_out_and_said(text: str, left: str, note: str) -> None:
    made = of(text)
    assert made.source == left
    assert note in made.notes[1]


@pytest.mark.parametrize(
    "text",
    [
        "x = (7\n% 4)\n",
        'text = """\n%time is magic\n!ls\n"""\n',
        "def f(:\n    pass\n",
        "print 'old'\n",
        "x = 1 if a else b  # why?\n",
    ],
)
def test_python_and_wrong_python_stay(text: str) -> None:
    made = of(text)
    assert made.source == text
    assert len(made.notes) == 1


def test_cells_of_otter_are_left_out() -> None:
    made = python_of(
        book(
            cell("import otter"),
            cell('grader = otter.Notebook()\ngrader.check("q1")'),
            cell("x = 1", tags=["otter_ignore"]),
            cell("import otter\ny = 2"),
            cell("grader.check_all()"),
            cell("other.check()"),
        )
    )
    assert made.source == "import otter\ny = 2\n\n\nother.check()\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no notebook that can be read"),
        (b"\xff\xfe\x00", "no notebook that can be read"),
        (b"[]", "no notebook that can be read"),
        (b'{"cells": 3}', "no notebook that can be read"),
        (b'{"cells": [{}]}', "no notebook that can be read"),
        (b"[" * 100_000, "no notebook that can be read"),
        (book(cell("text", "markdown")), "has no code cell"),
        (book(cell("x <- 1"), metadata={"language_info": {"name": "R"}}), 'is in "r", and not in Python'),
    ],
)
def test_what_is_no_notebook_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(NotebookError, match=said):
        python_of(content)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_of_cells_is_read(texts: list[str]) -> None:
    made = of(*texts)
    assert made.notes
    made.source.encode("utf-8", "replace")


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps).map(str.encode)
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(NotebookError):
        python_of(content)


# --- as it is handed in -----------------------------------------------------------------------------------------------


def as_notebook(path: Path) -> bytes:
    return book(*map(cell, pieces(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("program", ["solution.py", "wrong/lock_per_thread.py"])
def test_a_notebook_gets_what_its_file_gets(course: Course, tmp_path: Path, program: str) -> None:
    chosen = course.assignments[NAME]
    (tmp_path / BOOK).write_bytes(as_notebook(FOLDER / program))
    in_book = grade(handed_in(tmp_path, FILE), chosen, real=False)
    in_file = grade(Submission("one", FOLDER / program), chosen, real=False)
    assert [verdict.outcome for verdict in in_book.verdicts] == [verdict.outcome for verdict in in_file.verdicts]
    assert "as one file (cell 1 at line 1" in in_book.notes[0]


def test_one_that_cannot_be_read_loses_its_points_with_the_reason(course: Course, tmp_path: Path) -> None:
    (tmp_path / BOOK).write_text("{}")
    result = grade(handed_in(tmp_path, FILE), course.assignments[NAME])
    assert result.score == 0
    assert "no notebook that can be read" in (result.problem or "")


def test_plain_folders(tmp_path: Path) -> None:
    for name, files in {
        "book": [BOOK],
        "both": [BOOK, FILE],
        "other": ["lab.ipynb"],
        "helper": ["helper.py", BOOK],
        "notes": ["my.py", "notes.ipynb"],
        "two": ["a.ipynb", "b.ipynb"],
    }.items():
        for file in files:
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / file).write_bytes(book(cell("x = 1")))
    found = {one.id: one for one in find_submissions(tmp_path, FILE, tmp_path)}
    names = {id: one.path.name if one.path else "" for id, one in found.items()}
    assert names == {"book": BOOK, "both": FILE, "other": "lab.ipynb", "helper": BOOK, "notes": "my.py", "two": ""}
    assert found["both"].notes == (f'"{BOOK}" is not graded: "{FILE}" lies beside it',)
    assert 'named "lab.ipynb"' in found["other"].notes[0]


def test_a_notebook_names_its_assignment(course: Course, tmp_path: Path) -> None:
    (tmp_path / BOOK).write_bytes(book(cell("x = 1")))
    assert belonging_to(course.assignments, tmp_path / BOOK).name == NAME
    assert belonging_to(course.assignments, tmp_path).name == NAME
    with pytest.raises(IntakeError):
        belonging_to(course.assignments, tmp_path / "other.ipynb")


@pytest.mark.parametrize("packed", [True, False])
def test_the_download_of_an_lms(tmp_path: Path, packed: bool) -> None:
    """A resubmission of Canvas's, and Moodle's folder; outputs make it larger than any Python file may be."""
    large = book(cell("x = 1"), cell("y" * (2 << 20), "markdown"))
    entries = {
        "lovelaceada_1042_7701_locked_printing.ipynb": book(cell("old = 1")),
        "lovelaceada_1042_7702_locked_printing-1.ipynb": large,
    }
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in entries.items():
            zipped.writestr(name, content)
    if not packed:
        with zipfile.ZipFile(path) as zipped:
            zipped.extractall(tmp_path / "class")
        path = tmp_path / "class"
    (tmp_path / "scratch").mkdir()
    found = collect([path], FILE, tmp_path / "scratch", tmp_path / "out", "UTC", Wanted())
    (one,) = found.submissions
    assert one.path is not None
    assert one.path.name == BOOK
    assert python_of(one.path.read_bytes()).source == "x = 1\n"


def test_a_plain_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(f"bauer/{BOOK}", book(cell("x = 1")))
        zipped.writestr(f"chen/{BOOK}", b" " * (MAX_NOTEBOOK + 10))
    (tmp_path / "scratch").mkdir()
    bauer, chen = find_submissions(tmp_path / "class.zip", FILE, tmp_path / "scratch")
    assert bauer.path is not None
    assert python_of(bauer.path.read_bytes()).source == "x = 1\n"
    assert "is too big" in (chen.problem or "")


# --- the assignment's own ---------------------------------------------------------------------------------------------


def test_the_cells_of_every_template_are_the_template(course: Course) -> None:
    for assignment in course.assignments.values():
        text = template((assignment.folder / "solution.py").read_text(encoding="utf-8"))
        made = notebook(text, "# Title\n\ntext\n", assignment.file, ["one", "two"])
        converted = python_of(made.encode())
        assert ast.dump(ast.parse(converted.source)) == ast.dump(ast.parse(text))
        assert "otter" not in converted.source
        code = [one for one in json.loads(made)["cells"] if one["cell_type"] == "code"]
        assert "".join(code[0]["source"]).startswith("import otter")
        assert "".join(code[-1]["source"]) == 'grader.check("two")'


def test_comments_stay_with_what_they_belong_to() -> None:
    top, function = '"""Doc."""\n\nimport os\n\nX = 1', "# About f.\n@cache\ndef f():\n    pass"
    script = '# The script.\nif __name__ == "__main__":\n    f()\n# end'
    assert pieces(f"{top}\n\n\n{function}\n\n\n{script}\n") == [top, function, script]


def test_a_notebook_without_otter() -> None:
    made = json.loads(notebook("x = 1\n", "# Title", FILE))
    assert [one["cell_type"] for one in made["cells"]] == ["markdown", "code"]
    assert len({one["id"] for one in made["cells"]}) == 2
