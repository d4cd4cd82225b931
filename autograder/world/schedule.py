"""Strategies and whole runs as text.

A strategy's text is its name and numbers: ``virtual``, ``roundrobin``, ``random:7:200``, ``slices:797,799,1750``, or
the switches of a schedule, ``switches:3-1,7-2`` (at decision 3 task 1 goes on, at 7 task 2).

A `Scenario` is a run as data: which functions are called with which arguments in which world, under which strategy.
Its text is what a feedback names and ``autograder replay`` takes.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec

from autograder.model import Machine
from autograder.world.machine import QUANTUM
from autograder.world.strategies import (
    Eager,
    NonPreemptive,
    Pct,
    Replay,
    RoundRobin,
    Slices,
    Strategy,
    Switch,
    VirtualTime,
)

DECISIONS = 200
"""How many decisions a random schedule reckons with if nothing is known of the run."""

NAMES = "virtual, nonpreemptive, eager, roundrobin, random:SEED[:DECISIONS], slices:N,N,…, switches:AT-TO,…"


class ScheduleError(ValueError):
    """A text that is no strategy or no schedule."""


def slices(turns: Sequence[int]) -> str:
    """The strategy that gives threads these numbers of loop turns, in turn."""
    return "slices:" + ",".join(str(number) for number in turns)


def random_schedule(seed: int, decisions: int = DECISIONS) -> str:
    """A random strategy; the same seed gives the same run."""
    return f"random:{seed}:{decisions}"


def hurried(task: int = 0, decisions: int = 600) -> str:
    """The schedule in which this task (the main thread by default) goes on whenever it can, for so many decisions, and
    its limits of time run out at once: who closes a pool and does not join it comes back before the workers have ended,
    and who asks again and again is told from who waits."""
    return switches([Switch(at, task) for at in range(decisions)])


def switches(chosen: Sequence[Switch]) -> str:
    """The strategy that replays a schedule."""
    return "switches:" + ",".join(f"{switch.at}-{switch.to}" for switch in chosen)


def make(text: str, machine: Machine) -> Strategy:
    """A fresh strategy from its text. Raises ScheduleError with what is allowed."""
    name, _, rest = text.partition(":")
    try:
        match name:
            case "virtual" if not rest:
                return VirtualTime(int(QUANTUM / machine.tick))
            case "nonpreemptive" if not rest:
                return NonPreemptive()
            case "eager" if not rest:
                return Eager()
            case "roundrobin" if not rest:
                return RoundRobin()
            case "random":
                seed, _, decisions = rest.partition(":")
                return Pct(int(seed), int(decisions or DECISIONS))
            case "slices":
                return Slices([int(number) for number in rest.split(",")])
            case "switches":
                pairs = [pair.split("-") for pair in rest.split(",") if pair]
                return Replay(Switch(int(at), int(to)) for at, to in pairs)
    except ValueError:
        pass
    raise ScheduleError(f"{text!r} is no strategy; allowed are {NAMES}")


class Call(msgspec.Struct, frozen=True, array_like=True):
    """A call; arguments in the wire form of `values`."""

    function: str
    args: list[Any] = []
    kwargs: dict[str, Any] = {}


class Page(msgspec.Struct, frozen=True, array_like=True):
    """One address of a run's site."""

    url: str
    status: int
    body: bytes
    latency: float
    headers: dict[str, str] = {}


class Scenario(msgspec.Struct, frozen=True, array_like=True):
    """A run as data. ``machine`` are the fields that differ from the default machine."""

    module: str
    strategy: str
    calls: list[Call]
    machine: dict[str, Any] = {}
    pages: list[Page] = []
    missing: int = 404
    latency: float = 0.0
    has_site: bool = False
    costs: dict[str, float] = {}
    watch: list[str] = []
    start_method: Annotated[str, msgspec.Meta(pattern="^(fork|spawn|forkserver)$")] = "fork"
    whole_prints: bool = False
    failing_write: int | None = None
    points: bool | list[int] = False
    files: dict[str, bytes] = {}


_VERSION = "1"

_SWITCHES, _STEPS = "switches:", "steps:"
"""In a scenario's text the places of switches are counted each from the one before. A schedule in which one task goes
on whenever it can has hundreds of them, and in this form they pack into a few letters."""


def _steps(strategy: str) -> str:
    """The form of a strategy in a scenario's text."""
    if not strategy.startswith(_SWITCHES):
        return strategy
    pairs = [pair.split("-") for pair in strategy.removeprefix(_SWITCHES).split(",") if pair]
    places = [0, *(int(at) for at, _ in pairs)]
    steps = (f"{at - before}-{to}" for (_, to), before, at in zip(pairs, places, places[1:], strict=False))
    return _STEPS + ",".join(steps)


def _switches(strategy: str) -> str:
    """The strategy again. Raises ValueError where it is none."""
    if not strategy.startswith(_STEPS):
        return strategy
    chosen, place = [], 0
    for pair in strategy.removeprefix(_STEPS).split(","):
        step, _, to = pair.rpartition("-")
        if pair:
            place += int(step)
            chosen.append(Switch(place, int(to)))
    return switches(chosen)


def write(scenario: Scenario) -> str:
    """The scenario as one word of letters, digits, ``-`` and ``_``."""
    parts = msgspec.structs.astuple(msgspec.structs.replace(scenario, strategy=_steps(scenario.strategy)))
    # The texts of runs without points or files are as they were before there were any.
    parts = parts if scenario.files else parts[:-1] if scenario.points else parts[:-2]
    packed = zlib.compress(msgspec.msgpack.encode(parts), 9)
    return _VERSION + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read(text: str) -> Scenario:
    """The scenario of a text. Raises ScheduleError where the text is damaged."""
    text = "".join(text.split())
    if not text.startswith(_VERSION):
        raise ScheduleError("this is not a schedule: it must begin with 1 and be copied whole from the feedback")
    try:
        raw = base64.b64decode(text[1:] + "=" * (-(len(text) - 1) % 4), altchars=b"-_", validate=True)
        inflater = zlib.decompressobj()
        data = inflater.decompress(raw, 1 << 22)
        if not inflater.eof:
            raise ScheduleError("the schedule is damaged: copy it whole from the feedback")
        scenario = msgspec.msgpack.decode(data, type=Scenario)
        return msgspec.structs.replace(scenario, strategy=_switches(scenario.strategy))
    except (binascii.Error, ValueError, zlib.error, msgspec.DecodeError, RecursionError) as error:
        if isinstance(error, ScheduleError):
            raise
        raise ScheduleError("the schedule is damaged: copy it whole from the feedback") from None
