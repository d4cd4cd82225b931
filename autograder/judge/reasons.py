"""What a run tells of why a check failed: the reasons behind a result that is not as it should be.

A test says what came; the trace knows of the thread that died, the worker that nobody waited for, the message that was
lost, the update that another one overwrote. Each function here looks for one such reason, and yields a sentence or two
for the student where it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from autograder.judge import explain, messages
from autograder.judge.failure import CheckFailed, Inconclusive, listed
from autograder.judge.run import Run
from autograder.model import Finding
from autograder.trace import races
from autograder.trace.events import PLAIN_KINDS, Event, Task
from autograder.trace.files import shared_files
from autograder.trace.locks import kind_of
from autograder.trace.messages import END_MARK
from autograder.trace.names import printable, shorten, task_names
from autograder.world.values import steady
from autograder.world.wire import CURRENT

MESSAGES = {"lost message": messages.lost, "doubled message": messages.doubled, "never read": messages.never_read}
"""Kinds of failure of which only the messages that came are known, and who tells the reason."""

RESULTS = MESSAGES.keys() | {"wrong value", "wrong output", "wrong order", "wrong files", "wrong requests"}
"""Kinds of failure of which only the result is known, and not yet the reason."""

OVER_TIME = frozenset(
    {"not parallel", "wrong process", "wrong thread", "wrong number of threads", "wrong time", "wrong requests"}
)
"""Kinds of failure that are about who did what when: the drawing is one over virtual time."""


class Judge(Protocol):
    """What is asked of `autograder.judge.subject.Subject`."""

    @property
    def packages(self) -> tuple[str, ...]: ...

    def shortest(self, failure: CheckFailed) -> CheckFailed: ...

    def under(self, run: Run, strategy: str, start_method: str = "") -> Run | None: ...

    def as_first(self, run: Run) -> Run | None: ...

    def with_lists(self, run: Run) -> Run | None: ...


def reasons(judge: Judge, failure: CheckFailed, run: Run, depends: bool | None) -> Iterator[str]:
    yield from _not_installed(judge, run)
    yield from _start_method(judge, failure, run)
    yield from _not_sent(failure, run)
    yield from _set_again(failure, run)
    yield from _not_shared_so(failure, run)
    if failure.kind == "raised":
        yield from _gave_up(run)
        yield from _met_at_a_file(failure, run)
    if failure.kind == "not raised":
        yield from _kept_exception(run)
        yield from _not_waited_for(run)
    if failure.kind in ("deadlock", "never ends"):
        yield from _died(failure, run)
    if failure.kind not in RESULTS | OVER_TIME | {"interleaving", "lock"}:
        return
    yield from _not_back(failure, run)
    yield from _died(failure, run)
    waited = list(_not_waited_for(run))
    yield from waited or (_gave_up(run) if failure.kind in RESULTS else [])
    if failure.kind == "interleaving":
        yield from _let_in(run)
    if failure.kind in MESSAGES:
        yield from MESSAGES[failure.kind](run)
    if failure.kind in RESULTS:
        yield from _ended_at_work(run, depends)
        yield from _to_stderr(run)
        if depends and failure.kind == "wrong files":
            yield from _met_at_a_file(failure, run)
        lost = list(_lost(failure, run))
        yield from lost or (_taken_over(failure, run) if depends else [])
        if not waited:
            yield from _read_too_early(run)


def _not_installed(judge: Judge, run: Run) -> Iterator[str]:
    if run.error is not None and run.error.type == "ModuleNotFoundError":
        yield installed(judge.packages)


def installed(packages: tuple[str, ...]) -> str:
    """What a submission may import."""
    if not packages:
        return "For this assignment only the standard library is installed."
    names = ", ".join(_PROJECTS.get(package, package) for package in packages)
    return f"For this assignment the standard library and {names} are installed, nothing else."


_PROJECTS = {"PIL": "Pillow (PIL)"}
"""Packages that are installed under another name than they are imported by."""


def _start_method(judge: Judge, failure: CheckFailed, run: Run) -> Iterator[str]:
    """The run was made under another start method than usual, and that may be all that is wrong."""
    if run.start_method == "fork" or failure.kind not in RESULTS | {"raised", "deadlock", "interleaving"}:
        return
    if _unsendable(failure, run):
        return  # that tells it better
    forked = judge.under(run, "virtual", "fork") if failure.question is not None else None
    if failure.right_in(forked) is False:
        return
    rule = f'This is under the start method "{run.start_method}": a child is a fresh Python that imports the file anew.'
    if rule.partition(":")[0] in failure.message:
        return
    if not any(_not_sent(failure, run)):  # which says what a fresh Python does not find
        rule += (
            " It finds only functions that stand at the top of the file, and knows nothing that was set since: what it"
            " needs has to come in through its arguments."
        )
    yield rule


def _not_sent(failure: CheckFailed, run: Run) -> Iterator[str]:
    """Something that another process was to get could not be sent to it."""
    error = run.error
    if error is None or not _unsendable(failure, run):
        return
    if run.start_method != "fork":
        yield f'This is under the start method "{run.start_method}".'
    if "_thread." in error.message:
        yield (
            "A lock, an event or a queue of threads lives in one process and can't be sent to another one. Those of"
            " multiprocessing can."
        )
    else:
        yield (
            "What another process is to call or to get is sent to it; a function is sent by its name. So it has to"
            " stand at the top of the file: a lambda, or a function inside another one, cannot be sent."
        )


def _unsendable(failure: CheckFailed, run: Run) -> bool:
    error = run.error
    return failure.kind == "raised" and error is not None and "pickle" in error.message + error.type.lower()


def _set_again(failure: CheckFailed, run: Run) -> Iterator[str]:
    """A start method that somebody has chosen already."""
    if failure.kind == "raised" and run.error is not None and run.error.message == "context has already been set":
        yield (
            "The start method can be set only once in a program, and whoever starts it has chosen. Leave"
            " set_start_method() out of your functions: they have to work under each start method."
        )


def _not_shared_so(failure: CheckFailed, run: Run) -> Iterator[str]:
    """Arguments of a process that Python refuses in words that tell a beginner nothing."""
    error = run.error
    if failure.kind != "raised" or error is None:
        return
    if error.message.endswith("should only be shared between processes through inheritance"):
        yield (
            "It can't be sent with a task of a pool, or through a queue: a process gets it when it is made, as one of"
            " the args of Process, or through initializer and initargs of a Pool."
        )
    line = run.source.splitlines()[error.line - 1 : error.line] if error.line else []
    if error.type == "TypeError" and error.message.endswith("object is not iterable") and "args=" in "".join(line):
        yield "args must be a tuple, also for one argument alone: args=(n,), as (n) without the comma is just n."


def _gave_up(run: Run) -> Iterator[str]:
    """A wait with a time limit that was over too early."""
    for event in run.trace.events[: run.trace.returned]:
        waited = event.op in ("join", "acquire", "wait") and event.value is False and event.at > event.asked
        # A Condition asks so whether the lock is its own: nobody waits then.
        owned = any(lock == event.resource for lock, _ in event.held)
        if waited and not owned and event.line > 0 and event.via.endswith(_LIMITED):
            call = f" in {event.via}" if event.via else ""
            yield (
                f"{task_names(run.trace)[event.task]} waits at line {event.line}{call} with a time limit, and here the"
                " time is over before the work is done. That happens on every computer that is slow enough: wait"
                " without a limit."
            )
            return


_LIMITED = (".join", ".get", ".result", ".wait", ".acquire", "as_completed")
"""Library functions in which a student may wait for a limited time. What a library does so for itself is its matter."""


def _met_at_a_file(failure: CheckFailed, run: Run) -> Iterator[str]:
    """Two tasks were in each other's way at a name in the folder."""
    error = run.error
    if error is not None and error.type not in ("FileNotFoundError", "FileExistsError"):
        return
    events = run.trace.events
    for file in shared_files(run.trace):
        moved = file.resource.startswith(f"file:{CURRENT}")
        if error is not None and not moved and f"{file.name}'" not in error.message:
            continue
        uses = [event for event in events if event.resource == file.resource and event.op in ("examine", "change")]
        # Of an error the last one to come there tells, of a wrong file the first that changed what another had begun.
        second = uses[-1] if error is not None else next((e for e in file.changes if e.task != file.writers[0]), None)
        before = [event for event in file.changes if second and event.step < second.step and event.task != second.task]
        if second is None or not before:
            continue
        first, names = before[-1], task_names(run.trace)
        failure.steps = failure.steps or (first.step, second.step)
        failure.lines = failure.lines or tuple(sorted({first.line, second.line} - {0}))
        name = printable(file.name)
        if moved:
            yield (
                f"{names[first.task]} changes the current folder (line {first.line}) while {names[second.task]} is at"
                f" work in it (line {second.line}): all threads have the same one. Leave os.chdir() out, and put the"
                " folder into the path."
            )
        elif error is not None and error.type == "FileExistsError":
            yield (
                f"{names[first.task]} makes {name} (line {first.line}) after {names[second.task]} has looked whether it"
                " is there, and before it makes it itself. To look and then to make are two steps: make it at once, and"
                " let it be no error that it is there (exist_ok=True)."
            )
        else:
            lines = sorted({first.line, second.line})
            where = f"lines {lines[0]} and {lines[1]}" if len(lines) > 1 else f"line {lines[0]}"
            yield (
                f"{names[first.task]} and {names[second.task]} use the same file {name} ({where}), and one comes in the"
                " middle of the other's work. Give each a file of its own, with a name that no other has."
            )
        return


