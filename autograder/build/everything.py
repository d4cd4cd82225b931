"""All that can be built of a course, in one folder; and the zips that an LMS hands out to students.

OUT/student/NAME.zip     for students: template, handout, public checks, how to run them
OUT/gradescope/NAME.zip  for Gradescope's "Configure autograder"
OUT/prairielearn/        questions
OUT/autolab/             labs, and a Dockerfile for Tango
OUT/docker/              a Dockerfile with the whole course
OUT/otter/NAME/          where otter-grader is installed
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.build import bundle
from autograder.build.autolab import build_autolab
from autograder.build.docker import IMAGE, build_docker
from autograder.build.gradescope import build_gradescope
from autograder.build.handout import build_handout
from autograder.build.otter import build_otter
from autograder.build.prairielearn import build_prairielearn
from autograder.model import Assignment, Course


def build_student(course: Course, assignment: Assignment, to: Path, *, notebooks: bool = False) -> Path:
    """Write the zip that students of one assignment get: the folder of `build_handout`, in a folder of its name. Raises
    what that raises."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = build_handout(course, [assignment.name], folder, notebooks=notebooks)
        files = {f"{assignment.name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in made}
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(bundle.zipped(files))
    return to


def build_all(
    course: Course, assignments: Iterable[Assignment], out: Path, *, image: str = IMAGE, degraded: bool = False
) -> Iterator[str]:
    """Build everything, and tell what has been made, piece by piece. Raises what the single builders raise."""
    chosen = list(assignments)
    with_otter = importlib.util.find_spec("otter") is not None
    for one in chosen:
        yield str(build_student(course, one, out / "student" / f"{one.name}.zip"))
        yield str(build_gradescope(course, one, out / "gradescope" / f"{one.name}.zip", degraded=degraded))
        build_prairielearn(course, one, out / "prairielearn", image=image, degraded=degraded)
        yield str(out / "prairielearn" / "questions" / one.name)
        build_autolab(course, one, out / "autolab", image=image, degraded=degraded)
        yield str(out / "autolab" / f"{one.name}.tar")
        if with_otter:
            build_otter(course, one, out / "otter" / one.name, degraded=degraded)
            yield str(out / "otter" / one.name)
    build_docker(course, chosen, out / "docker", image=image)
    yield str(out / "docker" / "Dockerfile")
    if not with_otter:
        yield 'left out: otter (pip install "concurrency-autograder[otter]")'
