"""The nouns that every part of the autograder shares: frozen, typed, without behaviour of their own.

All times are virtual seconds unless a name says otherwise; all sizes are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path


class Visibility(StrEnum):
    """Who sees a check's result, in Gradescope's four words."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"


class Outcome(StrEnum):
    """What became of one check.

    ``INCONCLUSIVE`` means that a limit of real time ended the run first: it is a fact about the machine, so it is
    never called a deadlock or a failure of the program, and always asks for a person. ``ERROR`` means that the
    grader itself failed; no statement about the program is made.
    """

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


class Status(StrEnum):
    """What became of one submission: scored, scored but a person must look, or not gradable at all."""

    GRADED = "graded"
    REVIEW = "review"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Machine:
    """The modelled computer that a submission runs on. Costs are seconds of one core.

    ``tick`` is charged for every loop turn and function entry of the student's code, ``operation`` for every visible
    operation (a lock, a write, a message), ``thread_start`` and ``process_start`` to the task that starts another.
    ``pipe`` is how many bytes a pipe holds before its writer must wait: 64 KiB on Linux (pipe(7)), 512 are all that
    POSIX promises.
    """

    cores: int = 4
    gil: bool = True
    tick: float = 1e-7
    operation: float = 1e-6
    thread_start: float = 5e-5
    process_start: float = 2e-3
    pipe: int = 65536


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use. Passing ``work`` or ``operations`` is a fact about the program (it does not come to an
    end); passing ``real_time``, ``cpu_time``, ``disk``, ``files`` or the memory of all processes is found out at
    a moment that depends on the machine, and is only ever called inconclusive."""

    real_time: float = 60.0  # seconds of the wall clock for one run
    cpu_time: int = 6  # seconds of CPU time for one process
    memory: int = 1 << 30  # bytes of address space of one process, and in memory of all processes together
    processes: int = 256  # tasks (threads and processes) of one run
    disk: int = 256 << 20  # bytes on disk and in shared memory at one time, all files of one run together
    files: int = 10_000  # files and folders of one run
    output: int = 1 << 20  # bytes written to standard output and standard error in one run
    work: int = 20_000_000  # ticks of one run
    operations: int = 50_000  # visible operations of one run


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """What the course gives for one check: its points and who may see it."""

    name: str
    points: float
    visibility: Visibility
    line: int = 0  # where grading.yml says so


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment as it is graded: where it lives, what is handed in, and the course's policy for it."""

    name: str
    title: str
    file: str  # the name of the file handed in, e.g. "locked_printing.py"
    folder: Path  # holds handout.md, solution.py, test_public.py, test_hidden.py, wrong/, right/
    checks: tuple[CheckPolicy, ...]
    machine: Machine = field(default_factory=Machine)
    limits: Limits = field(default_factory=Limits)
    schedules: int = 8  # schedules that one `submission.explore` tries
    imports: tuple[str, ...] = ()  # packages outside the standard library that the file may import


@dataclass(frozen=True, slots=True)
class Origin:
    """A hand-in as its LMS knows it. ``key`` is the LMS's own id and the only thing that grades are joined on;
    ``name`` is for people to read. Without a ``submitted`` time the LMS gives none in its download."""

    lms: str  # "moodle", a key of autograder.lms.LMSS
    key: str  # Moodle's participant id, Canvas's user id, Blackboard's username, …
    name: str = ""
    place: str = ""  # the name in the download that feedback has to go back under
    members: tuple[str, ...] = ()  # of a group's hand-in: the keys of all whom it counts for
    submitted: datetime | None = None  # aware
    late: bool = False  # the LMS's own mark
    attempt: int = 0  # which of their hand-ins this is, from 1; 0 where the LMS does not count them


@dataclass(frozen=True, slots=True)
class Lateness:
    """What the course's late policy makes of a hand-in: ``days`` begun after the due date and the grace, and the
    ``percent`` of the points earned that they cost. 0 days is in time."""

    submitted: datetime
    due: datetime
    days: int
    percent: float

    @property
    def in_time(self) -> bool:
        """Whether it came by the due date. In UTC: by the clock on the wall an hour may come twice."""
        return self.submitted.astimezone(UTC) <= self.due.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's hand-in. ``path`` is the file to grade; without one, ``problem`` says why there is none."""

    id: str
    path: Path | None
    problem: str | None = None
    notes: tuple[str, ...] = ()
    origin: Origin | None = None
    lateness: Lateness | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A thread or process in a `Picture`: its name, its kind ("main", "thread" or "process"), and from where to where
    it lives."""

    name: str
    kind: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """What one task does in a `Picture`, from ``begin`` to ``end``.

    ``kind`` over virtual time: "work", "wait", "sleep", "request", "start", and "critical" for what the end waited for.
    By steps: "write", "take", "free", "memory", "message", "task" (starts, joins, ends), "sleep", "request", "error",
    "blocked" (waits for ever), and three that go on for a while or mark a place: "wait", "hold" (``text`` is the
    lock), "stopped" (the schedule stopped it though it could have gone on). ``line`` is the source line, 0 for none;
    ``marked`` are the steps that the finding is about.
    """

    lane: int
    begin: float
    end: float
    kind: str
    text: str = ""
    line: int = 0
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A run to be drawn: lanes of tasks, and strokes in them.

    ``axis`` is "steps" (one row each, in the order of the schedule; ``gaps`` are the rows that stand for so many steps
    left out) or "seconds" (of virtual time, from the begin of the call). ``more`` tasks have no lane. Bounded, whatever
    the run did, and printable.
    """

    axis: str
    length: float
    lanes: tuple[Lane, ...]
    strokes: tuple[Stroke, ...]
    gaps: tuple[tuple[int, int], ...] = ()  # row, steps
    more: int = 0


