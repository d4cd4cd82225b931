"""The geometry of pictures: everything in its place, nothing outside, texts cut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.model import Lane, Picture, Speedups, Stroke
from autograder.report.drawing import ACROSS, BASE, DOWN, LONG, Shape, chart, drawing

LINES = ["first", "second", "    third line", "x", "y", "z", "w"]


def place(shape: Shape) -> tuple[float, float, float, float]:
    x, y = float(shape.x), float(shape.y)
    return x, y, x + float(shape.width), y + float(shape.height)


def test_steps_go_down_in_the_lanes_of_their_tasks(steps: Picture) -> None:
    drawn = drawing(steps, LINES)
    boxes = [shape for shape in drawn.shapes if shape.texts]
    assert [shape.texts[0].text for shape in boxes] == [
        "starts a, b",
        "takes lock",
        "aaaa",
        "is stopped",
        "bbbb",
        "waits for",
    ]
    tops = [place(shape)[1] for shape in boxes]
    assert tops == sorted(tops)
    lefts = {shape.texts[0].text: place(shape)[0] for shape in boxes}
    assert lefts["starts a, b"] < lefts["takes lock"] == lefts["aaaa"] == lefts["is stopped"] < lefts["bbbb"]


def test_nothing_overlaps_and_nothing_lies_outside(steps: Picture) -> None:
    drawn = drawing(steps, LINES)
    boxes = [place(shape) for shape in drawn.shapes if shape.texts]
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert 0 <= left < right <= float(drawn.width)
        assert 0 <= top < bottom <= float(drawn.height)
        for other in boxes[number + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_long_texts_are_cut_to_the_width_of_a_lane(steps: Picture) -> None:
    long = replace(
        steps,
        strokes=(
            Stroke(0, 0, 1, "write", "x" * 500, 1),
            Stroke(0, 1, 2, "task", "starts " + "a_very_long_name_of_a_thread " * 20, 1),
        ),
        gaps=(),
    )
    for shape in drawing(long, LINES).shapes:
        assert 1 <= len(shape.texts) <= DOWN
        assert all(len(text.text) <= (ACROSS[1] if shape.kind == "write" else LONG) for text in shape.texts)


def texts_of(steps: Picture, kind: str, text: str) -> list[tuple[str, bool]]:
    (shape,) = drawing(replace(steps, strokes=(Stroke(0, 0, 1, kind, text, 1),), gaps=()), LINES).shapes
    return [(text.text, text.goes_on) for text in shape.texts]


def test_lines_end_between_words_where_they_can(steps: Picture) -> None:
    """And where one ends inside a word, no space is to be read before the next one."""
    assert texts_of(steps, "task", "starts ThreadPoolExecutor-0_0 … ThreadPoolExecutor-0_3") == [
        ("starts", False),
        ("ThreadPoolExecutor-0_0 …", False),
        ("ThreadPoolExecutor-0_3", False),
    ]
    assert texts_of(steps, "task", "joins " + "x" * 30) == [("joins " + "x" * 18, True), ("x" * 12, False)]
    assert texts_of(steps, "write", "797 iterations i…read a") == [
        ("797 ", True),
        ("iterations ", True),
        ("i…read a", False),
    ]
    # In more lines than there are it would not all be shown.
    assert [text for text, _ in texts_of(steps, "write", "a" * 12 + " " + "b" * 13 + " " + "c" * 12)] == [
        "a" * 12 + " ",
        "b" * 13,
        " " + "c" * 12,
    ]


def test_a_step_has_its_source_line_beside_it_and_leads_to_it(steps: Picture) -> None:
    drawn = drawing(steps, LINES)
    beside = [text.text for text in drawn.texts]
    assert "   5  y" in beside
    assert "… 7 steps left out …" in beside
    assert {shape.line for shape in drawn.shapes} == {0, 5, 6, 7}
    assert {shape.line for shape in drawing(steps, LINES[:5]).shapes} == {0, 5}  # a file that has not got the others


def test_over_time_all_is_in_per_cent(seconds: Picture) -> None:
    drawn = drawing(seconds, LINES)
    places = {shape.kind: (shape.x, shape.width) for shape in drawn.shapes}
    assert places == {"wait": ("0%", "100%"), "work": ("0%", "25%"), "sleep": ("25%", "25%"), "critical": ("0%", "50%")}
    assert [text.text for text in drawn.texts] == ["0 s", "0.1 s", "0.2 s", "0.3 s", "0.4 s"]
    titles = {shape.kind: shape.title for shape in drawn.shapes}
    assert titles["sleep"] == "a sleeps, or waits for an answer, from 0.1 s to 0.2 s (line 7): w"


@pytest.mark.parametrize(
    ("length", "last"), [(4, "4 s"), (0.1, "0.1 s"), (0.02, "20 ms"), (0.000153, "0.153 ms"), (5e-6, "5 µs")]
)
def test_units_suit_the_length(length: float, last: str) -> None:
    picture = Picture("seconds", length, (Lane("main", "main", 0, length),), (Stroke(0, 0, length, "work"),))
    assert drawing(picture).texts[-1].text == last


def test_the_chart_of_speedups() -> None:
    drawn = chart(Speedups(((1, 1.0), (2, 2.0), (4, None)), 2.0, 2, "cores"))
    one, two, four = drawn.columns
    assert float(two.height) == pytest.approx(2 * float(one.height), abs=0.2)
    assert (four.value, four.height, four.asked, two.asked) == ("no end", "0", False, True)
    assert drawn.wanted_y == two.y  # it has just what was asked for
    assert all(float(column.y) + float(column.height) == pytest.approx(BASE, abs=0.2) for column in drawn.columns)


def test_a_speedup_out_of_all_proportion_stays_in_the_chart() -> None:
    drawn = chart(Speedups(((1, 1e300), (2, float("inf"))), 1e-3, 2, "cores"))
    assert all(float(column.y) >= 0 for column in drawn.columns)
