"""Guests come out of a clean place, and nothing of them stays: no process, no folder, no descriptor."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import autograder
from autograder.model import Limits
from autograder.sandbox import interpreter
from autograder.sandbox.host import Launcher, LauncherError, clean_environment
from autograder.world.session import Program, Session, Settings
from autograder.world.strategies import NonPreemptive, VirtualTime
from autograder.world.values import decode

LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into /proc")


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    with Launcher() as one:
        yield one


def session(launcher: Launcher, source: str, **settings: object) -> Session:
    made = Settings(**settings)  # type: ignore[arg-type]
    return Session(launcher, Program("program", source.encode()), made, NonPreemptive())


def children(launcher: Launcher) -> list[str]:
    pid = launcher._process.pid
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


LEAVERS = {
    "threads": """
import threading, time
def f():
    threading.Thread(target=threading.Event().wait).start()
    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
""",
    "children": """
import multiprocessing as mp
def f():
    for daemon in (True, False):
        mp.Process(target=mp.Event().wait, daemon=daemon).start()
""",
    "a pool": """
import multiprocessing as mp
pools = []
def f():
    pools.append(mp.Pool(2))
    pools[0].map(abs, [1])
""",
    "spawned children": """
import multiprocessing as mp
def f():
    mp.get_context("spawn").Process(target=print).start()
""",
    "a deadlock": """
import threading
def f():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
""",
    "an endless loop": "def f():\n while True: pass\n",
    "an exit": """
import os, multiprocessing as mp
def f():
    mp.Process(target=mp.Event().wait).start()
    os._exit(3)
""",
    "a fork of its own": """
import ctypes, os, signal
def f():
    libc = ctypes.CDLL(None)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if libc.fork() == 0:
        libc.setsid()
        if libc.fork() == 0:
            libc.setsid()
        libc.pause()
""",
}


@LINUX
@pytest.mark.parametrize("name", LEAVERS)
def test_nothing_is_left(launcher: Launcher, name: str) -> None:
    with session(launcher, "def f(): pass"):
        pass
    open_before = descriptors()
    with session(launcher, LEAVERS[name], limits=Limits(work=10_000)) as one:
        one.call("f")
        folder = one._work
        assert folder.is_dir()
        assert name == "an exit" or children(launcher) != []
    assert children(launcher) == []
    assert launcher.left() == []
    assert descriptors() == open_before


INSIDE = """
import os, sys, resource, signal

def place():
    return os.listdir("."), sorted(os.environ), sys.argv, [p for p in sys.path if p in ("", ".", os.getcwd())]

def standard():
    return sys.stdin.read(), os.environ.get("PYTHONHASHSEED"), os.isatty(0)

def descriptors():
    found = []
    for number in range(2048):
        try:
            os.fstat(number)
            found.append(number)
        except OSError:
            pass
    return found

def limits():
    names = ("AS", "CORE", "CPU", "FSIZE")
    return [resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names]

def raised():
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (100, 100))
    except ValueError:
        return os.geteuid() != 0
    return os.geteuid() == 0

def group():
    return os.getsid(0) == os.getpgrp()

def too_large():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open("large", "wb") as file:
        file.truncate(65 << 20)
"""


def test_the_place(launcher: Launcher) -> None:
    def value(function: str) -> object:
        with session(launcher, INSIDE, limits=Limits(memory=1 << 30, cpu_time=5)) as one:
            recording = one.call(function)
            assert recording.report is not None
            assert recording.outcome == "returned", recording
            return decode(recording.report.value)

    names = sorted(clean_environment())
    assert value("place") == ([], names, ["program.py"], [])
    assert value("standard") == ("", "0", False)
    assert value("group") is True
    limits = value("limits")
    assert isinstance(limits, list)
    assert limits[:2] == [(1 << 30, 1 << 30), (0, 0)]
    assert limits[2] == (5, 7)


@LINUX
def test_descriptors_are_closed(launcher: Launcher) -> None:
    """Standard input, output, errors, and the conductor's connection."""
    secret = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(secret, True)
    try:
        with Launcher() as one, session(one, INSIDE) as opened:
            report = opened.call("descriptors").report
    finally:
        os.close(secret)
    assert report is not None
    assert len(report.value[1]) == 4


