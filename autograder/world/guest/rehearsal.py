"""What guests do most with large libraries, done some times in the launcher before any guest is forked.

The interpreter fits a function to its use when it has run a few times, and writes into the function's code to do so
(PEP 659); libraries compile their patterns, and import what they need, when they need it first. A guest lives for
milliseconds, and would do all this in every run, on copies of the pages that it shares with the launcher.
"""

from __future__ import annotations

import io

TIMES = 16
"""Twice as often as the interpreter waits before it fits a function to its use."""


def pages() -> None:
    """Requests, answered on the spot."""
    import requests
    import requests_mock

    adapter = requests_mock.Adapter()
    adapter.register_uri(requests_mock.ANY, requests_mock.ANY, json={"a": "b"})
    # For mypy a method must not be replaced; here that is the purpose, for the sessions that requests.get makes.
    real, requests.Session.get_adapter = requests.Session.get_adapter, lambda self, url: adapter  # type: ignore[method-assign]
    for _ in range(TIMES):
        with requests.get("https://example.com/a.json") as page:
            page.raise_for_status()
            page.json()
    requests.Session.get_adapter = real  # type: ignore[method-assign]


def images() -> None:
    """Images in the formats that are most used: made, made smaller, saved and read."""
    from PIL import Image

    # It imports its readers of formats when the first image is opened.
    Image.init()
    for name in ("PNG", "JPEG", "PPM"):
        for _ in range(TIMES):
            file = io.BytesIO()
            Image.new("RGB", (8, 6)).save(file, name)
            with Image.open(file) as image:
                image.thumbnail((4, 4))
                image.save(io.BytesIO(), name)
