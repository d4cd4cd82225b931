"""The pages read by other means than eyes and pointers: contrast of every colour, and axe's rules in a real browser.

axe is run in headless Chromium, at the width of a phone and of a desktop, light and dark. Where Chromium or axe is not
installed that part is skipped; the contrasts are computed everywhere.
"""

from __future__ import annotations

import html
import importlib.util
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import similar
from autograder.model import Assignment, Outcome, Override, Picture, Result, Status, Verdict
from autograder.report import gradebook, gradescope
from autograder.report.gradebook import Gradebook
from autograder.report.page import TEMPLATES, feedback_page, timeline_page
from autograder.report.similar import page as similar_page
from autograder.report.summary import summary_page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE = ("axe_core_python", "axe_playwright_python")

TEXT = {
    **dict.fromkeys(("ink", "soft", "link", "good", "bad", "unsure", "critical"), ("paper", "card")),
    **{f"t-{kind}": ("paper", "noted", "aim") for kind in "csnkbf"},
}
"""Which colour of text stands on which others; ``ink`` on all the rest, too."""

BOXES = ("write", "take", "free", "memory", "message", "task", "error", "noted", "aim")
SHAPES = ("work", "sleep", "wait", "critical", "hold0", "hold1", "hold2", "hold3", "bad", "link")


def palettes() -> dict[str, dict[str, str]]:
    """The colours by name, light and dark."""
    style = (TEMPLATES / "style.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks[:2])
    assert light.keys() == dark.keys()
    return {"light": light, "dark": dark}


def contrast(one: str, other: str) -> float:
    """WCAG's ratio: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(scheme: str) -> None:
    colours = palettes()[scheme]
    pairs = [(ink, ground) for ink, grounds in TEXT.items() for ground in grounds]
    pairs += [("ink", box) for box in BOXES] + [("bad", "noted"), ("soft", "noted"), ("soft", "aim")]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_shape_that_means_something_stands_out(scheme: str) -> None:
    colours = palettes()[scheme]
    weak = {shape: contrast(colours[shape], colours["paper"]) for shape in SHAPES}
    assert {shape: ratio for shape, ratio in weak.items() if ratio < 3} == {}


# axe ------------------------------------------------------------------------------------------------------------------


def axe() -> str:
    """The text of axe.min.js, from whichever package brings it."""
    for name in AXE:
        found = importlib.util.find_spec(name)
        for folder in found.submodule_search_locations or () if found else ():
            for path in Path(folder).rglob("axe.min.js"):
                return path.read_text()
    pytest.skip(f"axe is not installed ({' or '.join(AXE)})")


def browser() -> str:
    path = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return path or pytest.skip("Chromium is not installed")


@pytest.fixture
def pages(
    tmp_path: Path, drawn: Result, steps: Picture, seconds: Picture, source: bytes, verdict: Callable[..., Verdict]
) -> dict[str, str]:
    """One of each kind, with all that there can be in it."""
    undecided = verdict("late", outcome=Outcome.INCONCLUSIVE)
    full = replace(
        drawn, verdicts=(*drawn.verdicts, undecided), status=Status.REVIEW, notes=("A note.",), reviews=("asyncio",)
    )
    shown = replace(drawn, verdicts=(replace(drawn.verdicts[0], pictures=(steps, seconds)), *drawn.verdicts[1:]))
    book = Gradebook([one.check.name for one in full.verdicts])
    for id, problem in (("bauer", None), ("chen", "A syntax error.")):
        report = gradescope.results(replace(full, submission=id, problem=problem))
        (tmp_path / id).mkdir()
        (tmp_path / id / "results.json").write_text(gradescope.dumps(report))
        book.add(id, gradebook.row(report))
    given = replace(undecided, given=1.5)
    seen = replace(
        drawn,
        submission="diaz",
        verdicts=(*drawn.verdicts, given),
        override=Override("By hand.", "Ada", checks=(("late", 1.5),)),
    )
    (tmp_path / "diaz").mkdir()
    report = gradescope.results(seen)
    (tmp_path / "diaz" / "results.json").write_text(gradescope.dumps(report))
    book.add("diaz", gradebook.row(report))
    files = {"bauer": source * 3, "chen": source.replace(b"text", b"word") * 3, "diaz": source * 3}
    assignment = Assignment("locked_printing", "", "locked_printing.py", tmp_path, ())
    return {
        "feedback": feedback_page(full, content=source),
        "decided": feedback_page(seen, content=source),
        "similar": similar_page(similar.compare("locked_printing", files, [], assignment, 0.5)),
        "timeline": timeline_page(shown, "mine.py", source),
        "summary": summary_page(tmp_path, full.assignment, book),
    }


@pytest.mark.timeout(600)  # a browser is started for each page
@pytest.mark.parametrize(("width", "scheme"), [*itertools.product((390, 1280), ("light", "dark"))])
def test_axe_finds_nothing(pages: dict[str, str], tmp_path: Path, width: int, scheme: str) -> None:
    """No violation of WCAG 2.2 A and AA, nor of axe's good practice; and nothing is to be scrolled sideways."""
    script, chromium = axe(), browser()
    for name, text in pages.items():
        # axe has to run in the page, which the page's own policy forbids.
        probe = re.sub(r"<meta http-equiv=.*?>", "", text).replace("<details>", "<details open>")
        run = (
            'axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})'
            ".then(found => { parent.document.body.textContent = 'AXE' + JSON.stringify([innerWidth,"
            "document.documentElement.scrollWidth, found.violations.map("
            "one => [one.impact, one.id, one.nodes.map(node => node.html)])]) + 'AXE' })"
        )
        probe = probe.replace("</body>", f"<script>{script}</script><script>{run}</script></body>")
        page = tmp_path / f"{name}.html"
        # In a frame, since no window of Chromium's is narrower than 500 pixels.
        page.write_text(
            f'<!DOCTYPE html><meta charset="utf-8"><iframe width="{width}" height="900" style="border: 0"'
            f' srcdoc="{html.escape(probe)}"></iframe>'
        )
        done = subprocess.run(
            [
                chromium,
                *("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"),
                *("--window-size=1400,1000", "--virtual-time-budget=20000"),
                *(["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []),
                *("--dump-dom", page.as_uri()),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        told = re.search("AXE(.*)AXE", done.stdout, re.DOTALL)
        assert told is not None, done.stderr[-1000:]
        wide, taken, violations = json.loads(html.unescape(told[1]))
        assert violations == [], name
        assert wide == width
        assert taken <= width, f"{name} is wider than the window"
