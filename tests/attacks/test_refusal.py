"""Fail closed: without its layers no official score, and whoever takes the risk is told so in every place."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder import system
from autograder.sandbox import doctor
from autograder.sandbox.layers.namespaces import Namespaces
from tests.attacks.conftest import Autograder


@pytest.fixture(scope="module", autouse=True)
def whole() -> None:
    """Only where the layers are there, one can be taken away."""
    if not system.linux():
        pytest.skip("layers of Linux")
    if lacking := doctor.examine().lacking:
        pytest.skip(f"this machine lacks {', '.join(one.name for one in lacking)}")


@pytest.fixture
def without_seccomp(tmp_path: Path) -> Path:
    """A folder of modules in front of the others, as on a machine that has no libseccomp."""
    folder = tmp_path / "ahead"
    folder.mkdir()
    (folder / "pyseccomp.py").write_text('raise RuntimeError("Unable to find libseccomp")\n')
    return folder


def layers(out: Path) -> list[str]:
    found = json.loads((out / "course" / "results.json").read_text())["extra_data"]["layers"]
    assert isinstance(found, list)
    return found


def test_grading_with_all_layers_names_them(autograder: Autograder, course: Path, tmp_path: Path) -> None:
    done = autograder("grade", "tiny", course / "tiny.py", "-o", tmp_path / "out")
    assert (done.returncode, "degraded" in done.stderr) == (0, False), done.stderr
    names = {name.partition(" ")[0] for name in layers(tmp_path / "out")}
    assert {"subreaper", "session", "limits", "no_new_privs", "seccomp"} < names
    assert names & {"user", "namespaces"}


def test_grading_without_a_layer_is_refused(
    autograder: Autograder, course: Path, tmp_path: Path, without_seccomp: Path
) -> None:
    done = autograder("grade", "tiny", course / "tiny.py", "-o", tmp_path / "out", ahead=without_seccomp)
    assert (done.returncode, done.stdout) == (2, "")
    assert "official grading needs a sandbox, and this machine lacks\n  seccomp: libseccomp is not inst" in done.stderr
    assert "apt install libseccomp2" in done.stderr
    assert "--allow-degraded" in done.stderr
    assert "secrets" not in done.stderr  # nothing else is missing
    assert not (tmp_path / "out").exists()


def test_who_knows_may_grade_degraded(
    autograder: Autograder, course: Path, tmp_path: Path, without_seccomp: Path
) -> None:
    words = ("grade", "tiny", course / "tiny.py", "-o", tmp_path / "out", "--allow-degraded")
    done = autograder(*words, ahead=without_seccomp)
    assert done.returncode == 0, done.stderr
    assert "note: degraded, as was asked for: official grading needs a sandbox" in done.stderr
    names = layers(tmp_path / "out")
    assert "seccomp" not in names
    assert "limits" in names


def test_a_check_without_layers_is_no_official_score(autograder: Autograder, without_seccomp: Path) -> None:
    done = autograder("check", "tiny.py", ahead=without_seccomp)
    assert done.returncode == 0, done.stderr
    assert "an unsandboxed self-check, without seccomp: no official score" in done.stderr
    assert "self-check" not in autograder("check", "tiny.py").stderr


def test_the_doctor_says_what_is_missing(autograder: Autograder, without_seccomp: Path) -> None:
    done = autograder("doctor")
    assert done.returncode == 0, done.stderr
    assert "Enough for official grades." in done.stdout
    assert "Python" in done.stdout
    assert "cores" in done.stdout
    assert "quota" in done.stdout
    done = autograder("doctor", ahead=without_seccomp)
    assert done.returncode == 1
    assert "MISSING  seccomp" in done.stdout
    assert "apt install libseccomp2" in done.stdout
    assert "Not enough for official grades" in done.stdout


def test_a_user_without_bubblewrap_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.sandbox.layers import namespaces

    monkeypatch.setattr(namespaces.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(namespaces, "_program", lambda: "")
    namespaces._missing.cache_clear()
    problem = Namespaces().missing()
    namespaces._missing.cache_clear()
    assert problem == "bubblewrap is not installed"
    found = doctor.Examined("namespaces", Namespaces.title, Namespaces.advice, problem)
    text = doctor.refusal(doctor.Examination((found,), ()))
    assert "namespaces: bubblewrap is not installed" in text
    assert "apt install bubblewrap" in text


NO_LANDLOCK = """
import errno, os
import pyseccomp

rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
rules.set_attr(pyseccomp.Attr.CTL_NNP, int(os.geteuid() != 0))
rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "landlock_create_ruleset")
rules.load()
"""
"""As on a kernel that has no Landlock."""
LEAVES = """\
import os

def total(numbers):
    for folder in ("/tmp", "/var/tmp", "/run/lock", "/dev/shm", "/", "/dev"):
        for act in (lambda path: os.makedirs(path + "/deep/er"), lambda path: open(path + "-file", "w").close()):
            try:
                act(folder + "/left-by-{name}")
            except OSError:
                pass
    return sum(numbers)
"""
LOOKS = """\
import glob

def total(numbers):
    return glob.glob("/*/left-by-{name}*") + glob.glob("/*/*/left-by-{name}*") + glob.glob("/left-by-{name}*")
"""


def test_without_landlock_nothing_is_left_where_every_user_may_write(autograder: Autograder, tmp_path: Path) -> None:
    name = tmp_path.name + os.urandom(4).hex()
    handed_in = tmp_path / "class"
    for who, text in (("a", LEAVES), ("b", LOOKS)):
        (handed_in / who).mkdir(parents=True)
        (handed_in / who / "tiny.py").write_text(text.replace("{name}", name))
    words = ("grade", "tiny", handed_in, "-o", tmp_path / "out", "--jobs", "1")
    done = autograder(*words, first=NO_LANDLOCK)
    assert done.returncode == 0, done.stderr
    results = {one.parent.name: json.loads(one.read_text()) for one in (tmp_path / "out").glob("*/results.json")}
    names = {layer for result in results.values() for layer in result["extra_data"]["layers"]}
    assert "seccomp" in names
    assert not any(layer.startswith("landlock") for layer in names)
    assert results["a"]["score"] == 3
    assert "assert [] == 3" in results["b"]["tests"][0]["output"]
    for folder in ("/tmp", "/var/tmp", "/run/lock", "/dev/shm", "/"):
        assert not list(Path(folder).glob(f"left-by-{name}*"))
