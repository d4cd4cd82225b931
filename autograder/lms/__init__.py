"""The learning management systems: a file each, behind one Protocol (:mod:`autograder.lms.base`).

=============  =============================  ========================================  ============================
LMS            the id that is joined on        grades go into                            feedback goes back as
=============  =============================  ========================================  ============================
canvas         user id (or anonymous id)      the exported gradebook                    a zip of files, as comments
moodle         participant id                 the grading worksheet                     a zip of feedback files
gradescope     submission id                  the exported scores (for other uses)      nothing: it takes none
blackboard     username                       the grade centre's download               a column of the same file
brightspace    the number in the folder       the exported grades                       a zip of feedback files
sakai          the user's eid                 grades.csv of the download                the download's own tree
plain          the submission's id            any table with an ``id`` column           a folder a submission
=============  =============================  ========================================  ============================

What each one's names look like, and which source says so, stands in its module.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from autograder.lms.base import Lms, LmsError

NAMES = ("canvas", "moodle", "gradescope", "blackboard", "brightspace", "sakai", "plain")


def named(name: str) -> Lms:
    """The LMS of that name."""
    if name not in NAMES:
        raise LmsError(f'found the LMS "{name}"\n  allowed: {", ".join(NAMES)}')
    return cast(Lms, import_module(f"autograder.lms.{name}").LMS)


def all_of_them() -> list[Lms]:
    return [named(name) for name in NAMES]
