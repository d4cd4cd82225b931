"""A grader that is killed leaves no process, and its folder until the next one starts."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import scratch
from autograder.sandbox import leftovers, slots

ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="pidfd_open(2)")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="guests have users of their own where the grader is root")

JUDGING = """
import sys
from autograder.sandbox.host import Launcher
from autograder.sandbox.watch import descendants
from autograder.world.session import Program, Session, Settings
from autograder.world.strategies import NonPreemptive
import os

with Launcher() as launcher, Session(launcher, Program("program", b"x = 1"), Settings(), NonPreemptive()) as session:
    print(launcher._folder, *descendants(os.getpid()), flush=True)
    sys.stdin.read()
"""


class Judging:
    """A process that has a launcher and a guest."""

    def __init__(self, tmp_path: Path) -> None:
        environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", JUDGING], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        folder, *pids = self.process.stdout.readline().split()
        self.folder = Path(folder)
        self.descriptors = [os.pidfd_open(int(pid)) for pid in pids]

    def ended(self) -> None:
        """Waits until all below it have ended."""
        for descriptor in self.descriptors:
            select.select([descriptor], [], [])

    def kill(self, number: int = signal.SIGKILL) -> None:
        self.process.send_signal(number)
        self.process.wait()


@pytest.fixture
def judging(tmp_path: Path) -> Iterator[Judging]:
    one = Judging(tmp_path)
    yield one
    one.process.communicate()
    for descriptor in one.descriptors:
        os.close(descriptor)


@LINUX
def test_what_a_killed_grader_started_ends_with_it(judging: Judging, tmp_path: Path) -> None:
    assert len(judging.descriptors) >= 2
    judging.kill()
    judging.ended()
    assert judging.folder.is_dir()
    assert scratch.remove_stale(tmp_path) == [judging.folder]
    assert not judging.folder.exists()


@LINUX
def test_a_living_grader_keeps_its_own(judging: Judging, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    leftovers.remove()
    assert judging.folder.is_dir()
    assert judging.process.poll() is None
    assert select.select(judging.descriptors, [], [], 0)[0] == []
    judging.process.communicate()
    assert judging.process.returncode == 0
    assert not judging.folder.exists()


@LINUX
@AS_ROOT
def test_processes_of_users_that_no_grader_holds_are_ended() -> None:
    # Other graders of this machine clean up, too, and may be at it: ours until `release`, and then whoever is faster.
    numbers = range(slots.FIRST + slots.COUNT - 1, slots.FIRST, -1)
    slot = next(slot for number in numbers if (slot := slots.take_this(number)) is not None)
    left = Path("/dev/shm") / f"left-by-{os.getpid()}"
    left.write_text("")
    os.chown(left, slot.user, slot.user)
    process = subprocess.Popen(["sleep", "infinity"], user=slot.user, group=slot.user, extra_groups=[])
    try:
        leftovers.remove()
        assert process.poll() is None
        assert left.exists()
        slot.release()
        leftovers.remove()
        assert process.wait() == -signal.SIGKILL
        while (again := slots.take_this(slot.user)) is None:
            pass  # another one is still removing
        again.release()
        leftovers.remove()
        assert not left.exists()
    finally:
        slot.release()
        process.kill()
        left.unlink(missing_ok=True)


@LINUX
@AS_ROOT
def test_a_container_of_the_same_numbers_is_left_alone() -> None:
    user = slots.FIRST + slots.COUNT - 2
    guest = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "sh", "-c", "echo up; exec sleep inf"]
    command = ["unshare", "--pid", "--fork", "--kill-child", *guest]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as container:
        assert container.stdout is not None
        assert container.stderr is not None
        if container.stdout.readline() != "up\n":
            pytest.skip(f"no namespaces here: {container.stderr.read().strip()}")
        (pid,) = Path(f"/proc/{container.pid}/task/{container.pid}/children").read_text().split()
        descriptor = os.pidfd_open(int(pid))
        try:
            leftovers.remove()
            assert select.select([descriptor], [], [], 0)[0] == []
        finally:
            # By its number: its change of user has undone what --kill-child asked for (prctl(2), PR_SET_PDEATHSIG).
            os.kill(int(pid), signal.SIGKILL)
            container.kill()
            select.select([descriptor], [], [])
            os.close(descriptor)