def test_no_variable_of_the_graders(launcher: Launcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hidden")
    with Launcher() as one, session(one, "import os\ndef f(): return 'hidden' in str(os.environ)") as opened:
        report = opened.call("f").report
    assert report is not None
    assert report.value is False


def test_files_too_large_are_refused(launcher: Launcher) -> None:
    with session(launcher, INSIDE) as one:
        assert one.call("too_large").outcome == "raised"


FILES = """
import os, pathlib, socket

def f(outside):
    folder = pathlib.Path("sub/deeper")
    folder.mkdir(parents=True)
    (folder / "text").write_text("inside")
    pathlib.Path("text").write_text("behind a folder")
    pathlib.Path("empty").touch()
    pathlib.Path("link").symlink_to(outside)
    pathlib.Path("linked").symlink_to(os.path.dirname(outside))
    pathlib.Path("broken").symlink_to("nowhere")
    pathlib.Path("itself").symlink_to("itself")
    os.mkfifo("fifo")
    os.chmod("empty", 0)

def deep():
    for _ in range(1500):
        os.mkdir("d")
        os.chdir("d")
    open("bottom", "w").close()

def many():
    for number in range(1100):
        open(str(number), "w").close()

def large():
    for number in range(40):
        with open(str(number), "wb") as file:
            file.truncate(16 << 20)

def odd():
    for name in ("a\\nb", " ", "-rf", "ä", b"\\xff"):
        open(name, "w").close()
"""


def test_only_regular_files_are_read(launcher: Launcher, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("outside")
    with session(launcher, FILES) as one:
        assert one.files() == {}
        assert one.call("f", (str(secret),)).outcome == "returned"
        found = one.files()
    assert found.pop("empty", b"") == b""
    assert found == {"sub/deeper/text": b"inside", "text": b"behind a folder"}


def test_files_without_end(launcher: Launcher) -> None:
    with session(launcher, FILES) as one:
        assert one.call("deep").outcome == "returned"
        before = descriptors()
        one.files()
        assert descriptors() == before
        folder = one._work
    assert not folder.exists()
    with session(launcher, FILES) as one:
        one.call("many")
        assert len(one.files()) == 1000
    with session(launcher, FILES) as one:
        one.call("large")
        assert sum(map(len, one.files().values())) <= 128 << 20
    with session(launcher, FILES) as one:
        one.call("odd")
        assert {"a\nb", " ", "-rf", "ä"} <= set(one.files())


def test_several_calls_share_one_process(launcher: Launcher) -> None:
    with session(launcher, "n = 0\ndef f():\n global n\n n += 1\n return n") as one:
        reports = [one.call("f").report for _ in range(3)]
    assert [report.value for report in reports if report is not None] == [1, 2, 3]
    with session(launcher, "n = 0\ndef f(): return n") as one:
        report = one.call("f").report
    assert report is not None
    assert report.value == 0


def test_a_trace_is_of_its_own_call(launcher: Launcher) -> None:
    source = "import threading\nlock = threading.Lock()\ndef f(word):\n with lock: print(word)"
    with session(launcher, source) as one:
        first, second = one.call("f", ("one",)).trace, one.call("f", ("two",)).trace
    assert [event.value for event in second.events if event.op == "write"] == ["two", "\n"]
    assert [event.step for event in second.events] == list(range(len(second.events)))
    assert len(first.events) == len(second.events)


def test_after_the_end_every_call_ends_alike(launcher: Launcher) -> None:
    with session(launcher, "import os\ndef f(): os._exit(2)\ndef g(): pass") as one:
        first, second = one.call("f"), one.call("g")
    assert first.outcome == second.outcome == "crashed"
    assert "os._exit(2)" in first.reason


def test_what_is_not_there(launcher: Launcher) -> None:
    with session(launcher, "x = 5\ndef f(): pass") as one:
        assert (one.call("missing").outcome, one.call("x").reason) == ("missing", "x is a int, not a function")
        assert one.call("f").outcome == "returned"


def test_what_goes_past_standard_output(launcher: Launcher) -> None:
    with session(
        launcher, "import ctypes\ndef f(): ctypes.CDLL(None).puts(b'past'); ctypes.CDLL(None).fflush(None)"
    ) as one:
        recording = one.call("f")
        assert one.raw_output() == b"past\n"
        assert not [event for event in recording.trace.events if event.op == "write"]


@pytest.mark.parametrize("installed", [False, True], ids=["checkout", "installed"])
def test_guests_find_what_is_installed_and_not_the_checkout(installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    home = str(Path(autograder.__file__).parent.parent)
    others: tuple[str, ...] = ()
    for name in ("own", "for_strangers"):
        chosen = getattr(interpreter, name)()
        others = tuple(place for place in chosen.packages if place != home)
        changed = replace(chosen, packages=(home, *others) if installed else others)
        monkeypatch.setattr(interpreter, name, lambda changed=changed: changed)
    with Launcher() as one, session(one, "import sys\ndef f(): return sys.path") as opened:
        report = opened.call("f").report
    assert report is not None
    path = decode(report.value)
    assert (home in path) is installed
    assert set(others) <= set(path)


def test_a_launcher_that_dies() -> None:
    with Launcher() as one:
        with session(one, "def f(): pass") as opened:
            assert opened.call("f").outcome == "returned"
        os.kill(one._process.pid, signal.SIGKILL)
        one._process.wait()
        with pytest.raises(LauncherError):
            session(one, "def f(): pass")
        with pytest.raises(LauncherError):
            one.sweep()


def test_a_launcher_that_dies_during_a_run() -> None:
    with Launcher() as one:
        opened = session(one, "def f(): pass")
        os.kill(one._process.pid, signal.SIGKILL)
        one._process.wait()
        with pytest.raises(LauncherError):
            opened.close()


def test_a_layer_that_cannot_be_entered_is_no_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    with Launcher() as one:
        fill = one.fill
        monkeypatch.setattr(one, "fill", lambda work, files: (fill(work, files), work.rmdir()))
        with pytest.raises(LauncherError, match=r"no program could be started: .*No such file or directory"):
            session(one, "def f(): pass")
        monkeypatch.undo()
        with session(one, "def f(): pass") as opened:
            assert opened.call("f").outcome == "returned"


def test_a_process_that_the_launcher_cannot_start_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
import multiprocessing
def f():
    process = multiprocessing.get_context("spawn").Process(target=print)
    process.start()
    process.join()
"""
    with Launcher() as one, session(one, source) as opened:
        fork = one.fork
        monkeypatch.setattr(one, "fork", lambda boot, *rest: (Path(boot.folder).rmdir(), fork(boot, *rest))[1])
        recording = opened.call("f")
    assert recording.outcome == "inconclusive"
    assert recording.reason == "the grader could not start one of the program's processes"


def test_a_launcher_that_cannot_start() -> None:
    with Launcher(packages=("no_such_package",)) as one, pytest.raises(LauncherError):
        one.sweep()


def test_closing_removes_everything() -> None:
    one = Launcher()
    with Session(one, Program("program", b""), Settings(), VirtualTime(100)):
        pass
    base, process = one._base, one._process
    assert base.is_dir()
    one.close()
    assert not base.exists()
    assert process.poll() == 0


def test_a_launcher_says_why_it_ends(capfd: pytest.CaptureFixture[str]) -> None:
    """Its standard error is the judge's, also where the world has taken the place of ``sys.stderr``."""
    with Launcher("world", ("winreg",)) as one, pytest.raises(LauncherError, match="the launcher has ended"):
        _ = one.layers
    assert "No module named 'winreg'" in capfd.readouterr().err
