"""Opens a page where there is somebody to look at it."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from autograder import system


def show(page: Path) -> bool:
    """Opens the page in the user's browser; False where there is no desktop to open it on.

    Without one, a browser would be a program in the terminal, which takes the very place where the checks are told.
    """
    if not system.desktop():
        return False
    try:
        return webbrowser.open(page.resolve().as_uri())
    except webbrowser.Error:
        return False
