"""feedback.html: what feedback.txt says, with the runs drawn, the student's file beside it, and what to do next.

One file that needs nothing else: no script, no picture, font or style from elsewhere, and a Content-Security-Policy
that forbids even to try, so that nothing of a submission could act even if it got past the escaping. All its texts pass
`harmless` and are escaped by the template. It holds neither a time of its own making nor a path: the same result and
the same file are the same bytes.

Who sees what is decided as for feedback.txt (`autograder.report.feedback`).
"""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import findings
from autograder.model import Finding, Outcome, Result, Status, Verdict
from autograder.report import source as sources
from autograder.report.drawing import Chart, chart, drawing
from autograder.report.feedback import (
    GIVEN,
    MARKS,
    feedback,
    file_of,
    late_lines,
    places,
    points_line,
    public_checks,
    remarks,
    shown_checks,
    title_of,
    undecided,
)
from autograder.report.text import harmless, one_line, points

if TYPE_CHECKING:
    # Imported where used: `check` without a timeline has no need of it.
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).with_name("templates")

SAID = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "not passed",
    Outcome.INCONCLUSIVE: "not decided",
    Outcome.ERROR: "not decided",
}


def feedback_page(result: Result, file: str = "", content: bytes | None = None) -> str:
    """The text of feedback.html. ``content`` is the file as it was handed in, None where there is none."""
    shown = shown_checks(result)
    complete = len(shown) == len(result.verdicts)
    return _page(
        result,
        file_of(result, file),
        content,
        shown,
        digest=_digest(feedback(result, file)),
        heading="Feedback",
        who=one_line(result.submission),
        score=points_line(result, shown),
        late=[harmless(text) for text in late_lines(result, complete)],
        partial=bool(shown) and not complete,
        remarks=[harmless(text) for text in remarks(result)],
    )


def says_the_same(page: Path, text: str) -> bool:
    """Whether a feedback.html was made together with this feedback.txt: a person may have changed the text since."""
    with page.open("rb") as file:
        return f'content="{_digest(text)}"'.encode() in file.read(2000)


def _digest(text: str) -> str:
    return f"sha256-{sha256(text.encode()).hexdigest()}"


def timeline_page(result: Result, file: str, content: bytes | None) -> str:
    """The page of a student's own check: the public checks, with pictures of those that passed as well."""
    shown = public_checks(result)
    passed = sum(verdict.outcome is Outcome.PASSED for verdict in shown)
    return _page(
        result,
        file_of(result, file),
        content,
        shown,
        digest="",
        heading="Timeline",
        who=one_line(file),
        score=f"{passed} of {len(shown)} checks passed" if shown else "",
        late=[],
        partial=False,
        remarks=[harmless(text) for text in remarks(result)],
    )


def _page(result: Result, file: str, content: bytes | None, shown: list[Verdict], **more: Any) -> str:
    code = sources.source(content) if content is not None else None
    texts = code.texts if code is not None else []
    anchors = {verdict.check.name: f"check-{number}" for number, verdict in enumerate(shown, 1)}
    checks = [_check(verdict, result, file, texts, anchors[verdict.check.name]) for verdict in shown]
    if code is not None:
        sources.annotate_problem(code, result.problem)
        told = [one for one in shown if not _known(one, result)]
        sources.annotate(code, [(one, title_of(one), anchors[one.check.name]) for one in told])
    return render(
        "feedback.html.jinja",
        title=f"{more['heading']}: {result.assignment}, {more['who']}",
        assignment=result.assignment,
        file=one_line(file),
        checks=checks,
        open=[check for check in checks if check["finding"] or check["undecided"] or check["pictures"]],
        source=code,
        unchecked=result.problem is not None and result.status is not Status.BROKEN,
        check_command=f"autograder check {shlex.quote(harmless(file))}",
        **more,
    )


def _check(verdict: Verdict, result: Result, file: str, texts: list[str], anchor: str) -> dict[str, Any]:
    """One check, ready for the template."""
    finding = verdict.finding if verdict.outcome is not Outcome.PASSED and not _known(verdict, result) else None
    pictures = [finding.picture] if finding is not None and finding.picture is not None else list(verdict.pictures)
    return {
        "anchor": anchor,
        "title": title_of(verdict),
        "outcome": verdict.outcome,
        "mark": MARKS[verdict.outcome],
        "said": SAID[verdict.outcome],
        "passed": verdict.outcome is Outcome.PASSED,
        "points": f"{points(verdict.score)} of {points(verdict.check.points)}",
        "given": "" if verdict.given is None else GIVEN,
        "undecided": undecided(verdict.outcome, seen=result.override is not None),
        "scope": one_line(verdict.scope),
        "finding": None if finding is None else _told(finding, file, len(texts)),
        "pictures": [drawing(picture, texts) for picture in pictures],
        "chart": _chart(finding),
    }


def _known(verdict: Verdict, result: Result) -> bool:
    """Whether it is one with why the submission could not be checked, which is told once, above."""
    return result.problem is not None and verdict.finding is not None and verdict.finding.message == result.problem


def _told(finding: Finding, file: str, count: int) -> dict[str, Any]:
    message = harmless(finding.message)
    schedule = harmless(finding.schedule, len(finding.schedule))
    return {
        "paragraphs": [sources.split_at_lines(line, count) for line in message.split("\n") if line.strip()],
        "lines": [line for line in finding.lines if line > 0] if places(finding) else [],
        "count": count,
        "lanes": harmless(finding.lanes.strip("\n"), 8000),
        "explain": f"autograder explain {finding.kind}" if finding.kind in _explained() else "",
        "replay": f"autograder replay {shlex.quote(harmless(file))} {shlex.quote(schedule)}" if schedule else "",
    }


@cache
def _explained() -> frozenset[str]:
    """The kinds of findings that `autograder explain` knows."""
    try:
        return frozenset(findings.sections())
    except FileNotFoundError:  # installed without the page of them
        return frozenset()


def _chart(finding: Finding | None) -> Chart | None:
    return chart(finding.speedups) if finding is not None and finding.speedups is not None else None


def render(template: str, **values: Any) -> str:
    """A page made of a template, with the style that all of them share."""
    text: str = _environment().get_template(template).render(style=_style(), policy=_policy(), **values)
    return text


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {"coded": _coded, "breakable": _breakable}
    return environment


def _coded(title: str, narrow: bool = False) -> Markup:
    """A check's title, with what stands between backticks in it as code. ``narrow``: the long names in it may be
    broken, for a narrow column."""
    from markupsafe import Markup, escape

    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(title)))
    return Markup(text.replace("_", "_<wbr>") if narrow else text)


def _breakable(text: str, after: str = "()[]{},.=:/") -> Markup:
    """Text that may be broken after these signs where it is too wide: as source lines and ids have no spaces."""
    from markupsafe import Markup, escape

    signs = re.escape(after)
    return Markup("<wbr>").join(escape(part) for part in re.split(rf"(?<=[{signs}])(?![\s{signs}])", text))


@cache
def _style() -> str:
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    """What a browser may load and run: this very style, and nothing else."""
    style = b64encode(sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
