"""Explanations as Markdown, for pages that set it in a proportional font: Gradescope's ``md`` (CommonMark).

Much of the text comes from a submission, and nothing of it may be markup: whatever CommonMark gives a meaning is
escaped, and drawings stand in fences that are longer than any row of backticks in them.
"""

from __future__ import annotations

import re

from autograder.model import Verdict
from autograder.report.feedback import parts

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&=:@^])")


def explanation(verdict: Verdict, file: str, *, problem: str | None = None, seen: bool = False) -> str:
    """Why a check is not passed, or what was searched for a passed one; "" where there is nothing to say."""
    blocks: list[str] = []
    for part in parts(verdict, file, problem=problem, seen=seen):
        if part.command:
            blocks += ["See it again:", fenced(part.text)]
        elif part.drawn:
            blocks.append(fenced(part.text))
        else:
            blocks += prose(part.text)
    return "\n\n".join(blocks)


def prose(text: str) -> list[str]:
    """Blocks for a text: its lines stay lines, and those that are indented (values, differences) keep their columns."""
    blocks: list[str] = []
    lines: list[str] = []
    drawn = False
    for line in [*text.split("\n"), ""]:
        indented = line.startswith("  ")
        if lines and (not line.strip() or indented != drawn):
            blocks.append(fenced("\n".join(lines)) if drawn else "\\\n".join(map(escaped, lines)))
            lines = []
        if line.strip():
            lines.append(line)
            drawn = indented
    return blocks


def escaped(text: str) -> str:
    """A line in which nothing is markup. Digits at its begin make no list: their point is escaped, too."""
    return _MARKUP.sub(r"\\\1", text.strip())


def fenced(text: str) -> str:
    """A block that keeps its lines and columns."""
    longest = max((len(row) for row in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
