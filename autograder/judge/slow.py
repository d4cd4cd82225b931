"""Why a call took so long: what its critical path is made of, in one sentence and as a drawing.

The critical path is the chain of things of which each had to wait for the one before (`trace.parallelism`). Only what
shortens it makes the program faster, so it is where a student has to look: at the join in the start loop, the lock that
is held during the work, the main thread that does it all itself.
"""

from __future__ import annotations

from autograder.model import Finding
from autograder.trace.events import Trace
from autograder.trace.locks import is_lock
from autograder.trace.names import quoted_line, resource_names, task_names
from autograder.trace.parallelism import children, critical_path, peak_requests, serialised, waits, work
from autograder.trace.timeline import critical_lanes, time_lanes


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
    asking = {event.task for event in trace.events if event.op == "request"}
    if asking and work(trace) < total / 10:
        at_once, count = peak_requests(trace), sum(event.op == "request" for event in trace.events)
        if 0 in asking and len(asking) > 1:
            line = next(event.line for event in trace.events if event.op == "request" and event.task == 0)
            return f"{names[0]} itself makes requests, one after the other: let the threads make them.", (line,)
        return (
            f"At most {at_once} of the {count} requests {'was' if at_once == 1 else 'were'} under way at once, by"
            f" {len(asking)} {'task' if asking == {0} or len(asking) == 1 else 'threads'}: while one waits for its"
            " answer, others could be waiting for theirs. Start more of them before you wait for the first."
        ), ()
    if len(busy) == 1 and busy[0].work > total / 2:
        return (
            f"{names[busy[0].id]} alone did the work, {busy[0].work:.2f} s in {total:.2f} s. Divide it into parts of"
            f" equal size, one for each of several {'processes' if busy[0].kind == 'process' else 'threads'}."
        ), ()
    for wait in found_waits:
        if wait.task == 0 and wait.times > 2 and len(busy) > 1 and work(trace) < 1.1 * total:
            call = f" in {wait.via}" if wait.via else ""
            return (
                f"{names[0]} waits at line {wait.line}{call} {wait.times} times, {wait.seconds:.2f} s of the"
                f" {total:.2f} s: each time one piece of work is done, and only then is the next one given out. Give"
                " out all of the work first, then wait for the results."
            ), (wait.line,)
    top = max(path, key=lambda task: (path[task], -task), default=0)
    if path.get(top, 0.0) > total / 2:
        return (
            f"The end waited for {names[top]}, which works for {path[top]:.2f} s of the {total:.2f} s; the others did"
            " less. Divide the work into parts of equal size, one for each of them."
        ), ()
    return f"Its {len(made)} threads or processes did {work(trace):.2f} s of work in {total:.2f} s.", ()


def _sum_of_work(trace: Trace) -> float:
    return sum(task.work for task in trace.tasks)
