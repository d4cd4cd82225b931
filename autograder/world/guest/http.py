"""HTTP for ``requests``: one adapter behind ``Session.get_adapter``, whose answers come from the conductor.

``requests_mock.Adapter`` builds the responses; unlike ``requests_mock.Mocker`` it holds no lock while a request is
answered, so requests of several threads overlap as they do on a network. It is installed in the launcher, before any
fork, and so it is there in every child process, however it was started.
"""

from __future__ import annotations

from typing import Any

from autograder.world import wire
from autograder.world.guest import runtime


def install() -> None:
    from http.client import responses

    import requests
    import requests_mock

    adapter = requests_mock.Adapter()

    def answer(request: Any, context: Any) -> bytes:
        go = runtime.ask(wire.Fetch(method=str(request.method), url=str(request.url)))
        if not go.ok:
            raise requests.exceptions.ConnectionError(go.text)
        context.status_code = go.number
        context.reason = responses.get(go.number, "")
        context.headers.update(go.headers)
        return go.data

    adapter.register_uri(requests_mock.ANY, requests_mock.ANY, content=answer)
    requests.Session.get_adapter = lambda self, url: adapter  # type: ignore[method-assign]
