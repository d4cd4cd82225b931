"""Texts for people: made harmless, kept short, written whole.

Much of what a report says came from a submission: its output, its error messages, its file names. Shown as it is, it
could move a terminal's cursor, turn the direction of a line round or break a file's encoding. So every text passes
``harmless`` on its way into a report.
"""

from __future__ import annotations

import hashlib
import os
import re
import textwrap
from pathlib import Path

WIDTH = 100  # columns of a text file that someone reads

# Ranges written out, rather than asked of str.isprintable(): what that calls printable grows with the Unicode tables
# of each Python version, and a report has to be the same under all of them.
_HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters, all but the line feed
    "\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, or turn the direction
    "\ud800-\udfff\ufffe\uffff"  # not characters at all
    "\U000e0000-\U000e007f]"
)


def harmless(text: str, limit: int = 4000) -> str:
    """``text`` with every character that does not show written as an escape, and cut after ``limit`` characters.

    Line feeds stay, and a tab becomes four spaces. Lone surrogates (undecodable bytes of a file name) are escaped too,
    so that the text can be encoded.
    """
    text = text.replace("\r\n", "\n")
    more = len(text) - limit
    if more > 0:
        text = text[:limit]
    text = _HARMFUL.sub(_escape, text.replace("\t", "    "))
    return f"{text}… ({more} more characters)" if more > 0 else text


def one_line(text: str, limit: int = 200) -> str:
    """``text`` harmless and on one line, cut after ``limit`` characters, for titles, names and cells of a table."""
    text = " ".join(text.split())
    return harmless(text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…")


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def points(value: float) -> str:
    """Points as one writes them: 3, 2.5, and 0.3 for 0.1 + 0.2."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def wrapped(text: str, indent: str = "", width: int = WIDTH, hang: str = "") -> list[str]:
    """The lines of ``text``, indented; those that are too long are broken between words, and go on below indented by
    ``hang`` more. Line ends of its own stay."""
    lines: list[str] = []
    for line in text.split("\n"):
        inner = indent + " " * (len(line) - len(line.lstrip(" ")))
        fits = len(indent) + len(line) <= width
        broken = [indent + line] if fits else textwrap.wrap(
            line.strip(), width, initial_indent=inner, subsequent_indent=inner + hang,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        lines += [one.rstrip() for one in broken] or [""]
    return lines


def write_whole(path: Path, text: str | bytes) -> str:
    """Writes a file so that readers see the old content or the new one, and never a part of it, also after a power
    cut. One process at a time may write it: what an earlier one left half written is written over. Returns the
    SHA-256 of the content."""
    beside = path.with_name(f".{path.name}.part")
    content = text.encode("utf-8") if isinstance(text, str) else text
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return hashlib.sha256(content).hexdigest()
