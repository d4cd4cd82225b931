"""What this machine can give: its layers, each tried; its Pythons, cores and quota; and if that is enough to grade.

`examine` starts a guest that tries to get through every layer. `refusal` is what official grading asks before it
starts: it fails closed, since a grade given without the layers could have been written by the submission itself.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder import cores, system
from autograder.sandbox.host import Launcher, LauncherError, nameless_file
from autograder.sandbox.layers import OPTIONAL, Known, all_layers
from autograder.sandbox.probes import Tried
from autograder.world import frames, wire

ANSWER = 30.0
"""Seconds of real time for a guest to try everything."""
SECRETS = ("test_hidden.py", "solution.py")


class NotIsolated(Exception):
    """Official grading was refused. Says which layers are missing and how to get them."""


@dataclass(frozen=True)
class Examined:
    """One layer. ``problem`` is why it is missing, or what got through it; "" if it holds."""

    name: str
    title: str
    advice: str
    problem: str

    @property
    def required(self) -> bool:
        return self.name not in OPTIONAL


@dataclass(frozen=True)
class Examination:
    findings: tuple[Examined, ...]
    layers: tuple[str, ...]

    @property
    def lacking(self) -> tuple[Examined, ...]:
        """What official grading cannot do without."""
        return tuple(finding for finding in self.findings if finding.problem and finding.required)


def examine(secrets: Iterable[Path] = ()) -> Examination:
    """Try every layer in a guest. ``secrets`` are files that no guest may read. Raises LauncherError where no guest
    starts."""
    with Launcher("probe") as launcher, tempfile.TemporaryDirectory() as outside:
        os.chmod(outside, 0o777)
        tried = _tried(launcher, outside, [str(path.absolute()) for path in secrets])
        layers, failed = launcher.layers, launcher.failed
    findings = []
    for layer in all_layers():
        problem = failed.get(layer.name, "") or tried.get(layer.name, "")
        if not failed.get(layer.name) and problem:
            problem = f"got through: {problem}"
        findings.append(Examined(layer.name, layer.title, layer.advice, problem))
    if tried["secrets"]:
        advice = "let no other user into the folder of the course (chmod go-rwx), or use a kernel with Landlock"
        findings.append(Examined("secrets", "reading the hidden tests", advice, f"a guest read {tried['secrets']}"))
    return Examination(tuple(findings), layers)


def _tried(launcher: Launcher, outside: str, secrets: list[str]) -> dict[str, str]:
    work, scratch = launcher.folders()
    raw = nameless_file()
    name = f"autograder-{os.getpid()}-{os.urandom(8).hex()}"
    ours, theirs = socket.socketpair()
    with socket.socket(socket.AF_UNIX) as listener, ours:
        if system.linux():
            listener.bind("\0" + name)
            listener.listen()
        with theirs:
            launcher.fork(wire.Boot("probe", b"", str(work), str(scratch), memory=1 << 30), theirs, raw)
        ours.settimeout(ANSWER)
        try:
            ours.sendall(frames.pack(Known(os.getpid(), str(launcher.canary), name, outside, secrets)))
            body = frames.receive(ours)
        except (OSError, frames.WireError) as error:
            raise LauncherError(f"the guest that tries the layers does not answer: {error}") from None
        swept = launcher.sweep()
        os.lseek(raw, 0, os.SEEK_SET)
        said = os.read(raw, 2000).decode("utf-8", "replace")
        os.close(raw)
        launcher.remove(work)
    if body is None:
        raise LauncherError(f"the guest that tries the layers ended without an answer {said}".strip())
    tried = msgspec.msgpack.decode(body, type=Tried)
    through = dict(tried.through)
    if tried.orphan not in swept.statuses:
        through["subreaper"] = "a process that outlived its run"
    through["secrets"] = tried.secrets
    return through


def secrets_of(folders: Iterable[Path]) -> list[Path]:
    """The files of assignments that no submission may read."""
    return [path for folder in folders for name in SECRETS if (path := folder / name).is_file()]


def refusal(examination: Examination) -> str:
    """Why official grading does not start, and what to do; "" if it may."""
    if not examination.lacking:
        return ""
    lines = ["official grading needs a sandbox, and this machine lacks"]
    lines += [f"  {one.name}: {one.problem}\n    {one.advice}" for one in examination.lacking]
    lines.append("see `autograder doctor`; --allow-degraded grades all the same, and every result says so")
    return "\n".join(lines)


def admit(folders: Iterable[Path], *, degraded: bool) -> str:
    """Let official grading of a course with these folders start. Raises NotIsolated where the machine cannot keep a
    hostile submission in; if that was asked for as ``degraded``, returns instead what to say about it."""
    refused = refusal(examine(secrets_of(folders)))
    if refused and not degraded:
        raise NotIsolated(refused)
    return f"degraded, as was asked for: {refused}" if refused else ""


# --- what is printed --------------------------------------------------------------------------------------------------


def report(examination: Examination) -> str:
    """Everything that `autograder doctor` prints."""
    lines = ["Layers around a submission"]
    for one in examination.findings:
        sign = "ok     " if not one.problem else "MISSING" if one.required else "missing"
        lines.append(
            f"  {sign}  {one.name:<13} stops {one.title}" if one.name != "secrets" else f"  {sign}  {one.name}"
        )
        if one.problem:
            lines.append(f"           {one.problem}; {one.advice}")
    lines += ["", "Machine", f"  Python   {', '.join(pythons())}"]
    lines.append(f"  cores    {system.cores()} of {os.cpu_count()} may be used; quota: {cores.quota_text()}")
    lines.append("")
    if examination.lacking:
        lines.append(
            "Not enough for official grades: `autograder grade` refuses. `autograder check` works as a self-check."
        )
    else:
        lines.append("Enough for official grades.")
    return "\n".join(lines)


def pythons() -> list[str]:
    """This interpreter, and others on PATH (what they say of themselves; a pyenv shim may stand for none)."""
    found = [f"{sys.version.split()[0]} (this one)"]
    for minor in range(11, 16):
        path = shutil.which(f"python3.{minor}")
        if path is None or minor == sys.version_info.minor:
            continue
        try:
            done = subprocess.run([path, "-V"], capture_output=True, text=True, timeout=10, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0 and (version := re.fullmatch(r"Python (\S+)\s*", done.stdout)):
            found.append(version[1])
    return found
