"""An interpreter that guests can read, whoever they are.

Root's own Python often lies below /root (pyenv does so), which no other user may enter: a guest with a user of its own
could then import nothing, and start no process by spawn. For such a one a copy is made once for each machine and
version, of hard links where the file system allows; it holds the standard library without its tests.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.sandbox.layers.base import readable_by_all
from autograder.sandbox.slots import private_folder

FOLDERS = ("/var/cache/concurrency-autograder", "/var/tmp/concurrency-autograder-cache")
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
    stat = os.stat(os.path.join(library, "os.py"))
    sign = repr((library, str(program), sys.version, stat.st_ino, stat.st_mtime_ns))
    home = private_folder(FOLDERS, 0o755) / f"python-{hashlib.sha256(sign.encode()).hexdigest()[:16]}"
    if not home.is_dir():
        _make(home, Path(library), program)
    places = tuple(path if readable_by_all(path) else str(_packages(home.parent, Path(path))) for path in packages())
    return Interpreter(str(home / "bin" / program.name), places, (str(home), *places), str(home / "lib"))


def _make(home: Path, library: Path, program: Path) -> None:
    part = Path(tempfile.mkdtemp(dir=home.parent, prefix="part-"))
    try:
        part.chmod(0o755)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        (part / "bin").mkdir(mode=0o755)
        _place(program, part / "bin" / program.name)
        (part / "lib").mkdir(mode=0o755)
        for shared in library.parent.glob("libpython*.so*"):
            _place(shared.resolve(), part / "lib" / shared.name)
        _tree(library, part / "lib" / version, LEFT_OUT)
        part.rename(home)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        if not home.is_dir():  # else another process was faster
            raise


def _packages(folder: Path, place: Path) -> Path:
    """A copy of a folder of packages, made anew when something is installed there."""
    sign = repr((str(place), os.stat(place).st_mtime_ns))
    home = folder / f"packages-{hashlib.sha256(sign.encode()).hexdigest()[:16]}"
    if not home.is_dir():
        part = Path(tempfile.mkdtemp(dir=folder, prefix="part-"))
        try:
            _tree(place, part / "packages", frozenset())
            (part / "packages").rename(home)
        except OSError:
            if not home.is_dir():
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return home


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
