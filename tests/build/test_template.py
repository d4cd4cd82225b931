"""A template keeps what a student is given, leaves out what a student has to find, and is always a Python program."""

import ast
from pathlib import Path

import pytest

from autograder.build.template import FOLDER, TemplateError, build_templates, readme, template
from autograder.config import find_course, load_course
from autograder.model import Assignment, Course, LatePolicy, Limits, Machine

SOLUTION = '''\
"""Locks."""

import threading

# BEGIN SOLUTION
LOCK = threading.Lock()


def helper() -> None:
    """Known to the solution alone."""


# END SOLUTION
class Worker:
    """Prints."""

    # BEGIN SOLUTION
    def secret(self) -> None:
        pass
    # END SOLUTION

    def run(self, text: str = "# BEGIN SOLUTION") -> None:
        """Print the text."""
        with LOCK:
            # BEGIN SOLUTION
            print(text)
            # END SOLUTION


async def later() -> int:
    # BEGIN SOLUTION
    return 3
    # END SOLUTION


def total(numbers: list[int]) -> int:
    """The sum of all numbers."""
    # BEGIN SOLUTION
    result = 0
    for number in numbers:
        result += number
    # END SOLUTION
    return result


if __name__ == "__main__":
    # BEGIN SOLUTION
    Worker().run()
    # END SOLUTION
'''

TEMPLATE = '''\
"""Locks."""

import threading

# Write your code here.


class Worker:
    """Prints."""

    # Write your code here instead of the next line.
    ...

    def run(self, text: str = "# BEGIN SOLUTION") -> None:
        """Print the text."""
        with LOCK:
            # Write your code here instead of the next line.
            raise NotImplementedError("write your code here")


async def later() -> int:
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def total(numbers: list[int]) -> int:
    """The sum of all numbers."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")
    return result


if __name__ == "__main__":
    # Write your code here instead of the next line.
    ...
'''


def test_marked_code_is_replaced_and_all_else_is_kept() -> None:
    assert template(SOLUTION) == TEMPLATE
    ast.parse(TEMPLATE)


def test_what_has_no_marks_stays_as_it_is() -> None:
    text = 'def f() -> None:\n    """# BEGIN SOLUTION is a comment only outside of strings."""\n'
    assert template(text) == text


def test_a_template_is_its_own_template() -> None:
    assert template(TEMPLATE) == TEMPLATE


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("x = 1\n# BEGIN SOLUTION\ny = 2\n", 2, "# BEGIN SOLUTION without # END SOLUTION"),
        ("x = 1\n# END SOLUTION\n", 2, "# END SOLUTION without # BEGIN SOLUTION"),
        (
            "# BEGIN SOLUTION\nx = 1\n# BEGIN SOLUTION\ny = 1\n# END SOLUTION\n# END SOLUTION\n",
            3,
            "# BEGIN SOLUTION inside the block begun in line 1",
        ),
        ("# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n# END SOLUTION\n", 4, "# END SOLUTION without # BEGIN SOLUTION"),
        ("x = 1  # BEGIN SOLUTION\n# END SOLUTION\n", 1, '"# BEGIN SOLUTION" has to stand alone on its line'),
        (
            "# begin solution\nx = 1\n",
            1,
            'found "# begin solution"; the marks are "# BEGIN SOLUTION" and "# END SOLUTION"',
        ),
        ("# BEGIN SOLUTION NO PROMPT\nx = 1\n", 1, 'found "# BEGIN SOLUTION NO PROMPT"; the marks are'),
        ("#END SOLUTION\n", 1, 'found "#END SOLUTION"; the marks are'),
        (
            "def f():\n    # BEGIN SOLUTION\n    pass\n# END SOLUTION\n",
            4,
            "# END SOLUTION is not indented as # BEGIN SOLUTION in line 2 is",
        ),
        (
            "def f():\n    # BEGIN SOLUTION\n    pass\n\ndef g():\n    pass\n    # END SOLUTION\n",
            5,
            "the block begun in line 2 is left without # END SOLUTION",
        ),
        ("# BEGIN SOLUTION\n# a thought\n# END SOLUTION\n", 3, "no code since # BEGIN SOLUTION in line 1"),
        (
            "x = 1\nif x:\n    # BEGIN SOLUTION\n    x = (\n2)\n    # END SOLUTION\nelse:\n    y = (\n",
            8,
            "a syntax error ('(' was never closed)",
        ),
        (
            "# BEGIN SOLUTION\nif 1:\n    pass\n# END SOLUTION\nelse:\n    pass\n",
            1,
            "without the marked code, line 4 of the template is no Python any more",
        ),
    ],
)
def test_marks_that_do_not_fit_are_refused_with_their_line(text: str, line: int, what: str) -> None:
    with pytest.raises(TemplateError) as caught:
        template(text, file="locks/solution.py")
    assert str(caught.value).startswith(f"locks/solution.py:{line}: {what}")


