"""Hand-made traces: a script of operations, in the order of the schedule, with the bookkeeping of a conductor.

    run = Script()
    a, b = run.create("a", line=7), run.create("b", line=7)
    run.acquire(a, "lock", line=4)
    run.write(a, "x", line=5)
    trace = run.trace()

Each task has a clock of its own; every operation costs `COST`. Locks know their holders and what they were released
by, so `held` and `cause` come out as the world makes them. A task that is created is started at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from autograder.trace.events import Blocked, Event, Resource, Task, Trace

COST = 1e-6


class Script:
    def __init__(self, first_step: int = 0) -> None:
        self.tasks = [Task(0, "MainThread", "main", None, 0, started=0.0)]
        self.events: list[Event] = []
        self.first_step = first_step
        self.clock = {0: 0.0}
        self.asked: dict[int, float] = {}
        self.held: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        self.freed: dict[str, Event] = {}
        self.sent: defaultdict[str, list[Event]] = defaultdict(list)
        self.ends: dict[int, Event] = {}
        self.resources: dict[str, Resource] = {}
        self.blocked: list[Blocked] = []
        self.returned: int | None = None

    # The one place where events are made.
    def event(self, task, op, resource="", value=None, *, line=0, via="", cause=None, takes=COST, method=""):
        asked = self.clock[task]
        begin = asked if cause is None else max(asked, cause.at)
        self.clock[task] = begin + takes
        made = Event(
            self.first_step + len(self.events),
            task,
            op,
            asked,
            self.clock[task],
            resource,
            value,
            line,
            via,
            None if cause is None else cause.step,
            tuple(self.held[task]),
            method,
        )
        self.events.append(made)
        return made

    def thing(self, id, kind, line=0, process=None, name=""):
        self.resources[id] = Resource(id, kind, line, process, name)
        return id

    def work(self, task, seconds):
        self.clock[task] += seconds
        self.tasks[task] = replace(self.tasks[task], work=self.tasks[task].work + seconds)

    def create(self, name="", kind="thread", by=0, *, line=0, service=False, daemon=False, start=True):
        number = len(self.tasks)
        made = self.event(by, "create", f"task:{number}", kind, line=line)
        process = number if kind == "process" else self.tasks[by].process
        self.tasks.append(
            Task(
                number, name or f"t{number}", kind, by, process, service, daemon, line=line, created=made.at,
                started=made.at + COST,
            )
        )  # fmt: skip
        self.clock[number] = made.at
        if start:
            self.event(number, "start", f"task:{number}", cause=made)
        return number

    def end(self, task, exitcode=0):
        self.ends[task] = self.event(task, "end", f"task:{task}", exitcode)
        self.tasks[task] = replace(self.tasks[task], ended=self.clock[task], exitcode=exitcode)

    def join(self, other, by=0, *, line=0, value=True, via=""):
        cause = self.ends.get(other) if value else None
        return self.event(by, "join", f"task:{other}", value, line=line, via=via, cause=cause)

    def acquire(self, task, lock, *, line=0, value=True, via=""):
        if lock not in self.resources:
            self.thing(lock, "Lock")
        made = self.event(task, "acquire", lock, value, line=line, via=via, cause=self.freed.get(lock))
        if value:
            self.held[task].append((lock, made.step))
        return made

    def release(self, task, lock, *, line=0, via=""):
        holders = [holder for holder, held in self.held.items() if any(name == lock for name, _ in held)]
        owner = task if task in holders else next(iter(holders), task)
        for place in range(len(self.held[owner]) - 1, -1, -1):
            if self.held[owner][place][0] == lock:
                del self.held[owner][place]
                break
        self.freed[lock] = self.event(task, "release", lock, line=line, via=via)
        return self.freed[lock]

    def write(self, task, text, *, line=0):
        return self.event(task, "write", "stdout", text, line=line)

    def read(self, task, cell, index=0, *, line=0):
        if cell not in self.resources:
            self.thing(cell, "Value")
        return self.event(task, "read", cell, index, line=line)

    def store(self, task, cell, index=0, *, line=0):
        if cell not in self.resources:
            self.thing(cell, "Value")
        return self.event(task, "store", cell, index, line=line)

    def add(self, task, cell, index=0, *, line=0):
        """cell += 1"""
        self.read(task, cell, index, line=line)
        return self.store(task, cell, index, line=line)

    def send(self, task, channel, *, line=0, via=""):
        made = self.event(task, "send", channel, 10, line=line, via=via)
        self.sent[channel].append(made)
        return made

    def receive(self, task, channel, *, line=0, via=""):
        return self.event(task, "receive", channel, 10, line=line, via=via, cause=self.sent[channel].pop(0))

    def wake(self, task, resource, *, line=0, via=""):
        self.freed[resource] = self.event(task, "wake", resource, line=line, via=via)
        return self.freed[resource]

    def wait(self, task, resource, *, line=0, value=True, via=""):
        cause = self.freed.get(resource) if value else None
        return self.event(task, "wait", resource, value, line=line, via=via, cause=cause)

    def sleep(self, task, seconds, *, line=0):
        return self.event(task, "sleep", "clock", seconds, line=line, takes=seconds)

    def request(self, task, url="u", seconds=0.2, *, line=0, status=200):
        return self.event(task, "request", url, status, line=line, takes=seconds, method="GET")

    def returns(self):
        self.returned = self.event(0, "return", "task:0").step

    def block(self, task, op, resource, *, line=0, via="", holders=()):
        self.blocked.append(Blocked(task, op, resource, line, via, tuple(holders)))

    def trace(self, **changes):
        made = Trace(
            tuple(self.tasks),
            tuple(self.events),
            self.resources,
            self.returned,
            tuple(task.id for task in self.tasks[1:] if task.id not in self.ends),
            tuple(self.blocked),
            self.clock[0],
        )
        return replace(made, **changes)
