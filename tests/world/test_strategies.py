"""Strategies as pure functions: whom they choose among made-up candidates, and for how many ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.world.machine import Cores, Machine
from autograder.world.strategies import (
    Candidate,
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
from autograder.world.strategies.base import stay
from autograder.world.strategies.slices import LEAP


@dataclass
class View:
    last: int = 0
    decisions: int = 0


def at(task: int, time: float = 0.0, *, due: bool = True, op: str = "acquire", idle: bool = False) -> Candidate:
    return Candidate(task, time, due, op, idle)


def order(strategy: Strategy, rounds: Sequence[Sequence[Candidate]]) -> list[int]:
    view, chosen = View(), []
    for candidates in rounds:
        view.last = strategy.choose(candidates, view).task
        view.decisions += 1
        chosen.append(view.last)
    return chosen


class TestStay:
    def test_the_last_goes_on(self) -> None:
        assert stay([at(0), at(1), at(2)], View(last=1)).task == 1

    def test_then_the_lowest(self) -> None:
        assert stay([at(2), at(3)], View(last=1)).task == 2

    def test_one_that_paused_makes_way_to_the_next(self) -> None:
        assert stay([at(0), at(1, idle=True), at(2)], View(last=1)).task == 2
        assert stay([at(0), at(1, idle=True)], View(last=1)).task == 0
        assert stay([at(1, idle=True)], View(last=1)).task == 1

    def test_sleepers_come_last_and_the_shortest_first(self) -> None:
        sleepers = [at(0, 5.0, due=False), at(1, 3.0, due=False)]
        assert stay([*sleepers, at(2)], View(last=0)).task == 2
        assert stay(sleepers, View(last=0)).task == 1


times, ops = st.floats(0, 9), st.sampled_from(["pause", "join"])
candidates = st.lists(
    st.builds(Candidate, st.integers(0, 9), times, st.booleans(), ops, st.booleans()),
    min_size=1, max_size=6, unique_by=lambda candidate: candidate.task,
).map(lambda found: sorted(found, key=lambda candidate: candidate.task))  # fmt: skip
STRATEGIES = {
    "virtual": lambda: VirtualTime(100), "nonpreemptive": NonPreemptive, "eager": Eager, "roundrobin": RoundRobin,
    "pct": lambda: Pct(3, 10), "slices": lambda: Slices([2, 3]), "replay": lambda: Replay([Switch(1, 2), Switch(3, 1)]),
    "no slices": lambda: Slices([]),
}  # fmt: skip


@pytest.mark.parametrize("name", STRATEGIES)
@given(st.lists(candidates, max_size=8))
@settings(max_examples=30)
def test_one_of_the_candidates_and_always_the_same(name: str, rounds: list[list[Candidate]]) -> None:
    first = order(STRATEGIES[name](), rounds)
    assert all(task in {c.task for c in found} for task, found in zip(first, rounds, strict=True))
    assert order(STRATEGIES[name](), rounds) == first


def test_virtual_time_is_earliest_first() -> None:
    assert VirtualTime(1).choose([at(0, 2.0), at(1, 1.0), at(2, 1.0)], View()).task == 1
    assert VirtualTime(1).timed
    assert not NonPreemptive().timed


def test_round_robin_goes_in_a_circle() -> None:
    assert order(RoundRobin(), [[at(0), at(1), at(3)]] * 5) == [1, 3, 0, 1, 3]
    assert RoundRobin().choose([at(0), at(1, 9.0, due=False)], View(last=0)).task == 1


def test_eager_takes_the_newest_that_is_busy() -> None:
    assert Eager().choose([at(0), at(1), at(2)], View()).task == 2
    assert Eager().choose([at(0), at(1, due=False), at(2, idle=True)], View()).task == 0
    assert Eager().choose([at(0, idle=True), at(1, idle=True)], View(last=0)).task == 1


class TestPct:
    def test_same_seed_same_order(self) -> None:
        rounds = [[at(task) for task in range(5)]] * 20
        assert order(Pct(4, 20), rounds) == order(Pct(4, 20), rounds)
        assert len({tuple(order(Pct(seed, 20), rounds)) for seed in range(20)}) > 5

    def test_preemptions_are_bounded(self) -> None:
        """Without anything idle, whoever is first stays so but for the change points."""
        rounds = [[at(task) for task in range(6)]] * 50
        for seed in range(30):
            chosen = order(Pct(seed, 50, changes=2), rounds)
            assert sum(one != other for one, other in pairwise(chosen)) <= 2

    def test_no_changes_beyond_the_points(self) -> None:
        for seed in range(10):
            assert len(set(order(Pct(seed, 30, changes=0), [[at(0), at(1), at(2)]] * 30))) == 1

    def test_whoever_polls_does_not_keep_the_others_away(self) -> None:
        polling = [[at(task, op="pause", idle=True) for task in range(3)]] * 12
        for seed in range(10):
            assert set(order(Pct(seed, 12), polling)) == {0, 1, 2}
        running_out = [[at(task, 5.0, due=False) for task in range(3)]] * 12
        assert set(order(Pct(1, 12), running_out)) == {0, 1, 2}

    def test_every_order_of_two_comes_up(self) -> None:
        assert {Pct(seed, 5).choose([at(0), at(1)], View()).task for seed in range(10)} == {0, 1}

    def test_no_decisions(self) -> None:
        assert order(Pct(1, 0), [[at(0)]] * 3) == [0, 0, 0]


class TestReplay:
    def test_switches_at_their_decisions(self) -> None:
        rounds = [[at(0), at(1), at(2)]] * 6
        assert order(Replay([]), rounds) == [0] * 6
        assert order(Replay([Switch(1, 2), Switch(4, 1)]), rounds) == [0, 2, 2, 2, 1, 1]

    def test_one_who_cannot_go_on_is_passed_over(self) -> None:
        assert order(Replay([Switch(0, 7)]), [[at(0), at(1)]]) == [0]


class TestSlices:
    """Two threads that count loop turns, as the conductor would drive them."""

    def run(self, turns: list[int], lengths: tuple[int, int] = (1000, 1000)) -> tuple[list[tuple[int, int]], float]:
        """Who made how many turns in a row; and the seconds leapt."""
        strategy, view = Slices(turns), View()
        left = {1: lengths[0], 2: lengths[1]}
        op = dict.fromkeys((1, 2), "hello")
        rows: list[tuple[int, int]] = []
        leapt = 0.0
        while left:
            task = strategy.choose([at(one, op=op[one], idle=op[one] == "pause") for one in sorted(left)], view).task
            leapt += strategy.leap()
            view.last, view.decisions = task, view.decisions + 1
            made = min(strategy.budget(task), left[task])
            op[task] = "pause"
            left[task] -= made
            strategy.parked(task, made)
            if rows and rows[-1][0] == task:
                rows[-1] = task, rows[-1][1] + made
            else:
                rows.append((task, made))
            if not left[task]:
                del left[task]
        return [row for row in rows if row[1]], leapt

    def test_exact_turns(self) -> None:
        rows, leapt = self.run([7, 9, 50])
        assert rows[:3] == [(1, 7), (2, 9), (1, 50)]
        assert leapt == LEAP
        assert {task: sum(made for one, made in rows if one == task) for task in (1, 2)} == {1: 1000, 2: 1000}

    def test_slices_of_nothing(self) -> None:
        rows, leapt = self.run([0, 5])
        assert (rows[0], leapt) == ((2, 5), LEAP)

    def test_turns_of_loops_alone(self) -> None:
        assert Slices([1]).turns_only
        assert not RoundRobin().turns_only

    def test_main_is_not_at_the_gate(self) -> None:
        strategy = Slices([5])
        assert strategy.budget(0) == strategy.ticks
        assert strategy.budget(1) == 0


class TestCores:
    def test_a_core_is_busy_until_its_work_is_done(self) -> None:
        cores = Cores(Machine(cores=2, gil=False))
        assert [cores.charge(0, 0.0, 1.0) for _ in range(4)] == [1.0, 1.0, 2.0, 2.0]

    def test_the_gil_is_one_a_process(self) -> None:
        cores = Cores(Machine(cores=4))
        assert [cores.charge(process, 0.0, 1.0) for process in (0, 0, 1, 1)] == [1.0, 2.0, 1.0, 2.0]

    def test_work_begins_when_it_is_ready(self) -> None:
        cores = Cores(Machine(cores=1))
        assert cores.charge(0, 5.0, 1.0) == 6.0
        assert cores.charge(1, 0.0, 1.0) == 7.0
