"""feedback.html: what is in it, what must not be, and that nothing of a submission becomes more than text."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.model import Finding, Lane, Outcome, Picture, Result, Speedups, Status, Stroke, Verdict, Visibility
from autograder.report.page import feedback_page, timeline_page
from tests.report.html import Page

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "a", "header", "main", "section", "p", "h1", "h2", "h3"),
    *("ul", "li", "span", "b", "figure", "figcaption", "div", "details", "summary", "pre", "code"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "g", "line", "rect", "text", "wbr"),
}

HOSTILE = (
    "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*1913 }}"
    "\x1b[2J\u202e\x00\ud800 javascript:x"
)


def test_it_says_what_the_text_says(drawn: Result, source: bytes) -> None:
    page = Page(feedback_page(drawn, content=source))
    for text in (
        "4 of 7.5",
        "The check every_text holds.",
        "Tried: 8 schedules; there are more.",
        "The text of b stands inside that of a.",
        "autograder replay locked_printing.py 3f9a2c",
        "Slow (line 4).",
        "0 of 2.5",
    ):
        assert text in page.text


def test_it_is_one_file_that_asks_for_nothing(drawn: Result, source: bytes) -> None:
    text = feedback_page(drawn, content=source)
    page = Page(text)
    assert page.tags <= ALLOWED
    for tag, about in page.elements:
        assert not {name for name in about if name.startswith("on") or name in ("src", "style", "action")}, (tag, about)
        assert about.get("href", "#").startswith("#")
    assert "url(" not in text
    assert "@import" not in text
    (style,) = page.styles
    policy = next(about["content"] for about in page.all("meta") if about.get("http-equiv"))
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_the_name_of_a_step_has_all_that_is_seen_of_it(drawn: Result, source: bytes) -> None:
    """Who speaks to a computer says what is seen (WCAG 2.5.3, Label in Name)."""
    long = Stroke(0, 1, 2, "task", "starts ThreadPoolExecutor-0_0 … ThreadPoolExecutor-0_3", 1)
    cut = Stroke(0, 2, 3, "write", "12 is not prime⏎ and on and on", 1)
    failed = next(one for one in drawn.verdicts if one.finding is not None and one.finding.picture is not None)
    assert failed.finding is not None
    assert failed.finding.picture is not None
    picture = replace(failed.finding.picture, strokes=(long, cut), gaps=())
    changed = replace(failed, finding=replace(failed.finding, picture=picture))
    text = feedback_page(replace(drawn, verdicts=(changed,)), content=source)
    links = re.findall(r'<a class="(?:task|write)[^>]*aria-label="([^"]*)">(.*?)</a>', text, flags=re.DOTALL)
    assert len(links) == 2
    for name, inside in links:
        seen = re.sub(r"<title>.*?</title>|<[^>]*>", "", inside)
        assert " ".join(seen.split()) in name


def test_titles_have_code_in_them_and_long_source_lines_may_be_broken(verdict: Callable[..., Verdict]) -> None:
    title = "As many as `processes` says, <b> and `a lone one."
    finding = Finding("wrong value", "No.", (1,))
    failed = verdict("it", outcome=Outcome.FAILED, finding=finding, title=title)
    text = feedback_page(
        Result("bauer", "tiny", (failed,), Status.GRADED), content=b'call(first,second).x = "a, b"  # 3.5\n'
    )
    assert text.count("As many as <code>processes</code> says, &lt;b&gt; and `a lone one.") == 3
    line = re.search(r'<tr id="L1".*?</code>', text, flags=re.DOTALL)
    assert line is not None
    assert (
        Page(line[0].replace("</code>", "</code></td></tr>")).text.strip() == '1 call(first,second).x = "a, b"  # 3.5'
    )
    broken = Page(line[0].replace("<wbr>", "|").replace("</code>", "</code></td></tr>")).text.strip()
    assert broken == '1 call(|first,|second)|.|x =| "a, b"  # 3.|5'


def test_links_lead_somewhere_and_ids_are_distinct(drawn: Result, source: bytes) -> None:
    page = Page(feedback_page(drawn, content=source))
    assert len(set(page.ids)) == len(page.ids)
    wanted = {about["href"].removeprefix("#") for _, about in page.elements if "href" in about}
    assert wanted <= set(page.ids)
    assert {"L4", "L6", "L7", "check-2"} <= wanted


def test_the_run_is_drawn_and_told(drawn: Result, source: bytes) -> None:
    page = Page(feedback_page(drawn, content=source))
    labels = [about.get("aria-label", "") for _, about in page.elements]
    assert "The run step by step: main, a, b" in labels
    assert 'a writes aaaa (line 7): print(text, end="")' in labels
    assert "Speedup by cores: 1: 1.0, 2: 1.1, 4: did not come back. 2.5 is asked for at 2." in labels
    assert "… 7 steps left out …" in page.text
    assert "3 more threads or processes are not drawn." in page.text
    assert "a │aaaa    aaaa…" in page.text  # and the same as text
    assert [about["href"] for about in page.all("a", "marked")] == ["#L7", "#L7"]


def test_findings_stand_beside_their_lines(drawn: Result, source: bytes) -> None:
    page = Page(feedback_page(drawn, content=source))
    assert [about["id"] for about in page.all("tr", "noted")] == ["L4", "L6", "L7"]
    assert [about["href"] for about in page.all("a", "note")] == ["#check-4", "#check-2", "#check-2"]


def test_hidden_checks_leave_no_trace(drawn: Result, secretive: Result, source: bytes) -> None:
    """Also not in what is drawn, nor beside the lines."""
    picture = Picture("steps", 1, (Lane("SECRET", "thread", 0, 1),), (Stroke(0, 0, 1, "write", "SECRET", 3),))
    hidden = Finding("secret kind", "SECRET (line 3)", (2,), "SECRET", "SECRET", (), picture)
    last = tuple(replace(verdict, finding=hidden) for verdict in secretive.verdicts[-2:])
    result = replace(secretive, verdicts=(*drawn.verdicts, *last))
    text = feedback_page(result, content=source)
    assert "secret" not in text.lower()
    assert "19.5" not in text
    assert "4 of 7.5 for the checks shown here" in text
    assert "not the total" in text
    turned = tuple(
        replace(verdict, outcome=Outcome.PASSED) if verdict.check.visibility is Visibility.HIDDEN else verdict
        for verdict in result.verdicts
    )
    assert feedback_page(replace(result, verdicts=turned), content=source) == text


def test_where_all_is_hidden_no_points_stand(secretive: Result) -> None:
    page = Page(feedback_page(replace(secretive, verdicts=secretive.verdicts[-2:])))
    assert "The checks of this assignment are not shown." in page.text
    assert not re.search(r"\d of \d", page.text)


def test_what_could_not_be_checked_is_said_once_and_beside_its_line(drawn: Result, source: bytes) -> None:
    problem = "Python cannot read locked_printing.py: expected ':' in line 3."
    verdicts = tuple(
        replace(verdict, outcome=Outcome.FAILED, finding=Finding("syntax error", problem)) for verdict in drawn.verdicts
    )
    page = Page(feedback_page(replace(drawn, verdicts=verdicts, problem=problem), content=source))
    assert page.text.count(problem) == 2  # above, and beside the line
    assert "What to look at" not in page.text
    assert [about["id"] for about in page.all("tr", "noted")] == ["L3"]


def test_without_a_file(drawn: Result) -> None:
    page = Page(feedback_page(drawn))
    assert not page.all("table")
    assert not [about for about in page.all("a") if about["href"].startswith("#L")]


@pytest.mark.parametrize("outcome", [Outcome.INCONCLUSIVE, Outcome.ERROR])
def test_what_was_not_decided_is_no_failure(drawn: Result, outcome: Outcome) -> None:
    verdicts = (replace(drawn.verdicts[1], outcome=outcome), *drawn.verdicts[2:3])
    page = Page(feedback_page(replace(drawn, verdicts=verdicts, status=Status.REVIEW)))
    assert "That says nothing about your program; a person will look at it." in page.text
    assert "not passed" not in page.text
    assert "A person will look at this submission before its points count." in page.text


def hostile(drawn: Result) -> Result:
    picture = Picture(
        "steps",
        2.0,
        (Lane(HOSTILE, "thread", 0, 2),),
        (
            Stroke(0, 0, 2, "hold", HOSTILE, 1),
            Stroke(0, 0, 1, "write", HOSTILE * 50, 1, marked=True),
            Stroke(0, 1, 2, "error", HOSTILE, 10**9),
        ),
    )
    times = Picture("seconds", 1e-9, (Lane(HOSTILE, "process", 0, 1e-9),), (Stroke(0, 0, 1e-9, "work", "", 1),))
    speedups = Speedups(((1, 1e300), (2, float("inf"))), 1e-3, 2, HOSTILE)
    first = Finding(HOSTILE, f"{HOSTILE} (line 1) (line 99999999999)", (-1, 0, 1, 5), HOSTILE, HOSTILE, (), picture)
    second = replace(first, picture=times, speedups=speedups, message="x" * 100_000, lanes="y" * 100_000)
    verdicts = tuple(
        replace(verdict, title=HOSTILE, outcome=Outcome.FAILED, finding=finding)
        for verdict, finding in zip(drawn.verdicts, (first, second, None, first), strict=True)
    )
    return replace(drawn, submission=HOSTILE, verdicts=verdicts, notes=(HOSTILE,), problem=HOSTILE)


CONTENTS = {
    "markup": HOSTILE.encode("utf-8", "surrogatepass") * 3,
    "not utf-8": bytes(range(256)) * 20,
    "nothing": b"",
    "one long line": b"(" * (1 << 20),
    "many lines": b"x = '<b>'\n" * 100_000,
    "an open string": b'"""' + b"\\\n" * 5_000,
    "deep brackets": b"f'" + b"{" * 20_000,
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_whatever_is_handed_in_is_only_text(drawn: Result, content: bytes) -> None:
    for text in (
        feedback_page(hostile(drawn), HOSTILE, content),
        timeline_page(hostile(drawn), HOSTILE, content),
    ):
        page = Page(text)
        assert page.tags <= ALLOWED
        for _, about in page.elements:
            assert not [name for name in about if name.startswith("on") or name in ("src", "style")]
            assert about.get("href", "#").startswith("#")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
        assert "13391" not in page.text  # no template was made of it
        assert len(set(page.ids)) == len(page.ids)
        assert len(text.encode()) < 1_500_000


