"""The student's file as a page shows it."""

from __future__ import annotations

from collections.abc import Callable

from autograder.model import Finding, Outcome, Verdict
from autograder.report.source import (
    COLOURED,
    LONGEST,
    MOST_LINES,
    MOST_NOTES,
    annotate,
    annotate_problem,
    named,
    source,
    split_at_lines,
)


def test_the_lines_are_those_of_the_file() -> None:
    assert source(b"a = 1\n\nb = '''x\n  y'''\n").texts == ["a = 1", "", "b = '''x", "  y'''"]
    assert source(b"\xef\xbb\xbfa\r\nb\rc").texts == ["a", "b", "c"]
    assert source(b"\tx  \n\xff\n\x1b[2J\n").texts == ["    x", "\ufffd", "\\x1b[2J"]
    assert source(b"").texts == []


def test_colours() -> None:
    (line,) = source(b'def f(): return print("a", 12)  # why').lines
    kinds = {text: kind for kind, text in line.pieces}
    assert (kinds["def"], kinds["f"], kinds["return"], kinds["print"], kinds["12"]) == ("k", "f", "k", "b", "n")
    assert kinds["# why"] == "c"
    assert "".join(text for kind, text in line.pieces if kind == "s") == '"a"'


def test_what_is_no_python_is_shown_all_the_same() -> None:
    text = b"def f(:\n  'open\n$$$ ??\n"
    assert source(text).texts == text.decode().split("\n")[:-1]


def test_it_is_bounded() -> None:
    many = source(b"x = 1\n" * (MOST_LINES + 7))
    assert (len(many.lines), many.left_out) == (MOST_LINES, 7)
    big = source(b"x = 1  # " + b"y" * COLOURED + b"\n" + (b"# " + b"z" * 200 + b"\n") * 400)
    assert not any(piece.kind for line in big.lines for piece in line.pieces)
    (long,) = source(b"y" * 10_000).texts
    assert long == "y" * LONGEST + "…"


def test_lines_that_a_message_names_in_the_words_of_the_judge() -> None:
    message = "a reads it (line 28), waits at line 6 for x: line 11 (lock = Lock()) runs, 'line 3 is prime' in line 17."
    assert named(message) == [28, 6, 11, 17]
    assert named("(line 99999999999999999999)") == []
    assert named("took 2 (lines 3 and 5), gave 3 (lines 4, 6 and 1234567), and prints 'lines 7 and 8'") == [3, 5, 4, 6]
    listed = split_at_lines("(lines 3 and 5)", 5)
    assert listed == [("(lines ", 0), ("3", 3), (" and ", 0), ("5", 5), (")", 0)]
    pieces = split_at_lines("x (line 2) and (line 9)", 5)
    assert pieces == [("x (line ", 0), ("2", 2), (") and (line 9)", 0)]
    assert "".join(text for text, _ in split_at_lines(message, 100)) == message


def test_findings_beside_the_lines(verdict: Callable[..., Verdict]) -> None:
    shown = source(b"a\nb\nc\n")
    finding = Finding("race", "It is lost (line 3).", (1, 3, 0, 77))
    annotate(shown, [(verdict("x", outcome=Outcome.FAILED, finding=finding), "The title", "check-1")])
    annotate(shown, [(verdict("y", outcome=Outcome.INCONCLUSIVE, finding=finding), "Not said", "check-2")])
    annotate_problem(shown, "expected ':' in line 2.")
    assert [[(note.kind, note.title, note.anchor) for note in line.notes] for line in shown.lines] == [
        [("race", "The title", "check-1")],
        [("problem", "expected ':' in line 2.", "main")],
        [("race", "The title", "check-1")],
    ]


def test_a_line_has_so_many_findings_at_most(verdict: Callable[..., Verdict]) -> None:
    shown = source(b"a\n")
    failed = verdict("x", outcome=Outcome.FAILED, finding=Finding("race", "", (1,)))
    annotate(shown, [(failed, "title", "anchor")] * 50)
    assert len(shown.lines[0].notes) == MOST_NOTES
