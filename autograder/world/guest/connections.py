"""Pipes on the conductor: ``multiprocessing.connection``, and what waits for its ends.

``Connection``, ``Pipe``, ``wait``, ``Listener`` and ``Client`` are made anew. A message is kept by the conductor, so
that it knows who waits for whom; an end is a number, kept open by the processes that have it and by every message that
carries it.
"""

from __future__ import annotations

from typing import Any

from autograder.world import wire
from autograder.world.guest import held, runtime


class Sentinel(int):
    """What ``Process.sentinel`` gives: an int for whoever looks, a task for `wait`."""

    task: int


def install() -> None:
    """Patch ``multiprocessing.connection``."""
    import io
    import multiprocessing.connection as mc
    from multiprocessing import reduction

    module: Any = mc
    base = module._ConnectionBase

    class Connection(base):  # type: ignore[misc,valid-type]
        """An end of a pipe."""

        def _close(self) -> None:
            runtime.note(wire.Closed(handle=self._handle))

        def _send_bytes(self, buf: Any) -> None:
            if not runtime.ask(wire.Send(handle=self._handle, data=bytes(buf))).ok:
                raise BrokenPipeError(32, "Broken pipe")

        def _recv_bytes(self, maxsize: int | None = None) -> Any:
            go = runtime.ask(wire.Receive(handle=self._handle))
            if not go.ok:
                raise EOFError
            if maxsize is not None and len(go.data) > maxsize:
                return None
            buffer = io.BytesIO()
            buffer.write(go.data)
            return buffer

        def _poll(self, timeout: float | None) -> bool:
            return runtime.ask(wire.Poll(handles=[self._handle], tasks=[], timeout=timeout)).ok

    Connection.__module__ = "multiprocessing.connection"

    def rebuild(handle: int, readable: bool, writable: bool) -> Connection:
        runtime.note(wire.Unpacked(handle=handle))
        return Connection(handle, readable, writable)

    def reduce(connection: Connection) -> Any:
        handle = connection.fileno()
        runtime.note(wire.Packed(handle=handle))
        return rebuild, (handle, connection.readable, connection.writable)

    rebuild.__qualname__ = "rebuild_connection"
    global rebuild_connection
    rebuild_connection = rebuild
    rebuild.__name__ = "rebuild_connection"

    def pipe(duplex: bool = True) -> tuple[Connection, Connection]:
        first, second = runtime.fresh_number(), runtime.fresh_number()
        runtime.note(wire.Opened(first=first, second=second, duplex=duplex))
        return Connection(first, True, duplex), Connection(second, duplex, True)

    def wait(object_list: Any, timeout: float | None = None) -> list[Any]:
        objects = list(object_list)
        handles = [o.fileno() for o in objects if isinstance(o, Connection)]
        tasks = [o.task for o in objects if isinstance(o, Sentinel)]
        if len(handles) + len(tasks) < len(objects):
            held.unheld("multiprocessing.connection.wait on something that is neither a Connection nor a sentinel")
        go = runtime.ask(wire.Poll(handles=handles, tasks=tasks, timeout=None if timeout is None else max(timeout, 0)))
        ready = set(go.ready)
        return [
            o
            for o in objects
            if (isinstance(o, Connection) and o.fileno() in ready) or (isinstance(o, Sentinel) and -1 - o.task in ready)
        ]

    class Listener:
        """A named place that `Client` reaches."""

        def __init__(
            self, address: Any = None, family: str | None = None, backlog: int = 1, authkey: bytes | None = None
        ) -> None:
            self._address = address if address is not None else f"listener-{runtime.fresh_id('a')}"
            self._authkey = authkey
            runtime.ask(wire.Listen(address=str(self._address)))
            self.last_accepted = None

        def accept(self) -> Connection:
            connection = Connection(runtime.ask(wire.Accept(address=str(self._address))).number, True, True)
            if self._authkey is not None:
                module.deliver_challenge(connection, self._authkey)
                module.answer_challenge(connection, self._authkey)
            return connection

        def close(self) -> None:
            runtime.note(wire.Deafened(address=str(self._address)))

        @property
        def address(self) -> Any:
            return self._address

        def __enter__(self) -> Listener:
            return self

        def __exit__(self, *exc: object) -> None:
            self.close()

    def client(address: Any, family: str | None = None, authkey: bytes | None = None) -> Connection:
        go = runtime.ask(wire.Connect(address=str(address)))
        if not go.ok:
            raise ConnectionRefusedError(111, "Connection refused")
        connection = Connection(go.number, True, True)
        if authkey is not None:
            module.answer_challenge(connection, authkey)
            module.deliver_challenge(connection, authkey)
        return connection

    module.Connection = Connection
    module.Pipe = pipe
    module.wait = wait
    module.Listener = Listener
    module.Client = client
    reduction.register(Connection, reduce)


rebuild_connection: Any = None
