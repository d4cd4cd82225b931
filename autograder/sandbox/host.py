"""The judge's side of the launcher: start it, ask it for guests, have everything swept away afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import msgspec

import autograder
from autograder.sandbox.launcher import Fork, Forked, Sweep, Swept
from autograder.world import wire

T = TypeVar("T")

START_TIMEOUT = 60.0
"""Seconds of real time for the launcher to come up. Passing it is an error of the grader, never of a submission."""


class LauncherError(Exception):
    """The launcher could not be started or has died: no statement about any submission can be made."""


class Launcher:
    """A warm process to fork guests from. One run at a time; `sweep` ends it."""

    def __init__(self, kind: str = "world", packages: tuple[str, ...] = ()) -> None:
        """``kind``: "world" for guests of a conductor, "real" for plain processes. ``packages`` are imported once, for
        all guests."""
        self._base = Path(tempfile.mkdtemp(prefix="autograder-"))
        self._runs = 0
        ours, theirs = socket.socketpair()
        with theirs:
            # -P and -S keep the current folder and .pth files out; -s the user's packages. Not -I: the hash seed
            # must be ours, or sets of strings would have another order on every run.
            code = (
                "import sys\n"
                f"sys.path += {[str(Path(autograder.__file__).parent.parent), *_site_packages()]!r}\n"
                "from autograder.sandbox.launcher import main\n"
                "main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])\n"
            )
            command = [sys.executable, "-s", "-S", "-P", "-c", code, str(theirs.fileno()), kind, *packages]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=clean_environment(),
                cwd=self._base,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control = ours
        self._control.settimeout(START_TIMEOUT)
        self._up = False

    def fork(self, boot: wire.Boot, connection: socket.socket, raw_output: int) -> int:
        """Start a guest with this end of a connection. Returns its pid."""
        self._wait_up()
        self._send(Fork(boot), [connection.fileno(), raw_output])
        return self._receive(Forked).pid

    def sweep(self) -> dict[int, int]:
        """End whatever is left of the guests. Returns wait statuses by pid."""
        self._wait_up()
        self._send(Sweep(), [])
        return self._receive(Swept).statuses

    def folders(self) -> tuple[Path, Path]:
        """A new empty working folder for a run, and one for what its libraries keep on disk."""
        self._runs += 1
        base = self._base / str(self._runs)
        work, scratch = base / "work", base / "scratch"
        work.mkdir(parents=True)
        scratch.mkdir()
        return work, scratch

    def remove(self, work: Path) -> None:
        """Remove the folders of a run."""
        try:
            # Most runs leave nothing behind.
            os.unlink(work.parent / "raw")
            os.rmdir(work)
            os.rmdir(work.parent / "scratch")
            os.rmdir(work.parent)
        except OSError:
            remove_tree(work.parent)

    def close(self) -> None:
        self._control.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        remove_tree(self._base)

    def __enter__(self) -> Launcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _wait_up(self) -> None:
        if not self._up:
            self._receive(Forked)
            self._up = True

    def _send(self, message: Fork | Sweep, fds: list[int]) -> None:
        frame = wire.pack(message)
        try:
            if not fds:
                self._control.sendall(frame)
                return
            sent = socket.send_fds(self._control, [frame], fds)
            self._control.sendall(frame[sent:])
        except OSError as error:
            raise LauncherError(f"the launcher does not answer: {error}") from None

    def _receive(self, kind: type[T]) -> T:
        try:
            body = wire.receive(self._control)
        except (OSError, wire.WireError) as error:
            raise LauncherError(f"the launcher does not answer: {error}") from None
        if body is None:
            raise LauncherError("the launcher has ended")
        return msgspec.msgpack.decode(body, type=kind)


def clean_environment() -> dict[str, str]:
    """The environment of every guest: nothing of the grader's own."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": "/nonexistent",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        # One arena: with one per thread, a limit on address space would allow only a dozen threads.
        "MALLOC_ARENA_MAX": "1",
    }


def _site_packages() -> list[str]:
    return list(dict.fromkeys(sysconfig.get_paths()[name] for name in ("purelib", "platlib")))


def remove_tree(path: Path) -> None:
    """Remove a folder that a submission has written to, however deep."""
    try:
        shutil.rmtree(path, ignore_errors=False)
    except (RecursionError, OSError):
        # Before 3.13 rmtree recurses, and a run may leave folders without permissions.
        subprocess.run(["rm", "-rf", "--", str(path)], check=False)
