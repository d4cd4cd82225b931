"""A deadlock, told to the student: who waits where and for whom, and which rule was broken."""

from __future__ import annotations

from autograder.judge.explain import at, lanes, resource_names, task_names
from autograder.model import Finding
from autograder.trace import messages
from autograder.trace.deadlock import Deadlock, Waiting
from autograder.trace.events import Trace
from autograder.trace.locks import kind_of
from autograder.trace.marks import OWN_LOCK

MOST_WAITS = 4
"""Waiting tasks that one message names."""


def explain_deadlock(found: Deadlock, trace: Trace, source: str) -> Finding:
    """Tasks that wait for ever."""
    names, called = task_names(trace), resource_names(trace, source)
    shown = [wait for wait in found.waits if wait.line > 0 or wait.task == 0] or list(found.waits)
    if found.kind == "cycle":
        shown = list(found.waits)
    told = "; ".join(_waits(wait, names, called, trace) for wait in shown[:MOST_WAITS])
    more = f"; {len(shown) - MOST_WAITS} more wait as well" if len(shown) > MOST_WAITS else ""
    lines = tuple(dict.fromkeys(wait.line for wait in shown if wait.line > 0))
    holds = _last_holds(found, trace)
    return Finding(
        "deadlock",
        f"Deadlock, nothing can go on: {told}{more}. {_way_out(found, trace, called)}",
        lines,
        lanes(trace, source=source, highlight=holds, lines=lines),
        steps=holds,
    )


def _waits(wait: Waiting, names: dict[int, str], called: dict[str, str], trace: Trace) -> str:
    """'a waits at line 6 for lock_b, which b holds'"""
    who = names[wait.task]
    where = f" at line {wait.line}" if wait.line > 0 else ""
    holder = "" if wait.holder is None else names[wait.holder]
    call = f" in {wait.via}" if wait.via else ""
    if wait.op == "join":
        return f"{who} waits{where} for the end of {holder}"
    if wait.op == "acquire" and wait.via.endswith("Queue.get") and holder:
        return f"{who} waits{where}{call} until it is its turn, behind {holder}"
    if wait.op in ("acquire", "wait") and wait.resource in called:
        thing = called[wait.resource]
        if wait.holder == wait.task:
            since = _since(wait, trace)
            return f"{who} waits{where} for {thing}, which it holds itself{f', since line {since}' if since else ''}"
        if wait.reason == "ended":
            return f"{who} waits{where} for {thing}, which {holder} took and did not give back before it ended"
        return f"{who} waits{where} for {thing}" + (
            f", which {holder} holds" if holder else ", which nobody gives back"
        )
    if wait.op in ("receive", "poll"):
        return f"{who} waits{where}{call} for a message that nobody sends"
    if wait.op == "send":
        return f"{who} waits{where}{call} for room in a pipe that nobody reads"
    if holder:
        return f"{who} waits{where}{call} for {holder}"
    return f"{who} waits{where}{call} for something that nobody will give"


def _since(wait: Waiting, trace: Trace) -> int:
    """The line at which a task got the lock that it waits for once more; 0 where that is not known."""
    lines = [
        event.line
        for event in trace.events
        if event.task == wait.task and event.resource == wait.resource and event.op == "acquire" and event.value
    ]
    return max(0, lines[-1]) if lines else 0


def _way_out(found: Deadlock, trace: Trace, called: dict[str, str]) -> str:
    """The rule that was broken."""
    first = found.waits[0]
    ops = {wait.op for wait in found.waits}
    for wait in found.waits:
        taken = any(event.resource == wait.resource and event.op == "acquire" for event in trace.events)
        if wait.op == "acquire" and wait.holder is not None and not taken:
            lock, holder = called.get(wait.resource, "the lock"), task_names(trace)[wait.holder]
            return (
                f"{holder} took {lock} in an earlier call and did not give it back. Take it with a with statement: it"
                " is given back then whatever happens, an exception too."
            )
    if found.kind == "cycle":
        if len(found.waits) == 1 and first.op == "acquire":
            rule = f"A {kind_of(trace, first.resource) or 'Lock'} can be taken only once before it is given back."
            if first.via.startswith(OWN_LOCK):
                return (
                    f"{rule} Each access of a Value or an Array takes its lock by itself: leave lock=Lock() out, and it"
                    " gets an RLock, which the task that holds it can take again."
                )
            elsewhere = _since(first, trace) not in (0, first.line)
            return f"{rule} Take it in one place, not in both." if elsewhere else rule
        if ops == {"acquire"}:
            return "Take the locks in the same order in every task."
        if ops == {"send"}:
            return "Each sends and neither reads. A pipe holds only so much: read each answer before the next question."
        if ops == {"acquire", "join"}:
            return "Do not wait for a task's end while holding a lock that the task still needs."
        return "Each waits for the next one and the last for the first: one of them has to go on without waiting."
    if first.reason == "ended":
        lock = called.get(first.resource, "the lock")
        return f"Take {lock} with a with statement: it is given back then whatever happens, an exception too."
    if "send" in ops:
        return "A pipe holds only so much: whoever sends must wait until the other end has read. Read before you go on."
    if any(
        wait.op == "wait" and wait.via.startswith("Queue.") and trace.tasks[wait.task].process for wait in found.waits
    ):
        return "A queue.Queue is for threads: each process has a copy of its own. Use a multiprocessing.Queue."
    if first.op in ("receive", "poll") or first.via.partition(".")[0].endswith(("Queue", "Connection")):
        return _not_sent(found, trace)
    if first.op == "acquire":
        return "Whoever takes a lock has to give it back."
    if first.via.startswith(("ApplyResult.", "IMapIterator.")) and any(event.op == "kill" for event in trace.events):
        return (
            "The pool has been ended before: at the end of its with block, or at terminate(), it throws away all that"
            " is not done yet. Ask for the results before that."
        )
    return "Whatever is waited for has to be given by another task that still runs."


