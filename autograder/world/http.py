"""The web as a program under test finds it: addresses with their answers, each with a latency in virtual time."""

from __future__ import annotations

import json as _json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answers. ``json`` is put into the body as JSON. ``latency`` (seconds) is that of the site where
    it is None."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    latency: float | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """An answer with everything filled in."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    latency: float


@dataclass(frozen=True, slots=True)
class Site:
    """All addresses that a run can reach; any other answers with the status ``default``."""

    answers: Mapping[str, Answer]
    latency: float = 0.0
    default: int = 404

    def answer(self, url: str) -> Served:
        answer = self.answers.get(url) or self.answers.get(url.rstrip("/"))
        if answer is None:
            return Served(self.default, {"Content-Type": "text/html"}, b"<h1>not found</h1>", self.latency)
        body, headers = answer.body, dict(answer.headers)
        if answer.json is not None:
            body = _json.dumps(answer.json).encode()
            headers.setdefault("Content-Type", "application/json")
        latency = self.latency if answer.latency is None else answer.latency
        return Served(answer.status, headers, body, latency)


def site(answers: Mapping[str, Answer], latency: float = 0.0, default: int = 404) -> Site:
    """Addresses and their answers; each request takes ``latency`` virtual seconds."""
    return Site(dict(answers), latency, default)
