"""What the trace shows, told to the student: what happened, which rule it broke, what to do about it.

Every function here turns one finding of `autograder.trace` into a `Finding`: a message of one to three sentences and
the run as a drawing. Tasks go by their names, source lines by number and text. The same trace gives the same text on
every machine; no address, path or date is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from autograder.model import Finding
from autograder.trace import messages
from autograder.trace.deadlock import Deadlock, Waiting
from autograder.trace.events import PLAIN_KINDS, Event, Resource, Task, Trace
from autograder.trace.lanes import lanes
from autograder.trace.locks import exclusive_locks, kind_of
from autograder.trace.marks import OWN_LOCK
from autograder.trace.names import MEMORY_KINDS, quoted_line, resource_names, shorten, source_line, task_names
from autograder.trace.output import Interruption, LineProblem
from autograder.trace.parallelism import Serialised
from autograder.trace.races import DataRace, LostUpdate
from autograder.trace.timeline import time_lanes

__all__ = [
    "explain_data_race",
    "explain_deadlock",
    "explain_interruption",
    "explain_line_problem",
    "explain_lost_update",
    "explain_serialised",
    "lanes",
    "resource_names",
    "shorten",
    "task_names",
    "time_lanes",
    "way_to_wait",
]

LOCK_OF_THREADS = (
    "Each holds a lock, but not the same one: a lock of the module threading lives in one process, and each process has"
    " a copy of its own. Make one multiprocessing.Lock and let all processes take that one."
)

MOST_WAITS = 4
"""Waiting tasks that one message names."""

HIDDEN_BY_THE_GIL = (
    "On today's builds of Python, with the GIL, a plain run hardly ever shows this; the language allows it, and"
    " free-threaded builds do it."
)


def explain_interruption(found: Interruption, trace: Trace, source: str) -> Finding:
    """One task's output entered by another's."""
    names = task_names(trace)
    before, intruder, after = (_event(trace, write.step) for write in (found.before, found.intruder, found.after))
    one, other = names[found.task], names[found.intruder.task]
    what = (
        f"The outputs of {one} and {other} are mixed: {one} had written {_text(found.before.text)}{_at(before)} and was"
        f" not done, then {other} wrote {_text(found.intruder.text)}{_at(intruder)}."
    )
    return Finding(
        "interleaving",
        f"{what} {_why_not_kept_out(before, intruder, after, trace, source)}",
        _lines(before, intruder, after),
        lanes(trace, source=source, highlight=_steps(before, intruder, after)),
        steps=_steps(before, intruder, after),
    )


def _why_not_kept_out(before: Event, intruder: Event, after: Event, trace: Trace, source: str) -> str:
    """Why the locks, if there are any, did not keep the intruder out, and what would."""
    names = task_names(trace)
    one, other = names[before.task], names[intruder.task]
    mine, theirs = _locks(before, trace), _locks(intruder, trace)
    called = resource_names(trace, source)
    if not mine and not theirs:
        counted = {event.task for event in trace.events if "Semaphore" in event.via and event.step < intruder.step}
        if {before.task, intruder.task} <= counted:
            return (
                f"{one} and {other} have both got the semaphore: it counts to more than 1 and lets so many in. Use a"
                " Lock, which lets in one at a time."
            )
        return "No lock is held at either line: all that must stay together has to be written under one lock."
    if not mine or not theirs:
        free, holding = (one, other) if not mine else (other, one)
        lock = called.get(min(mine or theirs), "a lock")
        refused = _refused(intruder if mine else before, min(mine or theirs), trace)
        if refused:
            return (
                f"{holding} holds {lock} there. {free} asked for it{_at(refused)}, did not get it, and goes on all the"
                " same: acquire() that does not wait, or only for a time, gives False then. Let it wait: with a with"
                " statement, or acquire() without arguments."
            )
        return f"{holding} holds {lock} there, {free} holds no lock: a lock only works if every task takes it."
    shared = sorted(set(mine) & set(theirs))
    if not shared:
        return _not_the_same(min(mine), min(theirs), trace, source)
    if mine[shared[0]] != _locks(after, trace).get(shared[0]):
        return (
            f"{one} gives {called.get(shared[0], 'the lock')} back between its writes, and {other} takes it there: hold"
            " the lock from the first write to the last."
        )
    return f"Both hold {called.get(shared[0], 'the lock')} at once, so it lets more than one in: use a Lock."


def _refused(event: Event, lock: str, trace: Trace) -> Event | None:
    """The last time before this event that its task asked for the lock, where it did not get it."""
    asked = [
        one
        for one in trace.events
        if one.task == event.task and one.resource == lock and one.op == "acquire" and one.step < event.step
    ]
    return asked[-1] if asked and asked[-1].value is False else None


def _not_the_same(mine: str, theirs: str, trace: Trace, source: str) -> str:
    """Two locks where there should be one."""
    called = resource_names(trace, source)
    first, second = trace.resources[mine], trace.resources[theirs]
    if _of_two_processes(first, second):
        return LOCK_OF_THREADS
    text = source_line(source, first.line).strip()
    if first.line == second.line and text:
        made = re.findall(r"(?:Lock|Semaphore|Condition)\(", text)
        if not made:
            how = "has made one for each of them"  # the lock comes from elsewhere, such as a defaultdict
        elif len(made) > 1 or " for " in text:
            how = "makes several"
        else:
            how = "runs once for each of them and makes a new lock each time"
        return (
            f"Each holds a lock, but not the same one: line {first.line} ({text}) {how}. Make one lock for the whole"
            " program and let all tasks take that one."
        )
    return (
        f"Each holds a lock, but not the same one ({called[first.id]} and {called[second.id]}): tasks keep each"
        " other out only if they take the same lock."
    )


def _of_two_processes(one: Resource, other: Resource) -> bool:
    """Whether these are two processes' copies of a lock that threads share."""
    return None not in (one.process, other.process) and one.process != other.process


