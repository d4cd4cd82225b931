"""What the trace shows, told to the student: what happened, which rule it broke, what to do about it.

Every function here turns one finding of `autograder.trace` into a `Finding`: a message of one to three sentences and
the run as a drawing. Tasks go by their names, source lines by number and text. The same trace gives the same text on
every machine; no address, path or date is in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.judge.failure import listed
from autograder.model import Finding
from autograder.trace.events import PLAIN_KINDS, Event, Resource, Task, Trace
from autograder.trace.lanes import lanes
from autograder.trace.locks import exclusive_locks, kind_of
from autograder.trace.marks import OWN_LOCK
from autograder.trace.names import MEMORY_KINDS, quoted_line, resource_names, shorten, source_line, task_names
from autograder.trace.output import Interruption, LineProblem
from autograder.trace.parallelism import Serialised
from autograder.trace.races import DataRace, LostUpdate, TakenOver
from autograder.trace.timeline import time_lanes

__all__ = [
    "at",
    "explain_data_race",
    "explain_interruption",
    "explain_line_problem",
    "explain_lost_update",
    "explain_serialised",
    "explain_taken_over",
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
        f"The outputs of {one} and {other} are mixed: {one} had written {_text(found.before.text)}{at(before)} and was"
        f" not done, then {other} wrote {_text(found.intruder.text)}{at(intruder)}."
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
        refused = _refused(intruder if mine else before, trace, min(mine or theirs))
        if refused:
            return (
                f"{holding} holds {lock} there. {free} asked for it{at(refused)}, did not get it, and goes on all the"
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


def _refused(event: Event, trace: Trace, lock: str = "") -> Event | None:
    """The last time before this event that its task asked for the lock (where none is named, for any that the program
    takes), if it did not get it."""
    asked = [
        one
        for one in trace.events
        if one.task == event.task and one.op == "acquire" and one.step < event.step
        if (one.resource == lock if lock else one.line > 0 and not one.via.startswith(OWN_LOCK))
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
    who = listed((names[task] for task in found.tasks), most=None)
    lines = listed(map(str, found.lines), most=None)
    where = f" (line{'s' if len(found.lines) > 1 else ''} {lines})" if lines else ""
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


def explain_lost_update(found: LostUpdate, trace: Trace, source: str) -> Finding:
    """A read and store of shared memory that another store can enter."""
    names, called = task_names(trace), resource_names(trace, source)
    read, store, other = found.read, found.store, found.other
    one, two = names[read.task], names[other.task]
    thing = _cell(read, trace, called)
    loss, stores = ("got", "stores") if found.happened else ("can get", "can store")
    what = (
        f"An update of {thing} {loss} lost: {one} reads it{at(read)} and stores a new value{at(store)}; in between"
        f" {two} {stores} another one{at(other)}, which is then overwritten."
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


def explain_taken_over(found: TakenOver, trace: Trace, source: str) -> Finding:
    """What a task left in shared memory for itself, and found to be another one's."""
    names, called = task_names(trace), resource_names(trace, source)
    store, other, read = found.store, found.other, found.read
    thing, one, two = _cell(read, trace, called), names[read.task], names[other.task]
    message = (
        f"{one} stores something in {thing}{at(store)}, {two} something else{at(other)}, and {one} then reads"
        f" that{at(read)}: they share it. Let each have a variable of its own: a local one, an argument, or what a"
        " function returns."
    )
    steps = _steps(store, other, read)
    drawing = lanes(trace, source=source, highlight=steps)
    return Finding("race", message, _lines(store, other, read), drawing, steps=steps)


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
    given_up = _refused(read, trace)
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
            f"{one} asked for {called.get(given_up.resource, 'the lock')}{at(given_up)}, did not get it, and went on"
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


def explain_data_race(found: DataRace, trace: Trace, source: str) -> Finding:
    """Two accesses of shared memory that nothing puts in order."""
    names, called = task_names(trace), resource_names(trace, source)
    first, second = found.first, found.second
    done = {"read": "reads", "store": "stores"}
    message = (
        f"{names[first.task]} {done[first.op]} {_cell(first, trace, called)}{at(first)} and {names[second.task]}"
        f" {done[second.op]} it{at(second)}, and nothing decides which of them comes first. Hold the same lock at"
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


def at(event: Event) -> str:
    return f" (line {event.line})" if event.line > 0 else ""


def _lines(*events: Event) -> tuple[int, ...]:
    return tuple(dict.fromkeys(event.line for event in events if event.line > 0))


def _steps(*events: Event) -> tuple[int, ...]:
    return tuple(event.step for event in events)


def _text(text: str, length: int = 30) -> str:
    """A piece of output in quotation marks, as Python writes it."""
    return shorten(repr(text), length)
