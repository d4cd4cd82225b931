"""Explanations as Markdown, read by a parser of CommonMark: what comes out is the text that went in, and no markup."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autograder.model import Finding, Outcome, Result, Verdict
from autograder.report.gradescope import SCHEMA, results
from autograder.report.markdown import escaped, explanation, fenced, prose
from autograder.report.text import harmless

# More than CommonMark: what pages often switch on beside it may find nothing either.
PARSER = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
EVIL = st.text(
    st.sampled_from("ab1 .)*_`~#-+=|<>&[](){}!\\$:@^\"'\n") | st.characters(codec="utf-8", exclude_characters="\n")
).map(harmless)


def read(markdown: str) -> list[str]:
    """The lines that a reader sees; an indented one for each of a fence. Anything but text is refused."""
    lines: list[str] = []
    for token in PARSER.parse(markdown):
        if token.type == "fence":
            lines += token.content.removesuffix("\n").split("\n")
        elif token.type == "inline":
            line = ""
            for child in token.children or ():
                assert child.type in ("text", "text_special", "hardbreak"), child
                if child.type == "hardbreak":
                    lines.append(line)
                line = "" if child.type == "hardbreak" else line + child.content
            lines.append(line)
        else:
            assert token.type in ("paragraph_open", "paragraph_close"), token
    return lines


@given(EVIL)
def test_any_text_stays_what_it_is(text: str) -> None:
    expected = [line.rstrip() if line.startswith("  ") else line.strip() for line in text.split("\n") if line.strip()]
    assert [line.rstrip() for line in read("\n\n".join(prose(text)))] == expected


@given(EVIL)
def test_any_drawing_keeps_its_columns(text: str) -> None:
    assert read(fenced(text)) == text.split("\n")


@pytest.mark.parametrize(
    "text",
    [
        "# no title",
        "1. no list",
        "- none",
        "> said",
        "a | b",
        "<b>bold</b>",
        "&amp;",
        "$$x$$",
        "__init__",
        "[a](b)",
        "===",
    ],
)
def test_markup_is_text(text: str) -> None:
    assert read(escaped(text)) == [text]


def test_an_explanation(verdict: Callable[..., Verdict], torn: Finding) -> None:
    failed = verdict("a", 2, Outcome.FAILED, finding=torn)
    text = explanation(failed, "locked_printing.py")
    blocks = text.split("\n\n")
    assert blocks[0] == "The text of b stands inside that of a\\.\\\nSee lines 10 and 12\\."
    assert blocks[1].startswith("```text\na │aaaa")
    assert blocks[2:] == ["See it again:", "```text\nautograder replay locked_printing.py 3f9a2c\n```"]
    assert explanation(verdict("b"), "x.py") == ""


def test_the_page_has_what_the_text_has(mixed: Result) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    page, plain = results(mixed, page=True), results(mixed)
    validator.validate(page)
    assert page["output_format"] == "md"
    assert {test["output_format"] for test in page["tests"]} == {"md"}

    def without(report: dict[str, Any]) -> dict[str, Any]:
        texts = ("output", "output_format")
        tests = [{key: value for key, value in test.items() if key not in texts} for test in report["tests"]]
        return {key: value for key, value in report.items() if key not in texts} | {"tests": tests}

    assert without(page) == without(plain)
    for on_page, in_text in zip(page["tests"], plain["tests"], strict=True):
        words = " ".join(read(on_page["output"])).split()
        assert words == in_text["output"].split()