def explain_line_problem(found: LineProblem, trace: Trace, source: str) -> Finding:
    """A line of the output that is not as it should be."""
    names = task_names(trace)
    text = _text(found.text, 80)
    who = _join(names[task] for task in found.tasks)
    where = f" (line{'s' if len(found.lines) > 1 else ''} {_join(map(str, found.lines))})" if found.lines else ""
    if found.kind == "torn":
        message = (
            f"Line {found.number} of the output, {text}, was written by {who} together{where}: between the pieces of"
            f" one task's line another task wrote. {_why_torn(found, trace, source)}"
        )
    elif found.kind == "missing" and found.number:
        message = f"The line {text} is missing from the output; there is {_text(found.other, 80)} instead{where}."
    elif found.kind == "missing":
        message = f"The line {text} is missing from the output."
    elif found.kind == "doubled":
        message = f"The line {text} is in the output once too often: {who} wrote it again{where}."
    elif found.kind == "extra":
        message = f"The output has a line that does not belong there: {text}, written by {who}{where}."
    else:
        message = f"Line {found.number} of the output is {text}; {_text(found.other, 80)} must stand there."
    kind = "interleaving" if found.kind == "torn" else "wrong output"
    drawing = lanes(trace, source=source, highlight=found.steps)
    return Finding(kind, message, found.lines, drawing, steps=found.steps)


def _why_torn(found: LineProblem, trace: Trace, source: str) -> str:
    """What would have kept the line whole. Where there is a lock already, why it did not."""
    pieces = [_event(trace, step) for step in sorted(found.steps)]
    for before in pieces:
        intruder = next((piece for piece in pieces if piece.step > before.step and piece.task != before.task), None)
        later = (event for event in trace.events if event.op == "write" and event.task == before.task)
        after = next((event for event in later if intruder is not None and event.step > intruder.step), None)
        if intruder is not None and after is not None and (_locks(before, trace) or _locks(intruder, trace)):
            return _why_not_kept_out(before, intruder, after, trace, source)
    return (
        "print() writes its text and its line break apart; write the whole line at once, its \\n included, or hold a"
        " lock around it."
    )


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
    at = f" at line {wait.line}" if wait.line > 0 else ""
    holder = "" if wait.holder is None else names[wait.holder]
    call = f" in {wait.via}" if wait.via else ""
    if wait.op == "join":
        return f"{who} waits{at} for the end of {holder}"
    if wait.op == "acquire" and wait.via.endswith("Queue.get") and holder:
        return f"{who} waits{at}{call} until it is its turn, behind {holder}"
    if wait.op in ("acquire", "wait") and wait.resource in called:
        thing = called[wait.resource]
        if wait.holder == wait.task:
            since = _since(wait, trace)
            return f"{who} waits{at} for {thing}, which it holds itself{f', since line {since}' if since else ''}"
        if wait.reason == "ended":
            return f"{who} waits{at} for {thing}, which {holder} took and did not give back before it ended"
        return f"{who} waits{at} for {thing}" + (f", which {holder} holds" if holder else ", which nobody gives back")
    if wait.op in ("receive", "poll"):
        return f"{who} waits{at}{call} for a message that nobody sends"
    if wait.op == "send":
        return f"{who} waits{at}{call} for room in a pipe that nobody reads"
    if holder:
        return f"{who} waits{at}{call} for {holder}"
    return f"{who} waits{at}{call} for something that nobody will give"


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
    there = f"{some} that {names[first.put.task]} sent{_at(first.put)}{', and others,' if len(givers) > 1 else ''}"
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
        f"{never}: {names[last.task]}, which read the ones before{_at(last)}, has ended. A reader may end only when it"
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


