"""The zip that makes Gradescope grade an assignment: setup.sh, run_autograder, the grader and the assignment's tests.

The contract (https://gradescope-autograders.readthedocs.io/en/latest/specs/): the zip is unpacked into
/autograder/source; ``setup.sh`` is run once as root when the image is built; ``run_autograder`` is run as root for each
hand-in and leaves /autograder/results/results.json. What happens inside is `autograder.inside.gradescope`'s.

The zip holds no solution and nothing of other assignments. Its packages are pinned to the versions that are installed
where it is built. They come from the index, or from wheels that the zip carries (``wheels``). The same course makes
the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from autograder.build import bundle
from autograder.build.bundle import BuildError
from autograder.model import Assignment, Course

TIMEOUT = 540
"""Seconds of real time for one hand-in, below Gradescope's own 10 minutes, after which it gives no reason."""


def build_gradescope(
    course: Course,
    assignment: Assignment,
    to: Path,
    *,
    wheels: str = "",
    degraded: bool = False,
    leaderboard: bool = False,
    timeout: int = TIMEOUT,
) -> Path:
    """Write the zip for one assignment to ``to``. ``wheels`` is the Python version to carry wheels for ("3.12"; ""
    carries none), ``degraded`` grades also where layers of the sandbox are missing, ``leaderboard`` has points and
    speedup put on Gradescope's, ``timeout`` is in seconds. Raises BuildError."""
    if timeout < 1:
        raise BuildError(f"--timeout: found {timeout}; allowed: 1 or more seconds")
    pins = bundle.requirements(assignment)
    files = bundle.course_files(course, assignment)
    files["requirements.txt"] = "".join(f"{pin}\n" for pin in pins).encode()
    options = " ".join(["--allow-degraded"] * degraded + ["--leaderboard"] * leaderboard)
    for name in ("setup.sh", "run_autograder"):
        files[name] = bundle.script(name, ASSIGNMENT=assignment.name, TIMEOUT=str(timeout), OPTIONS=options)
    files |= {f"autograder/{name}": content for name, content in bundle.package()}
    if wheels:
        files |= {f"wheels/{name}": content for name, content in bundle.wheels(pins, wheels)}
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(bundle.zipped(files, executable={"setup.sh", "run_autograder"}))
    return to
