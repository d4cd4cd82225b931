"""The zip for Gradescope in a container: the same scores and the same words as `autograder grade`, for all who hand in.

Takes minutes and root's rights, so only ``make test-container`` runs it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder.batch import local
from autograder.build.gradescope import build_gradescope
from autograder.config import load_course
from autograder.intake import handed_in
from autograder.report.gradescope import SCHEMA, results

from . import debian

ROOT = Path(__file__).parents[2]
WANTED = "AUTOGRADER_CONTAINER_TESTS"
NAME, FILE = "locked_printing", "locked_printing.py"
METADATA = {"id": 1, "created_at": "2026-12-08T10:00:00-05:00", "assignment": {}, "users": [{"name": "Zoë"}]}

pytestmark = [
    pytest.mark.skipif(WANTED not in os.environ, reason="takes minutes: make test-container runs it"),
    pytest.mark.skipif(bool(debian.missing()), reason=f"a Debian root can't be made: {debian.missing()}"),
    pytest.mark.timeout(1200),
]

ATTACK = """

_honest = print_all
_PLACES = {
    "source": ["/autograder/source/grading.yml", "/autograder/source/assignments/locked_printing/test_hidden.py"],
    "results": ["/autograder/results/results.json", "/autograder/results/.forged", "/autograder/submission/forged"],
}


def print_all(texts, n, locked=True):
    import os
    import shutil

    for path in _PLACES["source"]:
        try:
            print(open(path).read())
        except OSError:
            pass
    for path in _PLACES["results"]:
        try:
            with open(path, "w") as file:
                file.write('{"score": 1000}')
        except OSError:
            pass
    for folder in ("/autograder/results", "/autograder/source", "/autograder/venv"):
        shutil.rmtree(folder, ignore_errors=True)
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) != os.getpid():
            try:
                os.kill(int(pid), 9)
            except OSError:
                pass
    return _honest(texts, n, locked)
"""


def hand_ins() -> dict[str, str | None]:
    """What is handed in, by name: right, wrong, broken and hostile programs, and nothing."""
    course = ROOT / "assignments" / NAME
    right = (course / "solution.py").read_text(encoding="utf-8")
    wrong = (course / "wrong" / "lock_per_thread.py").read_text(encoding="utf-8")
    return {
        "right": right,
        "wrong": wrong,
        "unfinished": (ROOT / "student_template" / NAME / FILE).read_text(encoding="utf-8"),
        "no_python": "def print_all(:\n",
        "exits": "import os\nos._exit(0)\n",
        "endless": "while True:\n    pass\n",
        "hostile": right + ATTACK,
        "hostile_and_wrong": wrong + ATTACK,
        "nothing": None,
    }


@pytest.fixture(scope="module")
def half_a_core() -> Iterator[Path | None]:
    """A control group with half a core; None where none can be made (then it is only slower to see what differs)."""
    spec = importlib.util.spec_from_file_location("stability", ROOT / "benchmarks" / "stability.py")
    assert spec is not None
    assert spec.loader is not None
    stability = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = stability
    spec.loader.exec_module(stability)
    group = stability.make_cgroup()
    if group is None:
        yield None
        return
    with stability.removed_after(group):
        yield group


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root with the zip set up in it, as when Gradescope has built the image. Nothing comes from the network."""
    try:
        place = debian.root()
    except debian.CannotBeMade as reason:
        pytest.skip(str(reason))
    autograder = place / "autograder"
    shutil.rmtree(autograder, ignore_errors=True)
    course = load_course(ROOT)
    version = debian.inside(place, "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])").stdout.strip()
    archive = tmp_path_factory.mktemp("zip") / "z.zip"
    build_gradescope(course, course.assignments[NAME], archive, wheels=version)
    (autograder / "source").mkdir(parents=True)
    shutil.unpack_archive(archive, autograder / "source")
    shutil.copy(autograder / "source" / "run_autograder", autograder / "run_autograder")
    done = debian.inside(place, "bash", "/autograder/source/setup.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Enough for official grades." in done.stdout, done.stdout + done.stderr
    return place


def lay_out(container: Path, text: str | None) -> None:
    autograder = container / "autograder"
    for name in ("submission", "results"):
        shutil.rmtree(autograder / name, ignore_errors=True)
        (autograder / name).mkdir()
    if text is not None:
        (autograder / "submission" / FILE).write_text(text, encoding="utf-8")
    (autograder / "submission_metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")


def graded_here(text: str | None, folder: Path) -> dict[str, Any]:
    """What `autograder grade` says of it on this machine."""
    course = load_course(ROOT)
    (folder / "submission").mkdir()
    if text is not None:
        (folder / "submission" / FILE).write_text(text, encoding="utf-8")
    submission = handed_in(folder / "submission", FILE)
    ((_, result),) = local.judge_all([submission], course.assignments[NAME], 1)
    assert not isinstance(result, str), result
    return results(result, FILE, page=True)


@pytest.mark.parametrize("who", hand_ins())
def test_the_same_verdict_as_here(who: str, container: Path, half_a_core: Path | None, tmp_path: Path) -> None:
    text = hand_ins()[who]
    lay_out(container, text)
    secret = (container / "autograder" / "source" / "assignments" / NAME / "test_hidden.py").read_bytes()
    done = debian.inside(container, "bash", "/autograder/run_autograder", group=half_a_core)
    written = (container / "autograder" / "results" / "results.json").read_text(encoding="utf-8")
    report, here = json.loads(written), graded_here(text, tmp_path)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(report)
    assert done.returncode == 0, done.stdout + done.stderr
    for key in ("score", "output", "tests"):
        assert report[key] == here[key], done.stdout + done.stderr
    for key in ("status", "problem", "reviews", "notes"):
        assert report["extra_data"][key] == here["extra_data"][key]
    # Nothing of a hostile program is left, and it has read nothing.
    assert sorted(path.name for path in (container / "autograder" / "results").iterdir()) == ["results.json"]
    assert sorted(path.name for path in (container / "autograder" / "submission").iterdir()) == [FILE] * (
        text is not None
    )
    assert (container / "autograder" / "source" / "assignments" / NAME / "test_hidden.py").read_bytes() == secret
    assert (container / "autograder" / "venv" / "bin" / "python").exists()
    assert "test_locked_texts_stay_together" not in written


def test_the_image_without_its_packages(container: Path) -> None:
    lay_out(container, hand_ins()["right"])
    venv = container / "autograder" / "venv"
    venv.rename(venv.with_name("gone"))
    try:
        done = debian.inside(container, "bash", "/autograder/run_autograder")
    finally:
        venv.with_name("gone").rename(venv)
    report = json.loads((container / "autograder" / "results" / "results.json").read_text(encoding="utf-8"))
    assert done.returncode == 0
    assert report["score"] == 0
    assert "setup.sh" in report["extra_data"]["reviews"][0]
