"""``--executor slurm`` on a real Slurm of one node (see cluster.py)."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAME = "locked_printing"


def _module(path: Path):  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


slurm = _module(Path(__file__).with_name("cluster.py"))
pytestmark = [
    pytest.mark.skipif(bool(slurm.lacking()), reason=f"no Slurm here: {slurm.lacking()}"),
    pytest.mark.timeout(600),  # a cluster and many interpreters are started
]


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder, slurm.cluster(Path(folder)) as found:
        yield os.environ | found


GRADING = """
import sys
from pathlib import Path

sys.path[:0] = [{tests!r}, {root!r}]
import fake_graders
from autograder.batch import grading, slurm
from autograder.intake import find_submissions
from test_slurm import ASSIGNMENT

if __name__ == "__main__":
    class_folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    submissions = find_submissions(class_folder, ASSIGNMENT.file, class_folder)
    options = slurm.Options(cpus=1, chunk=2, every=0.1)
    executor = slurm.Slurm(out, options, note=print, grade=fake_graders.by_content)
    grading.grade_class(submissions, ASSIGNMENT, out, executor=executor)
"""


@pytest.fixture
def grading(tmp_path: Path, environment: dict[str, str]) -> Callable[[str], subprocess.Popen[str]]:
    """A grading with stand-ins for the judge, in a process of its own."""
    script = tmp_path / "grading.py"
    script.write_text(GRADING.format(tests=str(ROOT / "tests" / "batch"), root=str(ROOT)))

    def start(out: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(script), str(tmp_path / "class"), str(tmp_path / out)]
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    return start


def hand_in(tmp_path: Path, **contents: str) -> None:
    for name, content in contents.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "pool_fib.py").write_text(content)


def everything(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != ".journal.jsonl"
    }


def test_the_command_gives_the_bytes_of_this_machine(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = ROOT / "assignments" / NAME
    for number, source in enumerate([folder / "solution.py", *sorted((folder / "wrong").glob("*.py"))[:2]]):
        (tmp_path / "class" / f"s{number}").mkdir(parents=True)
        (tmp_path / "class" / f"s{number}" / f"{NAME}.py").write_bytes(source.read_bytes())

    def grade(out: str, *options: str) -> str:
        command = [sys.executable, "-m", "autograder", "grade", NAME, str(tmp_path / "class"), "-o", out, *options]
        command += ["--config", str(ROOT / "grading.yml"), "--allow-degraded"]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stderr

    grade("here")
    options = ("--executor", "slurm", "--chunk", "2", "--cpus-per-task", "2", "--slurm-option=--partition=main")
    said = grade("there", *options)
    assert "3 submissions in 2 tasks" in said
    assert everything(tmp_path / "there") == everything(tmp_path / "here")
    assert not (tmp_path / "there" / ".slurm").exists()


def test_a_task_that_is_killed_is_made_good(
    tmp_path: Path, grading: Callable[[str], subprocess.Popen[str]], environment: dict[str, str]
) -> None:
    hand_in(tmp_path, a="right", b="right lose the task", c="fast", d="right fast")
    first = grading("first")
    said, _ = first.communicate()
    assert first.returncode == 0, said
    assert "4 submissions in 2 tasks" in said
    assert "1 submissions were lost (FAILED)" in said
    second = grading("second")  # b behaves now
    assert second.communicate()[0].count("job") == 1
    assert everything(tmp_path / "first") == everything(tmp_path / "second")


def test_ctrl_c_cancels_the_job(
    tmp_path: Path, grading: Callable[[str], subprocess.Popen[str]], environment: dict[str, str]
) -> None:
    hand_in(tmp_path, a="right", b="forever", c="fast")
    fifo = tmp_path / "class" / "b" / "fifo"
    os.mkfifo(fifo)
    leader = grading("out")
    fifo.read_text()  # a task is in the midst of b
    leader.send_signal(signal.SIGINT)
    leader.communicate()
    queue = ["squeue", "-h", "-r", "-t", "pending,running", "-o", "%j %T"]
    assert subprocess.run(queue, env=environment, capture_output=True, text=True, check=True).stdout == ""

    fifo.unlink()
    (tmp_path / "class" / "b" / "pool_fib.py").write_text("right")
    again = grading("out")
    said, _ = again.communicate()
    assert again.returncode == 0, said
    whole = grading("whole")
    whole.communicate()
    assert everything(tmp_path / "out") == everything(tmp_path / "whole")