def explain_lost_update(found: LostUpdate, trace: Trace, source: str) -> Finding:
    """A read and store of shared memory that another store can enter."""
    names, called = task_names(trace), resource_names(trace, source)
    read, store, other = found.read, found.store, found.other
    one, two = names[read.task], names[other.task]
    thing = _cell(read, trace, called)
    loss, stores = ("got", "stores") if found.happened else ("can get", "can store")
    what = (
        f"An update of {thing} {loss} lost: {one} reads it{_at(read)} and stores a new value{_at(store)}; in between"
        f" {two} {stores} another one{_at(other)}, which is then overwritten."
    )
    rule = _why_lost(read, store, other, trace, source)
    if kind_of(trace, read.resource) in PLAIN_KINDS and read.line == store.line:
        rule += " " + HIDDEN_BY_THE_GIL
    return Finding(
        "race",
        f"{what} {rule}",
        _lines(read, store, other),
        lanes(trace, source=source, highlight=_steps(read, store, other)),
        steps=_steps(read, store, other),
    )


def _why_lost(read: Event, store: Event, other: Event, trace: Trace, source: str) -> str:
    """Why the locks, if there are any, did not keep the other store out, and what would."""
    names, called = task_names(trace), resource_names(trace, source)
    one, two = names[read.task], names[other.task]
    mine, until, theirs = _locks(read, trace), _locks(store, trace), _locks(other, trace)
    both = sorted(set(mine) & set(until))
    # A Value or an Array takes its own lock for each access. That is none that the program took.
    taken, kept, asks = _taken(mine, trace), _taken(until, trace), _taken(theirs, trace)
    whole = [lock for lock in sorted(taken) if kept.get(lock) == taken[lock]]
    if whole and asks:
        return _not_the_same(whole[0], min(asks), trace, source)
    if whole:
        return f"{one} holds {called.get(whole[0], 'a lock')}, {two} does not: every task has to take it."
    name = next((called[lock] for lock in sorted({**taken, **kept}) if lock in called), "the lock")
    own = f", with {called.get(read.resource)}.get_lock()" if kind_of(trace, read.resource) in MEMORY_KINDS else ""
    given_up = _given_up(read, trace)
    if taken and kept:
        if set(taken) & set(kept):
            return (
                f"The read and the store are each under {name}, but it is given back in between: hold it from the read"
                " to the store."
            )
        return "The read and the store are under two different locks: hold one and the same from the read to the store."
    if taken:
        return f"{name} is held at the read, and given back before the store: hold it from the read to the store."
    if kept:
        return f"{name} is held at the store, and taken only after the read: hold it from the read to the store."
    if given_up is not None:
        return (
            f"{one} asked for {called.get(given_up.resource, 'the lock')}{_at(given_up)}, did not get it, and went on"
            " all the same. acquire() that does not wait, or not for long, returns False then: take the lock with a"
            " with statement."
        )
    if asks:
        lock = called.get(min(asks), "a lock")
        return f"{two} holds {lock} there, {one} does not: every task has to hold it, from the read to the store{own}."
    if both:
        return (
            f"{called.get(both[0], 'Its lock')} is taken for each access alone, and between the read and the store"
            f" nobody holds it. Hold it around both{own}."
        )
    rule = "Hold one lock, the same in every task, from the read to the store"
    own = ", or let each have a variable of its own" if kind_of(trace, read.resource) in PLAIN_KINDS else ""
    return f"{rule}{own}."


def _taken(held: dict[str, int], trace: Trace) -> dict[str, int]:
    """Of the locks held, those that the program took, not a ``Value`` or an ``Array`` for a single access."""
    by_itself = {event.step for event in trace.events if event.op == "acquire" and event.via.startswith(OWN_LOCK)}
    return {lock: since for lock, since in held.items() if since not in by_itself}


def _given_up(read: Event, trace: Trace) -> Event | None:
    """The last attempt of the task to get a lock before the read, if it failed."""
    tries = [
        event
        for event in trace.events
        if event.task == read.task and event.op == "acquire" and event.step < read.step and event.line > 0
        if not event.via.startswith(OWN_LOCK)
    ]
    return tries[-1] if tries and tries[-1].value is False else None


