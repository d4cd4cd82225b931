"""Hostile submissions, each graded from end to end in three settings: as root, as root within Docker's default limits,
and as an ordinary user. Nothing may leak, be forged, stop the judge or be left behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox import interpreter
from autograder.sandbox.layers import kernel
from tests.attacks.arena import PROGRAMS, header

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
GROUPS = sorted(folder.name for folder in PROGRAMS.iterdir() if folder.is_dir())
EXPECTED = {"failed", "passed", "review", "any"}

ROOT_ONLY = pytest.mark.skipif(
    not kernel.linux() or os.geteuid() != 0, reason="needs root on Linux, which every setting starts from"
)


def test_every_attack_says_what_is_expected() -> None:
    headers = {program: header(program) for program in PROGRAMS.glob("*/*.py")}
    assert len(headers) >= 80
    assert all(found["attack"] and found["expects"] in EXPECTED for found in headers.values())


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may enter, with a copy of what the arena needs: the checkout may be closed to others."""
    with tempfile.TemporaryDirectory(prefix="arena-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        quiet = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "autograder", folder / "code" / "autograder", ignore=quiet)
        shutil.copytree(HERE, folder / "code" / "tests" / "attacks", ignore=quiet)
        yield folder


def arena(setting: str, group: str, place: Path) -> list[dict[str, Any]]:
    chosen = interpreter.for_strangers() if setting == "user" else interpreter.own()
    stage = place / "stage"
    stage.mkdir(mode=0o755)
    if setting == "user":
        os.chown(stage, 65534, 65534)
    command = [sys.executable, str(HERE / "confine.py"), setting, "--", chosen.program]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(place / "code"), *chosen.packages]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LD_LIBRARY_PATH": chosen.libraries,
    }
    done = subprocess.run(
        [*command, "-m", "tests.attacks.arena", group, str(stage)],
        env=environment, cwd=place / "code", capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip(f"{setting}: {done.stderr.strip().splitlines()[-1]}")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(list((PROGRAMS / group).glob("*.py"))), f"the judge was stopped: {done.stderr[-2000:]}"
    return lines


def wrong(line: dict[str, Any]) -> str:
    """What an attack achieved that it must not; "" if nothing."""
    expects, points = line["expects"], line["score"]
    for what in ("crash", "leak", "changed", "survivors", "left"):
        if line.get(what):
            return f"{what}: {line[what]}"
    if points and expects not in ("passed", "review"):
        return "forged points"
    if expects == "review":
        return "" if line["status"] == "review" else "nobody looks at it"
    return "" if expects in ("any", line["outcome"]) else f"{line['outcome']}, expected {expects}: {line['why']}"


@ROOT_ONLY
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("setting", ["root", "docker", "user"])
def test_attacks(setting: str, group: str, place: Path) -> None:
    lines = arena(setting, group, place)
    assert {line["name"]: found for line in lines if (found := wrong(line))} == {}
