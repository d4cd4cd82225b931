"""summary.html: the class on one page, for those who teach it.

Made from what lies in the folder (each submission's results.json and the rows of grades.csv, which a person may have
changed since), so that it tells of all submissions, also where only some were graded again. It names hidden checks and
their findings: it is not for students.

A submission that could not be checked at all (no file, a syntax error) fails every check for one reason. It is listed
under that reason, and does not count in the rates of the checks.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple
from urllib.parse import quote

from autograder.report.feedback import moment
from autograder.report.gradebook import Gradebook, in_words
from autograder.report.page import render
from autograder.report.text import harmless, one_line, points

EXAMPLES = 5
"""Submissions that are named for each finding."""

BINS = 10


class Link(NamedTuple):
    """A submission, and where its feedback is."""

    id: str
    href: str


@dataclass(slots=True)
class CheckRate:
    """How often one check was not passed, of the submissions that could be checked."""

    title: str
    visibility: str
    most: str
    failed: int = 0
    undecided: int = 0
    asked: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.failed / self.asked) if self.asked else 0


@dataclass(slots=True)
class Common:
    """One kind of finding in one check, or one reason why a submission could not be checked."""

    kind: str
    title: str
    count: int = 0
    examples: list[Link] = field(default_factory=list)

    def add(self, link: Link) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(link)


@dataclass(slots=True)
class Class:
    """What is gathered while the results go by, one after the other."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    checks: dict[str, CheckRate] = field(default_factory=dict)
    findings: dict[tuple[str, str], Common] = field(default_factory=dict)
    problems: dict[str, Common] = field(default_factory=dict)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    decided: list[dict[str, Any]] = field(default_factory=list)
    late: list[dict[str, Any]] = field(default_factory=list)

    def add(self, id: str, report: Mapping[str, Any], row: Mapping[str, str]) -> None:
        extra, tests = report["extra_data"], report["tests"]
        link = Link(one_line(id), f"{quote(id, safe='')}/feedback.html")
        status = row.get("status", "")
        days = _number(row.get("late", ""))
        self.rows.append(
            {
                "link": link,
                "total": row.get("total", ""),
                "most": row.get("max", ""),
                "score": _number(row.get("total", "")),
                "of": _number(row.get("max", "")),
                "status": status,
                "late": "" if not days else f"{days:g}",
            }
        )
        if (override := extra.get("override")) is not None:
            self.decided.append(
                {"link": link, "what": harmless(in_words(override), 600), "total": row.get("total", "")}
            )
        elif status != "graded" or extra["reviews"]:
            why = [harmless(reason, 400) for reason in extra["reviews"]] or ["a check was not decided"]
            self.reviews.append({"link": link, "status": status, "why": why})
        if days:
            self.late.append({"link": link, **_late(extra["late"], row)})
        if extra["problem"] is not None:
            text = one_line(extra["problem"], 160)
            self.problems.setdefault(text, Common("", text)).add(link)
        else:
            for test in tests:
                self._test(test, link)

    def _test(self, test: Mapping[str, Any], link: Link) -> None:
        about, title = test["extra_data"], one_line(test["name"])
        rate = self.checks.setdefault(about["check"], CheckRate(title, test["visibility"], points(test["max_score"])))
        if about["outcome"] in ("passed", "failed"):
            rate.asked += 1
        else:
            rate.undecided += 1
        if about["outcome"] == "failed":
            rate.failed += 1
            kind = one_line(str(about.get("finding") or "not passed"))
            self.findings.setdefault((about["check"], kind), Common(kind, title)).add(link)


def summary_page(out: Path, assignment: str, book: Gradebook) -> str:
    """The text of summary.html for the folder of one assignment."""
    found = Class()
    for id, report in _reports(out, assignment):
        if id in book.rows:
            found.add(id, report, book.rows[id])
    scores = [row["score"] for row in found.rows if row["score"] is not None]
    parts = [row["score"] / row["of"] for row in found.rows if row["score"] is not None and row["of"]]
    return render(
        "summary.html.jinja",
        title=f"Summary: {assignment}",
        assignment=assignment,
        figures=_figures(found, scores),
        bins=_bins(parts),
        checks=sorted(found.checks.values(), key=lambda rate: (-rate.percent, -rate.failed, rate.title)),
        findings=_most_common(found.findings.values()),
        problems=_most_common(found.problems.values()),
        reviews=found.reviews,
        decided=found.decided,
        late=sorted(found.late, key=lambda one: -one["days"]),
        rows=found.rows,
    )


def _reports(out: Path, assignment: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The results in the folder, in order of id, one in memory at a time."""
    for path in sorted(out.glob("*/results.json")):
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
            if report["extra_data"]["assignment"] == assignment:
                yield path.parent.name, report
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not one of ours


def _figures(found: Class, scores: Sequence[float]) -> list[tuple[str, str]]:
    count = Counter(row["status"] for row in found.rows)
    full = sum(row["score"] is not None and row["score"] == row["of"] for row in found.rows)
    figures = [("submissions", str(len(found.rows)))]
    if scores:
        figures += [("points on average", f"{fmean(scores):.1f}"), ("median", points(round(median(scores), 2)))]
    figures += [("with all points", str(full)), ("to be looked at", str(count["review"]))]
    if found.decided:
        figures.append(("decided by a person", str(len(found.decided))))
    if count["broken"]:
        figures.append(("could not be graded", str(count["broken"])))
    return [*figures, ("late", str(len(found.late)))]


def _bins(parts: Sequence[float]) -> list[tuple[str, int, int]]:
    """The distribution of the scores: (label, how many, per cent of the largest bin)."""
    counts: defaultdict[int, int] = defaultdict(int)
    for part in parts:
        counts[BINS if part >= 1 else max(0, int(part * BINS + 1e-9))] += 1
    most = max(counts.values(), default=0)
    labels = [f"{100 * n // BINS} to {100 * (n + 1) // BINS}\N{NO-BREAK SPACE}%" for n in range(BINS)]
    labels = [label.replace("to", "to under") for label in labels] + ["all points"]
    return [(label, counts[n], round(100 * counts[n] / most) if most else 0) for n, label in enumerate(labels)]


def _most_common(found: Iterable[Common]) -> list[Common]:
    return sorted(found, key=lambda one: (-one.count, one.title, one.kind))


def _late(about: Mapping[str, Any], row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "days": about["days"],
        "submitted": moment(datetime.fromisoformat(about["submitted"])),
        "percent": points(about["percent"]),
        "earned": row.get("earned", ""),
        "total": row.get("total", ""),
    }


def _number(cell: str) -> float | None:
    """The number in a cell of the table; a person may have written anything there."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None
