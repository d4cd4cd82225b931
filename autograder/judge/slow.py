"""Why a call took so long: what its critical path is made of, in one sentence and as a drawing.

The critical path is the chain of things of which each had to wait for the one before (`trace.parallelism`). Only what
shortens it makes the program faster, so it is where a student has to look: at the join in the start loop, the lock that
is held during the work, the main thread that does it all itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.model import Finding
from autograder.trace.events import Trace
from autograder.trace.locks import is_lock
from autograder.trace.names import quoted_line, resource_names, task_names
from autograder.trace.parallelism import Waits, children, critical_path, peak_requests, serialised, waits, work
from autograder.trace.timeline import critical_lanes, time_lanes

if TYPE_CHECKING:
    from autograder.judge.run import Run


def explain_slow(trace: Trace, source: str) -> Finding:
    """A call that took longer than it should: what its time went into, and the critical path drawn."""
    names = task_names(trace)
    message, lines = _what_took_long(trace, names, resource_names(trace, source))
    drawing, title = critical_lanes(trace), "critical path: whom the end of the call waited for"
    if not drawing:
        drawing, title = time_lanes(trace), ""
    if drawing:
        quotes = [quoted_line(source, line) for line in lines]
        drawing = "\n".join([*([title] if title else []), drawing, *quotes])
    return Finding("not parallel", message, lines, drawing)


def why_slow(run: Run) -> Finding:
    """What the time of a run went into, for a check that asks for it in its own words: its message and its lines."""
    return explain_slow(run.trace, run.source)


def _what_took_long(trace: Trace, names: dict[int, str], called: dict[str, str]) -> tuple[str, tuple[int, ...]]:
    """The reason in words, with its lines; the first that holds of those that leave most to gain."""
    total, made = trace.elapsed, children(trace)
    found = serialised(trace)
    if found is not None:
        lines = tuple(sorted({found.create_line, found.join_line, found.next_line} - {0}))
        first, second, who = names[found.first], names[found.second], names[found.joiner]
        return (
            f"{who} starts {first} (line {found.create_line}), waits for its end (line {found.join_line}) and only then"
            f" starts {second} (line {found.next_line}): one after the other. Start all of them first, then join all."
        ), lines
    if not made:
        return "No thread or process was started: the main thread did all of it.", ()
    found_waits = waits(trace)
    for wait in found_waits:
        if wait.op == "acquire" and wait.task and wait.seconds > total / 4 and is_lock(trace, wait.resource):
            lock = called.get(wait.resource, "a lock")
            return (
                f"{names[wait.task]} waits {wait.seconds:.2f} s for {lock} at line {wait.line}: whoever works holds it,"
                " so only one works at a time. Hold a lock only for the moment in which something shared is touched."
            ), (wait.line,)
    path: dict[int, float] = {}
    for segment in critical_path(trace):
        if segment.kind == "work":
            path[segment.task] = path.get(segment.task, 0.0) + segment.seconds
    # A pool's helper threads may stand on the path for it: they take over what the main thread has made.
    own = max(path.get(0, 0.0), trace.tasks[0].work)
    if own > total / 2:
        return (
            f"{names[0]} itself works for {own:.2f} s of the {total:.2f} s: give that work to the"
            f" {'processes' if any(task.kind == 'process' for task in made) else 'threads'}."
        ), ()
    busy = [task for task in made if task.work > total / 50]
    if trace.gil and len(busy) > 1 and all(task.process == 0 for task in busy) and work(trace) > 0.9 * total:
        return (
            f"{len(busy)} threads of one process share its one interpreter lock (the GIL) and compute in turns: work on"
            " the processor gets faster with processes, not with threads."
        ), ()
    slept = [event for event in trace.events if event.op == "sleep" and event.task == 0 and event.line > 0]
    asleep = sum(event.at - event.asked for event in slept)
    if asleep > total / 4:
        return (
            f"{names[0]} sleeps for {asleep:.2f} s of the {total:.2f} s (line {slept[0].line}): a sleep takes its time"
            " even where there is nothing to wait for. join() and result() come back as soon as the work is done."
        ), (slept[0].line,)
    if any(event.op == "request" for event in trace.events) and work(trace) < total / 10:
        return _too_few_requests(trace, names, found_waits)
    if len(busy) == 1 and busy[0].work > total / 2:
        return (
            f"{names[busy[0].id]} alone did the work, {busy[0].work:.2f} s in {total:.2f} s. Divide it into parts of"
            f" equal size, one for each of several {'processes' if busy[0].kind == 'process' else 'threads'}."
        ), ()
    for wait in found_waits:
        if wait.task == 0 and wait.times > 2 and len(busy) > 1 and work(trace) < 1.1 * total:
            return _one_at_a_time(wait, names, total, "piece of work", "of the work"), (wait.line,)
    top = max(path, key=lambda task: (path[task], -task), default=0)
    if path.get(top, 0.0) > total / 2:
        return (
            f"The end waited for {names[top]}, which works for {path[top]:.2f} s of the {total:.2f} s; the others did"
            " less. Divide the work into parts of equal size, one for each of them."
        ), ()
    return f"Its {len(made)} threads or processes did {work(trace):.2f} s of work in {total:.2f} s.", ()


def _one_at_a_time(wait: Waits, names: dict[int, str], total: float, piece: str, rest: str) -> str:
    """The main task waits for each ``piece`` before it gives out the next; ``total`` seconds are the whole run."""
    call = f" in {wait.via}" if wait.via else ""
    return (
        f"{names[0]} waits at line {wait.line}{call} {wait.times} times, {wait.seconds:.2f} s of the {total:.2f} s:"
        f" each time one {piece} is done, and only then is the next one given out. Give out all {rest} first, then wait"
        " for the results."
    )


def _too_few_requests(trace: Trace, names: dict[int, str], found: list[Waits]) -> tuple[str, tuple[int, ...]]:
    """The time went into requests, of which too few were under way at once."""
    requests = [event for event in trace.events if event.op == "request"]
    asking = {event.task for event in requests}
    own = next((event for event in requests if event.task == 0), None)
    if own is not None and len(asking) > 1:
        return f"{names[0]} itself makes requests, one after the other: let the threads make them.", (own.line,)
    if own is not None:
        return (
            f"{names[0]} itself makes all {len(requests)} requests, one after the other (line {own.line}), and its"
            f" {len(children(trace))} threads make none. Is the function called where it should be handed over?"
            " Thread(target=f(x)) calls f at once, in the main thread; Thread(target=f, args=(x,)) leaves it to the"
            " thread."
        ), (own.line,)
    for wait in found:
        if len(asking) == 1 and wait.task == 0 and wait.times > 2:
            return _one_at_a_time(wait, names, trace.elapsed, "download", "of them"), (wait.line,)
    at_once = peak_requests(trace)
    return (
        f"At most {at_once} of the {len(requests)} requests {'was' if at_once == 1 else 'were'} under way at once, by"
        f" {len(asking)} {'thread' if len(asking) == 1 else 'threads'}: while one waits for its answer, others could be"
        " waiting for theirs. Use more threads, and start them all before you wait for the first."
    ), ()
