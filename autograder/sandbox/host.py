"""The judge's side of the launcher: start it, ask it for guests, have everything swept away afterwards."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import TypeVar

import msgspec

import autograder
from autograder.sandbox import interpreter, leftovers, slots
from autograder.sandbox.folders import Folders
from autograder.sandbox.launcher import Fork, Forked, Ready, Sweep, Swept
from autograder.sandbox.layers import Amounts, Place, calls, namespaces, user
from autograder.sandbox.sweep import kill_all
from autograder.sandbox.watch import descendants
from autograder.scratch import Scratch
from autograder.world import frames, wire

T = TypeVar("T")

START_TIMEOUT = 60.0
"""Seconds of real time for the launcher to come up. Passing it is an error of the grader, never of a submission."""

CANARY = b"readable by every user, and by no guest\n"


class LauncherError(Exception):
    """The launcher could not be started or has died: no statement about any submission can be made."""


class Launcher:
    """A warm process to fork guests from. One run at a time; `sweep` ends it."""

    def __init__(self, kind: str = "world", packages: tuple[str, ...] = ()) -> None:
        """``kind``: "world" for guests of a conductor, "real" for plain processes, "probe" for guests that try the
        layers. ``packages`` are imported once, for all guests."""
        leftovers.remove_once()
        self._scratch = Scratch()
        self._folder = self._scratch.path
        self._base = self._folder / "guests"
        self._base.mkdir(mode=0o711)
        self._ready: Ready | None = None
        self._slot = self._own_user()
        self._folders = Folders(self._base, -1 if self._slot is None else self._slot.user)
        chosen = interpreter.for_strangers() if self._slot is not None else interpreter.own()
        self._caged = not namespaces.Namespaces().missing()
        package = Path(autograder.__file__).parent
        self.canary = self._folder / "canary"
        self.canary.write_bytes(CANARY)
        # A launcher of another user's guests has nothing to hide here; the judge's own folder is for the judge.
        self._folder.chmod(0o711 if self._slot is not None else 0o700)
        place = Place(
            kind=kind,
            base=str(self._base),
            canary=str(self.canary),
            user=-1 if self._slot is None else self._slot.user,
            readable=list(chosen.readable),
            caged=self._caged,
            filter=calls.compiled(),
        )
        checkout = str(package.parent)
        ours, theirs = socket.socketpair()
        with theirs:
            # -P and -S keep the current folder and .pth files out; -s the user's packages. Not -I: the hash seed
            # must be ours, or sets of strings would have another order on every run.
            code = (
                "import sys\n"
                f"sys.path += {[checkout, *chosen.packages]!r}\n"
                "import msgspec\n"
                "from autograder.sandbox.launcher import Place, main\n"
                f"place = msgspec.json.decode({msgspec.json.encode(place)!r}, type=Place)\n"
                f"main(int(sys.argv[1]), place, sys.argv[2:], {checkout!r})\n"
            )
            cage = namespaces.command([*chosen.readable, str(package)], str(self._base)) if self._caged else []
            self._process = subprocess.Popen(
                [*cage, chosen.program, "-s", "-S", "-P", "-c", code, str(theirs.fileno()), *packages],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=clean_environment() | ({"LD_LIBRARY_PATH": chosen.libraries} if chosen.libraries else {}),
                cwd=self._base,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control = ours
        self._control.settimeout(START_TIMEOUT)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that every guest is in, with what this machine adds to their names ("landlock 7")."""
        return tuple(self._wait_up().layers)

    @property
    def failed(self) -> dict[str, str]:
        """The layers that guests are not in, and why."""
        return self._wait_up().failed

    def fork(self, boot: wire.Boot, connection: socket.socket, raw_output: int) -> int:
        """Start a guest with this end of a connection. Returns its pid."""
        self._wait_up()
        amounts = Amounts(boot.folder, boot.memory, boot.cpu, boot.processes, boot.disk, boot.files)
        handed = nameless_file(msgspec.msgpack.encode(boot))
        try:
            self._send(Fork(amounts), [connection.fileno(), raw_output, handed])
        finally:
            os.close(handed)
        return self._receive(Forked).pid

    def seen_from_here(self, guest: int) -> int:
        """The pid that a guest has for us, where the launcher lives among processes of its own (the innermost NSpid of
        proc_pid_status(5) is the one that it knows)."""
        if not self._caged:
            return guest
        for pid in descendants(self._process.pid):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/status") as file:
                numbers = next((line.split()[1:] for line in file if line.startswith("NSpid:")), [])
                if len(numbers) > 1 and int(numbers[-1]) == guest:
                    return pid
        return guest

    def sweep(self) -> Swept:
        """End whatever is left of the guests."""
        self._wait_up()
        self._send(Sweep(), [])
        return self._receive(Swept)

    def folders(self) -> tuple[Path, Path]:
        """An empty working folder for a run, and one for what its libraries keep on disk."""
        return self._folders.take()

    def fill(self, work: Path, files: Mapping[str, bytes]) -> None:
        """Put files into a run's working folder, by their paths in it, before its guest starts. They are the guest's
        own. Raises ValueError for a path that leads out of the folder."""
        for name, content in files.items():
            path = work / name
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise ValueError(f"the file {name!r} would not be in the folder of the run")
            folders = [folder for folder in [*path.parents][::-1] if folder.is_relative_to(work) and folder != work]
            made = [folder for folder in folders if not folder.exists()]
            for folder in made:
                folder.mkdir(mode=0o700)
            path.write_bytes(content)
            if self._slot is not None:
                for one in (*made, path):
                    os.chown(one, self._slot.user, self._slot.user)

    def remove(self, work: Path) -> None:
        """Remove the folders of a run."""
        self._folders.give_back(work)

    def left(self) -> list[Path]:
        """What earlier runs have left in the launcher's folder; nothing, if all is well."""
        return self._folders.left()

    def close(self) -> None:
        self._control.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._slot is not None and self._process.returncode:
            kill_all(self._slot.user)  # the launcher was killed, and has swept nothing
        self._scratch.remove()
        if self._slot is not None:
            self._slot.release()

    def __enter__(self) -> Launcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _own_user(self) -> slots.Slot | None:
        """A user for the guests, and where there can be one an interpreter that it can read; else the layer is known to
        be missing."""
        if user.OwnUser().missing():
            return None
        slot = None
        try:
            slot = slots.take()
            interpreter.for_strangers()
        except OSError:
            if slot is not None:
                slot.release()
            return None
        return slot

    def _wait_up(self) -> Ready:
        if self._ready is None:
            self._ready = self._receive(Ready)
        return self._ready

    def _send(self, message: Fork | Sweep, fds: list[int]) -> None:
        frame = frames.pack(message)
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
            body = frames.receive(self._control)
        except (OSError, frames.WireError) as error:
            raise LauncherError(f"the launcher does not answer: {error}") from None
        if body is None:
            raise LauncherError("the launcher has ended")
        return msgspec.msgpack.decode(body, type=kind)


def nameless_file(content: bytes = b"") -> int:
    """A file without a name that holds this, to be handed on to a guest."""
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create("guest")
    else:
        with tempfile.TemporaryFile() as file:
            fd = os.dup(file.fileno())
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]
    return fd


def clean_environment() -> dict[str, str]:
    """The environment of every guest: nothing of the grader's own."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": "/nonexistent",
        # Else requests asks macOS for its proxies, which a forked process must not.
        "no_proxy": "*",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        # One arena: with one per thread, a limit on address space would allow only a dozen threads.
        "MALLOC_ARENA_MAX": "1",
    }
