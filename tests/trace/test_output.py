from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.trace.output import Output
from tests.trace.build import Script


def output(*writes: tuple[int, str]) -> Output:
    run = Script()
    for _ in range(max((task for task, _ in writes), default=0)):
        run.create()
    for number, (task, text) in enumerate(writes, 1):
        run.write(task, text, line=number)
    return Output.of(run.trace())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\nb", ["a", "b"]),
        ("\n", [""]),
        ("a\n\n", ["a", ""]),
        ("\na", ["", "a"]),
    ],
)
def test_lines(text, lines):
    assert output((0, text)).lines == lines


def test_empty_writes_are_no_writes():
    found = output((1, "a"), (2, ""), (1, "b"))
    assert [write.text for write in found.writes] == ["a", "b"]
    assert found.interruption() is None


def test_interruption_names_the_first_task_that_is_entered():
    found = output((1, "a"), (2, "b"), (2, "b"), (1, "a"), (2, "b")).interruption()
    assert found is not None
    assert (found.task, found.before.line, found.intruder.line, found.after.line) == (1, 1, 2, 4)


def test_blocks_one_after_the_other_are_not_interrupted():
    assert output((1, "a"), (1, "a"), (2, "b"), (2, "b"), (3, "c")).interruption() is None


def test_a_block_may_be_left_out():
    found = output((0, "begin"), (1, "a"), (1, "a"), (0, "end"))
    assert found.interruption() is not None
    assert found.interruption(write for write in found.writes if write.task != 0) is None


def test_each_of_two_lines_whole():
    assert output((2, "b"), (2, "\n"), (1, "a\n")).torn_lines(["a", "b"]) is None


def test_a_write_of_several_lines():
    assert output((1, "a\nb\nc"), (1, "\n"), (2, "d")).torn_lines(["d", "c", "b", "a"]) is None


def test_torn_between_text_and_break():
    problem = output((1, "a"), (2, "b"), (1, "\n"), (2, "\n")).torn_lines(["a", "b"])
    assert problem is not None
    assert (problem.kind, problem.text, problem.number, problem.tasks) == ("torn", "ab", 1, (1, 2))
    assert problem.lines == (1, 2, 3)


def test_a_foreign_line_break_tears_a_line_that_looks_whole():
    problem = output((1, "a"), (2, "\n")).torn_lines(["a"])
    assert problem is not None
    assert problem.kind == "torn"


def test_the_break_before_a_line_is_not_part_of_it():
    assert output((1, "a\n"), (2, "b"), (2, "\n")).torn_lines(["a", "b"]) is None


@pytest.mark.parametrize(
    ("written", "expected", "kind", "text", "other", "number"),
    [
        (["a"], ["a", "b"], "missing", "b", "", 0),
        (["a", "x"], ["a", "b"], "missing", "b", "x", 2),
        (["a", "a"], ["a", "b"], "missing", "b", "a", 2),
        (["a", "b", "a"], ["a", "b"], "doubled", "a", "", 3),
        (["a", "x", "b"], ["a", "b"], "extra", "x", "", 2),
        ([], ["a"], "missing", "a", "", 0),
    ],
)
def test_problems(written, expected, kind, text, other, number):
    problem = output(*((1, line + "\n") for line in written)).torn_lines(expected)
    assert problem is not None
    assert (problem.kind, problem.text, problem.other, problem.number) == (kind, text, other, number)


def test_order_is_asked_for():
    found = output((1, "b\n"), (1, "a\n"))
    assert found.torn_lines(["a", "b"]) is None
    problem = found.torn_lines(["a", "b"], ordered=True)
    assert problem is not None
    assert (problem.kind, problem.number, problem.text, problem.other) == ("order", 1, "b", "a")


pieces = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["a", "b", "\n", "a\n", "a\nb", ""])), max_size=12)


@given(pieces)
def test_interruption_is_what_the_definition_says(writes):
    found = output(*writes)
    kept = [task for task, text in writes if text]
    entered = any(
        kept[i] == kept[k] and kept[j] != kept[i]
        for i in range(len(kept))
        for j in range(i + 1, len(kept))
        for k in range(j + 1, len(kept))
    )
    assert (found.interruption() is not None) == entered


@given(pieces)
def test_torn_is_what_the_definition_says(writes):
    found = output(*writes)
    # Character by character: the tasks of each line, the break's too.
    lines: list[set[int]] = [set()]
    for task, text in writes:
        for char in text:
            lines[-1].add(task)
            if char == "\n":
                lines.append(set())
    problem = found.torn_lines(found.lines)
    assert (problem is not None) == any(len(tasks) > 1 for tasks in lines)


@given(st.permutations(range(6)), st.lists(st.booleans(), min_size=6, max_size=6))
def test_printing_under_one_lock_is_never_interrupted(order, broken):
    run = Script()
    tasks = [run.create() for _ in range(6)]
    for number in order:
        run.acquire(tasks[number], "lock")
        run.write(tasks[number], str(number))
        if broken[number]:
            run.write(tasks[number], "…")
        run.write(tasks[number], "\n")
        run.release(tasks[number], "lock")
    found = Output.of(run.trace())
    assert found.interruption() is None
    assert found.torn_lines(f"{number}{'…' if broken[number] else ''}" for number in range(6)) is None
