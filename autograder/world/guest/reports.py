"""How a call ended, as a report for the judge."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

from autograder.world import values, wire


def attempt(act: Callable[[], Any], folder: str, file: str, after: Callable[[], list[Any]] = list) -> wire.Report:
    """Do it, and say how it ended. ``file`` is the name of the student's file in tracebacks (its last part); ``after``
    gives the arguments as they are then."""
    try:
        value = act()
    except SystemExit as error:
        return wire.Report("exited", message=f"sys.exit({error.code!r})"[:200], line=_line_of(error, file))
    except BaseException as error:
        return _raised(error, file)
    inside = _inside(folder)
    return wire.Report("returned", values.encode(value, inside), [values.encode(arg, inside) for arg in after()])


def _inside(folder: str) -> Callable[[PurePath], str | None]:
    def inside(path: PurePath) -> str | None:
        try:
            return str(Path(os.path.normpath(Path(folder) / path)).relative_to(folder))
        except ValueError:
            return None

    return inside


def _raised(error: BaseException, file: str) -> wire.Report:
    names = []
    for cls in type(error).__mro__[:20]:
        module = "" if cls.__module__ in ("builtins", "__main__") else f"{cls.__module__}."
        names.append(f"{module}{cls.__qualname__}"[:300])
    try:
        message = values.steady(str(error))[:2000]
        message.encode()
    except Exception:
        message = ""
    syntax = isinstance(error, SyntaxError) and os.path.basename(error.filename or "") == file
    if isinstance(error, SyntaxError) and syntax:
        # str() of a syntax error repeats file and line.
        return wire.Report("raised", types=names, message=error.msg or "", line=error.lineno or 0, where="syntax")
    return wire.Report("raised", types=names, message=message, line=_line_of(error, file))


def _line_of(error: BaseException, file: str) -> int:
    """The last line of the student's file on the way of the exception."""
    line = 0
    step = error.__traceback__
    while step is not None:
        if os.path.basename(step.tb_frame.f_code.co_filename) == file:
            line = step.tb_lineno
        step = step.tb_next
    return line
