"""The real run beside the world: true threads and processes, the interpreter's own start methods, no conductor.

It confirms and never scores: how fast it was or in which order it wrote depends on the machine. What must agree is how
the call ended, what it returned, and which lines it wrote.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec

from autograder.judge.rendezvous import POSSIBLE, Rendezvous
from autograder.judge.run import Run, decoded
from autograder.model import Assignment
from autograder.sandbox.host import Launcher, nameless_file
from autograder.sandbox.real import Order, Served
from autograder.world import frames, values, wire
from autograder.world.http import Site
from autograder.world.session import Program


@dataclass(frozen=True)
class RealOutput:
    """What a real run wrote."""

    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


@dataclass(frozen=True)
class RealRun:
    """``report`` is None where the run did not come to its end, for the ``reason``. ``apart`` tells of a rendezvous
    that did not come about."""

    report: wire.Report | None
    output: RealOutput
    reason: str = ""
    apart: str = ""

    @property
    def value(self) -> Any:
        """What the call returned."""
        return decoded(self.report.value if self.report is not None else None)


def run(
    launcher: Launcher,
    program: Program,
    assignment: Assignment,
    function: str,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    start_method: str,
    site: Site | None,
    meet: tuple[str, int] | None = None,
    files: Mapping[str, bytes] = MappingProxyType({}),
) -> RealRun:
    """One call in a plain process. ``meet`` names a function and how many of its calls must come together."""
    work, scratch = launcher.folders()
    launcher.fill(work, files)
    limits = assignment.limits
    rendezvous = Rendezvous(scratch, *meet) if meet is not None and POSSIBLE else None
    epilogue = rendezvous.epilogue() if rendezvous is not None else b""
    (scratch / f"{program.module}.py").write_bytes(program.source + epilogue)
    raw = nameless_file()
    boot = wire.Boot(
        module=program.module,
        source=b"",
        folder=str(work),
        scratch=str(scratch),
        start_method=start_method,
        imports=list(program.imports),
        memory=limits.memory,
        cpu=limits.cpu_time,
        processes=limits.processes,
        disk=limits.disk,
        files=limits.files,
    )
    pages = {}
    if site is not None:
        for url in site.answers:
            answer = site.answer(url)
            pages[url] = Served(answer.status, answer.body, dict(answer.headers))
    command = wire.Command(
        function,
        [values.encode(arg) for arg in args],
        {name: values.encode(arg) for name, arg in kwargs.items()},
    )
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            guest = launcher.fork(boot, theirs, raw)
        ours.settimeout(limits.real_time)
        ours.sendall(frames.pack(Order(command, pages, site.default if site else 404)))
        report: wire.Report | None = None
        reason = ""
        try:
            deadline = time.monotonic() + limits.real_time
            if rendezvous is not None:
                rendezvous.hold(ours, launcher.seen_from_here(guest), deadline)
            body = frames.receive(ours, deadline)
            if body is None:
                reason = "ended without an answer"
            else:
                report = msgspec.msgpack.decode(body, type=wire.Report)
        except TimeoutError:
            reason = f"did not end within {limits.real_time:g} s"
        except (OSError, frames.WireError, *frames.MALFORMED):
            reason = "ended without an answer"
        text = os.pread(raw, limits.output, 0).decode("utf-8", "replace")
    finally:
        ours.close()
        if rendezvous is not None:
            rendezvous.close()
        reason = launcher.sweep().reason or reason
        os.close(raw)
        launcher.remove(work)
    apart = rendezvous is not None and not rendezvous.met
    return RealRun(report, RealOutput(text), reason, _apart(rendezvous) if rendezvous is not None and apart else "")


def _apart(rendezvous: Rendezvous) -> str:
    calls = f"{rendezvous.parties} calls of {rendezvous.function}"
    return f"had {calls} at work at once in the world, and never more than {rendezvous.most} really"


def difference(world: Run, real: RealRun, same: Callable[[Run, RealRun], bool] | None = None) -> str:
    """How the two differ, in words for the person who looks; "" where they agree. ``same`` stands for the comparison of
    values and lines."""
    theirs = world.recording.report
    if real.report is None or theirs is None:
        if theirs is None and real.report is None:
            return ""
        return f"{_ended(theirs, world.recording.reason)} in the world and {_ended(real.report, real.reason)} really"
    if real.apart:
        return real.apart
    if theirs.outcome != real.report.outcome or theirs.types[:1] != real.report.types[:1]:
        return f"{_ended(theirs, '')} in the world and {_ended(real.report, '')} really"
    if same is not None:
        return "" if theirs.outcome != "returned" or _agree(same, world, real) else "did something else really"
    if theirs.value != real.report.value:
        return "returned another value really"
    if sorted(world.output.lines) != sorted(real.output.lines):
        return "wrote other lines really"
    return ""


def _agree(same: Callable[[Run, RealRun], bool], world: Run, real: RealRun) -> bool:
    """What a test compares may be anything here: a submission that returned a list in the world can return None."""
    try:
        return same(world, real)
    except Exception:
        return False


def _ended(report: wire.Report | None, reason: str) -> str:
    if report is None:
        return reason
    return report.outcome + (f" {report.types[0]}" if report.types else "")
