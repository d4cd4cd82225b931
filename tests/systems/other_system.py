"""A command of the autograder as if on another system: ``python other_system.py darwin check warm_up.py``.

In a process of its own, since nothing of it can be taken back. What Python and its libraries import at their start is
there already, made for the true system; from then on this is macOS or Windows to whoever asks, and what that system
does not have is gone: modules, functions, limits, /proc. The launcher of submissions is a further interpreter, which
begins the same way, and its guests are forks of it.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.abc
import os
import select
import signal
import socket
import sys
import sysconfig
import types
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

sysconfig.get_config_vars()  # read from a file that is named after the system

NO_MODULES = {
    "darwin": {"landlock", "pyseccomp", "spwd", "ossaudiodev"},
    "win32": {
        *("fcntl", "grp", "landlock", "posix", "pty", "pwd", "pyseccomp", "readline", "resource", "spwd", "syslog"),
        *("termios", "tty", "_posixshmem", "_posixsubprocess"),
    },
}
"""Modules that the system does not have ("Availability" in Python's documentation), and packages that are not installed
there."""

LINUX_ALONE = {
    os: "eventfd getrandom memfd_create pidfd_open posix_fadvise posix_fallocate pipe2 preadv2 sched_getaffinity "
    "sched_setaffinity setns setresgid setresuid splice unshare getxattr listxattr setxattr",
    select: "epoll EPOLLIN",
    signal: "SIGRTMIN SIGRTMAX sigtimedwait sigwaitinfo pidfd_send_signal",
    socket: "AF_ALG AF_CAN AF_NETLINK AF_PACKET AF_VSOCK SO_PEERCRED SOCK_CLOEXEC SOCK_NONBLOCK SO_PASSCRED",
}

UNIX_ALONE = {
    os: "chown chroot ctermid fork forkpty geteuid getgid getgroups getpgid getpgrp getpriority getresuid getsid "
    "getuid initgroups killpg lchown mkfifo mknod nice openpty posix_spawn pread pwrite register_at_fork sendfile "
    "setegid seteuid setgid setgroups setpgid setsid setuid statvfs sysconf tcsetpgrp ttyname uname wait wait3 wait4 "
    "WNOHANG WIFSIGNALED WTERMSIG sched_yield",
    select: "poll",
    signal: "SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGUSR1 SIGUSR2 SIGXCPU SIGXFSZ alarm setitimer pause "
    "pthread_kill pthread_sigmask sigpending sigwait",
    socket: "AF_UNIX recv_fds send_fds SCM_RIGHTS sethostname",
}


class _Missing(importlib.abc.MetaPathFinder):
    """Finds what is not there: an import of it fails as on that system."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self._names:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


def become(system: str) -> None:
    """From here on this process is on ``system``: "darwin" or "win32"."""
    for module, names in LINUX_ALONE.items() | (UNIX_ALONE.items() if system == "win32" else set()):
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    for name in NO_MODULES[system]:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _Missing(NO_MODULES[system]))
    _hide("/proc", "/dev/shm", "/sys")
    if system == "darwin":
        _limits()
        sys.modules["_scproxy"] = types.ModuleType("_scproxy")
        sys.modules["_scproxy"].__dict__["_get_proxies"] = _never("_scproxy._get_proxies: not after a fork")
        sys.modules["_scproxy"].__dict__["_get_proxy_settings"] = _never("_scproxy: not after a fork")
    sys.platform = system


def _hide(*folders: str) -> None:
    """These folders are not there for whoever opens, lists or looks."""

    def hidden(path: object) -> bool:
        text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
        return any(text == folder or str(text).startswith(f"{folder}/") for folder in folders)

    def blind(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(path: Any = ".", *args: Any, **kwargs: Any) -> Any:
            if hidden(path):
                raise FileNotFoundError(2, "No such file or directory", path)
            return ask(path, *args, **kwargs)

        return asked

    builtins.open = blind(builtins.open)
    for name in ("open", "stat", "lstat", "listdir", "scandir", "access", "statvfs"):
        if hasattr(os, name):
            setattr(os, name, blind(getattr(os, name)))


def _limits() -> None:
    """macOS refuses a limit of the address space, with EINVAL; and Linux' own limits are not known."""
    import resource

    set_limit = resource.setrlimit

    def refusing(which: int, limits: tuple[int, int]) -> None:
        if which == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")
        set_limit(which, limits)

    resource.setrlimit = refusing
    for name in ("RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_SIGPENDING", "prlimit"):
        if hasattr(resource, name):
            delattr(resource, name)


def _never(what: str) -> Callable[..., object]:
    def called(*args: object) -> object:
        raise AssertionError(what)

    return called


def _children_too(system: str) -> None:
    """Interpreters that are started from here begin as this one did."""
    import subprocess

    start = subprocess.Popen

    class Popen(start):  # type: ignore[type-arg,misc,valid-type]
        def __init__(self, args: Any, *more: Any, **kwargs: Any) -> None:
            args = list(args)
            if "-c" in args:
                here = str(Path(__file__).parent)
                code = args.index("-c") + 1
                first = f"import sys; sys.path.insert(0, {here!r}); import other_system; del sys.path[0]\n"
                args[code] = f"{first}other_system.become({system!r})\n{args[code]}"
            super().__init__(args, *more, **kwargs)

    subprocess.Popen = Popen  # type: ignore[misc]


ELSEWHERE = (
    *("asyncio", "concurrent.futures.process", "multiprocessing.managers", "multiprocessing.pool", "webbrowser"),
    *("zoneinfo", "PIL.Image", "pydantic", "pytest", "requests", "rich.console", "typer.main", "watchfiles"),
)
"""The standard library's own ways to other systems, and those of other projects, lead to modules that are not here:
these are imported before, and are what they are on this system."""

if __name__ == "__main__":
    for module in ELSEWHERE:
        importlib.import_module(module)
    name, *command = sys.argv[1:]
    _children_too(name)
    become(name)
    from autograder.cli import main

    main(command)
