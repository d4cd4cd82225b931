"""A session: one fresh guest, and the calls that are made in it one after the other."""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any

from autograder.model import Limits, Machine
from autograder.sandbox.host import Launcher, LauncherError, nameless_file
from autograder.world import values, wire
from autograder.world.conductor import GONE, Conductor, Recording
from autograder.world.http import Site
from autograder.world.strategies import Strategy

MOST_FILES = 1000
LARGEST_FILE = 16 << 20
MOST_BYTES = 64 << 20
DEEPEST = 64
"""Folders within folders that are looked into: each way down is walked anew from the top, a step at a time."""


@dataclass(frozen=True)
class Program:
    """The code under test. ``code`` is the module as a guest compiled it: the judge only hands it on to the next
    guests, which would otherwise each compile the same source."""

    module: str
    source: bytes
    imports: tuple[str, ...] = ()
    code: bytes = b""


@dataclass(frozen=True)
class Settings:
    """Everything but the code and the strategy that decides how a run goes."""

    machine: Machine = field(default_factory=Machine)
    limits: Limits = field(default_factory=Limits)
    site: Site | None = None
    costs: Mapping[str, float] = field(default_factory=dict)
    watch: tuple[str, ...] = ()
    start_method: str = "fork"
    whole_prints: bool = False
    failing_write: int | None = None
    points: bool | tuple[int, ...] = False
    files: Mapping[str, bytes] = field(default_factory=dict)  # in the run's folder, by their paths in it


class Session:
    """A guest under a conductor. Use as a context manager: leaving it ends the guest and all that it started.

    Raises LauncherError where no guest came up: a layer that could not be entered says nothing of the submission."""

    def __init__(self, launcher: Launcher, program: Program, settings: Settings, strategy: Strategy) -> None:
        self._launcher = launcher
        self._work, scratch = launcher.folders()
        launcher.fill(self._work, settings.files)
        self._raw = nameless_file()
        limits, machine = settings.limits, settings.machine
        self._boot = wire.Boot(
            module=program.module,
            source=program.source,
            code=program.code,
            folder=str(self._work),
            scratch=str(scratch),
            cores=machine.cores,
            tick=machine.tick,
            start_method=settings.start_method,
            turns_only=strategy.turns_only,
            whole_prints=settings.whole_prints,
            costs=dict(settings.costs),
            watch=list(settings.watch),
            points=settings.points if isinstance(settings.points, bool) else list(settings.points),
            file_points=not strategy.timed,
            imports=list(program.imports),
            memory=limits.memory,
            cpu=limits.cpu_time,
            processes=limits.processes,
            disk=limits.disk,
            files=limits.files,
        )
        ours, theirs = socket.socketpair()
        self.conductor = Conductor(
            ours,
            strategy,
            machine=machine,
            limits=limits,
            site=settings.site,
            failing_write=settings.failing_write,
            launch=self._fresh,
        )
        with theirs:
            self._pid = launcher.fork(self._boot, theirs, self._raw)
        self._cpu_time = limits.cpu_time
        self.imported = self._carry_out(wire.Command())
        if not self.conductor.begun:
            # Nothing of the submission has run yet.
            said = self.raw_output().decode("utf-8", "replace").strip() or self.imported.reason
            self.close()
            raise LauncherError(f"no program could be started: {said}")

    def _carry_out(self, command: wire.Command) -> Recording:
        recording = self.conductor.carry_out(command)
        if recording.outcome != "crashed":
            return recording
        swept = self._launcher.sweep()
        if swept.reason:
            return replace(recording, outcome="inconclusive", reason=swept.reason)
        status = swept.statuses.get(self._pid)
        if status is None:
            return recording
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU:
                reason = f"no end within {self._cpu_time} s of CPU time"
                return replace(recording, outcome="inconclusive", reason=reason)
            if number == signal.SIGKILL and recording.reason != GONE:
                return recording  # it was still there, and ended by the sweep
            if number == signal.SIGKILL:
                # Also what the kernel does where CPU time or the machine's memory has run out: no fact about it.
                return replace(recording, outcome="inconclusive", reason="the program was killed (SIGKILL)")
            return replace(recording, reason=f"the program crashed ({signal.Signals(number).name})")
        code = os.waitstatus_to_exitcode(status)
        return replace(recording, reason=f"the program ended itself with os._exit({code})")

    def _fresh(self, task: int, connection: socket.socket) -> None:
        boot = wire.Boot(**{name: getattr(self._boot, name) for name in self._boot.__struct_fields__})
        boot.task, boot.child = task, True
        self._launcher.fork(boot, connection, self._raw)

    def call(self, function: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None) -> Recording:
        """Call a function of the module. Call only after an import that returned."""
        command = wire.Command(
            function,
            [values.encode(arg, _no_path) for arg in args],
            {name: values.encode(arg, _no_path) for name, arg in (kwargs or {}).items()},
        )
        recording = self._carry_out(command)
        report = recording.report
        if report is not None and report.outcome == "returned" and not _of_call(report, args):
            return replace(recording, outcome="crashed", reason="its report is none of this call", report=None)
        return recording

    def files(self) -> dict[str, bytes]:
        """The regular files in the run's folder by their path in it, at most `MOST_FILES` of at most `LARGEST_FILE`
        bytes each and `MOST_BYTES` together; links are not followed."""
        return read_tree(self._work)

    def raw_output(self) -> bytes:
        """What C code (or a program that the submission started) wrote past Python's standard output."""
        return os.pread(self._raw, 10_000, 0)

    def close(self) -> None:
        self.conductor.close()
        self._launcher.sweep()
        os.close(self._raw)
        self._launcher.remove(self._work)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def _of_call(report: wire.Report, args: tuple[Any, ...]) -> bool:
    """Whether a report has the arguments that the call was given: all of them, and shared arrays as what they hold."""
    if len(report.args) != len(args):
        return False
    arrays = [form for form, arg in zip(report.args, args, strict=True) if isinstance(arg, values.shared_array)]
    return all(isinstance(form, list) and len(form) == 2 and form[0] == "list" for form in arrays)


