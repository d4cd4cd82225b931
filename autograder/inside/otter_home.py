"""The public checks as otter's tests, for students who call ``otter.Notebook().check(…)`` at home.

A test of `autograder build otter` is one line that calls :func:`passes`. What is checked is a file, since a program
with processes has to be one: the module whose globals otter was given (``check("x", global_env=vars(pool_fib))``), else
the notebook of the assignment's name in the current folder, else the Python file. It is judged by another process, in
the sandbox or what of it this computer has, once for all the checks of one state of the file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from autograder import intake
from autograder.config import find_course, load_course
from autograder.model import Assignment, Outcome, Submission
from autograder.notebook import notebook_name
from autograder.report.feedback import explanation, standing


def passes(name: str, check: str, env: Mapping[str, object]) -> None:
    """Fail, with the words of the feedback, unless the file passes this check of an assignment. ``env`` are the
    globals that otter has at hand."""
    course = find_course()
    path = _file(load_course(course).assignments[name], env)
    verdicts = _verdicts(str(course), name, path, path.read_bytes())
    text = verdicts[check]
    if text is not None:
        raise AssertionError(text)


def _file(assignment: Assignment, env: Mapping[str, object]) -> Path:
    own = env.get("__file__")
    if isinstance(own, str) and Path(own).name == assignment.file:
        return Path(own)
    notebook = notebook_name(assignment.file)
    for path in (Path(notebook), Path(assignment.file)):
        if path.is_file():
            return path.absolute()
    raise AssertionError(
        f"found neither {notebook} nor {assignment.file} in {Path.cwd()}: save your work under that name"
    )


@lru_cache(maxsize=4)
def _verdicts(course: str, name: str, path: Path, content: bytes) -> dict[str, str | None]:
    """Of each public check the words of the feedback, or None where it is passed. ``content`` is what makes it another
    question after each change."""
    command = [sys.executable, "-P", "-m", "autograder.inside.otter_home", course, name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"the checks could not be run:\n{done.stderr.strip()}")
    verdicts: dict[str, str | None] = json.loads(done.stdout.splitlines()[-1])
    return verdicts


def main(course: str, name: str, path: str) -> None:
    """Judge, and print one line of JSON."""
    from autograder.judge.grade import grade

    assignment = load_course(Path(course)).assignments[name]
    result = grade(Submission("home", intake.regular_file(Path(path))), assignment, public_only=True)
    about = "\n".join(standing(result))
    texts: dict[str, str | None] = {}
    for verdict in result.verdicts:
        said = "\n".join(explanation(verdict, assignment.file, problem=result.problem))
        texts[verdict.check.name] = None if verdict.outcome is Outcome.PASSED else said or about
    print(json.dumps(texts))


if __name__ == "__main__":
    main(*sys.argv[1:])
