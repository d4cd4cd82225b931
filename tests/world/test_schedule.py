"""Strategies and runs as text: there and back, and ScheduleError for whatever is damaged."""

from __future__ import annotations

import base64
import zlib
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.model import Machine
from autograder.world import schedule
from autograder.world.schedule import Call, Page, Scenario, ScheduleError
from autograder.world.strategies import Eager, NonPreemptive, Pct, Replay, RoundRobin, Slices, Switch, VirtualTime

names = st.text(min_size=1, max_size=10)
numbers = st.integers(-(1 << 63), (1 << 63) - 1)
scenarios = st.builds(
    Scenario,
    module=names,
    strategy=st.sampled_from(["virtual", "switches:1-2"]),
    calls=st.lists(st.builds(Call, names, st.lists(numbers | names), st.dictionaries(names, numbers)), max_size=2),
    machine=st.dictionaries(names, numbers, max_size=2),
    pages=st.lists(st.builds(Page, names, numbers, st.binary(), st.floats(0, 9)), max_size=2),
    has_site=st.booleans(),
    costs=st.dictionaries(names, st.floats(0, 9), max_size=2),
    watch=st.lists(names, max_size=2),
    failing_write=st.none() | st.integers(1, 9),
    points=st.booleans() | st.lists(st.integers(1, 99), max_size=3),
)


@given(scenarios)
def test_there_and_back(scenario: Scenario) -> None:
    text = schedule.write(scenario)
    assert schedule.read(text) in (scenario, msgspec.structs.replace(scenario, points=scenario.points or False))
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_text_broken_into_lines_by_a_mail() -> None:
    text = schedule.write(Scenario("m", "virtual", [Call("f", list(range(50)))]))
    assert schedule.read("  " + "\n".join(text[i : i + 20] for i in range(0, len(text), 20)) + "\r\n ").module == "m"


SCENARIO = Scenario("module", "switches:3-1", [Call("f", [1, "two"])], machine={"cores": 8})
TEXT = schedule.write(SCENARIO)


def test_without_points_and_files_the_text_is_as_it_was_before_there_were_any() -> None:
    raw = base64.b64decode(TEXT[1:] + "==", altchars=b"-_")
    assert len(msgspec.msgpack.decode(zlib.decompress(raw))) == len(Scenario.__struct_fields__) - 2
    for changes in ({"points": [3, 4]}, {"files": {"a/b": b"c"}}, {"points": True, "files": {"a": b""}}):
        scenario = msgspec.structs.replace(SCENARIO, **changes)
        assert schedule.read(schedule.write(scenario)) == scenario


@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_one_letter_changed(place: int, letter: str) -> None:
    damaged = TEXT[:place] + letter + TEXT[place + 1 :]
    with suppress(ScheduleError):
        assert schedule.read(damaged) == SCENARIO


@given(st.integers(0, len(TEXT) - 1))
def test_cut_off(place: int) -> None:
    with pytest.raises(ScheduleError):
        schedule.read(TEXT[:place])


@given(st.text())
def test_noise(text: str) -> None:
    with pytest.raises(ScheduleError):
        schedule.read(text)
    with pytest.raises(ScheduleError):
        schedule.read("1" + text)


def as_text(data: bytes) -> str:
    return "1" + base64.urlsafe_b64encode(zlib.compress(data)).decode().rstrip("=")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\xa1\xff",
        b"\x93\xa1m\xa1\xff\x90",
        b"\x91" * 5000,
        msgspec.msgpack.encode(["m", "virtual"]),
        msgspec.msgpack.encode(["m", "virtual", 5]),
        msgspec.msgpack.encode([1, 2, 3]),
        bytes(5 << 20),
    ],
)
def test_a_whole_text_with_other_content(data: bytes) -> None:
    with pytest.raises(ScheduleError):
        schedule.read(as_text(data))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("virtual", VirtualTime),
        ("nonpreemptive", NonPreemptive),
        ("eager", Eager),
        ("roundrobin", RoundRobin),
        ("random:7", Pct),
        ("random:7:30", Pct),
        (schedule.random_schedule(3), Pct),
        (schedule.slices([797, 799]), Slices),
        (schedule.switches([]), Replay),
        (schedule.switches([Switch(1, 2), Switch(30, 4)]), Replay),
    ],
)
def test_strategies(text: str, kind: type) -> None:
    assert type(schedule.make(text, Machine())) is kind


def test_texts_of_strategies() -> None:
    assert schedule.slices([797, 799, 1750]) == "slices:797,799,1750"
    assert schedule.random_schedule(7, 30) == "random:7:30"
    assert schedule.switches([Switch(3, 1), Switch(7, 2)]) == "switches:3-1,7-2"
    assert schedule.hurried(2, 3) == "switches:0-2,1-2,2-2"


@pytest.mark.parametrize(
    "text",
    ["", "Virtual", "virtual:1", "random", "random:x", "random:1:x", "slices", "slices:", "slices:1,,2", "slices:a",
     "switches:1", "switches:1-2-3", "switches:-1-2", "switches:a-b", "roundrobin ", "random:" + "9" * 5000],
)  # fmt: skip
def test_no_strategy(text: str) -> None:
    with pytest.raises(ScheduleError, match="allowed are virtual, nonpreemptive, eager"):
        schedule.make(text, Machine())


def test_a_quantum_is_five_milliseconds() -> None:
    strategy: Any = schedule.make("virtual", Machine(tick=5e-4))
    assert strategy.ticks == 10


def test_a_task_that_is_always_preferred_has_a_short_text() -> None:
    strategy = "switches:" + ",".join(f"{at}-0" for at in range(3, 600))
    text = schedule.write(Scenario("m", strategy, [Call("f")]))
    assert len(text) < 120
    assert schedule.read(text).strategy == strategy


@pytest.mark.parametrize("strategy", ["virtual", "switches:", "switches:7-2", "switches:3-1,9-0,9-2", "slices:3,4"])
def test_strategies_come_back_as_they_were(strategy: str) -> None:
    assert schedule.read(schedule.write(Scenario("m", strategy, [Call("f")]))).strategy == strategy
