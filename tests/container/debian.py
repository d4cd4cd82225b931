"""A Debian root of its own, to run in it what a Gradescope-style container runs: as root with the rights that Docker
gives by default, on half a core.

What is as in such a container: the system (debootstrap, minbase: no compiler, no pip), the capabilities, processes and
mounts of its own, the layout of /autograder, an environment without a word of ours, the quota of CPU time. What is not:
Docker's seccomp profile and its image layers. The root is made once and never written to: each run has an /autograder
of its own mounted into it, so that several go on at a time.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.sandbox import slots

CACHE = Path(__file__).parents[2] / "build" / "container"
PACKAGES = "python3,python3-venv,libseccomp2"
TOOLS = ("debootstrap", "unshare", "setpriv", "chroot", "apt-get")

# docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities, the default set.
CAPABILITIES = (
    "audit_write", "chown", "dac_override", "fowner", "fsetid", "kill", "mknod",
    "net_bind_service", "net_raw", "setfcap", "setgid", "setpcap", "setuid", "sys_chroot",
)  # fmt: skip

ENTER = """
set -e
root=$1 autograder=$2 group=$3 space=$4
shift 4
[ -z "$group" ] || echo $$ >"$group/cgroup.procs"
exec unshare --mount --pid --fork --propagation private bash -c '
    set -e
    root=$1 autograder=$2 space=$3
    shift 3
    mount --bind "$autograder" "$root/autograder"
    mkdir -p -m 700 "$SLOTS" "$root$SLOTS"
    mount --bind "$SLOTS" "$root$SLOTS"
    [ -z "$space" ] || mount -t tmpfs -o "size=$space" tmpfs "$root/autograder/results"
    mount -t proc proc "$root/proc"
    mkdir -p "$root/dev/shm"
    mount -t tmpfs tmpfs "$root/dev/shm"
    exec setpriv --bounding-set "$CAPABILITIES" --inh-caps "$CAPABILITIES" \
        chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"
' enter "$root" "$autograder" "$space" "$@"
"""


class CannotBeMade(Exception):
    """This machine gives no such root: says what is missing."""


def missing() -> str:
    """What this machine lacks; "" if nothing."""
    if os.geteuid():
        return "root's rights are needed"
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


@contextmanager
def alone() -> Iterator[None]:
    """Until the end nobody else makes anything below build/container."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def root() -> Path:
    """The root, made once and kept below build/. To be asked for `alone`. Raises CannotBeMade."""
    suite = _suite()
    place = CACHE / f"root-{suite}"
    if not (place / ".made").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        # In a mount namespace of its own: /proc does not stay mounted in there where it is ended in the middle.
        command = ["unshare", "--mount", "--propagation", "private"]
        command += ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", suite, str(place), _mirror()]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotBeMade(f"debootstrap: {(done.stdout + done.stderr).strip()[-300:]}")
        (place / "autograder").mkdir()
        (place / ".made").touch()
    return place


def _suite() -> str:
    with Path("/etc/os-release").open() as file:
        about = dict(line.strip().split("=", 1) for line in file if "=" in line)
    if about.get("ID") != "debian":
        raise CannotBeMade("no Debian: which suite and mirror to take is not known")
    return about["VERSION_CODENAME"]


def _mirror() -> str:
    """Where this system has its own packages from."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(CODENAME) $(SITE)"], capture_output=True, text=True, check=True
    )
    for line in told.stdout.splitlines():
        codename, _, site = line.partition(" ")
        if codename == _suite():
            return site
    raise CannotBeMade("apt knows no mirror")


def inside(
    place: Path, autograder: Path, *command: str, group: Path | None = None, space: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command in the root, with what it printed. ``autograder`` is the folder that is /autograder there,
    ``group`` the control group to run it in, ``space`` how much room there is for results ("4k")."""
    # The numbers of the guests' users are this machine's: what is graded beside the container must have others.
    wanted = ",".join(["-all", *(f"+{name}" for name in CAPABILITIES)])
    return subprocess.run(
        ["bash", "-c", ENTER, "enter", str(place), str(autograder), str(group or ""), space, *command],
        env=os.environ | {"CAPABILITIES": wanted, "SLOTS": slots.FOLDERS[0]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
