"""A guest can also lie within the types: whatever trace that makes, the judge's questions answer or fail the check."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from autograder.judge import explain
from autograder.judge.evidence import pictures_of
from autograder.judge.failure import CheckFailed, Inconclusive
from autograder.judge.run import Run
from autograder.report.drawing import drawing
from autograder.trace.picture import step_picture, time_picture
from autograder.world import wire
from tests.world.fake import play

LINE = 1 << 24
"""The largest line that the wire takes, far after the end of any file."""

REPORT = wire.Done(report=msgspec.msgpack.encode(wire.Report("returned")))
ODD = "\0\x1b[31m\n\u202e[bold]{}%s"
LIES: dict[str, list[Any]] = {
    "writes from nowhere": [wire.Write(text=ODD, line=LINE, via=ODD), wire.Write(text="", line=-1), REPORT],
    "only line breaks": [wire.Write(text="\r\n\r\x0b\x0c\x85\u2028" * 50), REPORT],
    "a lock of odd names": [
        wire.Acquire(id=ODD, kind=ODD, line=LINE), wire.Acquire(id=ODD, kind="", line=LINE, via=ODD), REPORT,
    ],
    "waiting for itself": [wire.Wait(id="a", holder=0, line=LINE)],
    "waiting for nobody": [wire.Wait(id="a", holder=99)],
    "waiting for main": [wire.Join(tasks=[0, 0, 0])],
    "waiting for no pipe": [wire.Poll(handles=[], tasks=[])],
    "waiting at no place": [wire.Accept(address=ODD)],
    "a full pipe": [wire.Pause(notes=[wire.Opened(first=1, second=2, duplex=False)]),
                    *[wire.Send(handle=2, data=b"a" * 40_000)] * 2],
    "a thread that never comes": [wire.Spawn(kind="thread", name=ODD, line=LINE), REPORT],
    "a process of threads that never comes": [wire.Spawn(kind="process", name="", method="fork"), REPORT],
    "accesses to nothing": [
        wire.Access(id="x", store=False, index=3), wire.Access(id="x", store=True, index=3, line=LINE),
        wire.Access(id=ODD, store=True, index=1 << 60), REPORT,
    ],
    "a call that is left first": [wire.Pause(notes=[wire.Left(function="f"), wire.Entered(function="f")]), REPORT],
    "a leak of odd names": [wire.Pause(notes=[wire.Leaked(what=ODD, line=LINE), wire.Died(text=ODD)]), REPORT],
    "a release of what nobody has": [
        wire.Pause(notes=[wire.Released(id="l")] * 3), wire.Acquire(id="l", kind="Lock"), REPORT,
    ],
    "a request": [wire.Fetch(method=ODD, url=ODD), REPORT],
    "a value of no form": [wire.Done(report=msgspec.msgpack.encode(wire.Report("returned", value={"a": 1})))],
    "too few arguments": [wire.Done(report=msgspec.msgpack.encode(wire.Report("returned", args=[["nonsense"]])))],
    "an exception without a type": [wire.Done(report=msgspec.msgpack.encode(wire.Report("raised", line=LINE)))],
    "an exception of odd names": [
        wire.Done(report=msgspec.msgpack.encode(wire.Report("raised", types=[ODD], message=ODD * 100, line=LINE)))
    ],
    "an exit of odd words": [wire.Done(report=msgspec.msgpack.encode(wire.Report("exited", message=ODD)))],
    "nothing missing": [wire.Done(report=msgspec.msgpack.encode(wire.Report("missing")))],
    "an endless sleep": [wire.Sleep(seconds=float("inf")), wire.Write(text="a"), REPORT],
}  # fmt: skip

QUESTIONS = {
    "value": lambda run: run.value,
    "args": lambda run: run.args,
    "error": lambda run: run.error,
    "raised": lambda run: run.raised("ValueError"),
    "completed": lambda run: run.completed(),
    "lines": lambda run: run.output.lines,
    "interleaved": lambda run: run.output.is_interleaved(),
    "written": lambda run: (run.output.writers, run.output.shown),
    "blocks": lambda run: run.output.assert_whole_blocks(),
    "whole lines": lambda run: run.output.assert_whole_lines(["a", "b"]),
    "ordered lines": lambda run: run.output.assert_whole_lines(["a"], ordered=True),
    "tasks": lambda run: (run.threads, run.processes, run.main, run.max_alive(), run.max_alive("thread")),
    "joined": lambda run: (run.not_waited_for, run.movers, run.assert_joined()),
    "together": lambda run: run.assert_alive_together(2, "thread"),
    "processes together": lambda run: run.assert_alive_together(1, "process"),
    "requests": lambda run: (run.requests, run.peak_requests),
    "calls": lambda run: (run.calls, run.call_tasks("f"), run.call_processes("f"), run.shares(1e-4)),
    "accesses": lambda run: (run.accesses, run.locks_used),
    "lost update": lambda run: run.assert_no_lost_update(),
    "lost update of some": lambda run: run.assert_no_lost_update(["counter", "v"]),
    "race": lambda run: run.assert_no_race(),
    "race of some": lambda run: run.assert_no_race(["v"]),
    "lanes with memory": lambda run: explain.lanes(run.trace, source=run.source, memory=True),
    "time": lambda run: (run.elapsed, run.work),
    "lanes": lambda run: explain.lanes(run.trace, source=run.source),
    "time lanes": lambda run: explain.time_lanes(run.trace),
    "pictures": lambda run: pictures_of([run]),
}


def lied(messages: list[Any]) -> Run:
    return Run("f()", play(*messages), "def f():\n    pass\n", lambda: "1text", {})


@pytest.mark.parametrize("name", LIES)
def test_every_question_has_an_answer(name: str) -> None:
    run = lied(LIES[name])
    for question in QUESTIONS.values():
        try:
            question(run)
        except CheckFailed as failure:
            found = failure.finding()
            assert len(found.message) < 3_000
            assert len(found.lanes) < 20_000
        except Inconclusive:
            raise AssertionError("no limit of time was passed") from None


@pytest.mark.parametrize("name", LIES)
def test_every_picture_can_be_laid_out(name: str) -> None:
    run = lied(LIES[name])
    steps = [event.step for event in run.trace.events]
    for picture in (
        step_picture(run.trace, run.source, steps, [(step, 0) for step in steps[:3]], memory=True),
        time_picture(run.trace, critical=True),
    ):
        if picture is not None:
            assert all(0 <= stroke.lane < len(picture.lanes) for stroke in picture.strokes)
            assert len(drawing(picture, run.source.split("\n")).shapes) < 10_000
