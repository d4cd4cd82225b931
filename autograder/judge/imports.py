"""Why a file cannot be graded after its import.

Importing must start nothing: no thread or process, no output, no waiting, no request.
"""

from __future__ import annotations

from autograder.judge.failure import CheckFailed
from autograder.judge.reasons import installed
from autograder.trace.events import Trace
from autograder.world.conductor import Recording

GUARD = 'Put what runs as a script under: if __name__ == "__main__":'

NO_TEXT = ("cannot contain null bytes", "codec can't decode byte", "encoding problem", "unknown encoding")
"""What Python says of a file in UTF-16, as some editors of Windows save it, in Latin-1, or with an odd first line."""


def import_problem(imported: Recording, file: str, packages: tuple[str, ...] = ()) -> CheckFailed | None:
    """Why the file cannot be graded after its import; None where the import was as it should be. ``packages`` are those
    that it may import."""
    report = imported.report
    if imported.outcome == "inconclusive":
        return CheckFailed("import", f"Importing {file} did not come to an end in time.")
    if report is not None and report.outcome == "raised":
        kind = report.types[0] if report.types else "an exception"
        where = f" in line {report.line}" if report.line else ""
        lines = (report.line,) if report.line else ()
        if kind in ("SyntaxError", "ValueError") and any(sign in report.message for sign in NO_TEXT):
            message = f"Python cannot read {file}: it is no text in UTF-8. Save it again, in your editor, as UTF-8."
            return CheckFailed("syntax error", message, None, lines)
        if report.where == "syntax":
            return CheckFailed("syntax error", f"Python cannot read {file}: {report.message}{where}.", None, lines)
        hint = f" {installed(packages)}" if kind == "ModuleNotFoundError" else ""
        return CheckFailed("import", f"Importing {file} raised {kind}: {report.message}{where}.{hint}", None, lines)
    if imported.outcome == "exited":
        return CheckFailed("import", f"Importing {file} ends the program with {imported.reason}. {GUARD}")
    if imported.outcome != "returned":
        return CheckFailed("import", f"Importing {file} was stopped: {imported.reason}. {GUARD}")
    return _side_effect(imported.trace, file)


def _side_effect(trace: Trace, file: str) -> CheckFailed | None:
    does = {
        "create": "starts a {value}",
        "write": "prints {value!r}",
        "sleep": "sleeps",
        "request": "requests {resource}",
    }
    for event in trace.events:
        if event.op in does:
            value = event.value if not isinstance(event.value, str) else event.value[:40]
            what = does[event.op].format(value=value, resource=event.resource)
            where = f" in line {event.line}" if event.line else ""
            lines = (event.line,) if event.line else ()
            return CheckFailed("import", f"Importing {file} runs the program: it {what}{where}. {GUARD}", None, lines)
    return None
