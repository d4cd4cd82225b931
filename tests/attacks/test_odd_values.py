"""Whatever a submission returns, prints, raises or leaves in its folder, the checks of every assignment say something
about it: none of them fails itself, which would leave the submission without a verdict."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

from autograder.config import load_course
from autograder.judge.grade import grade
from autograder.model import Assignment, Outcome, Submission
from tests.attacks.settings import ROOT

ODD = {
    "numbers too long to print": "return [10**5000, {10**5000: -(10**6000)}]",
    "a dict of numbers too long": "return {'a': 10**5000, 'b': -1}",
    "lists and dicts that cannot be hashed": "return [[1], {}, {(): [], 'a': None, 1.5: float('nan')}, object()]",
    "bytes, surrogates and paths": "import pathlib; return b'\\xff', '\\udcff', pathlib.Path('/'), 3j, {1}, range(9)",
    "numbers as text": """
    for word in ('9' * 6000, '9' * 6000 + ' iterations in thread a', 'fib(' + '9' * 6000 + ') = 1'):
        print(word)
    return '9' * 6000""",
    "what no terminal shows": "print('\\udcff\\x1b[2J\\u202e<script>\\0', end=''); return None",
    "an exception that cannot be printed": "raise type('E\\u202e', (Exception,), {'__str__': lambda self: 1 / 0})()",
    "the beginnings of files": """
    import os
    for folder in ('small', 'new/folder', 'comics', 'photos'):
        os.makedirs(folder, exist_ok=True)
        for stem in ('a', 'b', 'c', 'cat', 'dog', '100', '101', '102'):
            for end in ('.png', '.jpg', '.gif'):
                open(f'{folder}/{stem}{end}', 'wb').write(b'\\x89PNG')
    return None""",
    "a PNG with noise behind its size": """
    import os
    os.makedirs('small', exist_ok=True)
    for stem, size in (('a', (8, 16)), ('b', (6, 4)), ('c', (20, 5)), ('cat', (20, 10)), ('dog', (8, 16))):
        head = b'\\x89PNG\\r\\n\\x1a\\n' + bytes([0, 0, 0, 13]) + b'IHDR' + bytes([0, 0, 0, size[0], 0, 0, 0, size[1]])
        noise = bytes([8, 2, 0, 0, 0]) + b'crc!' + bytes([0, 0, 0, 9]) + b'IDAT' + b'noise' * 9
        open(f'small/{stem}.png', 'wb').write(head + noise)
    import pathlib
    path = args[0] if args and isinstance(args[0], pathlib.Path) else pathlib.Path('photos')
    return pathlib.Path('small') / f'{path.stem}.png'""",
}


@functools.cache
def assignments() -> dict[str, Assignment]:
    return load_course(ROOT / "grading.yml").assignments


@pytest.mark.parametrize("name", assignments())
def test_every_check_says_something(name: str, tmp_path: Path) -> None:
    assignment = assignments()[name]
    tree = ast.parse((assignment.folder / "solution.py").read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    failed = {}
    for what, body in ODD.items():
        path = tmp_path / assignment.file
        path.write_text("".join(f"def {one}(*args, **kwargs):\n    {body.strip()}\n" for one in functions))
        result = grade(Submission("odd", path), assignment, real=False)
        failed |= {
            f"{verdict.check.name} of {what}": verdict.finding
            for verdict in result.verdicts
            if verdict.outcome is Outcome.ERROR
        }
    assert failed == {}