def read_tree(root: Path) -> dict[str, bytes]:
    """The regular files at most `DEEPEST` folders below one that a hostile program may change meanwhile: no step
    follows a link, so none leads out of the folder."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    folders = [""]
    # Not os.walk: before 3.12 it recurses, and a program may nest folders as deep as it likes.
    while folders and len(found) < MOST_FILES:
        inside = folders.pop()
        folder = _open_below(root, inside)
        if folder < 0:
            continue
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            names = [f"{inside}{entry.name}/" for entry in reversed(entries) if entry.is_dir(follow_symlinks=False)]
            if inside.count("/") < DEEPEST:
                folders += names[: MOST_FILES * 10]
            for entry in entries:
                if len(found) == MOST_FILES:
                    break
                content = _content(folder, entry.name, min(LARGEST_FILE, left))
                if content is not None:
                    left -= len(content)
                    found[inside + entry.name] = content
        except OSError:
            continue
        finally:
            os.close(folder)
    return found


def _open_below(root: Path, inside: str) -> int:
    """A descriptor of a folder, by way of real folders alone; -1 where there is none."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        folder = os.open(root, flags)
    except OSError:
        return -1
    for name in inside.split("/")[:-1]:
        try:
            deeper = os.open(name, flags, dir_fd=folder)
        except OSError:
            deeper = -1
        os.close(folder)
        if deeper < 0:
            return -1
        folder = deeper
    return folder


def _content(folder: int, name: str, size: int) -> bytes | None:
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    try:
        # What was a file when it was listed may be a pipe by now. A folder that was opened is closed here, too: the
        # file object would refuse it and leave its descriptor to the judge.
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return None
        with open(fd, "rb", closefd=False) as file:
            return file.read(size)
    finally:
        os.close(fd)


def _no_path(path: PurePath) -> None:
    return None