def test_equal_results_are_equal_bytes(drawn: Result, source: bytes, tmp_path: Path) -> None:
    """In other processes too, where sets come in another order."""
    (tmp_path / "result").write_bytes(pickle.dumps((drawn, source)))
    script = (
        "import pickle, sys; from pathlib import Path; from autograder.report.page import feedback_page\n"
        "result, source = pickle.loads(Path('result').read_bytes())\n"
        "sys.stdout.buffer.write(feedback_page(result, content=source).encode())"
    )
    root = str(Path(__file__).parents[2])
    texts = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": root},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert texts == {feedback_page(drawn, content=source).encode()}
    assert str(tmp_path) not in feedback_page(drawn, content=source)


def test_the_timeline_shows_runs_of_passed_checks_and_nothing_hidden(
    drawn: Result, secretive: Result, steps: Picture, source: bytes
) -> None:
    passed = replace(drawn.verdicts[0], pictures=(steps,))
    secret = replace(secretive.verdicts[-1], pictures=(steps,))
    result = replace(drawn, verdicts=(passed, *drawn.verdicts[1:], secret))
    page = Page(timeline_page(result, "mine.py", source))
    assert "1 of 2 checks passed" in page.text
    assert "mine.py" in page.text
    assert "SECRET" not in page.text
    assert "one_lock" not in page.text  # is shown after publishing only
    assert len(page.all("svg", "picture")) == 2


