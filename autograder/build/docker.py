"""A plain Dockerfile, for those who run containers themselves; PrairieLearn's and Autolab's images are made of it.

The folder has everything that ``docker build`` needs: the grader, its packages (pinned to the versions that are
installed here), and the course without its solutions.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.build import bundle
from autograder.model import Assignment, Course

IMAGE = "concurrency-autograder"
"""What the image is called where nobody gives it another name."""


def build_docker(course: Course, assignments: Sequence[Assignment], out: Path, *, image: str = IMAGE) -> list[Path]:
    """Write the folder and return its files. Raises BuildError."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    files = {
        "Dockerfile": bundle.script("Dockerfile", IMAGE=image, PYTHON=python),
        "README.md": _readme(assignments[0].name, image).encode(),
        "requirements.txt": "".join(f"{pin}\n" for pin in bundle.requirements(*assignments)).encode(),
    }
    files |= {f"course/{name}": content for name, content in bundle.course_files(course, *assignments).items()}
    files |= {f"autograder/{name}": content for name, content in bundle.package()}
    return bundle.write(files, out)


def _readme(example: str, image: str) -> str:
    return (
        "# The grader in a container\n\n"
        f"    docker build -t {image} .\n"
        f"    docker run --rm {image}            # what keeps a hostile submission in here\n\n"
        "Grade a class; the container needs no network, and no rights beyond Docker's default:\n\n"
        '    docker run --rm --network none -v "$PWD/hand-ins:/in:ro" -v "$PWD/results:/out" \\\n'
        f"        {image} grade {example} /in -o /out\n\n"
        "Where another grader runs as root on the same machine, outside of containers, the two have to agree on the\n"
        "numbers of the users that submissions run as: give the container\n"
        "`-v /run/concurrency-autograder:/run/concurrency-autograder`, too.\n\n"
        "The hidden checks are in the image: keep it out of public registries.\n"
    )
