"""A failure is shown under a short schedule, and its text makes the very run again."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import msgspec
import pytest

from autograder.judge.failure import CheckFailed
from autograder.judge.grade import launcher
from autograder.judge.replay import ReplayError, replay
from autograder.judge.subject import UNGUARDED_RUNS, Subject
from autograder.world import schedule
from autograder.world.http import Answer, site
from autograder.world.values import generator, in_folder, shared_array
from tests.judge.conftest import Graded

LOST = dedent("""
    from threading import Lock, Thread

    total = 0

    def count():
        global total
        for _ in range(2):
            seen = total
            print(end="")
            print("counting")
            total = seen + 1

    def f():
        threads = [Thread(target=count) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return total

    def guarded():
        lock = Lock()

        def work():
            with lock:
                print("working")
            print("done")

        threads = [Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def orders():
        a, b = Lock(), Lock()

        def work(one, other):
            with one:
                with other:
                    pass

        threads = [Thread(target=work, args=pair) for pair in ((a, b), (b, a))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def stuck():
        Lock().acquire() and (lock := Lock()).acquire() and lock.acquire()

    def arguments(numbers, path, array, *, word="a", http=None):
        array[0] = sum(numbers)
        path.mkdir()
        print(word)
        return path

    def fails(n):
        raise ValueError(n)
    """)


@pytest.fixture
def subject(assignment: Any) -> Subject:
    return Subject(assignment(), LOST.encode(), launcher("world", ()))


def failing(subject: Subject, seeds: range) -> CheckFailed:
    """The first deadlock of `orders` under some seed."""
    for seed in seeds:
        run = subject.run("orders", strategy=schedule.random_schedule(seed, 10))
        try:
            run.completed()
        except CheckFailed as failure:
            return failure
    raise AssertionError("no seed shows it")


def losing(subject: Subject) -> CheckFailed:
    """A run of `f` with a switch at every operation, in which updates get lost."""

    def question(run: Any) -> None:
        if run.value < 6:
            raise CheckFailed("lost", "An update was lost.", run, question=question)

    with pytest.raises(CheckFailed) as caught:
        question(subject.run("f", strategy="roundrobin"))
    return caught.value


def switches(text: str) -> list[str]:
    strategy = schedule.read(text).strategy
    assert strategy.startswith("switches:")
    return [switch for switch in strategy.removeprefix("switches:").split(",") if switch]


def test_a_failing_schedule_is_shrunk(subject: Subject) -> None:
    failure = failing(subject, range(1, 40))
    shortest = subject.shortest(failure)
    assert shortest.kind == "deadlock"
    assert 1 <= len(switches(shortest.finding().schedule)) <= 3


def test_a_failure_without_switches_is_shown_so(subject: Subject) -> None:
    run = subject.run("stuck", strategy="roundrobin")
    with pytest.raises(CheckFailed) as caught:
        run.completed()
    shortest = subject.shortest(caught.value)
    assert shortest.run is not None
    assert switches(shortest.run.schedule) == []
    assert shortest.finding().schedule == "", "one thread has no order that there is to see"


def test_many_switches_become_few(subject: Subject) -> None:
    failure = losing(subject)
    assert failure.run is not None
    assert len(failure.run.recording.switches) > 10
    assert len(switches(subject.shortest(failure).finding().schedule)) <= 2


def test_what_cannot_be_cut_down_is_looked_for(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.judge.subject.shrink.fewest", lambda switches, fails, budget: fails(switches))
    assert len(switches(subject.shortest(losing(subject)).finding().schedule)) <= 2


def test_a_failure_of_another_kind_is_another_failure(subject: Subject) -> None:
    """Shrinking never changes what is said to be wrong."""
    run = subject.run("f", strategy="roundrobin")

    def question(one: Any) -> None:
        raise CheckFailed("lost" if one is run else "other", "Words.", one)

    failure = CheckFailed("lost", "Words.", run, question=question)
    assert subject.shortest(failure) is failure


def test_a_failure_without_a_question_stays(subject: Subject) -> None:
    failure = CheckFailed("kind", "Words.", subject.run("f", strategy="roundrobin"))
    assert subject.shortest(failure) is failure
    assert subject.shortest(CheckFailed("kind", "Words.")).finding().schedule == ""


def test_the_check_shows_the_short_one_and_it_replays(graded: Graded, assignment: Any, tmp_path: Path) -> None:
    tests = """
        def test_orders(submission):
            for run in submission.explore("orders", schedules=40):
                run.completed()
        """
    (verdict,) = graded(LOST, tests).verdicts
    assert verdict.finding is not None
    assert verdict.finding.kind == "deadlock"
    assert 1 <= len(switches(verdict.finding.schedule)) <= 3
    text = replay(tmp_path / "program.py", verdict.finding.schedule, assignment(tests))
    assert text.startswith("orders()\n")
    assert verdict.finding.message.removesuffix(" Seen in orders().") in text  # the call is its first line
    assert replay(tmp_path / "program.py", verdict.finding.schedule, assignment(tests)) == text


def test_a_schedule_holds_everything(subject: Subject, assignment: Any, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(LOST)
    arguments = generator([1, 2]), in_folder("made"), shared_array("i", [5])
    pages = site({"http://a": Answer(b"\0", 201, {"X": "y"})}, latency=0.5, default=503)
    run = subject.run(
        "arguments", *arguments, word="text", strategy="roundrobin", machine={"cores": 2}, costs={"f": 0.5},
        watch=["count"], start_method="spawn", whole_prints=True, failing_write=7, http=pages, points=[5, 6],
    )  # fmt: skip
    assert run.call == "arguments((x for x in [1, 2]), Path('made'), Array('i', [5]), word='text')"
    scenario = schedule.read(run.schedule)
    assert (scenario.machine, scenario.costs, scenario.watch) == ({"cores": 2}, {"f": 0.5}, ["count"])
    assert scenario.points == [5, 6]
    assert (scenario.start_method, scenario.whole_prints, scenario.failing_write) == ("spawn", True, 7)
    assert [(page.url, page.status, page.body, page.latency) for page in scenario.pages] == [
        ("http://a", 201, b"\0", 0.5)
    ]
    text = replay(path, run.schedule, assignment())
    assert text.startswith(run.call + "\n\nreturned Path('made')")
    assert "It wrote:\n    text\n" in text


@pytest.mark.parametrize("strategy", ["virtual", "slices:3,4", "roundrobin", "eager", "random:3:20"])
def test_replaying_gives_the_same_run(subject: Subject, strategy: str) -> None:
    from autograder.judge.replay import _plan

    run = subject.run("f", strategy=strategy)
    plan = _plan(schedule.read(run.schedule))
    with subject._open(plan) as calls:
        again = calls.call("f")
    assert again.trace == run.trace
    assert again.schedule == run.schedule


def test_points_are_replayed_and_drawn(subject: Subject, assignment: Any, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(LOST)
    runs = [subject.run("f", strategy="roundrobin", points=points) for points in (False, True)]
    texts = [replay(tmp_path / "program.py", run.schedule, assignment()) for run in runs]
    assert ["reads total" in text for text in texts] == [False, True]
    assert [text.startswith(f"f()\n\nreturned {run.value}\n") for run, text in zip(runs, texts, strict=True)] == [
        True
    ] * 2


def test_several_calls_of_a_session(subject: Subject, assignment: Any, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(LOST)
    with subject.session(strategy="nonpreemptive") as calls:
        assert [calls.call("f").value, calls.call("f").value] == [6, 12]
        last = calls.call("f")
    assert replay(tmp_path / "program.py", last.schedule, assignment()).startswith("f()\n\nreturned 18\n")
    with pytest.raises(TypeError, match="no option word"), subject.session(word=1):
        pass


def packed(**changes: Any) -> str:
    fields: dict[str, Any] = {"module": "program", "strategy": "virtual", "calls": [schedule.Call("f")], **changes}
    return schedule.write(schedule.Scenario(**fields))


DAMAGED = {
    "another module": packed(module="other"),
    "no call": packed(calls=[]),
    "no strategy": packed(strategy="nonsense"),
    "broken arguments": packed(calls=[schedule.Call("f", [["int", "xyz"]])]),
    "no value": packed(calls=[schedule.Call("f", [["opaque", ["a", "b"]], ["list"]])]),
    "a part of no machine": packed(machine={"wheels": 4}),
    "a machine of text": packed(machine={"cores": "many"}),
    "a machine without cores": packed(machine={"cores": 0}),
    "a machine of too many cores": packed(machine={"cores": 1 << 40}),
    "a machine whose ticks take no time": packed(machine={"tick": 0}),
    "a machine that runs backwards": packed(machine={"tick": -1.0}),
    "an unknown start method": packed(start_method="magic"),
    "a text": "hello",
    "nothing": "",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_schedules(assignment: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / "program.py").write_text(LOST)
    with pytest.raises(ReplayError):
        replay(tmp_path / "program.py", DAMAGED[name], assignment())


def test_replaying_what_does_not_come_back(subject: Subject, assignment: Any, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(LOST)
    assert "fails(1) raised ValueError: 1" in replay(path, subject.run("fails", 1).schedule, assignment())
    schedule_text = subject.run("f").schedule
    path.write_text("def f(:\n")
    assert replay(path, schedule_text, assignment()).startswith("Python cannot read program.py")
    path.unlink()
    with pytest.raises(OSError, match="No such file"):
        replay(path, schedule_text, assignment())


def test_options_of_the_world_and_of_the_function(subject: Subject) -> None:
    assert subject.run("fails", n=3).raised("ValueError").message == "3"
    with pytest.raises(schedule.ScheduleError):
        subject.run("f", strategy="nonsense")
    with pytest.raises(TypeError):
        subject.run("f", machine={"wheels": 4})


def test_exploring_orders(subject: Subject) -> None:
    runs = list(subject.explore("guarded", schedules=7))
    assert len(runs) == 7
    assert len({msgspec.msgpack.encode([[e.task, e.op] for e in run.trace.events]) for run in runs}) >= 4
    assert len(list(subject.explore("guarded", schedules=2))) == 2


def test_memory_without_a_lock_is_looked_at_for_longer(subject: Subject) -> None:
    """The accesses themselves are places to switch then, which they are not in all other runs."""
    runs = list(subject.explore("f", schedules=7))
    assert len(runs) == 7 + UNGUARDED_RUNS // 2
    asked = [scenario.points for run in runs if (scenario := schedule.read(run.schedule))]
    assert asked == [False] * 7 + [asked[-1]] * (UNGUARDED_RUNS // 2)
    assert [subject.source.splitlines()[line - 1].strip() for line in asked[-1]] == ["seen = total", "total = seen + 1"]
    assert len(list(subject.exhaust("f", most=3))) == 3 + UNGUARDED_RUNS
