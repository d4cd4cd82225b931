"""docs/findings.md, a section at a time: what a finding means, with a program that has it and the mended one."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

_PLACES = (Path(__file__).with_name("findings.md"), Path(__file__).parents[1] / "docs" / "findings.md")
"""In an installed package it lies beside the modules; in a checkout among the documents."""


class NoSuchFinding(Exception):
    """There is no finding of this name. The text says which there are."""


def sections() -> dict[str, str]:
    """The text of each section, in the order of the page, by the finding's kind. Raises FileNotFoundError where the
    package was installed without the page."""
    page = next((path for path in _PLACES if path.is_file()), None)
    if page is None:
        raise FileNotFoundError(f"{_PLACES[0]} is missing: the package was not built as a whole")
    parts = re.split(r"^### (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], (text.partition("\n## ")[0].strip() for text in parts[2::2]), strict=True))


def section(kind: str) -> tuple[str, str]:
    """A kind of finding by its name, with any case and with - or _ for its spaces, and the text of its section. Raises
    NoSuchFinding."""
    known = sections()
    wanted = re.sub(r"[\s_-]+", " ", kind).strip().lower()
    if wanted in known:
        return wanted, known[wanted]
    close = difflib.get_close_matches(wanted, known, n=1)
    hint = f'; did you mean "{close[0]}"?' if close else ""
    raise NoSuchFinding(f'no finding "{kind}"; there are: {", ".join(known)}{hint}')


def summaries() -> dict[str, str]:
    """Each kind with the first sentence of what its section explains."""
    found = {}
    for kind, text in sections().items():
        plain = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        paragraphs = [part for part in re.split(r"\n\s*\n", plain) if part.strip() and part.strip() != "Shown:"]
        words = " ".join(paragraphs[0].split()) if paragraphs else ""
        found[kind] = re.split(r"(?<=[.?])\s", words, maxsplit=1)[0]
    return found