def _not_back(failure: CheckFailed, run: Run) -> Iterator[str]:
    """The call that was asked about its output never came to its end."""
    if run.error is not None and run.error.type.rpartition(".")[2] in failure.message:
        return  # the test has told it
    if run.outcome in ("deadlock", "limit", "exited", "crashed", "raised"):
        try:
            run.completed()
        except CheckFailed as reason:
            yield f"The call did not come back: {reason.message}"
        except Inconclusive:
            return


def _died(failure: CheckFailed, run: Run) -> Iterator[str]:
    """A thread or process that ended with an exception, which Python tells on standard error alone."""
    names = task_names(run.trace)
    thread = next((event for event in run.trace.events if event.op == "raise" and event.task), None)
    if thread is not None:
        text = _exception(thread)
        if text.partition(":")[0] not in failure.message:
            yield f"{names[thread.task]} ended with an exception, {text}: what it still had to do is not done."
            yield from _wrong_arguments(text)
        return
    # A negative code is a signal: somebody, a Pool for example, ended it on purpose.
    process = next((task for task in run.processes if (task.exitcode or 0) > 0), None)
    if process is not None:
        said = _last_words(run, process)
        yield f"{names[process.id]} ended with exit code {process.exitcode}{said}: what it still had to do is not done."
        yield from _wrong_arguments(said)
        if "EOFError" in said:
            yield (
                "recv() raises an EOFError once nobody has the other end of the pipe any more: catch it around the loop"
                " and return, or send a last message instead, such as None."
            )


