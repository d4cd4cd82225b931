"""The zips for Gradescope in a container: for every assignment the same scores and the same words as
`autograder grade`, for all who hand in.

Takes minutes and root's rights, so only ``make test-container`` runs it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder.batch import local
from autograder.build.bundle import requirements
from autograder.build.gradescope import build_gradescope
from autograder.config import load_course
from autograder.intake import handed_in
from autograder.model import Assignment, Course
from autograder.report.gradescope import SCHEMA, results

from . import debian

ROOT = Path(__file__).parents[2]
WANTED = "AUTOGRADER_CONTAINER_TESTS"
PATIENT = 300.0  # seconds of real time for a run: half a core of a busy machine must not decide anything here
NAME = "locked_printing"
LARGEST = "image_pool"  # the assignment whose zip has all packages that any other has
METADATA = {"id": 1, "created_at": "2026-12-08T10:00:00-05:00", "assignment": {}, "users": [{"name": "Zoë"}]}
DOCKERS = 0x00000000A80425FB  # CapBnd in /proc/self/status of a container with Docker's defaults


def patient(course: Course) -> Course:
    """The course, with more real time for each run."""
    return replace(
        course,
        assignments={
            name: replace(one, limits=replace(one.limits, real_time=PATIENT))
            for name, one in course.assignments.items()
        },
    )


COURSE = patient(load_course(ROOT))

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


WRONG = {  # a kind of mistake for each assignment
    "warm_up": "process_not_joined",
    "iteration_count": "shared_count",
    "locked_printing": "lock_per_thread",
    "parallel_primes": "pool_of_threads",
    "xkcd_download": "no_join",
    "pool_fib": "a_lock_for_each_import",
    "shared_array": "no_lock",
    "pipes_and_queues": "joined_before_read",
    "image_pool": "pool_of_threads",
}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def hand_ins() -> dict[str, str | None]:
    """What is handed in, by assignment and kind: right and wrong programs for each, and for one of them broken and
    hostile programs, too, and nothing."""
    found: dict[str, str | None] = {}
    for name, assignment in COURSE.assignments.items():
        found[f"{name}/right"] = read(assignment.folder / "solution.py")
        found[f"{name}/wrong"] = read(assignment.folder / "wrong" / f"{WRONG[name]}.py")
    right, wrong = found[f"{NAME}/right"], found[f"{NAME}/wrong"]
    assert right is not None
    assert wrong is not None
    more = {
        "unfinished": read(ROOT / "student_template" / NAME / f"{NAME}.py"),
        "no_python": "def print_all(:\n",
        "exits": "import os\nos._exit(0)\n",
        "endless": "while True:\n    pass\n",
        "floods": "while True:\n    print('x' * 1000)\n",
        "hostile": right + ATTACK,
        "hostile_and_wrong": wrong + ATTACK,
        "nothing": None,
    }
    return found | {f"{NAME}/{kind}": text for kind, text in more.items()}


@dataclass(frozen=True)
class Container:
    """A Debian root, and what is /autograder in it for this process of the tests alone."""

    root: Path
    autograder: Path

    def lay_out(self, assignment: Assignment, zips: Path, text: str | None) -> None:
        """As when an image has been built of the assignment's zip and a student has handed in."""
        for name in ("source", "submission", "results"):
            shutil.rmtree(self.autograder / name, ignore_errors=True)
            (self.autograder / name).mkdir()
        archive = zips / f"{assignment.name}.zip"
        if not archive.exists():
            build_gradescope(COURSE, assignment, archive)
        shutil.unpack_archive(archive, self.autograder / "source")
        shutil.copy(self.autograder / "source" / "run_autograder", self.autograder / "run_autograder")
        if text is not None:
            (self.autograder / "submission" / assignment.file).write_text(text, encoding="utf-8")
        (self.autograder / "submission_metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")

    def report(self) -> dict[str, Any]:
        return valid(read(self.autograder / "results" / "results.json"))


