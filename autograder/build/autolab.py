"""A lab for Autolab that our judge grades (`autograder.inside.autolab`).

    OUT/NAME.tar             to be imported (Install Assessment, *Import an existing assessment from tarball*); in it
        NAME/NAME.yml            the lab: the hand-in's name, one problem, the image
        NAME/autograde-Makefile  what ``make`` does with a hand-in
        NAME/autograde.tar       the assignment, and the script that grades
        NAME/NAME-handout.tar    template and handout, for students
    OUT/image/               the Dockerfile of an image for Tango, to be built after that of `autograder build docker`

The lab directory: https://docs.autolabproject.com/lab/. NAME.yml has the form that Autolab itself exports
(examples/hello/hello.yml in its repository; the scoreboard's columns are checked in app/models/scoreboard.rb).
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

from autograder import marked_yaml
from autograder.build import bundle
from autograder.build.bundle import BuildError
from autograder.build.docker import IMAGE
from autograder.build.template import for_students, readme
from autograder.inside.autolab import COURSE
from autograder.model import Assignment, Course

TIMEOUT = 300
_RESERVE = 15  # seconds, to say why there was no end


def build_autolab(
    course: Course,
    assignment: Assignment,
    out: Path,
    *,
    image: str = IMAGE,
    timeout: int = TIMEOUT,
    degraded: bool = False,
) -> list[Path]:
    """Write the lab and the image's Dockerfile, and return the files. Raises BuildError and TemplateError."""
    if timeout < 2 * _RESERVE:
        raise BuildError(f"--timeout: found {timeout}; allowed: {2 * _RESERVE} or more seconds")
    name = assignment.name
    code, handout = for_students(assignment)
    options = "--allow-degraded" if degraded else ""
    inner = {f"{COURSE}/{path}": content for path, content in bundle.course_files(course, assignment).items()}
    inner["grade.sh"] = bundle.script("autolab.sh", ASSIGNMENT=name, TIMEOUT=str(timeout - _RESERVE), OPTIONS=options)
    students = {
        f"{name}-handout/{assignment.file}": code.encode(),
        f"{name}-handout/README.md": readme(handout, assignment).encode(),
    }
    lab = {
        f"{name}/{name}.yml": _about(assignment, image, timeout).encode(),
        f"{name}/autograde-Makefile": bundle.script("autograde-Makefile", FILE=assignment.file),
        f"{name}/autograde.tar": tarred(inner),
        f"{name}/{name}-handout.tar": tarred(students),
    }
    files = {
        f"{name}.tar": tarred(lab),
        "image/Dockerfile": bundle.script("autolab.Dockerfile", IMAGE=image),
    }
    return bundle.write(files, out)


def _about(assignment: Assignment, image: str, timeout: int) -> str:
    most = sum(check.points for check in assignment.checks)
    tree = {
        "general": {
            "name": assignment.name,
            "description": "",
            "display_name": assignment.title,
            "handin_filename": assignment.file,
            "handin_directory": "handin",
            "max_grace_days": 0,
            "handout": f"{assignment.name}-handout.tar",
            "writeup": "",
            "max_submissions": -1,
            "disable_handins": False,
            "max_size": 2,  # MiB
            "has_svn": False,
            "category_name": "Lab",
        },
        "problems": [{"name": assignment.name, "description": "", "max_score": float(most), "optional": False}],
        "autograder": {"autograde_timeout": timeout, "autograde_image": f"{image}-autolab", "release_score": True},
        # One column, as a string of JSON (app/models/scoreboard.rb).
        "scoreboard": {"banner": "", "colspec": json.dumps({"scoreboard": [{"hdr": "Points", "asc": False}]})},
    }
    return "---\n" + marked_yaml.dump(tree)


def tarred(files: Mapping[str, bytes]) -> bytes:
    """A tar of the files, in order of name, without times or owners of its own."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for top in sorted({name.split("/")[0] for name in files if "/" in name}):
            folder = tarfile.TarInfo(top)  # Autolab looks for the entry of the lab's folder, in front of its files
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(folder)
        for name in sorted(files):
            about = tarfile.TarInfo(name)
            about.size, about.mode = len(files[name]), 0o644
            archive.addfile(about, io.BytesIO(files[name]))
    return buffer.getvalue()
