from __future__ import annotations

from autograder.trace.files import shared_files
from autograder.trace.lanes import lanes
from tests.trace.build import Script


def use(run: Script, task: int, *operations: str, name: str = "part") -> None:
    run.thing(f"file:{name}", "File", name=name)
    for op in operations:
        run.event(task, op, f"file:{name}", line=5)


def names(run: Script) -> list[tuple[str, tuple[int, ...]]]:
    return [(file.resource, file.writers) for file in shared_files(run.trace())]


def test_two_writers_meet():
    run = Script()
    a, b = run.create(), run.create()
    use(run, a, "change")
    use(run, b, "change", "examine")
    use(run, b, "change", name="own")
    assert names(run) == [("file:part", (a, b))]


def test_who_looked_before_the_change_met_it():
    run = Script()
    a, b = run.create(), run.create()
    use(run, b, "examine")
    use(run, a, "change")
    assert names(run) == [("file:part", (a,))]


def test_who_finds_what_is_there_for_good_meets_nobody():
    run = Script()
    a, b = run.create(), run.create()
    use(run, a, "examine", "change")
    use(run, b, "examine", "examine")
    use(run, b, "examine", name="never changed")
    use(run, a, "examine", name="never changed")
    assert names(run) == []


def test_only_files_at_which_tasks_meet_are_drawn():
    run = Script()
    a, b = run.create(), run.create()
    use(run, a, "change")
    use(run, b, "examine", "change")
    use(run, a, "change", name="own")
    drawn = lanes(run.trace(), source="")
    assert "[changes part]" in drawn
    assert "[looks at part]" in drawn
    assert "own" not in drawn


def test_a_name_cannot_speak_to_a_terminal():
    run = Script()
    a, b = run.create(), run.create()
    for task in (a, b):
        use(run, task, "change", name="\x1b[2J")
    assert "\x1b" not in lanes(run.trace(), source="")
