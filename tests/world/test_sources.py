"""Source as students' files are: codings, line ends, damage, and nesting without end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world.conftest import Play

SOURCES: dict[str, tuple[bytes, Any]] = {
    "latin-1 with a cookie": (b"# -*- coding: latin-1 -*-\ndef f(): return '\xe4'\n", "ä"),
    "cp1252 in the second line": (b"#!/usr/bin/python\n# vim: fileencoding=cp1252\ndef f(): return '\x80'\n", "€"),
    "a byte order mark": (b"\xef\xbb\xbfdef f(): return '\xc3\xa4'\n", "ä"),
    "carriage returns": (b"def f():\r\n    return '''a\r\n    b'''\r\n", "a\n    b"),
    "old carriage returns": (b"def f():\r    return 1\r", 1),
    "no newline at the end": (b"def f(): return 2", 2),
    "tabs": (b"def f():\n\tif 1:\n\t\treturn 3\n", 3),
    "a form feed": (b"\x0c\ndef f(): return 4\n", 4),
    "other alphabets": ("def f():\n größe, π = 1, 2\n return größe + π\n".encode(), 3),
    "a very long line": (b"def f(): return (" + b"1 + " * 500 + b"1)\n", 501),
    "many functions": (b"".join(b"def f%d(): return %d\n" % (i, i) for i in range(3000)) + b"f = f2999\n", 2999),
}


@pytest.mark.parametrize("name", SOURCES)
def test_source_as_files_are(play: Play, name: str) -> None:
    source, value = SOURCES[name]
    assert play(source).value == value


UNREADABLE = {
    "bytes that are no UTF-8": (b"def f():\n return '\xe4'\n", "SyntaxError", 0),
    "an unknown coding": (b"# coding: nonsense\nx = 1\n", "SyntaxError", 0),
    "a NUL": (b"x = 1\n\0y = 2\n", None, 0),
    "UTF-16": ("def f(): return 1\n".encode("utf-16"), None, 0),
    "an error": (b"x = 1\ndef f(:\n", "SyntaxError", 2),
    "an indentation": (b"def f():\nreturn 1\n", "IndentationError", 2),
    "mixed tabs": (b"if 1:\n\tx = 1\n        y = 2\n", "TabError", 3),
    "a return outside": (b"x = 1\n\nreturn 5\n", "SyntaxError", 3),
    "an await outside": (b"def f():\n await g()\n", "SyntaxError", 2),
    "a global too late": (b"def f():\n x = 1\n global x\n", "SyntaxError", 3),
    "a late import of the future": (b"x = 1\nfrom __future__ import annotations\n", "SyntaxError", 2),
    "a text without an end": (b"x = 'a\n", "SyntaxError", 1),
    "too many brackets": (b"x = " + b"(" * 300 + b")" * 300 + b"\n", "SyntaxError", 1),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_source_that_cannot_be_read(play: Play, name: str) -> None:
    source, kind, line = UNREADABLE[name]
    run = play(source)
    got, _, at = run.error
    assert got == kind or (kind is None and got in ("SyntaxError", "ValueError"))
    assert not line or at == line


@pytest.mark.parametrize("count", [150, 3_000, 100_000])
def test_source_nested_deep(play: Play, count: int) -> None:
    """However deep: read, refused with an error, or (some versions of CPython) a crash of the guest; never ours."""
    for sign in (b"-", b"1+"):
        run = play(b"x = " + sign * count + b"1\ndef f(): return 1\n")
        assert run.outcome in ("returned", "raised", "crashed")
        if run.outcome == "raised":
            assert run.error[0] in ("RecursionError", "MemoryError", "SyntaxError")
