"""A question for PrairieLearn that our judge grades (external grading; `autograder.inside.prairielearn`).

    OUT/questions/NAME/info.json       what image grades it, and how
    OUT/questions/NAME/question.html   the handout, an editor with the template, the results
    OUT/questions/NAME/FILE.py         the template
    OUT/questions/NAME/tests/          the assignment, and the script that grades

OUT is a course of PrairieLearn's, or a folder to copy into one. The image is that of `autograder build docker`, pushed
to where PrairieLearn finds it. Its documentation: https://prairielearn.readthedocs.io/en/latest/externalGrading/,
https://prairielearn.readthedocs.io/en/latest/question/. The keys of info.json are those of
apps/prairielearn/src/schemas/infoQuestion.ts, which allows no others.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path

from autograder.build import bundle
from autograder.build.bundle import BuildError
from autograder.build.docker import IMAGE
from autograder.build.template import for_students
from autograder.model import Assignment, Course

TIMEOUT = 300
"""Seconds for one hand-in; PrairieLearn allows 600 at most."""
_RESERVE = 15  # of them, for starting the container and writing why there was no end
_NAMESPACE = uuid.UUID("6d1cbbb2-60a4-4a3f-8a6e-5a3a3c3b8f1d")  # a question has to have the same uuid for ever


def build_prairielearn(
    course: Course,
    assignment: Assignment,
    out: Path,
    *,
    image: str = IMAGE,
    timeout: int = TIMEOUT,
    degraded: bool = False,
) -> list[Path]:
    """Write the question and return its files. Raises BuildError and TemplateError."""
    if not 2 * _RESERVE <= timeout <= 600:
        raise BuildError(f"--timeout: found {timeout}; allowed: {2 * _RESERVE} to 600 seconds")
    code, handout = for_students(assignment)
    about = {
        "uuid": str(uuid.uuid5(_NAMESPACE, f"{course.name}/{assignment.name}")),
        "title": assignment.title,
        "topic": "Concurrency",
        "tags": ["python", "concurrency"],
        "type": "v3",
        "gradingMethod": "External",
        "singleVariant": True,
        "externalGradingOptions": {
            "enabled": True,  # of no meaning any more; without it an older PrairieLearn would not grade
            "image": image,
            "entrypoint": "/grade/tests/grade.sh",
            "timeout": timeout,
        },
    }
    options = "--allow-degraded" if degraded else ""
    files = {
        "info.json": (json.dumps(about, indent=4, ensure_ascii=False) + "\n").encode(),
        "question.html": _page(handout, assignment.file).encode(),
        assignment.file: code.encode(),
        "tests/grade.sh": bundle.script("prairielearn.sh", TIMEOUT=str(timeout - _RESERVE), OPTIONS=options),
    }
    files |= {f"tests/{name}": content for name, content in bundle.course_files(course, assignment).items()}
    return bundle.write(files, out / "questions" / assignment.name, executable={"tests/grade.sh"})


def _page(handout: str, file: str) -> str:
    """question.html. PrairieLearn fills in its braces as Mustache does, so that those of the handout are other ones."""
    if "</markdown" in handout or "<%" in handout:
        raise BuildError(
            'the handout holds "</markdown" or "<%"; allowed: neither, PrairieLearn takes them for its own'
        )
    return (
        "{{=<% %>=}}\n"
        f"<pl-question-panel>\n<markdown>\n{handout.rstrip()}\n</markdown>\n"
        f'<pl-file-editor file-name="{file}" ace-mode="ace/mode/python" source-file-name="{file}"></pl-file-editor>\n'
        "</pl-question-panel>\n\n"
        "<pl-submission-panel>\n"
        "<pl-external-grader-results></pl-external-grader-results>\n"
        "<pl-file-preview></pl-file-preview>\n"
        "</pl-submission-panel>\n"
    )
