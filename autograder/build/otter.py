"""For courses that use otter-grader: its autograder zip with our judge in it, and its tests for students.

``OUT/autograder.zip`` is made by `otter generate` and completed here: otter calls our plugin (`inside.otter`), and
``judge/`` has the assignment for it. It works where otter's zips do: `otter run`, `otter grade`, Gradescope.
``OUT/student/`` is the folder that students get (`build.handout`) with a test for each public check, which
``otter.Notebook().check`` runs at home (`inside.otter_home`).

Needs otter, which comes with the extra "otter".
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from autograder.build import bundle
from autograder.build.bundle import DISTRIBUTION, BuildError
from autograder.build.handout import build_handout
from autograder.inside.otter import COURSE, NAME
from autograder.model import Assignment, Course
from autograder.system import EXTRAS

DUMMY = '''\
OK_FORMAT = False

from otter.test_files import test_case

name = "judged"


@test_case(name="judged by the plugin", points=0)
def test_nothing():
    """Otter wants a test. What counts comes from the plugin, after this."""
'''


def build_otter(
    course: Course, assignment: Assignment, out: Path, *, degraded: bool = False, notebook: bool = False
) -> list[Path]:
    """Write both to the folder ``out`` and return what was written; with ``notebook`` students get a notebook to fill
    in rather than a Python file. Raises BuildError where otter is missing or fails, and what `build_handout` raises."""
    if importlib.util.find_spec("otter") is None:
        raise BuildError('otter-grader is not installed here; allowed: pip install "concurrency-autograder[otter]"')
    student = build_handout(course, [assignment.name], out / "student", notebooks=notebook, otter=True)
    archive = out / "autograder.zip"
    archive.write_bytes(_archive(course, assignment, degraded))
    return [archive, *student]


def requirements(assignment: Assignment) -> list[str]:
    """What otter's environment needs beside otter. Not pinned: otter has versions of its own for some of it."""
    extras = {"", *(EXTRAS[name] for name in assignment.imports if name in EXTRAS)}
    wanted = [Requirement(text) for text in metadata.requires(DISTRIBUTION) or ()]
    return sorted(
        f"{one.name}{one.specifier}"
        for one in wanted
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras)
    )


def _archive(course: Course, assignment: Assignment, degraded: bool) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tests").mkdir()
        (folder / "tests" / "judged.py").write_text(DUMMY, encoding="utf-8")
        config = {"plugins": [{NAME: {"allow_degraded": degraded}}], "show_stdout": False}
        (folder / "otter_config.json").write_text(json.dumps(config), encoding="utf-8")
        (folder / "requirements.txt").write_text("\n".join(requirements(assignment)) + "\n", encoding="utf-8")
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        command = [sys.executable, "-m", "otter", "generate", "--python-version", version, "-o", "made.zip"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildError(f"otter generate failed: {(done.stderr.strip().splitlines() or ['without a word'])[-1]}")
        with zipfile.ZipFile(folder / "made.zip") as made:
            files = {name: made.read(name) for name in made.namelist()}
    files["setup.sh"] += bundle.script("setup_otter.sh")
    files["run_otter.py"] = bundle.script("run_otter.py")
    files |= {f"{COURSE}/{name}": content for name, content in bundle.course_files(course, assignment).items()}
    files |= {f"autograder/{name}": content for name, content in bundle.package()}
    return bundle.zipped(files, executable={"setup.sh", "run_autograder"})
