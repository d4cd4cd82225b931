"""What the system gives. The commands on other systems are in tests/systems."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from autograder import system

ROOT = Path(__file__).parents[1]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "fork")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(socket, "send_fds", raising=False)


@pytest.mark.usefixtures("windows")
def test_windows_lacks_what_a_run_is_made_of() -> None:
    with pytest.raises(system.Unsupported, match=r"os\.fork, socket\.send_fds"):
        system.require()
    assert system.cores() == (os.cpu_count() or 1)
    assert system.desktop()


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