def valid(text: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(json.loads(read(SCHEMA))).validate(report)
    return report


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


def set_up(root: Path, autograder: Path) -> None:
    """/autograder as setup.sh leaves it, from the zip with the most packages. Nothing comes from the network."""
    assignment = COURSE.assignments[LARGEST]
    assert all(set(requirements(one)) <= set(requirements(assignment)) for one in COURSE.assignments.values())
    autograder.mkdir()
    version = debian.inside(
        root, autograder, "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"
    ).stdout.strip()
    archive = autograder / "largest.zip"
    build_gradescope(COURSE, assignment, archive, wheels=version)
    shutil.unpack_archive(archive, autograder / "source")
    archive.unlink()
    done = debian.inside(root, autograder, "bash", "/autograder/source/setup.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Enough for official grades." in done.stdout, done.stdout + done.stderr


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Container:
    """The root with the zip set up in it: once for all processes that run these tests, and copied for each."""
    made = debian.CACHE / f"autograder-{testrun_uid}"
    with debian.alone():
        try:
            root = debian.root()
        except debian.CannotBeMade as reason:
            pytest.skip(str(reason))
        if not made.exists():
            for old in debian.CACHE.glob("autograder-*"):
                shutil.rmtree(old)
            set_up(root, made)
    own = tmp_path_factory.mktemp("container") / "autograder"
    shutil.copytree(made, own, symlinks=True)
    own.parent.chmod(0o755)
    return Container(root, own)


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("zips")


def graded_here(assignment: Assignment, text: str | None, folder: Path) -> dict[str, Any]:
    """What `autograder grade` says of it on this machine."""
    (folder / "submission").mkdir()
    if text is not None:
        (folder / "submission" / assignment.file).write_text(text, encoding="utf-8")
    submission = handed_in(folder / "submission", assignment.file)
    ((_, result),) = local.judge_all([submission], assignment, 1)
    assert not isinstance(result, str), result
    return results(result, assignment.file, page=True)


def out_of_time(report: dict[str, Any]) -> bool:
    """Whether a limit of real or CPU time asks for a person: a matter of the machine, as only the score is not."""
    return any("within" in reason for reason in report["extra_data"]["reviews"])


@pytest.mark.parametrize("who", hand_ins())
def test_the_same_verdict_as_here(
    who: str, container: Container, zips: Path, half_a_core: Path | None, tmp_path: Path
) -> None:
    assignment, text = COURSE.assignments[who.partition("/")[0]], hand_ins()[who]
    container.lay_out(assignment, zips, text)
    place = container.autograder
    tests = place / "source" / "assignments" / assignment.name / "test_hidden.py"
    secret = tests.read_bytes()
    done = debian.inside(container.root, place, "bash", "/autograder/run_autograder", group=half_a_core)
    report, here = container.report(), graded_here(assignment, text, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["score"] == here["score"], done.stdout + done.stderr
    if not (out_of_time(report) or out_of_time(here)):
        for key in ("output", "tests"):
            assert report[key] == here[key], done.stdout + done.stderr
        for key in ("status", "problem", "reviews", "notes"):
            assert report["extra_data"][key] == here["extra_data"][key]
    most = sum(test["max_score"] for test in report["tests"])
    assert (report["score"] == most) == (who.partition("/")[2] == "right"), report["score"]
    # Nothing of a hostile program is left, and it has read nothing.
    assert sorted(path.name for path in (place / "results").iterdir()) == ["results.json"]
    assert sorted(path.name for path in (place / "submission").iterdir()) == [assignment.file] * (text is not None)
    assert tests.read_bytes() == secret
    assert (place / "venv" / "bin" / "python").exists()
    assert "test_locked_texts_stay_together" not in read(place / "results" / "results.json")


def test_the_rights_are_dockers(container: Container) -> None:
    done = debian.inside(container.root, container.autograder, "cat", "/proc/self/status")
    told = dict(line.split(":\t", 1) for line in done.stdout.splitlines())
    assert int(told["CapBnd"], 16) == int(told["CapEff"], 16) == DOCKERS


def test_half_a_core_is_all_there_is(container: Container, half_a_core: Path | None) -> None:
    if half_a_core is None:
        pytest.skip("no control group can be made here: the container has all cores")
    turns = "for _ in range(30_000_000): pass"
    debian.inside(container.root, container.autograder, "python3", "-c", turns, group=half_a_core)
    told = dict(line.split() for line in read(half_a_core / "cpu.stat").splitlines())
    assert int(told["nr_periods"]) > 0  # in which the quota was counted; on a busy machine none needs to be cut short


def test_the_image_without_its_packages(container: Container, zips: Path) -> None:
    container.lay_out(COURSE.assignments[NAME], zips, hand_ins()[f"{NAME}/right"])
    venv = container.autograder / "venv"
    venv.rename(venv.with_name("gone"))
    try:
        done = debian.inside(container.root, container.autograder, "bash", "/autograder/run_autograder")
    finally:
        venv.with_name("gone").rename(venv)
    report = container.report()
    assert done.returncode == 0
    assert report["score"] == 0
    assert "setup.sh" in report["extra_data"]["reviews"][0]


@pytest.mark.parametrize(("space", "reason"), [("4k", "was ended before it was done"), ("8k", "exit code 1")])
def test_no_space_for_the_result(container: Container, zips: Path, space: str, reason: str) -> None:
    """A page of memory holds what is written first; two are too few for the whole result."""
    container.lay_out(COURSE.assignments[NAME], zips, hand_ins()[f"{NAME}/wrong"])
    command = "bash /autograder/run_autograder >/dev/null; cat /autograder/results/results.json"
    done = debian.inside(container.root, container.autograder, "bash", "-c", command, space=space)
    report = valid(done.stdout)
    assert report["score"] == 0
    assert reason in report["extra_data"]["reviews"][0]
