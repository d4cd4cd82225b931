"""The comparison of virtual with real speedup: what it counts, when it judges, and what it says of a busy machine."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "accuracy.py"


@pytest.fixture(scope="module")
def accuracy() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("accuracy", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[spec.name]


def row(accuracy: ModuleType, real: float = 2.0, stolen: float = 1.0, whole: float = 2.0) -> Any:
    return accuracy.Row("load", 1.0, 1e-7, 2.0, real, stolen, whole)


def test_the_turns_are_those_that_the_world_counts(accuracy: ModuleType) -> None:
    """The tick is calibrated with them, so they must be what the guest charges."""
    world = accuracy.subject()
    for load in accuracy.loads(200):
        if load.turns:
            name, arguments = load.sequential
            run = world.run(name, *arguments, machine={"tick": 1.0})
            beside = 1 + len(arguments[1])  # one_by_one itself: its entry, and a turn for each number
            assert round(run.completed().work) == load.turns + beside


def test_the_virtual_speedups_are_what_they_should_be(accuracy: ModuleType) -> None:
    world = accuracy.subject()
    found = {}
    for load in accuracy.loads(20):
        runs = [
            world.run(name, *arguments, machine={"cores": 2, "tick": 1e-5 if load.turns else 1e-7})
            for name, arguments in (load.sequential, load.parallel)
        ]
        found[load.name] = round(runs[0].completed().elapsed / runs[1].completed().elapsed, 1)
    assert found == {
        "primes, a pool of 2": 2.0,
        "primes, 2 processes": 2.0,
        "primes, 2 processes, 3 : 1": 1.3,
        "primes, 2 threads": 1.0,
        "fib, a pool of 2": 1.9,  # closing the pool is a part of it
        "10 sleeps, 10 threads": 9.5,
        "10 sleeps, 4 threads": 3.3,
    }


def test_the_real_program_runs(accuracy: ModuleType) -> None:
    for load in accuracy.loads(1000):
        real = accuracy.measure_real(load, 2)
        assert real.seconds > 0
        assert real.speedup > 0
        assert real.stolen > 0
        assert bool(real.whole) == bool(load.turns)


def test_a_busy_machine_is_told_and_not_judged(accuracy: ModuleType) -> None:
    wrong = [row(accuracy, real=1.0)]
    assert accuracy.busy(0.1, 2, wrong) == ""
    assert "load average was 3.0" in accuracy.busy(3.0, 2, wrong)
    assert "1 core" in accuracy.busy(0.1, 1, wrong)
    assert "1.50 times its CPU time" in accuracy.busy(0.1, 2, [row(accuracy, stolen=1.5)])
    assert "its two cores do 1.30 times the work of one" in accuracy.busy(0.1, 2, [row(accuracy, whole=1.3)])
    assert accuracy.busy(0.1, 2, [row(accuracy, whole=0.0)]) == ""  # waiting needs no cores
    assert accuracy.closing(wrong, "a reason").startswith("This machine is not idle: a reason.")


def test_the_goal(accuracy: ModuleType) -> None:
    good, bad = row(accuracy, real=1.9), row(accuracy, real=1.5)
    assert accuracy.closing([good], "").endswith("met by all.")
    assert accuracy.closing([good, bad], "").endswith("missed, most by load with 33.3%.")
