"""One run of the submission, and what can be asked of it.

Properties tell; methods that begin with ``assert_`` fail the check, with an explanation and the schedule. A run that
did not come back (it raised, deadlocked, exited, never ended) fails whatever asks for its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from autograder.judge import explain, facts
from autograder.judge.deadlocks import explain_deadlock
from autograder.judge.facts import Access, GuestError, Request, WatchedCall
from autograder.judge.failure import CheckFailed, Inconclusive, Question, counted, listed, plural, shown
from autograder.judge.messages import explain_asking, explain_endless, explain_undrained
from autograder.judge.output import Output
from autograder.trace import deadlock as deadlocks
from autograder.trace import locks, managed, messages, parallelism, races
from autograder.trace.events import Event, Task, Trace
from autograder.world import values
from autograder.world.conductor import Recording
from autograder.world.wire import FIRST_PID


class Run:
    """What one call did."""

    earlier: str = ""
    """The call before it in the same program; "" where it was the first."""

    def __init__(
        self, call: str, recording: Recording, source: str, schedule: Callable[[], str], files: dict[str, bytes]
    ) -> None:
        """``call`` is the call as the student would write it; ``schedule`` makes the text that replays the run."""
        self.call = call
        self.recording = recording
        self.trace: Trace = managed.with_holds(recording.trace)
        self.source = source
        self.files = files
        self._schedule = schedule
        self.output = Output(self)

    @property
    def outcome(self) -> str:
        """ "returned", "raised", "deadlock", "limit", "exited", "crashed", "missing" or "inconclusive"."""
        return self.recording.outcome

    @cached_property
    def schedule(self) -> str:
        return self._schedule()

    # How it ended ---------------------------------------------------------------------------------------------------

    def completed(self) -> Run:
        """The run itself, if the call came back; fails the check with the reason otherwise."""
        if self.outcome != "returned":
            raise self._failure()
        return self

    @cached_property
    def _value(self) -> Any:
        assert self.recording.report is not None
        return decoded(self.recording.report.value)

    @property
    def value(self) -> Any:
        """What the call returned."""
        self.completed()
        return self._value

    @property
    def args(self) -> list[Any]:
        """The arguments as they are after the call."""
        self.completed()
        assert self.recording.report is not None
        return [decoded(arg) for arg in self.recording.report.args]

    @property
    def error(self) -> GuestError | None:
        """The exception that came out of the call, if one did."""
        report = self.recording.report
        if report is None or report.outcome != "raised" or not report.types:
            return None
        return GuestError(report.types[0], report.message, report.line, tuple(report.types))

    def raised(self, name: str) -> GuestError:
        """The exception, if the call raised this one or a subclass of it ("ValueError", "requests.HTTPError"); fails
        the check otherwise."""
        error = self.error
        # requests.HTTPError is requests.exceptions.HTTPError: the package and the class say which is meant.
        package, _, short = name.rpartition(".")
        if error is not None:
            for known in error.types:
                if known == name or (package and known.startswith(package + ".") and known.rpartition(".")[2] == short):
                    return error
        if self.outcome == "returned":
            raise CheckFailed(
                "not raised",
                f"{self.call} should raise {name}, but it returned {shown(self._value)}.",
                self,
                question=lambda run: run.raised(name),
            )
        if error is not None:
            raise CheckFailed(
                "wrong exception",
                f"{self.call} should raise {name}, but it raised {_error_text(error)}.",
                self,
                (error.line,) if error.line else (),
                question=lambda run: run.raised(name),
            )
        raise self._failure()

    def _failure(self) -> CheckFailed | Inconclusive:
        """Why the call did not come back."""
        outcome, reason, ask = self.outcome, self.recording.reason, _come_back(self.outcome)
        if outcome == "inconclusive":
            return Inconclusive(f"{self.call}: {reason}")
        if outcome == "deadlock":
            undrained, endless = messages.undrained(self.trace), messages.endless(self.trace)
            if undrained is not None:
                return CheckFailed.of(explain_undrained(undrained, self.trace, self.source), self, ask)
            if endless is not None:
                return CheckFailed.of(explain_endless(endless, self.trace, self.source, self.call), self, ask)
            found = deadlocks.deadlock(self.trace)
            if found is not None:
                finding = explain_deadlock(found, self.trace, self.source)
                return CheckFailed.of(finding, self, ask)
            return CheckFailed("deadlock", f"{self.call} never comes back: {reason}.", self, question=ask)
        error = self.error
        if error is not None and error.type == "NotImplementedError":
            line = f" (line {error.line} raises NotImplementedError)" if error.line else ""
            message = f"{self.call.partition('(')[0]} is still to be written{line}."
            return CheckFailed("missing", message, self, (error.line,) if error.line else (), question=ask)
        if error is not None:
            message = f"{self.call} raised {_error_text(error)}."
            return CheckFailed("raised", message, self, (error.line,) if error.line else (), question=ask)
        if outcome == "missing":
            return CheckFailed("missing", f"{reason}: the assignment asks for a function of this name.", None)
        words = {
            "limit": f"{self.call} was stopped: {reason}. Is there a loop that never ends, or one with too many turns?",
            "exited": f"{self.call} ended the whole program with {reason}; a function must return to its caller.",
        }
        return CheckFailed(outcome, words.get(outcome, f"{self.call}: {reason}."), self, question=ask)

    # Tasks ------------------------------------------------------------------------------------------------------------

    @property
    def main(self) -> Task:
        return self.trace.tasks[0]

    @property
    def threads(self) -> tuple[Task, ...]:
        """The threads that the program made; helpers that a library started for itself are not among them."""
        return self._created(parallelism.children(self.trace, "thread"))

    @property
    def processes(self) -> tuple[Task, ...]:
        """The processes that the program made."""
        return self._created(parallelism.children(self.trace, "process"))

    def _created(self, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
        made = {event.resource for event in self.trace.events if event.op == "create"}
        return tuple(task for task in tasks if f"task:{task.id}" in made)

    @property
    def not_waited_for(self) -> tuple[Task, ...]:
        """The processes that had been seen to end by nobody when the call came back, whether they had ended or not. Who
        sees it is join, is_alive, exitcode, active_children, and waiting for a process's sentinel."""
        seen = facts.seen_to_end(self.trace)
        return tuple(task for task in self.processes if f"task:{task.id}" not in seen)

    @property
    def movers(self) -> tuple[Task, ...]:
        """The threads that changed the current folder, which all threads of a process share."""
        found = facts.movers(self.trace)
        return tuple(task for task in self.threads if task.id in found)

    @property
    def start_method(self) -> str:
        """How the program's processes begin, where it does not choose itself."""
        return "fork"

    def pid(self, task: Task) -> int:
        """What ``os.getpid()`` gives in a task."""
        return FIRST_PID + task.process

    def max_alive(self, kind: str | None = None) -> int:
        """The largest number of the program's tasks that were alive at once."""
        return parallelism.max_alive(self.trace, kind)

    def assert_joined(self) -> None:
        """Every thread and process had ended when the call came back, and every pool was closed."""
        if self.outcome not in ("returned", "raised"):
            raise self._failure()
        tasks = {task.id: task for task in self.trace.tasks}
        # The feeder of a Queue waits for more to send until its process ends; nobody joins it.
        alive = [tasks[number] for number in self.trace.alive if tasks[number].name != "QueueFeederThread"]
        leaks = [event for event in self.trace.events if event.op == "leak"]

        def question(run: Run) -> None:
            run.assert_joined()

        own = [task for task in alive if not task.service]
        endless = messages.endless(self.trace) if own else None
        if endless is not None:
            finding = explain_endless(endless, self.trace, self.source, self.call)
            raise CheckFailed.of(finding, self, question)
        if own:
            names = explain.task_names(self.trace)
            several = len(own) > 1
            kind = own[0].kind
            lines = sorted({task.line for task in own if task.line})
            begun = f" (started at line {lines[0]})" if len(lines) == 1 else ""
            which = listed([names[task.id] for task in own])
            who = f"the {plural(kind) if several else kind} {which}{begun} {'were' if several else 'was'}"
            message = (
                f"{self.call} came back while {who} still at work. {explain.way_to_wait(own, self.trace, self.source)}"
            )
            drawing = explain.lanes(self.trace, source=self.source)
            raise CheckFailed("not joined", message, self, lines, lanes=drawing, question=question)
        if alive or leaks:
            line = next((event.line for event in leaks if event.line), 0) or next(
                (task.line for task in alive if task.line), 0
            )
            what = leaks[0].resource if leaks else "Pool"
            left, todo = "left open", "close it and wait for its workers (close and join, or a with block)."
            if leaks and leaks[0].value is True and not alive:
                left = "closed but not joined"
                todo = "its workers ended only with the garbage collection. Wait for them: join() after close()."
            message = f"A {what} was {left} when {self.call} came back: {todo}"
            raise CheckFailed("not closed", message, self, (line,) if line else (), question=question)

    def assert_alive_together(self, n: int, kind: str) -> None:
        """At least ``n`` of the program's threads or processes (``kind``) were alive at once.

        Ask it of a run under "nonpreemptive", where everything that can be started before the program waits is.
        """
        if self.outcome not in ("returned", "raised"):
            raise self._failure()
        most = self.max_alive(kind)
        if most >= n:
            return

        def question(run: Run) -> None:
            run.assert_alive_together(n, kind)

        made = len(self.threads if kind == "thread" else self.processes)
        kinds = plural(kind)
        if made < n:
            others = self.processes if kind == "thread" else self.threads
            other = f", but {counted(len(others), others[0].kind)}" if others and not made else ""
            message = f"{self.call} started {counted(made, kind)}{other}; expected at least {n} {kinds}."
            if kind == "thread" and made and all(t.name.startswith("ThreadPoolExecutor") for t in self.threads):
                message += " An executor has max_workers threads, at most one for each thing that is submitted."
            raise CheckFailed("not parallel", message, self, question=question)
        found = parallelism.serialised(self.trace, kind)
        if found is not None:
            finding = explain.explain_serialised(found, self.trace, self.source)
            raise CheckFailed.of(finding, self, question)
        message = (
            f"{self.call} had at most {counted(most, kind)} alive at once; expected {n} {kinds} side by side. Start"
            " all of them before you wait for the first one."
        )
        raise CheckFailed("not parallel", message, self, lanes=explain.time_lanes(self.trace), question=question)

    def assert_no_busy_waiting(self, most: int = 3) -> None:
        """No task asks more than ``most`` times in a row whether there is a message, instead of waiting for it."""
        found = messages.asking(self.trace)
        if found is not None and found.times > most:
            finding = explain_asking(found, self.trace, self.source)
            raise CheckFailed.of(finding, self, lambda run: run.assert_no_busy_waiting(most))

    # What the tasks did -----------------------------------------------------------------------------------------------

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """The HTTP requests, in the order in which their answers came."""
        return facts.requests(self.trace)

    @property
    def peak_requests(self) -> int:
        """The largest number of requests in flight at once."""
        return parallelism.peak_requests(self.trace)

    @cached_property
    def calls(self) -> tuple[WatchedCall, ...]:
        """The calls of watched functions, in the order of their begin."""
        return facts.calls(self.trace)

    def call_tasks(self, function: str) -> set[int]:
        """The tasks that called a watched function."""
        return {call.task for call in self.calls if call.function == function}

    def call_processes(self, function: str) -> set[int]:
        """The processes in which a watched function was called, each by the number of its main thread's task."""
        return {self.trace.tasks[task].process for task in self.call_tasks(function)}

    def shares(self, turn: float) -> dict[int, float]:
        """What each process did, by the number of its main thread's task: how many calls of watched functions, or
        where none of them was called how many loop turns that cost ``turn`` seconds each."""
        return facts.shares(self.trace, self.calls, turn)

    @cached_property
    def messages(self) -> tuple[messages.Message, ...]:
        """The messages that the program gave to pipes and queues, and what became of them."""
        return messages.messages(self.trace)

    @cached_property
    def accesses(self) -> tuple[Access, ...]:
        """The accesses to memory that processes share (``Value`` and ``Array``), in order."""
        return facts.accesses(self.trace)

    @cached_property
    def _called(self) -> dict[str, str]:
        return explain.resource_names(self.trace, self.source)

    def _asked(self, event: Event, names: frozenset[str] | None, default: bool) -> bool:
        """Whether a test asks about what this event accesses."""
        if names is None:
            return default
        resource = self.trace.resources.get(event.resource)
        return self._called.get(event.resource, "") in names or (resource is not None and resource.name in names)

    def assert_no_lost_update(self, names: Iterable[str] | None = None) -> None:
        """Every read-modify-write of shared memory is under one unbroken hold of a lock that all who write share.

        Asks about the memory that processes share; or, with ``names``, about just these: a ``Value`` or ``Array`` by
        its name, and of what threads share a variable ("counter"), an attribute ("Account.balance") or an item
        ("results[0]").
        """
        chosen = None if names is None else frozenset(names)
        for found in races.lost_updates(self.trace):
            if self._asked(found.read, chosen, not facts.is_plain(self.trace, found.read)):
                finding = explain.explain_lost_update(found, self.trace, self.source)
                raise CheckFailed.of(finding, self, lambda run: run.assert_no_lost_update(chosen))

    def assert_no_race(self, names: Iterable[str] | None = None) -> None:
        """No update of shared memory can get lost, and no task reads what another may just be storing: all that tasks
        share is under a lock, or ordered by a start, a join, a queue.

        Asks about all memory that processes or threads share, or with ``names`` about just these (as in
        `assert_no_lost_update`). A race on a simple flag is one too: give the names where the program may have some.
        """
        chosen = None if names is None else frozenset(names)

        def question(run: Run) -> None:
            run.assert_no_race(chosen)

        for update in races.lost_updates(self.trace):
            if self._asked(update.read, chosen, True):
                finding = explain.explain_lost_update(update, self.trace, self.source)
                raise CheckFailed.of(finding, self, question)
        for race in races.data_races(self.trace):
            if self._asked(race.first, chosen, True):
                finding = explain.explain_data_race(race, self.trace, self.source)
                raise CheckFailed.of(finding, self, question)

    @property
    def locks_used(self) -> set[str]:
        """The locks that the program's own lines took."""
        return set(locks.acquired_locks(self.trace))

    @property
    def elapsed(self) -> float:
        """Virtual seconds from the call to its return."""
        return self.trace.elapsed

    @property
    def work(self) -> float:
        """Seconds of a core that all tasks used."""
        return parallelism.work(self.trace)


def speedup(sequential: Run, parallel: Run) -> float:
    """How many times faster the second run was than the first, in virtual time. Both must have come back."""
    return parallelism.speedup(sequential.completed().elapsed, parallel.completed().elapsed)


def decoded(form: Any) -> Any:
    """A value of the wire's form; something that equals nothing where the form is broken."""
    try:
        return values.decode(form)
    except (ValueError, TypeError, RecursionError):
        return values.Opaque("unknown", "a value that cannot be read")


def _error_text(error: GuestError) -> str:
    short = error.type.removeprefix("requests.exceptions.")
    text = f"{short}: {error.message}" if error.message else short
    return (text[:300] + " …" if len(text) > 300 else text) + (f" (line {error.line})" if error.line else "")


def _come_back(outcome: str) -> Question:
    """Asks whether another run fails to come back in the same way."""

    def question(run: Run) -> None:
        if run.outcome == outcome:
            run.completed()

    return question
