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
from contextlib import contextmanager
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
    empty folder of its own. Skips the test, with the reason, where this machine cannot give the setting."""
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
        confined = [sys.executable, str(HERE / "confine.py"), setting, "--"] if root else []
        done = subprocess.run(
            [*confined, chosen.program, "-m", module, str(stage), *arguments],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join([str(folder / "code"), *chosen.packages]),
                "PYTHONDONTWRITEBYTECODE": "1",
                "LD_LIBRARY_PATH": chosen.libraries,
            },
            cwd=folder / "code", capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode == SKIPPED:
        pytest.skip(f"{setting}: {done.stderr.strip().splitlines()[-1]}")
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


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
