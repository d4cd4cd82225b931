"""What a submission prints, raises and returns stands in the reports as text: no markup of its own, no formula, no code
of a terminal, nothing that turns the direction of the page."""

from __future__ import annotations

import html.parser
import json
import re
from pathlib import Path

from tests.attacks.conftest import Autograder

MARKUP = "</script></pre><script>alert(1)</script><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://evil.example","1")'
TURNED = "\x1b[2J\x1b]0;owned\x07\N{RIGHT-TO-LEFT OVERRIDE}dessap\N{ZERO WIDTH SPACE}"
LINK = "[passed](javascript:alert(1)) ![x](http://evil.example/x.png) | # passed\n```\n<b>passed</b>"
WORDS = MARKUP + FORMULA + TURNED + LINK
WAYS = {
    "returned": f"def total(numbers):\n    return {WORDS!r}\n",
    "printed": f"def total(numbers):\n    print({WORDS!r})\n    return 0\n",
    "raised": f"def total(numbers):\n    raise ValueError({WORDS!r})\n",
    "named": f"def total(numbers):\n    raise type({WORDS!r}, (Exception,), {{}})({FORMULA!r})\n",
    "imported": f"raise ImportError({WORDS!r})\n",
    "written": f"# {TURNED}{MARKUP}\ndef total(numbers):\n    raise ValueError  # {WORDS!r}\n",
    "thread": "import threading\n"
    "def total(numbers):\n    lock = threading.Lock()\n"
    f"    thread = threading.Thread(target=lock.acquire, name={WORDS!r})\n"
    "    lock.acquire()\n    thread.start()\n    thread.join()\n",
}
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class Page(html.parser.HTMLParser):
    """The elements of a page, with the attributes that could run or load something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object"):
            self.found.add(tag)
        for name, value in attributes:
            if name.startswith("on") or "javascript:" in (value or "") or "evil.example" in (value or ""):
                self.found.add(f"{tag} {name}")


def test_a_report_shows_and_does_nothing(autograder: Autograder, tmp_path: Path) -> None:
    names = [*WAYS, "=1+1", "<b>bold<b>"]
    for name in names:
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "tiny.py").write_text(WAYS.get(name, WAYS["raised"]), "utf-8")
    done = autograder("grade", "tiny", tmp_path / "class", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert not HARMFUL.search(done.stdout + done.stderr)
    # What was handed in is kept as it was, and the journal is for the grader.
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and path.suffix not in (".jsonl", ".py")]
    assert {"feedback.html", "feedback.txt", "results.json", "grades.csv", "summary.html"} <= {
        one.name for one in files
    }
    for path in files:
        text = path.read_text("utf-8")
        assert not HARMFUL.search(text), path
        if path.suffix == ".html":
            page = Page()
            page.feed(text)
            assert not page.found, path
            assert "<b>passed" not in text
        if path.name == "results.json":
            result = json.loads(text)
            assert not HARMFUL.search(json.dumps(result, ensure_ascii=False))
            assert result["score"] == 0
        if path.suffix == ".csv":
            assert not any(
                cell.startswith(("=", "+", "-", "@", '"=')) for line in text.splitlines() for cell in line.split(",")
            )
