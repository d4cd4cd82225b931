"""An interpreter that guests can read, whoever they are.

Root's own Python often lies below /root (pyenv does so), which no other user may enter: a guest with a user of its own
could then import nothing, and start no process by spawn. For such a one a copy is made once for each machine and
version, of hard links where the file system allows; it holds the standard library without its tests.

Copies are kept in bounds. Beside each lies a file ``NAME.of`` that says what it is a copy of; who uses the copy holds
that file locked, shared, while its process lives, and its date is that of the last use. Whoever makes a new copy
removes those that nobody uses and whose original is gone, has changed, or was not asked for in `UNUSED_DAYS`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.sandbox.layers.base import readable_by_all
from autograder.sandbox.slots import private_folder

FOLDERS = ("/var/cache/concurrency-autograder", "/var/tmp/concurrency-autograder-cache")
UNUSED_DAYS = 30
PART = "making-"
LEFT_OUT = frozenset({"test", "tests", "idlelib", "ensurepip", "turtledemo", "site-packages"})


@dataclass(frozen=True)
class Interpreter:
    """``readable``: all that a guest must be able to read to use it. ``libraries``: a folder of shared libraries that
    the program would not find by itself, or ""."""

    program: str
    packages: tuple[str, ...]
    readable: tuple[str, ...]
    libraries: str = ""


def packages() -> tuple[str, ...]:
    """The folders of installed packages: where the schemes say, and where those that we use were found."""
    places = [sysconfig.get_paths()[name] for name in ("purelib", "platlib")]
    places.append(str(Path(msgspec.__file__).parent.parent))
    return tuple(dict.fromkeys(place for place in places if os.path.isdir(place)))


def own() -> Interpreter:
    """The one that runs this."""
    base = Path(sys.base_prefix)
    roots = {sys.prefix, str(base), str(base.resolve()), str(Path(sys.executable).resolve().parent), *packages()}
    libraries = _asked_for()
    roots |= {libraries} - {""}
    standard = {"/", "/usr"}  # where the system's own Python lives, which the system's libraries stand for
    return Interpreter(sys.executable, packages(), tuple(sorted(roots - standard)), libraries)


def _asked_for() -> str:
    """The folder of LD_LIBRARY_PATH where this interpreter found the shared library it is made of; "" where it needs
    none. Guests have an environment of their own, and would come upon another version of it, or none."""
    library = str(sysconfig.get_config_var("INSTSONAME") or "")
    folders = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    return next((path for path in folders if ".so" in library and os.path.isfile(os.path.join(path, library))), "")


def for_strangers() -> Interpreter:
    """One that every user of the machine may read: our own, or a copy. Raises OSError where there can be none."""
    library = sysconfig.get_paths()["stdlib"]
    program = Path(sys.executable).resolve()
    if readable_by_all(library) and readable_by_all(program) and all(map(readable_by_all, packages())):
        return own()
    folder = private_folder(FOLDERS, 0o755)
    home = _copy(folder, _Original("python", str(program), library), lambda part: _interpreter(program, library, part))
    places = tuple(path if readable_by_all(path) else str(_packages(folder, path)) for path in packages())
    return Interpreter(str(home / "bin" / program.name), places, (str(home), *places), str(home / "lib"))


def _packages(folder: Path, place: str) -> Path:
    """A copy of a folder of packages, made anew when something is installed there."""
    return _copy(folder, _Original("packages", place), lambda part: _tree(Path(place), part, frozenset()))


@dataclass(frozen=True)
class _Original:
    """What there is a copy of: an interpreter with its library, or a folder of packages."""

    kind: str
    place: str
    stdlib: str = ""

    def sign(self) -> str:
        """Another one whenever a copy would be another. Raises OSError where there is no original."""
        found = os.stat(os.path.join(self.stdlib, "os.py") if self.stdlib else self.place)
        about: tuple[object, ...] = (self.place, found.st_mtime_ns)
        if self.stdlib:
            os.stat(self.place)
            about = (self.stdlib, self.place, found.st_ino, found.st_mtime_ns)
        return hashlib.sha256(repr(about).encode()).hexdigest()[:16]


_used: dict[str, int] = {}
"""The copies that this process uses, each with the descriptor that holds it."""


def _copy(folder: Path, original: _Original, make: Callable[[Path], None]) -> Path:
    """The copy of an original, ours to use until this process ends. ``make`` fills an empty place with it."""
    home = folder / f"{original.kind}-{original.sign()}"
    _use(home, original)
    if not home.is_dir():
        with _alone(folder):
            if not home.is_dir():
                _remove_unused(folder)
                part = Path(tempfile.mkdtemp(dir=folder, prefix=PART))
                try:
                    make(part / "whole")
                    (part / "whole").rename(home)
                finally:
                    shutil.rmtree(part, ignore_errors=True)
    return home


def _use(home: Path, original: _Original) -> None:
    """Hold a copy, there already or not, and note that it is used today."""
    path = f"{home}.of"
    while path not in _used:
        fd = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        fcntl.flock(fd, fcntl.LOCK_SH)  # waits for nobody but one that is removing it
        if _same(fd, path):
            _used[path] = fd
            if not os.fstat(fd).st_size:
                about = {"kind": original.kind, "place": original.place, "stdlib": original.stdlib}
                os.pwrite(fd, json.dumps(about).encode(), 0)
        else:
            os.close(fd)
    os.utime(_used[path])


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time makes and removes copies; the others wait, and find them made."""
    fd = os.open(folder / "making", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _remove_unused(folder: Path) -> None:
    """Remove copies that nobody uses or will use, and what a process that was killed had begun. `_alone`."""
    for path in sorted(folder.iterdir()):
        home = path.with_suffix("")
        if path.name.startswith(PART):
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix == ".of":
            with contextlib.suppress(OSError):
                fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
                try:
                    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if _same(fd, path) and not _wanted(fd, home):
                        _remove(home)
                        path.unlink()
                except BlockingIOError:
                    pass  # in use
                finally:
                    os.close(fd)
        elif path.is_dir() and not Path(f"{path}.of").exists() and _old(path.stat().st_mtime):
            _remove(path)  # of a version that did not say what it was a copy of


def _wanted(fd: int, home: Path) -> bool:
    if _old(os.fstat(fd).st_mtime):
        return False
    try:
        original = _Original(**json.loads(os.pread(fd, 1 << 16, 0)))
        return home.name == f"{original.kind}-{original.sign()}"
    except (OSError, ValueError, TypeError):
        return False


def _old(date: float) -> bool:
    return time.time() - date > UNUSED_DAYS * 86_400


def _remove(home: Path) -> None:
    """Under another name first: half a copy must never have the name of a whole one."""
    if home.is_dir():
        part = Path(tempfile.mkdtemp(dir=home.parent, prefix=PART))
        home.rename(part / "whole")
        shutil.rmtree(part, ignore_errors=True)


def _same(fd: int, path: str | Path) -> bool:
    """Whether the open file is still the one of this name."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))
    except FileNotFoundError:
        return False


def _interpreter(program: Path, library: str, home: Path) -> None:
    home.mkdir(mode=0o755)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (home / "bin").mkdir(mode=0o755)
    _place(program, home / "bin" / program.name)
    (home / "lib").mkdir(mode=0o755)
    for shared in Path(library).parent.glob("libpython*.so*"):
        _place(shared.resolve(), home / "lib" / shared.name)
    _tree(Path(library), home / "lib" / version, LEFT_OUT)


def _tree(source: Path, target: Path, left_out: frozenset[str]) -> None:
    target.mkdir(mode=0o755)
    for entry in os.scandir(source):
        if entry.name in left_out:
            continue
        path = target / entry.name
        if entry.is_dir():
            _tree(Path(entry.path), path, left_out - {"tests", "site-packages"})
        elif entry.is_file():
            _place(Path(entry.path).resolve(), path)


def _place(source: Path, target: Path) -> None:
    """A hard link where that is as good as a copy: the same file system, and readable by all."""
    if source.stat().st_mode & 0o004:
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return
    shutil.copy2(source, target)
    target.chmod(target.stat().st_mode | 0o444)
