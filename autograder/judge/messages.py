"""Messages between processes, told to the student: lost, doubled, never read, and who waits for one for ever."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from autograder.judge.failure import CheckFailed, expect, shown
from autograder.model import Finding
from autograder.trace import messages
from autograder.trace.events import Event, Trace
from autograder.trace.lanes import lanes
from autograder.trace.messages import Asking, Endless, Message, Undrained, asked_before, is_end_mark
from autograder.trace.names import task_names

if TYPE_CHECKING:
    from autograder.judge.run import Run

MOST_NAMED = 3
"""Messages that one sentence names."""


def expect_each_once(got: Any, wanted: Iterable[Any], what: str, run: Run) -> None:
    """Fail unless the list has each of the wanted messages just as often as they have, in any order. ``what`` is the
    call as the student would write it, ``got`` what it returned."""
    expected = list(wanted)
    if not isinstance(got, list):
        expect(got, expected, what, run)
        return

    def question(other: Run) -> None:
        expect_each_once(other.value, expected, what, other)

    # By their texts: (1, 2) and [1, 2] are not the same, and what a student returns need not be hashable.
    arrived, asked = Counter(map(repr, got)), Counter(map(repr, expected))
    missing, surplus = asked - arrived, arrived - asked
    strangers = [text for text in surplus if text not in asked]
    if strangers:
        message = f"{what} gave {shown(got)}. {strangers[0][:80]} does not belong there; {next(iter(asked), 'nothing')}"
        raise CheckFailed("wrong value", f"{message} does, for example.", run, question=question)
    count = f"{len(got)} of {len(expected)} messages"
    if missing:
        message = f"{what} gave {count}: {_listed(missing)} {_verb(missing, 'is', 'are')} missing."
        left = [one for one in messages.unread(run.trace) if not is_end_mark(one)]
        if len(left) >= missing.total():
            raise CheckFailed("never read", message, run, question=question)
        raise CheckFailed("lost message", message, run, question=question)
    if surplus:
        message = f"{what} gave {len(got)} messages for {len(expected)}: {_listed(surplus)} came once too often."
        raise CheckFailed("doubled message", message, run, question=question)


def _listed(some: Counter[str]) -> str:
    texts = [text[:40] for text in some.elements()]
    return ", ".join(texts[:MOST_NAMED]) + (f" and {len(texts) - MOST_NAMED} more" if len(texts) > MOST_NAMED else "")


def _verb(some: Counter[str], one: str, several: str) -> str:
    return one if some.total() == 1 else several


# Reasons --------------------------------------------------------------------------------------------------------------


def never_read(run: Run) -> Iterator[str]:
    """Messages that stay where they are."""
    left = messages.unread(run.trace)
    first, givers = left[0].put, {message.put.task for message in left}
    who = f"{task_names(run.trace)[first.task]}{_at(first)}" + (" and others" if len(givers) > 1 else "")
    yield f"{_some(len(left))} put by {who} {'was' if len(left) == 1 else 'were'} never read."
    asked = first_asked(run)
    if asked:
        lines = [event.line for event in run.trace.events if event.step in asked.values()]
        yield (
            f"That a queue or pipe is empty now{_in_lines(lines)} does not say that nothing more will come: read on"
            " until you are told that it was the last one."
        )
    else:
        yield "Whoever reads must not stop before the last one has come."


def first_asked(run: Run) -> dict[int, int]:
    """By task: the step at which it asked for the first time for a message, and there was none."""
    found: dict[int, int] = {}
    for event in run.trace.events:
        if event.op == "poll" and event.value is False and event.line > 0 and "task:" not in event.resource:
            found.setdefault(event.task, event.step)
    return found


def lost(run: Run) -> Iterator[str]:
    """Where messages were lost that are missing from the result."""
    names = task_names(run.trace)
    buried = messages.unsent(run.trace)
    if buried:
        first = buried[0].put
        own = sum(message.put.task == first.task for message in buried)
        yield (
            f"{_some(own)} put by {names[first.task]}{_at(first)} never left it: put() only lays the item into"
            " a buffer of its process, which was ended before it had sent all of it. Let the process end by itself and"
            " join it; terminate(), os._exit() and cancel_join_thread() throw away what is left."
        )
        return
    taken, given = _handled(run)
    dropping = [task for task in taken if task != 0 and len(taken[task]) > len(given[task])]
    if dropping:
        task = dropping[0]
        yield (
            f"{names[task]} took {_some(len(taken[task]))}{_in_lines(taken[task])} and passed on"
            f" {len(given[task])}{_in_lines(given[task])}. What a process has taken nobody else can get: whatever it"
            " reads, it has to use."
        )
        if not given[task]:
            yield "And what it appends to a list, or assigns to a variable, stays in its own memory."


def doubled(run: Run) -> Iterator[str]:
    """Who gave more than it had."""
    names = task_names(run.trace)
    taken, given = _handled(run)
    excess = [task for task in given if task != 0 and 0 < len(taken[task]) < len(given[task])]
    if excess:
        task = excess[0]
        yield (
            f"{names[task]} took {_some(len(taken[task]))}{_in_lines(taken[task])} and gave"
            f" {len(given[task])}{_in_lines(given[task])}: it passes one on twice."
        )


def _handled(run: Run) -> tuple[defaultdict[int, list[int]], defaultdict[int, list[int]]]:
    """By task: the lines at which it took a message, and those at which it gave one away. What only says that there is
    no more is none: whoever reads that need not pass it on."""
    taken: defaultdict[int, list[int]] = defaultdict(list)
    given: defaultdict[int, list[int]] = defaultdict(list)
    for message in messages.messages(run.trace):
        if is_end_mark(message):
            continue
        given[message.put.task].append(message.put.line)
        if message.received is not None:
            taken[message.received.task].append(message.received.line)
    return taken, given


def _some(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


# Findings -------------------------------------------------------------------------------------------------------------


def explain_undrained(found: Undrained, trace: Trace, source: str) -> Finding:
    """A process that is joined while its items are still in the queue."""
    names = task_names(trace)
    joiner, process = names[found.joiner.task], names[found.process]
    put = f" (line {found.put.line})" if found.put is not None and found.put.line > 0 else ""
    lines = tuple(dict.fromkeys([*([found.put.line] if found.put is not None else []), found.joiner.line]))
    message = (
        f"{joiner} waits at line {found.joiner.line} for the end of {process}, and {process} cannot end: what it put"
        f" into its queue{put} is still there, and the pipe beneath the queue takes no more until somebody reads. Get"
        " everything out of the queue first, then join."
    )
    return Finding("not drained", message, lines, lanes(trace, source=source, lines=lines))


def explain_endless(found: Endless, trace: Trace, source: str, call: str) -> Finding:
    """A task that waits for one more message."""
    names = task_names(trace)
    wait, joiner = found.waiting, found.joiner
    who = names[wait.task]
    way = f"at line {wait.line}" + (f" in {wait.via}" if wait.via else "")
    if joiner is not None:
        what = f"{names[joiner.task]} waits at line {joiner.line} for the end of {who}, and {who} never ends: it waits"
    else:
        what = f"When {call} came back, {who} was still there, and it never ends: it waits"
    asked = asked_before(trace, wait.task)
    told = _told_of_the_end(wait.task, trace)
    if told is not None:
        rule = (
            f" The last one that it got{_at(told)} may well be the None that says so: when that comes, it has to"
            " return, and not to wait again."
        )
    else:
        rule = (
            " Tell each reader when it has got the last one: send it None, for example, once for each reader, and let"
            " it return then."
        )
    if asked is not None:
        rule = (
            f" It had asked before (line {asked.line}), and there was a message then; another reader has taken it in"
            f" between.{rule}"
        )
    message = f"{what} {way} for a message that nobody sends.{rule}"
    if wait.via.startswith("Connection.") and "EOFError" in source:
        message += (
            " An EOFError comes only when nobody has the other end of the pipe any more: close it in each process that"
            " has it, the worker too, which got a copy of it when it was forked."
        )
    lines = tuple(dict.fromkeys(line for line in (wait.line, joiner.line if joiner else 0) if line > 0))
    return Finding("never ends", message, lines, lanes(trace, source=source, lines=lines))


def _told_of_the_end(task: int, trace: Trace) -> Event | None:
    """Where a task got its last message, if that was as short as the one that says that there is no more."""
    got = [one for one in messages.messages(trace) if one.received is not None and one.received.task == task]
    last: Message | None = max(got, key=lambda one: one.received.step if one.received else 0, default=None)
    return last.received if last is not None and is_end_mark(last) else None


def explain_asking(found: Asking, trace: Trace, source: str) -> Finding:
    """A task that asks again and again."""
    who, first = task_names(trace)[found.first.task], found.first
    message = (
        f"{who} does not wait, it asks again and again whether there is a message, {found.times} times in a row"
        f"{f' with {first.via}' if first.via else ''}{_at(first)}. That keeps a core busy, or comes too late. recv() of"
        " a connection and get() of a queue wait by themselves until there is one."
    )
    return Finding("busy waiting", message, (first.line,), lanes(trace, source=source, highlight=(first.step,)))


def _at(event: Event) -> str:
    return f" (line {event.line})" if event.line > 0 else ""


def _in_lines(lines: Collection[int]) -> str:
    """The lines in brackets, "" where none is known."""
    known = [str(line) for line in sorted({line for line in lines if line > 0})]
    if not known:
        return ""
    return f" (line {known[0]})" if len(known) == 1 else f" (lines {', '.join(known[:-1])} and {known[-1]})"