def _wrong_arguments(text: str) -> Iterator[str]:
    """Arguments that its function does not take: what beginners get wrong in ``args`` and ``kwargs``."""
    if "'method' object does not support the context manager protocol" in text:
        yield "Brackets are missing there: get_lock() gives the lock, get_lock is the method that would give it."
    if "TypeError" in text and ("argument after *" in text or ("argument" in text and "given" in text)):
        yield (
            "Look at its args and kwargs: args must be a tuple, also for one argument alone (args=(name,), as without"
            " the comma each character of a text is an argument of its own), and what the function takes only by its"
            " name belongs in kwargs."
        )


def _kept_exception(run: Run) -> Iterator[str]:
    """An exception that was raised, but in a thread, from where nobody hears of it."""
    event = next((event for event in run.trace.events if event.op == "raise" and event.task), None)
    if event is not None:
        yield (
            f"{task_names(run.trace)[event.task]} ended with {_exception(event)}: an exception ends its own thread and"
            " goes no further. Catch it there, keep it, and raise it in the main thread after the joins."
        )


def _exception(event: Event) -> str:
    where = f" (line {event.line})" if event.line else ""
    return f"{shorten(printable(steady(str(event.value))), 120)}{where}"


def _last_words(run: Run, task: Task) -> str:
    """The last line of the traceback that a process left."""
    text = "".join(str(event.value) for event in run.trace.events if event.op == "error" and event.task == task.id)
    lines = [line for line in text.splitlines() if line.strip()]
    return f" and {shorten(printable(steady(lines[-1].strip())), 120)}" if lines else ""


def _not_waited_for(run: Run) -> Iterator[str]:
    """What ended too early was waited for too little."""
    alive = [run.trace.tasks[number] for number in run.trace.alive]
    own = [task for task in alive if not task.service and task.name != "QueueFeederThread"]
    if run.outcome != "returned" or not own:
        return
    names = task_names(run.trace)
    who = f"{listed([names[task.id] for task in own])} {'was' if len(own) == 1 else 'were'}"
    wait = explain.way_to_wait(own, run.trace, run.source)
    yield f"When the call came back, {who} still at work: what is done after that comes too late. {wait}"


def _ended_at_work(run: Run, depends: bool | None) -> Iterator[str]:
    """A pool whose workers were ended, by the end of a with block most often, before they had done their work."""
    pool = [event for event in run.trace.events if "Pool" in event.via]
    kills = [event for event in pool if event.op == "kill" and event.line > 0]
    if not kills or not depends:
        return
    names, end = task_names(run.trace), kills[0]
    for task in run.processes:
        work = [event.op for event in pool if event.task == task.id and event.step < end.step and not _end_mark(event)]
        if work.count("receive") > work.count("send") and f"task:{task.id}" in {event.resource for event in kills}:
            was = f"{names[task.id]} was at work then"
            break
    else:
        if any(event.op == "receive" and event.task and not _end_mark(event) for event in pool):
            return
        was = "none had begun then"
    yield (
        f"Its pool's workers were ended at line {end.line}, and {was}: the end of a with block terminates a Pool, done"
        " or not. Wait for all results before that, with the get() of what map_async or apply_async gives."
    )


