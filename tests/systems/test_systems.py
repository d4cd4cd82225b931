"""The commands on macOS and Windows, simulated: each in a process of its own (`other_system`)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import system

ROOT = Path(__file__).parents[2]
OTHER = Path(__file__).with_name("other_system.py")


def typed(name: str, *command: str, cwd: Path, tmp: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A command of the autograder on another system."""
    environment = os.environ | ({"TMPDIR": str(tmp)} if tmp is not None else {})
    return subprocess.run(
        [sys.executable, str(OTHER), name, *command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def course(*command: str) -> list[str]:
    return [*command, "--config", str(ROOT / "grading.yml")]


@pytest.mark.parametrize("assignment", ["warm_up", "xkcd_download", "image_pool"])
def test_macos_runs_a_self_check_and_says_what_it_is(assignment: str, tmp_path: Path) -> None:
    """Threads, processes, requests and files; the temporary folder is a link, as /tmp is there."""
    (tmp_path / "private").mkdir()
    (tmp_path / "tmp").symlink_to(tmp_path / "private")
    solution = ROOT / "assignments" / assignment / "solution.py"
    done = typed("darwin", *course("check", assignment, str(solution)), cwd=tmp_path, tmp=tmp_path / "tmp")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "checks passed" in done.stdout
    assert "an unsandboxed self-check, without" in done.stderr
    assert "no official score" in done.stderr


def test_macos_finds_a_deadlock_and_leaves_no_process(tmp_path: Path) -> None:
    file = tmp_path / "warm_up.py"
    text = (ROOT / "assignments" / "warm_up" / "solution.py").read_text()
    file.write_text(text.replace("    thread.join()", "    import threading\n    threading.Event().wait()"))
    done = typed("darwin", *course("check", str(file)), cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "Deadlock" in done.stdout
    assert "2 of 3 checks passed" in done.stdout


def test_macos_refuses_to_grade(tmp_path: Path) -> None:
    file = tmp_path / "warm_up.py"
    file.write_text("")
    done = typed("darwin", *course("grade", "warm_up", str(file), "-o", str(tmp_path / "out")), cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["check", "watch", "replay", "grade", "verify", "doctor", "build"])
def test_windows_runs_nothing_and_points_to_wsl(command: str, tmp_path: Path) -> None:
    file = tmp_path / "warm_up.py"
    file.write_text("")
    arguments = {
        "replay": [str(file), "1abc"],
        "grade": ["warm_up", str(file), "-o", str(tmp_path / "out")],
        "verify": ["warm_up"],
        "doctor": [],
        "build": ["handout", "-o", str(tmp_path / "out")],
    }.get(command, [str(file)])
    done = typed("win32", *course(command, *arguments), cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert system.WSL in done.stderr
    assert "os.fork" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["explain", "race"], "get_lock"),
        (course("config"), "warm_up:"),
        (course("build", "template", "--help"), "ASSIGNMENT"),
    ],
)
def test_what_runs_nothing_works_on_windows(command: list[str], said: str, tmp_path: Path) -> None:
    done = typed("win32", *command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