def test_a_continued_line_may_be_indented_as_it_likes() -> None:
    text = 'def f():\n    # BEGIN SOLUTION\n    x = """\nflush left\n"""\n    y = (\n1)\n    # END SOLUTION\n'
    assert template(text).count("\n") == 3


def make_course(root: Path, solution: str | None = SOLUTION, handout: str | None = "# Locks\n") -> Course:
    folder = root / "assignments" / "locks"
    folder.mkdir(parents=True)
    if solution is not None:
        (folder / "solution.py").write_text(solution)
    if handout is not None:
        (folder / "handout.md").write_text(handout)
    locks = Assignment("locks", "Locks", "my_locks.py", folder, ())
    return Course("C", "UTC", root, Machine(), Limits(), 8, LatePolicy(), {"locks": locks}, {})


@pytest.mark.parametrize("names", [[], ["locks"]])
def test_a_template_is_written_with_its_handout(tmp_path: Path, names: list[str]) -> None:
    course = make_course(tmp_path)
    folder = tmp_path / "out" / FOLDER / "locks"
    assert build_templates(course, names, tmp_path / "out") == [folder / "my_locks.py", folder / "README.md"]
    assert (folder / "my_locks.py").read_text() == TEMPLATE
    readme = (folder / "README.md").read_text()
    assert readme.startswith("# Locks\n\n## Three commands\n")
    assert [line.split("  #")[0].strip() for line in readme.splitlines() if line.startswith("    ")] == [
        "python my_locks.py",
        "autograder watch my_locks.py",
        "autograder explain",
    ]
    assert build_templates(course, names, tmp_path / "out")  # again, over what is there


def test_the_commands_stand_before_the_first_section(tmp_path: Path) -> None:
    assignment = make_course(tmp_path).assignments["locks"]
    text = readme("# Locks\n\nHand it in.\n\n## What\n\nText\n\n## More\n", assignment)
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Locks",
        "## Three commands",
        "## What",
        "## More",
    ]
    assert text.endswith("\n\n## What\n\nText\n\n## More\n")


def test_an_unknown_assignment_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    course = make_course(tmp_path)
    with pytest.raises(ValueError, match=r'^no assignment "lokcs"; there are: locks; did you mean "locks"\?$'):
        build_templates(course, ["locks", "lokcs"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("solution", "handout", "name"), [(None, "", "solution.py"), ("", None, "handout.md")])
def test_a_missing_file_is_named(tmp_path: Path, solution: str | None, handout: str | None, name: str) -> None:
    course = make_course(tmp_path, solution, handout)
    with pytest.raises(TemplateError, match=rf"{name}:1: cannot be read \(.*No such file"):
        build_templates(course, [], tmp_path / "out")


def test_a_bad_solution_is_named_by_its_path(tmp_path: Path) -> None:
    course = make_course(tmp_path, "# BEGIN SOLUTION\n")
    with pytest.raises(TemplateError, match=r"assignments/locks/solution.py:1: # BEGIN SOLUTION without"):
        build_templates(course, [], tmp_path / "out")


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def test_the_templates_of_this_checkout_are_what_is_built_from_the_solutions(tmp_path: Path) -> None:
    course = load_course(find_course(Path(__file__).parent))
    build_templates(course, [], tmp_path)
    assert files(course.root / FOLDER) == files(tmp_path / FOLDER), "make them anew: autograder build template"


def test_the_templates_of_this_checkout_keep_every_function_of_the_contract() -> None:
    """Signatures of what a template defines at its top level are those of the solution."""
    course = load_course(find_course(Path(__file__).parent))
    for name, assignment in course.assignments.items():
        tree = ast.parse((course.root / FOLDER / name / assignment.file).read_text(encoding="utf-8"))
        solution = ast.parse((assignment.folder / "solution.py").read_text(encoding="utf-8"))
        kept = {node.name: ast.dump(node.args) for node in tree.body if isinstance(node, ast.FunctionDef)}
        whole = {node.name: ast.dump(node.args) for node in solution.body if isinstance(node, ast.FunctionDef)}
        assert kept
        assert kept.items() <= whole.items()