@dataclass(frozen=True, slots=True)
class Speedups:
    """How many times as fast a program is with so many ``unit`` ("cores"); None where it did not come back. ``wanted``
    times were asked for with ``at`` of them."""

    points: tuple[tuple[int, float | None], ...]
    wanted: float
    at: int
    unit: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, in words and as evidence.

    ``kind`` is one of the words of docs/findings.md ("interleaving", "deadlock", "race", "not joined", "not parallel",
    "wrong value", …); ``message`` one or two sentences for the student; ``lines`` the source lines it points at;
    ``lanes`` the run drawn as lanes by task, ready to print; ``schedule`` the text that `autograder replay` takes.
    ``steps`` are the events of that run that it is about, ``picture`` the run to be drawn by others.
    """

    kind: str
    message: str
    lines: tuple[int, ...] = ()
    lanes: str = ""
    schedule: str = ""
    steps: tuple[int, ...] = ()
    picture: Picture | None = None
    speedups: Speedups | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """What a person decided about a submission, and the reason, which the student reads.

    ``score`` are the points that count, whatever the checks and the late policy say; ``checks`` the points given for
    single checks. With neither, the score stands as it is: somebody has looked.
    """

    reason: str
    by: str = ""
    score: float | None = None
    checks: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one check, as it goes into every report. ``title`` is the check's docstring; ``scope`` is how far
    a passed one searched the schedules ("every schedule with at most 2 preemptions (9 runs)"; empty: it did not
    search). ``pictures`` are those of an ordinary run of a check, where they were asked for; ``speedup`` is how many
    times as fast a check for speed has found the program, in virtual time. ``given`` are the points that a person gave
    for it; its outcome stays what it is, a fact about the program."""

    check: CheckPolicy
    title: str
    outcome: Outcome
    finding: Finding | None = None
    scope: str = ""
    pictures: tuple[Picture, ...] = ()
    speedup: float | None = None
    given: float | None = None

    @property
    def score(self) -> float:
        """The points given: all or none, so that a rubric stays readable, unless a person decided."""
        if self.given is not None:
            return self.given
        return self.check.points if self.outcome is Outcome.PASSED else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that grading one submission says. ``reviews`` are the reasons why a person should look at it;
    ``problem`` is why it could not be run at all (missing file, syntax error, an import that runs the program)."""

    submission: str
    assignment: str
    verdicts: tuple[Verdict, ...]
    status: Status
    reviews: tuple[str, ...] = ()
    problem: str | None = None
    notes: tuple[str, ...] = ()
    origin: Origin | None = None
    lateness: Lateness | None = None
    layers: tuple[str, ...] = ()  # of the sandbox that it was graded in
    override: Override | None = None

    @property
    def earned(self) -> float:
        """The points that the checks give."""
        return sum(verdict.score for verdict in self.verdicts)

    @property
    def score(self) -> float:
        """The points that count: those earned, less what being late costs, or those that a person set."""
        if self.override is not None and self.override.score is not None:
            return self.override.score
        percent = self.lateness.percent if self.lateness else 0.0
        return self.earned * (100 - percent) / 100 if percent else self.earned

    @property
    def max_score(self) -> float:
        return sum(verdict.check.points for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """What a hand-in after the due date still gets: the first ``grace_minutes`` cost nothing, then every day begun
    costs ``per_day_percent`` of the points earned, and after ``max_days`` nothing is taken any more. A day ends at the
    hour of the due date by the course's clocks, also where they are put forward or back in between."""

    grace_minutes: int = 0
    per_day_percent: float = 0.0
    max_days: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when one assignment may be handed in: an aware time (None: no end) and what holds after it."""

    due: datetime | None
    late: LatePolicy


@dataclass(frozen=True, slots=True)
class Course:
    """All of grading.yml with every default filled in. ``machine``, ``limits``, ``schedules`` and ``late`` are the
    course-wide values; each assignment holds its own, which win. ``root`` is the folder of grading.yml."""

    name: str
    timezone: str  # a name of the tz database, "Europe/Berlin"; due dates without an offset are local to it
    root: Path
    machine: Machine
    limits: Limits
    schedules: int
    late: LatePolicy
    assignments: dict[str, Assignment]
    deadlines: dict[str, Deadline]  # by assignment
