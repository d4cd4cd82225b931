"""The Pythons of this machine: of each version one, from PATH or from pyenv; free-threaded builds are versions too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ASK = (
    "import sys, sysconfig, venv, ensurepip; "
    "print(*sys.version_info[:3], 't' if sysconfig.get_config_var('Py_GIL_DISABLED') else '')"
)
OLDEST = (3, 11)


def candidates() -> Iterator[Path]:
    """Whatever is called so. A pyenv shim stands on PATH for versions that it does not run."""
    names = [f"python3.{minor}{build}" for minor in range(OLDEST[1], 20) for build in ("", "t")]
    for name in ("python3", *names):
        if found := shutil.which(name):
            yield Path(found)
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(path for path in root.glob("versions/*/bin/python") if re.match(r"3\.", path.parts[-3]))


def installed() -> dict[str, Path]:
    """Of each version from 3.11 on the newest that can make a virtual environment: "3.13", "3.13t", in order."""
    best: dict[tuple[int, int, str], tuple[int, Path]] = {}
    for path in candidates():
        try:
            done = subprocess.run([path, "-c", ASK], capture_output=True, text=True, check=True, timeout=60)
        except (OSError, subprocess.SubprocessError):
            continue
        major, minor, micro, *build = done.stdout.split()
        key = int(major), int(minor), build[0] if build else ""
        if key[:2] >= OLDEST and (key not in best or int(micro) > best[key][0]):
            best[key] = int(micro), path
    return {f"{major}.{minor}{build}": best[major, minor, build][1] for major, minor, build in sorted(best)}
