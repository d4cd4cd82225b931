"""A guest without a world: the submission in a plain interpreter, for the run that only confirms.

It lives under the same layers as the other guests. The report goes over the connection; standard output is the file
that the launcher put there.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from autograder.world import frames, values, wire
from autograder.world.guest.reports import attempt


class Served(msgspec.Struct, array_like=True):
    status: int
    body: bytes
    headers: dict[str, str]


class Order(msgspec.Struct, array_like=True):
    """What to call, and what the network answers (at once)."""

    command: wire.Command
    pages: dict[str, Served] = {}
    default: int = 404


_pages: dict[str, Served] = {}
_default = 404


def prepare(packages: Iterable[str]) -> None:
    """Import what runs need, once."""
    for name in ("multiprocessing.pool", "multiprocessing.sharedctypes", "threading", "traceback", *packages):
        __import__(name)
    if "requests" in packages:
        _mock_requests()


def _mock_requests() -> None:
    """One adapter behind every session, as in the world, whose answers are at hand."""
    import requests
    import requests_mock

    adapter = requests_mock.Adapter()

    def answer(request: Any, context: Any) -> bytes:
        url = str(request.url)
        page = _pages.get(url) or _pages.get(url.rstrip("/")) or Served(_default, b"<h1>not found</h1>", {})
        context.status_code = page.status
        context.headers.update(page.headers)
        return page.body

    adapter.register_uri(requests_mock.ANY, requests_mock.ANY, content=answer)
    # A program makes its sessions itself, so that there is none to mount the adapter on: it goes in for all of them.
    # For mypy a method must not be replaced; here that is the purpose.
    requests.Session.get_adapter = lambda self, url: adapter  # type: ignore[method-assign]


def run(boot: wire.Boot, connection: socket.socket) -> None:
    """Carry out one order and end. Never returns."""
    global _default
    try:
        # Warnings and tracebacks are not part of what is compared.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.close(null)
        # Nothing that the program starts may hold the judge's connection.
        connection.set_inheritable(False)
        body = frames.receive(connection)
        if body is None:
            return
        order = msgspec.msgpack.decode(body, type=Order)
        _pages.update(order.pages)
        _default = order.default
        report = _carry_out(boot, order.command)
        sys.stdout.flush()
        connection.sendall(frames.pack(report))
    except SystemExit:
        pass
    finally:
        os._exit(0)


def _carry_out(boot: wire.Boot, command: wire.Command) -> wire.Report:
    import multiprocessing
    import tempfile

    tempfile.tempdir = boot.scratch
    sys.path.insert(0, boot.scratch)
    sys.argv = [f"{boot.module}.py"]
    multiprocessing.set_start_method(boot.start_method, force=True)

    def special(tag: str, content: Any) -> Any:
        if tag == "generator":
            return (item for item in content)
        if tag == "in_folder":
            return Path(boot.folder) / content
        if tag == "shared_array":
            return multiprocessing.Array(content[0], content[1])
        return Path(content)

    def act() -> Any:
        function: Callable[..., Any] = getattr(__import__(boot.module), command.function)
        args = [values.decode(arg, special) for arg in command.args]
        return function(*args, **{name: values.decode(arg, special) for name, arg in command.kwargs.items()})

    return attempt(act, boot.folder, f"{boot.module}.py")
