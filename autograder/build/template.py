"""The students' template of an assignment, made from its reference solution.

Two comments in solution.py, each alone on its line, enclose what a student has to find::

    def total(numbers: Iterable[int]) -> int:
        \"\"\"The sum of all numbers.\"\"\"
        # BEGIN SOLUTION
        return sum(numbers)
        # END SOLUTION

Everything outside the marks stays as it is: signatures, type hints, docstrings, ``if __name__ == "__main__":``. The
lines from mark to mark become a note where to write; in a function also a ``raise``, so that a template that nobody has
filled in fails with words of its own; elsewhere (a class, an indented part of the script) a statement that does
nothing, so that importing the template works.
"""

from __future__ import annotations

import ast
import difflib
import io
import re
import tokenize
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Assignment, Course
from autograder.notebook import notebook_name

BEGIN = "# BEGIN SOLUTION"
END = "# END SOLUTION"
FOLDER = "student_template"

_MEANT_AS_MARK = re.compile(r"#+\s*(begin|end)\s+solution\b.*", re.IGNORECASE)
_NO_CODE = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


class TemplateError(Exception):
    """No template can be made of a solution. The text has the file, the line, and what is wrong there."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}:{line}: {what}")


@dataclass(frozen=True, slots=True)
class _Block:
    """A marked part of a solution: the lines of its two marks (from 1) and their indentation."""

    begin: int
    end: int
    indent: int


def template(solution: str, *, file: str = "solution.py") -> str:
    """The text of the template for the text of a solution. Raises TemplateError, which names ``file``, where a mark
    has no partner, stands inside another pair or beside code, or where what is left is no Python."""
    try:
        tree = ast.parse(solution)
    except SyntaxError as error:
        raise TemplateError(file, error.lineno or 1, f"a syntax error ({error.msg})") from None
    lines = list(io.StringIO(solution))  # as Python counts lines; splitlines() counts form feeds too
    for block in reversed(_blocks(solution, file)):
        gap = block.indent == 0 and lines[block.end : block.end + 1] not in ([], ["\n"])
        instead = [f"{' ' * block.indent}{text}\n" for text in _instead(tree, block)]
        lines[block.begin - 1 : block.end] = [*instead, *["\n", "\n"] * gap]
    result = "".join(lines)
    try:
        ast.parse(result)
    except SyntaxError as error:
        what = f"without the marked code, line {error.lineno} of the template is no Python any more ({error.msg})"
        raise TemplateError(file, 1, what) from None
    return result


def _blocks(solution: str, file: str) -> list[_Block]:
    blocks: list[_Block] = []
    begin: tokenize.TokenInfo | None = None
    code = False
    at_start = True  # of a logical line: only there does indentation count
    for token in tokenize.generate_tokens(io.StringIO(solution).readline):
        line, column = token.start
        if token.type not in _NO_CODE:
            if begin and at_start and column < begin.start[1]:
                raise TemplateError(file, line, f"the block begun in line {begin.start[0]} is left without {END}")
            code = True
            at_start = False
        elif token.type == tokenize.NEWLINE:
            at_start = True
        elif token.type == tokenize.COMMENT and _MEANT_AS_MARK.fullmatch(token.string):
            if token.string not in (BEGIN, END):
                raise TemplateError(file, line, f'found "{token.string}"; the marks are "{BEGIN}" and "{END}"')
            if token.line[:column].strip():
                raise TemplateError(file, line, f'"{token.string}" has to stand alone on its line')
            if token.string == BEGIN:
                if begin:
                    raise TemplateError(file, line, f"{BEGIN} inside the block begun in line {begin.start[0]}")
                begin, code = token, False
                continue
            if not begin:
                raise TemplateError(file, line, f"{END} without {BEGIN}")
            if column != begin.start[1]:
                raise TemplateError(file, line, f"{END} is not indented as {BEGIN} in line {begin.start[0]} is")
            if not code:
                raise TemplateError(file, line, f"no code since {BEGIN} in line {begin.start[0]}")
            blocks.append(_Block(begin.start[0], line, column))
            begin = None
    if begin:
        raise TemplateError(file, begin.start[0], f"{BEGIN} without {END}")
    return blocks


def _instead(tree: ast.Module, block: _Block) -> list[str]:
    """What stands in the template in place of a block."""
    if block.indent == 0:
        return ["# Write your code here."]
    scopes = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.lineno < block.begin <= (node.end_lineno or 0)
    ]
    innermost = max(scopes, key=lambda node: node.lineno, default=None)
    in_function = innermost is not None and not isinstance(innermost, ast.ClassDef)
    return [
        "# Write your code here instead of the next line.",
        # What a function of the template does until it is written; a class body is simply empty.
        'raise NotImplementedError("write your code here")' if in_function else "...",
    ]


def build_templates(course: Course, names: Collection[str], root: Path) -> list[Path]:
    """Write student_template/NAME/ below ``root`` for each of the named assignments (for all of them where ``names`` is
    empty): the template, and as README.md the handout with the commands to use. Returns the files written. Raises
    TemplateError."""
    for name in names:
        if name not in course.assignments:
            close = difflib.get_close_matches(name, course.assignments, n=1)
            hint = f'; did you mean "{close[0]}"?' if close else ""
            raise ValueError(f'no assignment "{name}"; there are: {", ".join(course.assignments)}{hint}')
    return [path for name in names or course.assignments for path in _build(course.assignments[name], root)]


def readme(handout: str, assignment: Assignment, *, notebook: bool = False) -> str:
    """The handout with the commands that a student needs, before its first section (or at its end). ``notebook``: what
    they fill in is one."""
    file = notebook_name(assignment.file) if notebook else assignment.file
    start = {f"jupyter lab {file}": "open it"} if notebook else {f"python {file}": "run your program"}
    commands = start | {
        f"autograder watch {file}": "check it, and again whenever you save it",
        "autograder explain": "what a finding means: autograder explain not joined",
    }
    width = max(map(len, commands))
    lines = "".join(f"    {command:<{width}}  # {what}\n" for command, what in commands.items())
    section = f"## Three commands\n\n{lines}\n"
    begin, heading, rest = handout.partition("\n## ")
    return f"{begin}\n{section}## {rest}" if heading else f"{handout.rstrip()}\n\n{section}".rstrip() + "\n"


def for_students(assignment: Assignment) -> tuple[str, str]:
    """The template and the handout of an assignment. Raises TemplateError where a file cannot be read, too."""
    solution = assignment.folder / "solution.py"
    return template(source(solution), file=str(solution)), source(assignment.folder / "handout.md")


def source(path: Path) -> str:
    """The text of one of the course's files. Raises TemplateError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(str(path), 1, f"cannot be read ({error})") from None


def _build(assignment: Assignment, root: Path) -> list[Path]:
    code, handout = for_students(assignment)
    folder = root / FOLDER / assignment.name
    folder.mkdir(parents=True, exist_ok=True)
    texts = {folder / assignment.file: code, folder / "README.md": readme(handout, assignment)}
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)