def test_checks_are_told_apart_without_colours(verdict: type[Verdict], drawn: Result) -> None:
    page = Page(feedback_page(drawn))
    assert page.text.count("not passed: ") == 2
    assert page.text.count("passed: ") == 4


def test_a_page_says_what_to_do_next(mixed: Result) -> None:
    said = Page(feedback_page(mixed)).text
    assert "What to do next. Read the first one" in said
    assert "autograder check locked_printing.py" in said
    assert "autograder explain interleaving" in said
    assert "autograder explain locks" not in said  # there is no such section


def test_a_page_of_what_could_not_be_checked_says_what_to_do_first(mixed: Result) -> None:
    problem = "No file was handed in."
    failed = tuple(replace(one, outcome=Outcome.FAILED, finding=Finding("x", problem)) for one in mixed.verdicts)
    said = Page(feedback_page(replace(mixed, problem=problem, verdicts=failed))).text
    assert "What to do next. Mend this first" in said
    assert "Read the first one" not in said
    broken = Page(feedback_page(replace(mixed, problem=problem, verdicts=failed, status=Status.BROKEN))).text
    assert "What to do next" not in broken  # the fault is the grader's


def test_a_page_of_full_marks_has_nothing_to_do_next(mixed: Result) -> None:
    passed = tuple(replace(one, outcome=Outcome.PASSED, finding=None) for one in mixed.verdicts)
    assert "What to do next" not in Page(feedback_page(replace(mixed, verdicts=passed))).text
