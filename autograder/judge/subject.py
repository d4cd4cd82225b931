"""The ``submission`` fixture: the student's file, to be run in worlds of the test's choosing.

Every run is a fresh process that has imported the file anew; what one run does, the next never sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from autograder.judge import real as real_run
from autograder.judge import shrink
from autograder.judge.failure import CheckFailed, Inconclusive
from autograder.judge.imports import import_problem
from autograder.judge.plan import Plan, argument, scenario, split
from autograder.judge.run import Run
from autograder.model import Assignment
from autograder.sandbox.host import Launcher
from autograder.search import Frontier
from autograder.trace import parallelism
from autograder.trace.races import unguarded_lines
from autograder.world import schedule as strategies
from autograder.world import values
from autograder.world.conductor import Recording
from autograder.world.session import Program, Session
from autograder.world.strategies import Switch

SHRINKING_RUNS = 30
"""How many runs the search for a shorter failing schedule may take."""

PREEMPTIONS = 2
"""A search goes through the schedules with so many preemptions at most: nearly all bugs need no more."""

RANDOM = "random:1"
"""The schedule by lot that an exploration ends with where it could not try all that matter."""

UNGUARDED_RUNS = 20
"""Runs beside an exhaustive search, and half as many beside another one, in which a thread may also be stopped where it
uses memory that it shares without a lock."""

MOST_UNDECIDED = 2
"""After so many runs that a limit of time ended, a submission is left to a person: each costs a minute."""


@dataclass(frozen=True, slots=True)
class Search:
    """How far a search over schedules went: its ``runs``, and with how many preemptions at most no schedule is left
    (None: there are more)."""

    runs: int
    bound: int | None


class Subject:
    """A submission under test."""

    def __init__(
        self,
        assignment: Assignment,
        source: bytes,
        launcher: Launcher,
        real: Callable[[], Launcher] | None = None,
        code: bytes = b"",
    ) -> None:
        """``real`` gives the launcher of plain processes for `confirm`; without it nothing is confirmed. ``code`` is
        the file as an earlier guest compiled it."""
        self._assignment = assignment
        self._launcher = launcher
        self._real = real
        self._program = Program(assignment.file.removesuffix(".py"), source, assignment.imports, code)
        self.source = source.decode("utf-8", "replace")
        self._reviews: dict[str, None] = {}
        self._undecided = 0
        self._questions: list[Callable[[], str]] = []
        self._runs: dict[str, Run] = {}
        self._made: list[Run] = []
        self._searches: list[Search] = []
        self._speedup: float | None = None

    @property
    def reviews(self) -> tuple[str, ...]:
        """Why a person should look at the submission, as far as the runs until now have shown."""
        return tuple(self._reviews)

    @property
    def packages(self) -> tuple[str, ...]:
        """What the file may import beside the standard library."""
        return self._assignment.imports

    # Running ----------------------------------------------------------------------------------------------------------

    def run(self, function: str, *args: Any, **options: Any) -> Run:
        """One call in a fresh world.

        Keyword arguments that are not options of the world go to the function. The options:

        - ``strategy``: "virtual" (by virtual time, the default), "nonpreemptive", "eager", "roundrobin", or what
          `slices` and `random_schedule` give
        - ``machine``: fields of `Machine` that differ, ``{"cores": 8}``
        - ``http``: the site that the program finds (`http.site`)
        - ``costs``: seconds of a core that each outermost call of a function takes, ``{"is_prime": 0.05}``
        - ``watch``: functions whose calls are recorded
        - ``start_method``: "fork" (the default), "spawn" or "forkserver"
        - ``whole_prints``: each call of print is one write
        - ``failing_write``: the number, from 1, of the write to standard output that raises OSError
        - ``files``: what stands in the run's folder before, ``{"source/a.png": b"..."}``; `in_folder` gives its path
        - ``points``: True makes every access of a variable, attribute or item, while there are several threads, a place
          where another task may go on; or only those in these lines, ``points=(12, 13)``
        """
        chosen, kwargs = split(options)
        return self._once(Plan.of(chosen), function, args, kwargs)

    def explore(self, function: str, *args: Any, schedules: int | None = None, **options: Any) -> Iterator[Run]:
        """The same call under one schedule after the other. Options as in `run`, without ``strategy``.

        First without preemptions. What that run did tells which of its operations could have come in another order,
        and so which schedules to try next, up to two preemptions (`search.Frontier`); then by virtual time, and with a
        switch at every operation. It ends when no schedule is left that could show anything new, or after
        ``schedules`` runs (the assignment's number by default); then the last of them is a random one. Where threads
        share memory without a lock, half of `UNGUARDED_RUNS` more follow.
        """
        left = schedules or self._assignment.schedules
        last = ["virtual", "roundrobin", RANDOM][: (left - 1) // 2]
        chosen, kwargs = split(options)
        plan = Plan.of(chosen)
        frontier = Frontier(PREEMPTIONS)
        made = 0
        for run in self._search(frontier, left - len(last), plan, function, args, kwargs):
            made += 1
            yield run
        for strategy in last[:2] if frontier.exhausted else last:
            made += 1
            yield self._once(replace(plan, strategy=strategy), function, args, kwargs)
        self._searched(frontier, made)
        yield from self._unguarded(UNGUARDED_RUNS // 2, plan, function, args, kwargs)

    def exhaust(
        self, function: str, *args: Any, bound: int = PREEMPTIONS, most: int = 1000, **options: Any
    ) -> Iterator[Run]:
        """The same call under every schedule with at most ``bound`` preemptions, up to the order of what does not
        matter. For small inputs: where ``most`` runs were not enough, the feedback says so, and the check is passed for
        what was tried. Where threads share memory without a lock, `UNGUARDED_RUNS` more follow. Options as in `run`,
        without ``strategy``."""
        chosen, kwargs = split(options)
        plan = Plan.of(chosen)
        yield from self._through(bound, most, plan, function, args, kwargs)
        yield from self._unguarded(UNGUARDED_RUNS, plan, function, args, kwargs)

    def _through(
        self, bound: int, most: int, plan: Plan, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Iterator[Run]:
        """A search with at most so many preemptions and runs, told of at its end."""
        frontier = Frontier(bound)
        made = 0
        for run in self._search(frontier, most, plan, function, args, kwargs):
            made += 1
            yield run
        self._searched(frontier, made)

    def _unguarded(
        self, most: int, plan: Plan, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Iterator[Run]:
        """A search in which the accesses are places to switch that a plain run predicts to be in another one's way: of
        memory that threads share without a lock. None where there are no such accesses: then nothing can come of it."""
        plain = self._once(replace(plan, strategy="nonpreemptive"), function, args, kwargs)
        lines = () if plan.points else unguarded_lines(plain.trace)
        if lines:
            yield from self._through(PREEMPTIONS, most, replace(plan, points=lines), function, args, kwargs)

    def _search(
        self, frontier: Frontier, most: int, plan: Plan, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Iterator[Run]:
        """At most so many runs: the one without preemptions, and what the frontier makes of it."""
        schedule: tuple[Switch, ...] | None = ()
        for made in range(1, most + 1):
            strategy = strategies.switches(schedule) if schedule else "nonpreemptive"
            run = self._once(replace(plan, strategy=strategy), function, args, kwargs)
            frontier.add(run.recording)
            yield run
            schedule = frontier.next() if made < most else None
            if schedule is None:
                return

    def _searched(self, frontier: Frontier, runs: int) -> None:
        self._searches.append(Search(runs, frontier.bound if frontier.exhausted else None))

    def begin_check(self) -> None:
        """Forget what the check before has searched, run and measured."""
        self._searches.clear()
        self._made.clear()
        self._speedup = None

    def tell_speedup(self, times: float) -> None:
        """What a check for speed has measured, for a leaderboard: in virtual time, the same everywhere."""
        self._speedup = times

    @property
    def speedup(self) -> float | None:
        """What this check has told of the program's speedup."""
        return self._speedup

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that this check asked for, in order."""
        return tuple(self._made)

    @property
    def searches(self) -> tuple[Search, ...]:
        """The searches of this check that came to their end."""
        return tuple(self._searches)

    @contextmanager
    def session(self, **options: Any) -> Iterator[Calls]:
        """Several calls in one process, one after the other: ``with submission.session() as s: s.call("f", 1)``."""
        chosen, kwargs = split(options)
        if kwargs:
            raise TypeError(f"session() has no option {', '.join(sorted(kwargs))}")
        with self._open(Plan.of(chosen)) as calls:
            yield calls

    def _once(self, plan: Plan, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        """One call in a fresh world. The same run is the same to the last bit, so it is made only once."""
        key = repr((plan, function, args, sorted(kwargs.items())))
        if key not in self._runs:
            with self._open(plan) as calls:
                run = calls.call(function, *args, **kwargs)
            if run.outcome == "inconclusive":
                return run
            self._runs[key] = run
        else:
            self._made.append(self._runs[key])
        return self._runs[key]

    @contextmanager
    def _open(self, plan: Plan) -> Iterator[Calls]:
        if self._undecided >= MOST_UNDECIDED:
            raise Inconclusive("Not run: earlier runs of this submission were not decided within their limits.")
        settings = plan.settings(self._assignment)
        strategy = strategies.make(plan.strategy, settings.machine)
        with Session(self._launcher, self._program, settings, strategy) as session:
            self._note(session.imported)
            problem = import_problem(session.imported, self._assignment.file, self.packages)
            if problem is not None:
                raise problem
            yield Calls(self, session, plan)
            if session.raw_output():
                self._reviews["wrote past Python's standard output (a C library or another program did)"] = None

    def _note(self, recording: Recording) -> None:
        for what in recording.unheld:
            self._reviews[f"uses {what}, which the world cannot hold"] = None
        if recording.outcome == "inconclusive":
            self._undecided += 1
            self._reviews[f"a run was not decided: {recording.reason}"] = None

    # Shorter schedules ------------------------------------------------------------------------------------------------

    def shortest(self, failure: CheckFailed) -> CheckFailed:
        """The same failure under the shortest failing schedule that is found in `SHRINKING_RUNS` runs."""
        run, question = failure.run, failure.question
        if run is None or question is None or not isinstance(run, _PlannedRun) or run.earlier:
            return failure
        if run.plan.strategy == "switches:" or run.plan.strategy.startswith("slices"):
            return failure

        def asked(other: Run) -> CheckFailed | None:
            try:
                question(other)
            except CheckFailed as found:
                return found if found.kind == failure.kind and found.run is not None else None
            except Inconclusive:
                return None
            return None

        def fails(chosen: list[Switch]) -> CheckFailed | None:
            plan = replace(run.plan, strategy=strategies.switches(chosen))
            return asked(self._once(plan, run.function, run.call_args, run.call_kwargs))

        found = shrink.fewest(list(run.recording.switches), fails, SHRINKING_RUNS)
        if found is None:
            return failure
        if found.run is not None and len(found.run.recording.switches) > PREEMPTIONS:
            # What one schedule can be cut down to need not be short. Is there a short one that it does not contain?
            frontier = Frontier(PREEMPTIONS)
            for other in self._search(frontier, SHRINKING_RUNS, run.plan, run.function, run.call_args, run.call_kwargs):
                short = asked(other)
                if short is not None:
                    found = short
                    break
        found.shrunk = True
        return found

    def under(self, run: Run, strategy: str, start_method: str = "") -> Run | None:
        """The same call under another schedule, and perhaps another start method; None where that cannot be had,
        because other calls came before it or the schedule is part of the question."""
        if not isinstance(run, _PlannedRun) or run.earlier or run.plan.strategy.startswith("slices"):
            return None
        plan = replace(run.plan, strategy=strategy, start_method=start_method or run.start_method)
        return self._once(plan, run.function, run.call_args, run.call_kwargs)

    def as_first(self, run: Run) -> Run | None:
        """The same call in a program of its own; None where it was that already."""
        if not isinstance(run, _PlannedRun) or not run.earlier:
            return None
        return self._once(run.plan, run.function, run.call_args, run.call_kwargs)

    def with_lists(self, run: Run) -> Run | None:
        """The same call with a list in the place of each generator; None where it was given none."""
        if not isinstance(run, _PlannedRun) or run.plan.strategy.startswith("slices"):
            return None
        args = tuple(list(arg.values) if isinstance(arg, values.generator) else arg for arg in run.call_args)
        kwargs = {
            name: list(arg.values) if isinstance(arg, values.generator) else arg
            for name, arg in run.call_kwargs.items()
        }
        given = (run.call_args, run.call_kwargs)
        return None if (args, kwargs) == given else self._once(run.plan, run.function, args, kwargs)

    # The real run -----------------------------------------------------------------------------------------------------

    def confirm(
        self,
        function: str,
        *args: Any,
        same: Callable[[Run, real_run.RealRun], bool] | None = None,
        meet: str = "",
        **options: Any,
    ) -> None:
        """Run the call also without the world, in real processes, once all checks have passed, and have a person look
        where the two disagree.

        They must end alike, return the same and write the same lines, in any order; ``same`` asks something else of
        two runs that came back. ``meet`` names a function whose calls were at work at once in the world (give it a cost
        there): as many must come together really (`rendezvous`). Never fails a check. Use small inputs; the real run
        takes real time.
        """
        launcher = self._real
        if launcher is None:
            return
        chosen, kwargs = split(options)
        plan = Plan.of(chosen)
        if meet and meet not in plan.costs:
            plan = replace(plan, watch=(*plan.watch, meet))

        def question() -> str:
            world = self._once(plan, function, args, kwargs)
            program, assignment = self._program, self._assignment
            together = parallelism.most_at_once((c.start, c.end) for c in world.calls if c.function == meet)
            real = real_run.run(
                launcher(),
                program,
                assignment,
                function,
                args,
                kwargs,
                plan.start_method,
                plan.http,
                (meet, together) if together > 1 else None,
                plan.files,
            )
            difference = real_run.difference(world, real, same)
            return f"the real run disagrees with the world: {world.call} {difference}" if difference else ""

        self._questions.append(question)

    def confirm_all(self) -> None:
        """Make the real runs that the checks asked for. Only for a program that passed them all: what a wrong one does
        really is luck, and its score does not depend on it."""
        for question in self._questions:
            try:
                found = question()
            except (CheckFailed, Inconclusive) as failure:
                found = f"the real run could not be compared: {failure}"
            if found:
                self._reviews[found] = None
        self._questions.clear()


class _PlannedRun(Run):
    """A run that knows how to make it again."""

    plan: Plan
    function: str
    call_args: tuple[Any, ...]
    call_kwargs: dict[str, Any]

    @property
    def start_method(self) -> str:
        return self.plan.start_method


class Calls:
    """An open session: a process that has imported the submission."""

    def __init__(self, subject: Subject, session: Session, plan: Plan) -> None:
        self._subject = subject
        self._session = session
        self._plan = plan
        self._calls: list[strategies.Call] = []
        self._last = ""

    def call(self, function: str, *args: Any, **kwargs: Any) -> Run:
        """Call a function; the process stays as it is afterwards."""
        recording = self._session.call(function, args, kwargs)
        self._subject._note(recording)
        earlier = self._last
        self._calls.append(
            strategies.Call(
                function,
                [values.encode(arg) for arg in args],
                {name: values.encode(arg) for name, arg in kwargs.items()},
            )
        )
        calls = list(self._calls)
        plan, module = self._plan, self._subject._program.module

        def schedule() -> str:
            return strategies.write(scenario(module, plan, calls, recording))

        text = ", ".join([*map(argument, args), *(f"{name}={argument(arg)}" for name, arg in kwargs.items())])
        run = _PlannedRun(f"{function}({text})", recording, self._subject.source, schedule, self._session.files())
        run.plan, run.function, run.call_args, run.call_kwargs, run.earlier = plan, function, args, kwargs, earlier
        self._last = run.call
        self._subject._made.append(run)
        return run