def _not_sent(found: Deadlock, trace: Trace) -> str:
    """Why a message does not come, where the run tells it."""
    names = task_names(trace)
    gone = _gone_partner(found.waits[0], trace)
    if gone:
        return f"{gone} has ended by then. Whoever is asked has to answer."
    if any((task.exitcode or 0) > 0 for task in trace.tasks):
        return "One of the processes had died by then."
    for wait in found.waits:
        asked = messages.asked_before(trace, wait.task) if wait.op in ("receive", "poll") else None
        if asked is not None:
            return (
                f"{names[wait.task]} had asked before (line {asked.line}), and there was a message then; another reader"
                " has taken it in between. Tell each reader when there is no more, once for each reader."
            )
    left = [one for one in messages.unread(trace) if not messages.is_end_mark(one)]
    if left:
        return _left(left, trace)
    return "What is waited for must be sent: tell the reader when there is no more, once for each reader."


def _left(left: list[messages.Message], trace: Trace) -> str:
    """Messages that are there, while somebody waits for others."""
    names, first = task_names(trace), left[0]
    givers = {one.put.task for one in left}
    some = "1 message" if len(left) == 1 else f"{len(left)} messages"
    there = f"{some} that {names[first.put.task]} sent{at(first.put)}{', and others,' if len(givers) > 1 else ''}"
    never = f"{there} {'was' if len(left) == 1 else 'were'} never read"
    pipe = first.sent.resource if first.sent is not None else ""
    readers = [
        one.received
        for one in messages.messages(trace)
        if one.received is not None and one.sent is not None and one.sent.resource == pipe
    ]
    if not readers:
        return f"{there} {'lies' if len(left) == 1 else 'lie'} where nobody reads."
    last = readers[-1]
    if trace.tasks[trace.tasks[last.task].process].ended is None:
        return f"{never}."
    return (
        f"{never}: {names[last.task]}, which read the ones before{at(last)}, has ended. A reader may end only when it"
        " knows that nobody will send anything more."
    )


def _gone_partner(wait: Waiting, trace: Trace) -> str:
    """The process at the other end of the connection at which a task waits for a message, if that process has ended,
    and how it is known; "" if not."""
    # Who puts things onto a queue for others may well be done before they are.
    if wait.op != "receive" or not wait.via.startswith("Connection."):
        return ""
    senders = [event.task for event in trace.events if event.op == "send" and event.resource == wait.resource]
    got = [
        one.received.task
        for one in messages.messages(trace)
        if one.received is not None and one.put.task == wait.task and one.put.via.startswith("Connection.")
    ]
    partners = [(task, "sent what came before") for task in senders] or [(task, "got what was sent") for task in got]
    if not partners:
        return ""
    task, known = partners[-1]
    process = trace.tasks[trace.tasks[task].process]
    if process.ended is None or process.id == 0:
        return ""
    return f"{task_names(trace)[process.id]}, which {known},"


def _last_holds(found: Deadlock, trace: Trace) -> tuple[int, ...]:
    """The steps at which the tasks got the locks that are waited for now."""
    wanted = {wait.resource for wait in found.waits if wait.op == "acquire"}
    latest: dict[str, int] = {}
    for event in trace.events:
        if event.resource in wanted and event.op == "acquire" and event.value is True:
            latest[event.resource] = event.step
    return tuple(sorted(latest.values()))
