"""From a check's failure to what the student is shown: its shortest schedule, what went wrong beside it, a drawing.

A test says what it expected and what came instead. That is rarely where the mistake is: a text is missing because
nobody waited for the thread that prints it, a list is short because the thread that fills it died. The run knows, so
its trace is asked here (`reasons`), once for every kind of failure, and each test can stay short.

A drawing is made where the order of things could be the reason. `ORDERS` tell that: where a failure comes under every
one of them, it is no matter of order, and lanes would lead the student astray.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.judge import explain, messages, reasons
from autograder.judge.chart import chart
from autograder.judge.failure import REARRANGED, CheckFailed, plural
from autograder.judge.reasons import OVER_TIME, RESULTS, Judge
from autograder.judge.run import Run
from autograder.model import Finding, Picture
from autograder.trace.names import quoted_line
from autograder.trace.picture import step_picture, time_picture

ORDERS = ("nonpreemptive", "eager", "virtual", "roundrobin")
"""The schedules that a failure is held against, as far from each other as four can be."""

CALLS = frozenset({"raised", "wrong exception", "not raised"})
"""Kinds of failure that tell themselves how the call ended: a drawing adds something only where the order matters."""

MOST_QUOTES = 5


def complete(judge: Judge, failure: CheckFailed) -> Finding:
    """The finding that a failure comes to: in its shortest schedule, with its reasons, and drawn."""
    failure = judge.shortest(failure)
    run = failure.run
    if run is None:
        return failure.finding()
    settled = list(_called_otherwise(judge, failure, run))
    if settled:
        failure.message = " ".join([failure.message, *settled])
    else:
        depends = _depends(judge, failure, run) if failure.kind in RESULTS | CALLS else None
        found = list(reasons.reasons(judge, failure, run, depends))
        memory = list(reasons.own_memory(failure, run, depends)) if failure.kind in RESULTS else []
        told = [*found, *memory] or [failure.guess] * bool(failure.guess)
        order = _order(failure, run, depends, bool(told or failure.telling))
        failure.message = " ".join([failure.message, *told, *order, *_seen_in(failure, run)])
        if failure.kind == "never read" and not failure.steps:
            failure.steps = tuple(messages.first_asked(run).values())
        if depends is False and not found:
            failure.lanes = ""
        elif not failure.lanes:
            failure.lanes = _drawn(failure, run)
    drawn = bool(failure.lanes)
    beneath = [chart(failure.speedups) if failure.speedups else "", _preemptions(failure, run)]
    failure.lanes = "\n".join(part for part in (failure.lanes or _quoted(failure, run), *beneath) if part)
    return replace(failure.finding(), picture=_picture(failure, run) if drawn else None)


# Does it matter what came before, or the order? -----------------------------------------------------------------------


def _called_otherwise(judge: Judge, failure: CheckFailed, run: Run) -> Iterator[str]:
    """The same call made a little otherwise comes out right: that is then all there is to say."""
    if failure.right_in(judge.as_first(run)):
        yield (
            f"As the first call of a program it comes out right; here {run.earlier} came before it, and something is"
            " left over from there. What is made at the top of the file, or as the default of a parameter, is made"
            f" only once{', and files stay' if run.files else ''}."
        )
    elif failure.right_in(judge.with_lists(run)):
        yield (
            "With a list in place of the generator it comes out right: a generator has no length and no index, and can"
            " be read only once. list(…) makes a list of it."
        )


def _depends(judge: Judge, failure: CheckFailed, run: Run) -> bool | None:
    """Whether the failure comes under some schedules and not under others; None where that cannot be asked."""
    if failure.question is None or not _several(run):
        return None
    answers = set()
    for strategy in ORDERS:
        other = judge.under(run, strategy)
        if other is None:
            return None
        answers.add(failure.right_in(other))
        if True in answers:
            return True
    return False if False in answers else None


def _order(failure: CheckFailed, run: Run, depends: bool | None, explained: bool) -> Iterator[str]:
    rearranged = REARRANGED in failure.message
    if rearranged and depends:
        yield "Put each result in the place of what it was made from, not in the order of arrival."
    elif rearranged and depends is None:
        yield "Look at the order in which the work is given out, and at that in which the results are put together."
    if depends:
        why = "." if explained or rearranged else ": somewhere a wait or a lock is missing."
        yield f"In another order of {_kinds(run)} it comes out right; in this one it does not{why}"
    elif depends is False and rearranged:
        yield (
            f"They come so in every order of {_kinds(run)} that was tried, so the program itself makes this order. Look"
            " at the order in which the work is given out, and at that in which the results are put together, for"
            " example by sorting or with a set."
        )
    elif depends is False and not explained and failure.kind in RESULTS:
        yield (
            f"The same comes out in every order of {_kinds(run)} that was tried, so look at what each of them does,"
            " and not at when."
        )


def _kinds(run: Run) -> str:
    """Whose order it is: 'threads', 'processes', or of a single one 'main and its thread'."""
    kinds = [kind for kind, tasks in (("thread", run.threads), ("process", run.processes)) if tasks]
    if len(run.threads) + len(run.processes) == 1:
        return f"main and its {kinds[0]}"
    return f"its {' and '.join(map(plural, kinds))}"


def _seen_in(failure: CheckFailed, run: Run) -> Iterator[str]:
    """The call, where the message does not tell it: a check may make several."""
    if f"{run.call.partition('(')[0]}(" not in failure.message:
        yield f"Seen in {run.call}."


def _preemptions(failure: CheckFailed, run: Run) -> str:
    """How many times a task was stopped that could have gone on."""
    count = len(_stops(failure, run))
    if not count:
        return ""
    if count == 1:
        return "1 preemption, the fewest found: once a task is stopped here that could have gone on"
    return f"{count} preemptions, the fewest found: so often a task is stopped here that could have gone on"


# The drawing ----------------------------------------------------------------------------------------------------------


def _drawn(failure: CheckFailed, run: Run) -> str:
    if not _several(run):
        return ""
    if failure.kind in OVER_TIME:
        return explain.time_lanes(run.trace)
    if failure.kind == "interleaving":
        try:
            run.output.assert_whole_blocks()
        except CheckFailed as found:
            failure.steps = found.steps
            return found.lanes
    return explain.lanes(run.trace, source=run.source, highlight=failure.steps, lines=failure.lines)


def _picture(failure: CheckFailed, run: Run) -> Picture | None:
    """The same run for those who draw it otherwise."""
    if failure.kind in OVER_TIME:
        return time_picture(run.trace, critical=failure.speedups is not None)
    return step_picture(run.trace, run.source, failure.steps, _stops(failure, run))


def pictures_of(runs: Sequence[Run]) -> tuple[Picture, ...]:
    """A run of a check that need not have failed: the first one with the most threads and processes, over time and by
    steps. None where each run had only its main thread."""
    if not any(map(_several, runs)):
        return ()
    run = max(runs, key=lambda run: len(run.threads) + len(run.processes))
    drawn = time_picture(run.trace), step_picture(run.trace, run.source)
    return tuple(picture for picture in drawn if picture is not None)


def _stops(failure: CheckFailed, run: Run) -> list[tuple[int, int]]:
    """Where the schedule stopped a task that could have gone on: the step before which, and the task. Known of
    schedules that were chosen, not timed."""
    if not failure.shrunk or not _several(run) or failure.kind in OVER_TIME:
        return []
    return [
        (choice.step, choice.last)
        for choice in run.recording.choices
        if choice.last is not None and choice.preempts(choice.task)
    ]


def _quoted(failure: CheckFailed, run: Run) -> str:
    """The lines that the message names, where nothing is drawn."""
    return "\n".join(quoted_line(run.source, line) for line in sorted(set(failure.lines))[:MOST_QUOTES] if line > 0)


def _several(run: Run) -> bool:
    """Whether the program had more than its main thread."""
    return bool(run.threads or run.processes)
