"""How many submissions to grade at a time: as many as there are cores for us."""

from __future__ import annotations

import math
from pathlib import Path

from autograder import system

CGROUP = Path("/sys/fs/cgroup")


MEMBERSHIP = Path("/proc/self/cgroup")


def usable(root: Path = CGROUP, membership: Path = MEMBERSHIP) -> int:
    """The cores that this process may run on, or fewer where its control group has a quota of CPU time (cgroups(7),
    version 2 or 1): half a core is one job."""
    share = quota(root, membership)
    return system.cores() if share is None else max(1, min(system.cores(), math.ceil(share)))


def quota(root: Path = CGROUP, membership: Path = MEMBERSHIP) -> float | None:
    """CPU time that the control group may use a second, in cores; None without a quota. A group has no more than those
    that it lies in, whatever its own file says."""
    shares = [share for folder in _groups(root, membership) if (share := _share(folder)) is not None]
    return min(shares, default=None)


def _groups(root: Path, membership: Path) -> list[Path]:
    """The folders of our control group and of those that it lies in: in a container only the uppermost is seen."""
    folders = [root, root / "cpu"]
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return folders
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "cpu", "cpu,cpuacct", "cpuacct,cpu"):
            parts = [part for part in path.split("/") if part and part != ".."]
            top = root / "cpu" if controllers else root
            folders += [top.joinpath(*parts[:count]) for count in range(1, len(parts) + 1)]
    return folders


def _share(folder: Path) -> float | None:
    for path in (folder / "cpu.max", folder / "cpu.cfs_quota_us"):
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
