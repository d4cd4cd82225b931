"""Submissions that are alike, for the TA alone: similar.csv, a row a pair, and similar.html, both files side by side.

What makes two of them alike is said in `autograder.similar`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from autograder.report.page import render
from autograder.report.source import source
from autograder.report.text import one_line, write_whole
from autograder.similar import LEAST, Comparison, SimilarError

SHOWN = 100
"""Pairs that the page shows side by side."""

COLUMNS = (
    "first",
    "second",
    "kind",
    "similarity",
    "share_first",
    "share_second",
    "tokens",
    "lines_first",
    "lines_second",
)


def table(comparison: Comparison) -> str:
    """similar.csv: a row a pair; shares in per cent, lines as 3-7 12."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for pair in comparison.pairs:
        shares = (percent(share) for share in (pair.similarity, pair.share_first, pair.share_second))
        spans = (spans_of(pair.lines_first), spans_of(pair.lines_second))
        writer.writerow([pair.first, pair.second, pair.kind, *shares, pair.tokens, *spans])
    return lines.getvalue()


def write(out: Path, comparison: Comparison) -> tuple[Path, Path]:
    """Writes OUT/similar.csv and OUT/similar.html, beside the summary and in no student's folder."""
    try:
        write_whole(out / "similar.csv", table(comparison))
        write_whole(out / "similar.html", page(comparison))
    except OSError as error:
        raise SimilarError(f"{error.filename or out}: can't be written ({error.strerror or error})") from None
    return out / "similar.csv", out / "similar.html"


def page(comparison: Comparison) -> str:
    """The text of similar.html."""
    shown = comparison.pairs[:SHOWN]
    files = {id: source(comparison.documents[id].content) for pair in shown for id in (pair.first, pair.second)}
    return render(
        "similar.html.jinja",
        title=f"Similar submissions: {comparison.assignment}",
        comparison=comparison,
        least=LEAST,
        groups=[[one_line(id) for id in group] for group in comparison.groups],
        pairs=[
            {
                "anchor": f"pair-{number}",
                "kind": SAID[pair.kind],
                "similarity": percent(pair.similarity),
                "tokens": pair.tokens,
                "sides": [
                    {
                        "id": one_line(id),
                        "href": f"{quote(id, safe='')}/feedback.html",
                        "share": percent(share),
                        "spans": spans_of(lines),
                        "marked": set(lines),
                        "source": files.get(id),
                    }
                    for id, share, lines in (
                        (pair.first, pair.share_first, pair.lines_first),
                        (pair.second, pair.share_second, pair.lines_second),
                    )
                ],
            }
            for number, pair in enumerate(comparison.pairs, 1)
        ],
        shown=len(shown),
    )


SAID = {"same": "the same to the letter", "renamed": "the same but for names and layout", "alike": "alike"}


def percent(share: float) -> int:
    """Rounded down: 100 is only what is wholly shared."""
    return int(100 * share + 1e-9)


def spans_of(lines: Sequence[int]) -> str:
    """Lines as a person writes them: 3-7 12."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
