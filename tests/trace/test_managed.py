"""Locks of a manager, read back from the messages by which a program takes them."""

from __future__ import annotations

from autograder.trace.managed import MANAGED, with_holds
from autograder.trace.races import lost_updates
from tests.trace.build import Script

ENTER, EXIT = "AcquirerProxy.__enter__", "AcquirerProxy.__exit__"


def script(*, locked: bool, kept: bool = True) -> Script:
    """Two processes that add 1 to a Value, and ask a manager for its lock."""
    run = Script()
    run.thing("value", "Value", line=1)
    workers = [run.create(name, kind="process", line=7) for name in "ab"]
    for worker in workers:
        if locked:
            run.event(worker, "send", "pipe", 40, line=3, via=ENTER)
            run.event(worker, "receive", "pipe back", 20, line=3, via=ENTER)
        run.event(worker, "read", "value", 0, line=4)
        if locked and not kept:
            run.event(worker, "send", "pipe", 40, line=5, via=EXIT)
            run.event(worker, "receive", "pipe back", 20, line=5, via=EXIT)
        run.event(worker, "store", "value", 0, line=5)
        if locked and kept:
            run.event(worker, "send", "pipe", 40, line=6, via=EXIT)
            run.event(worker, "receive", "pipe back", 20, line=6, via=EXIT)
    return run


def test_between_the_answer_and_the_next_question_it_is_held() -> None:
    trace = with_holds(script(locked=True).trace())
    held = {event.step for event in trace.events if MANAGED.id in dict(event.held)}
    assert held == {event.step for event in trace.events if event.op in ("read", "store")}
    assert not lost_updates(trace)


def test_a_lock_given_back_in_between_protects_nothing() -> None:
    assert lost_updates(with_holds(script(locked=True, kept=False).trace()))


def test_without_such_a_lock_the_trace_stays() -> None:
    trace = script(locked=False).trace()
    assert with_holds(trace) is trace
    assert lost_updates(trace)