def _end_mark(event: Event) -> bool:
    return isinstance(event.value, int) and event.value <= END_MARK


def _to_stderr(run: Run) -> Iterator[str]:
    """A text that was printed to the other stream, where nobody looks for it."""
    died = any(event.op == "raise" for event in run.trace.events) or any(task.exitcode for task in run.processes)
    said = "".join(str(event.value) for event in run.trace.events if event.op == "error" and event.line > 0)
    if said.strip() and not died:
        yield f"The program wrote {shorten(repr(said), 40)} to standard error; only standard output counts."


def _drawn_for(failure: CheckFailed, found: Finding) -> str:
    """The reason in words; the drawing is about it from here on."""
    failure.lines, failure.lanes, failure.steps = found.lines, found.lanes, found.steps
    return found.message


def _lost(failure: CheckFailed, run: Run) -> Iterator[str]:
    """An update of shared memory that another one overwrote in this very run."""
    for update in races.lost_updates(run.trace):
        if update.happened:
            yield _drawn_for(failure, explain.explain_lost_update(update, run.trace, run.source))
            return


def _taken_over(failure: CheckFailed, run: Run) -> Iterator[str]:
    """Threads that keep what is their own in one variable."""
    one = races.taken_over(run.trace)
    if one is not None:
        yield _drawn_for(failure, explain.explain_taken_over(one, run.trace, run.source))


def _let_in(run: Run) -> Iterator[str]:
    """An update that got lost is why two threads were where only one should have been: of a flag, of a number that says
    whose turn it is."""
    for update in races.lost_updates(run.trace):
        if update.happened and kind_of(run.trace, update.read.resource) in PLAIN_KINDS:
            yield explain.explain_lost_update(update, run.trace, run.source).message
            return


def _read_too_early(run: Run) -> Iterator[str]:
    """The main task looked at shared memory for the last time while another process was still to write there."""
    last = {e.resource: e for e in run.trace.events if e.op == "read" and e.task == 0 and e.line > 0}
    own = {task.id for task in run.processes}
    for store in run.trace.events:
        read = last.get(store.resource) if store.op == "store" and store.task in own else None
        if read is not None and store.step > read.step:
            names, called = task_names(run.trace), explain.resource_names(run.trace, run.source)
            line = f" (line {store.line})" if store.line > 0 else ""
            yield (
                f"{names[0]} reads {called.get(read.resource, 'the shared memory')} at line {read.line}, and"
                f" {names[store.task]} stores a new value after that{line}. Read the result after the joins, when all"
                " of them have ended."
            )
            return


def own_memory(failure: CheckFailed, run: Run, depends: bool | None) -> Iterator[str]:
    """Processes that gave nothing back: neither a message nor anything in shared memory."""
    own = {task.id for task in run.processes}
    busy = [task for task in run.processes if task.exitcode == 0 and task.ended is not None]
    # The helper thread of a queue sends for its process.
    by = {task.id: task.process for task in run.trace.tasks}
    theirs = [event for event in run.trace.events if by[event.task] in own]
    gave = any(event.op in ("store", "send", "write") for event in theirs)
    empty = run.outcome == "returned" and type(run.value) in (list, dict) and not run.value
    if busy and gave and empty and depends is False and failure.kind == "wrong value":
        yield (
            "Nothing of what the processes did is in the result. Each has memory of its own: what it appends to a list"
            " or assigns to a variable its parent never sees. Let the function that they call return it."
        )
    if not busy or gave:
        return
    read = next((event for event in theirs if event.op == "read"), None)
    shared = any(resource.kind in ("Value", "Array") for resource in run.trace.resources.values())
    if read is not None:
        name = explain.resource_names(run.trace, run.source).get(read.resource, "the shared memory")
        line = f" (line {read.line})" if read.line > 0 else ""
        yield (
            f"The processes read {name}{line}, and none of them stores anything in it. A slice, such as array[1:3], and"
            " the number that .value gives are copies: to change shared memory, assign to it."
        )
    elif not shared and not failure.telling:
        yield (
            "No process gave anything back: each has memory of its own, and what it assigns to a variable or appends to"
            " a list its parent never sees. Use what processes share: a Value or Array, a Queue, a Pool's results."
        )
