"""Other systems, simulated: what cannot run there says so, and points to the way out."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from autograder import system
from autograder.cli import main

ROOT = Path(__file__).parents[1]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "fork")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(socket, "send_fds", raising=False)


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(args)
    return int(str(end.value.code))


@pytest.mark.parametrize("command", ["check", "watch", "replay", "grade", "verify", "doctor"])
@pytest.mark.usefixtures("windows")
def test_nothing_runs_on_windows_and_wsl_is_named(
    command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "warm_up.py"
    file.write_text("")
    arguments = {
        "replay": [str(file), "1abc"],
        "grade": ["warm_up", str(file), "-o", str(tmp_path / "out")],
        "verify": ["warm_up"],
        "doctor": [],
    }.get(command, [str(file)])
    assert run(command, *arguments, "--config", str(ROOT / "grading.yml")) == 2
    error = capsys.readouterr().err
    assert "WSL" in error
    assert system.WSL in error
    assert "os.fork" in error
    assert "Traceback" not in error
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("windows")
def test_what_runs_nothing_works_on_windows(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "--config", str(ROOT / "grading.yml")) == 0
    assert run("explain", "race") == 0
    assert "get_lock" in capsys.readouterr().out
    assert system.cores() == (os.cpu_count() or 1)


def test_macos_runs_a_self_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert system.lacking() == ""
    system.require(["requests"])
    assert system.cores() >= 1


def test_another_system_without_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.delattr(os, "fork")
    with pytest.raises(system.Unsupported, match=r"Python on emscripten has no os\.fork"):
        system.require()


@pytest.mark.parametrize(
    ("package", "command"),
    [("PIL", r'pip install "concurrency-autograder\[images\]"'), ("nosuchpackage", "pip install nosuchpackage")],
)
def test_a_package_that_is_not_there(package: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(system.Unsupported, match=command):
        system.require([package])


def test_no_other_module_asks_for_the_platform() -> None:
    asking = {
        str(path.relative_to(ROOT / "autograder"))
        for path in (ROOT / "autograder").rglob("*.py")
        if "sys.platform" in path.read_text() or "platform.system" in path.read_text()
    }
    assert asking == {"system.py"}
