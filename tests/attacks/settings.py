"""The settings that the sandbox is tried in, and how to run a module of these tests in one.

- root: as root, with all its rights
- docker: as root, within the limits that Docker gives a container by default
- user: as an ordinary user, in namespaces of bubblewrap's

Who runs the tests as root has all three; another user has the last one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from autograder import system
from autograder.sandbox import interpreter

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SETTINGS = ("root", "docker", "user")
SKIPPED = 77
"""The exit code of a module that finds no sandbox in its setting."""


def lines_of(setting: str, module: str, *arguments: str) -> tuple[list[Any], str]:
    """The lines of JSON that a module prints, and what it says on standard error. In front of the arguments it gets an
    empty folder of its own. Skips the test, with the reason, where this machine cannot give the setting, and fails it
    where a process or a temporary folder of the module's outlives it."""
    if not system.linux():
        pytest.skip(f"{setting}: a setting of Linux")
    root = os.geteuid() == 0
    if not root and setting != "user":
        pytest.skip(f"{setting}: needs root")
    chosen = interpreter.for_strangers() if root and setting == "user" else interpreter.own()
    with place() as folder:
        stage = folder / "stage"
        stage.mkdir(mode=0o755)
        if root and setting == "user":
            os.chown(stage, 65534, 65534)
        temporary = folder / "tmp"
        temporary.mkdir()
        temporary.chmod(0o1777)
        confined = [sys.executable, str(HERE / "confine.py"), setting, "--"] if root else []
        done = subprocess.run(
            [*confined, chosen.program, "-m", module, str(stage), *arguments],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join([str(folder / "code"), *chosen.packages]),
                "PYTHONDONTWRITEBYTECODE": "1",
                "LD_LIBRARY_PATH": chosen.libraries,
                "TMPDIR": str(temporary),
            },
            cwd=folder / "code", capture_output=True, text=True, check=False,
        )  # fmt: skip
        left = [*map(str, temporary.iterdir()), *processes_of(folder)]
    assert not left, f"left behind: {left}"
    if done.returncode == SKIPPED:
        pytest.skip(f"{setting}: {done.stderr.strip().splitlines()[-1]}")
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def processes_of(folder: Path) -> list[str]:
    """The processes that this folder is named to, or that are in it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if str(folder) in words or str(folder) in str((entry / "cwd").readlink()):
                found.append(f"{entry.name} {words[:200]}")
    return found


def attacks_of(setting: str, group: str) -> tuple[list[dict[str, Any]], list[str], str]:
    """What came of the attacks of a group, a line for each; what all of them together left on the machine; and what the
    arena said on standard error."""
    lines, errors = lines_of(setting, "tests.attacks.arena", group)
    left = lines.pop()["leftovers"] if lines and "leftovers" in lines[-1] else ["the arena did not come to its end"]
    return lines, left, errors


@contextmanager
def place() -> Iterator[Path]:
    """A folder that every user may enter, with a copy of what is needed: the checkout may be closed to others."""
    with tempfile.TemporaryDirectory(prefix="arena-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        quiet = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "autograder", folder / "code" / "autograder", ignore=quiet)
        shutil.copytree(HERE, folder / "code" / "tests" / "attacks", ignore=quiet)
        yield folder
