"""How many submissions to grade at a time: as many as there are cores for us."""

from __future__ import annotations

import math
from pathlib import Path

from autograder import system

CGROUP = Path("/sys/fs/cgroup")


def usable(root: Path = CGROUP) -> int:
    """The cores that this process may run on, or fewer where its control group has a quota of CPU time (cgroups(7),
    version 2 or 1): half a core is one job."""
    share = quota(root)
    return system.cores() if share is None else max(1, min(system.cores(), math.ceil(share)))


def quota(root: Path = CGROUP) -> float | None:
    """CPU time that the control group may use a second, in cores; None without a quota."""
    for path in (root / "cpu.max", root / "cpu" / "cpu.cfs_quota_us"):
        try:
            words = path.read_text().split()
            if len(words) == 1:
                words.append(path.with_name("cpu.cfs_period_us").read_text().strip())
            if words[0] not in ("max", "-1"):
                return int(words[0]) / int(words[1])
        except (OSError, ValueError, IndexError, ZeroDivisionError):
            continue
    return None


def quota_text() -> str:
    """The quota in words."""
    share = quota()
    return "none" if share is None else f"{share:g} cores"
