"""`autograder explain`: every section of docs/findings.md by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import findings
from autograder.cli import main

PAGE = Path(__file__).parents[1] / "docs" / "findings.md"


def test_every_section_is_found_and_has_a_summary() -> None:
    headings = [line[4:] for line in PAGE.read_text().splitlines() if line.startswith("### ")]
    assert list(findings.sections()) == headings
    summaries = findings.summaries()
    assert list(summaries) == headings
    for kind, summary in summaries.items():
        assert len(summary) > 10, kind
        assert "\n" not in summary
        assert "```" not in summary


@pytest.mark.parametrize("name", ["not joined", "not-joined", "NOT_JOINED", " Not  Joined "])
def test_names_in_any_spelling(name: str) -> None:
    kind, text = findings.section(name)
    assert kind == "not joined"
    assert "Mended, every thread is joined:" in text
    assert "### " not in text
    assert "## " not in text


def test_the_last_section_of_a_part_ends_there() -> None:
    assert "What came out" not in findings.section("wrong number of threads")[1]


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(args)
    return int(str(end.value.code))


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "never", "ends") == 0
    assert "waits in Connection.recv" in capsys.readouterr().out
    assert run("explain") == 0
    assert len(capsys.readouterr().out.splitlines()) == len(findings.sections())
    assert run("explain", "not", "joind") == 2
    error = capsys.readouterr().err
    assert 'did you mean "not joined"?' in error
    assert "Traceback" not in error


def test_a_terminal_gets_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    from autograder.report.terminal import markdown

    markdown("# deadlock\n\n```python\nx = 1\n```\n")
    out = capsys.readouterr().out
    assert "deadlock" in out
    assert "x = 1" in out
    assert "```" not in out
