"""A layer that is missing is known, and official grading refuses to start then."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import system
from autograder.sandbox import doctor, slots
from autograder.sandbox.layers import Known, Place, calls, files, lacking, limits, session, user
from autograder.sandbox.layers.base import Layer

LINUX = pytest.mark.skipif(not system.linux(), reason="layers of Linux")
ROOT = pytest.mark.skipif(not system.linux() or os.geteuid() != 0, reason="as root")


def in_fork(act: Callable[[], str]) -> str:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, act().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        said = file.read()
    os.waitpid(pid, 0)
    return said


@ROOT
@pytest.mark.parametrize("make", [files.Landlock, calls.Seccomp, limits.Limits, session.Session, user.OwnUser])
def test_a_probe_notices_that_its_layer_is_not_entered(
    make: type[Layer], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    layer = make()
    if layer.missing():
        pytest.skip(layer.missing())
    (tmp_path / "canary").touch()
    slot = slots.take()
    request.addfinalizer(slot.release)
    place = Place("probe", str(tmp_path), str(tmp_path / "canary"), slot.user, filter=calls.compiled())
    layer.prepare(place)
    known = Known(os.getpid(), place.canary, "nobody-listens", str(tmp_path))

    def tried() -> str:
        os.chdir(tmp_path)
        return layer.probe(known)

    assert in_fork(tried) != ""


@ROOT
def test_this_machine() -> None:
    examination = doctor.examine()
    missing = [one for one in examination.lacking if one.name != "seccomp"]  # a matter of what is installed
    assert missing == []
    assert "Layers around a submission" in doctor.report(examination)


@LINUX
def test_a_secret_that_a_guest_can_read() -> None:
    """Programs of the system are what guests may read."""
    examination = doctor.examine([Path("/usr/bin/env")])
    assert "secrets" in [one.name for one in examination.lacking]
    assert "/usr/bin/env" in doctor.refusal(examination)


def finding(name: str, problem: str) -> doctor.Examined:
    return doctor.Examined(name, "something", "get it there", problem)


def test_what_is_refused() -> None:
    assert doctor.refusal(doctor.Examination((finding("seccomp", ""),), ("seccomp",))) == ""
    assert doctor.refusal(doctor.Examination((finding("landlock", "no such kernel"),), ())) == ""
    text = doctor.refusal(doctor.Examination((finding("seccomp", "no library"),), ()))
    assert "seccomp: no library" in text
    assert "get it there" in text
    assert "--allow-degraded" in text


def test_layers_that_a_self_check_is_without() -> None:
    assert "seccomp" in lacking(("session", "limits"))
    assert "landlock" not in lacking(("session", "limits"))