def explain_data_race(found: DataRace, trace: Trace, source: str) -> Finding:
    """Two accesses of shared memory that nothing puts in order."""
    names, called = task_names(trace), resource_names(trace, source)
    first, second = found.first, found.second
    done = {"read": "reads", "store": "stores"}
    message = (
        f"{names[first.task]} {done[first.op]} {_cell(first, trace, called)}{_at(first)} and {names[second.task]}"
        f" {done[second.op]} it{_at(second)}, and nothing decides which of them comes first. Hold the same lock at"
        " both, or let one wait for the other's end."
    )
    steps = _steps(first, second)
    return Finding("race", message, _lines(first, second), lanes(trace, source=source, highlight=steps), steps=steps)


def explain_serialised(found: Serialised, trace: Trace, source: str) -> Finding:
    """Tasks that are made one after the other."""
    names = task_names(trace)
    joiner, first, second = names[found.joiner], names[found.first], names[found.second]
    message = (
        f"{joiner} starts {first} (line {found.create_line}), waits for its end (line {found.join_line}) and only then"
        f" starts {second} (line {found.next_line}): they run one after the other, never side by side. Start all of"
        " them first, then join them all."
    )
    lines = tuple(sorted({found.create_line, found.join_line, found.next_line} - {0}))
    quotes = [quoted_line(source, line) for line in lines]
    return Finding("not parallel", message, lines, "\n".join([time_lanes(trace), *quotes]).strip("\n"))


def way_to_wait(left: Sequence[Task], trace: Trace, source: str) -> str:
    """What to do about tasks that were still at work when the call came back: nobody can join the workers of an
    executor or a pool by hand, and who has waited for a time only is told where."""
    first = left[0]
    made = {event.resource: event.via for event in trace.events if event.op == "create"}
    if any(_is_executors(task, made) for task in left):
        for number, line in enumerate(source.split("\n"), 1):
            if _NO_WAIT.search(line):
                return (
                    f"The shutdown() at line {number} does not wait for them: leave wait=False out, or leave the"
                    " executor by a with block, before you return."
                )
        return "Leave the executor by a with block, or call its shutdown(), before you return."
    if any("PoolWorker" in task.name for task in left):
        return "Close the pool and join it (or use a with block) before you return."
    resources = {f"task:{task.id}" for task in left}
    for event in trace.events:
        # Asking whether it has ended, is_alive(), is no join.
        gave_up = event.op == "join" and event.value is False and (not event.via or event.via.endswith("join"))
        if gave_up and event.resource in resources and event.line > 0:
            return (
                f"The join at line {event.line} has a time limit, and gave up: join without one, which waits until the"
                " end, however long it takes."
            )
    them = "each" if len(left) > 1 else "it"
    for event in trace.events:
        if event.op == "sleep" and event.task == first.parent and event.line > 0 and event.at > first.created:
            return (
                f"The sleep at line {event.line} was over before. No sleep is long enough on every computer: wait for"
                f" {them} with join(), without a time limit."
            )
    return f"Wait for {them} with join(), without a time limit, before you return."


_NO_WAIT = re.compile(r"^[^#]*\.shutdown\(\s*(?:wait\s*=\s*)?False\b")


def _is_executors(task: Task, made: Mapping[str, str]) -> bool:
    """Whether this is a worker of an executor of `concurrent.futures`."""
    by = made.get(f"task:{task.id}", "")
    return task.name.startswith("ThreadPoolExecutor") or by.startswith("ProcessPoolExecutor")


# Words ----------------------------------------------------------------------------------------------------------------


def _event(trace: Trace, step: int) -> Event:
    return next(event for event in trace.events if event.step == step)


def _locks(event: Event, trace: Trace) -> dict[str, int]:
    """The locks held at an event, each with the step at which the hold began. What a library counts or signals with,
    inside of a barrier for example, keeps nobody out and is none."""
    exclusive = exclusive_locks(trace)
    return {lock: since for lock, since in reversed(event.held) if lock in exclusive}


def _cell(event: Event, trace: Trace, called: dict[str, str]) -> str:
    name = called.get(event.resource, "the shared memory")
    return f"{name}[{event.value}]" if kind_of(trace, event.resource) == "Array" else name


def _at(event: Event) -> str:
    return f" (line {event.line})" if event.line > 0 else ""


def _lines(*events: Event) -> tuple[int, ...]:
    return tuple(dict.fromkeys(event.line for event in events if event.line > 0))


def _steps(*events: Event) -> tuple[int, ...]:
    return tuple(event.step for event in events)


def _text(text: str, length: int = 30) -> str:
    """A piece of output in quotation marks, as Python writes it."""
    return shorten(repr(text), length)


def _join(parts: Iterable[str]) -> str:
    """'a, b and c'"""
    *most, last = [*parts] or [""]
    return f"{', '.join(most)} and {last}" if most else last
