"""Time is virtual and exact: what a program takes is a number of its own, not of the machine that grades it."""

from __future__ import annotations

import pytest

from tests.world.conftest import Play

PROGRAM = """
import datetime
import multiprocessing as mp
import threading
import time
from concurrent.futures import ThreadPoolExecutor


def started(kind, target, count, *args):
    tasks = [kind(target=target, args=args) for _ in range(count)]
    for task in tasks:
        task.start()
    for task in tasks:
        task.join()


def spin(turns):
    for _ in range(turns):
        pass


def work(_=None):
    pass


def sleep_in_a_row():
    time.sleep(1.5)
    time.sleep(0)
    time.sleep(2)


def sleep_in_threads(count):
    started(threading.Thread, time.sleep, count, 2.0)


def sleep_in_processes(count):
    started(mp.Process, time.sleep, count, 2.0)


def spin_alone(turns):
    spin(turns)


def spin_in_threads(count, turns):
    started(threading.Thread, spin, count, turns)


def spin_in_processes(count, turns):
    started(mp.Process, spin, count, turns)


def work_alone(count):
    for _ in range(count):
        work()


def work_in_threads(count):
    started(threading.Thread, work, count)


def work_in_a_pool(workers, count):
    with mp.Pool(workers) as pool:
        pool.map(work, range(count), chunksize=1)


def work_in_an_executor(workers, count):
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(count)))


def sleep_in_a_pool(workers, count):
    with mp.Pool(workers) as pool:
        pool.map(time.sleep, [1.0] * count, chunksize=1)


def clocks():
    before = [time.time(), time.monotonic(), time.perf_counter(), time.process_time()]
    time.sleep(10)
    after = [time.time(), time.monotonic(), time.perf_counter(), time.process_time()]
    return [later - earlier for earlier, later in zip(before, after)]


def dates():
    first, started = datetime.datetime.now(), time.time()
    time.sleep(86_400)
    return (
        str(first.date()),
        first.timestamp() - started,
        str(datetime.datetime.now().date()),
        str(datetime.date.today()),
        datetime.datetime.now(datetime.timezone.utc).tzinfo is datetime.timezone.utc,
        time.strftime("%Y-%m-%d"),
        time.localtime().tm_year,
        isinstance(first, datetime.datetime),
        type(first - first).__name__,
    )


def nanoseconds():
    before = time.time_ns(), time.monotonic_ns(), time.perf_counter_ns()
    time.sleep(1)
    after = time.time_ns(), time.monotonic_ns(), time.perf_counter_ns()
    return [round((later - earlier) / 1e6) for earlier, later in zip(before, after)]


def waits_until():
    end = time.monotonic() + 0.001
    turns = 0
    while time.monotonic() < end:
        turns += 1
    return turns > 10


def bad_sleeps():
    seen = []
    for seconds in (-1, float("nan"), float("inf"), 1e300, "1"):
        try:
            time.sleep(seconds)
        except Exception as error:
            seen.append(type(error).__name__)
    return seen


def limit_that_runs_out():
    before = time.monotonic()
    threading.Event().wait(3)
    mp.Event().wait(4)
    ours, theirs = mp.Pipe()
    ours.poll(5)
    threading.Lock().acquire(timeout=0)
    return round(time.monotonic() - before, 3)


def limits_of_everything():
    condition = threading.Condition()
    before = time.monotonic()
    threading.Semaphore(0).acquire(timeout=1)
    with condition:
        condition.wait_for(lambda: False, timeout=2)
    try:
        threading.Barrier(2, timeout=3).wait()
    except threading.BrokenBarrierError:
        pass
    mp.Semaphore(0).acquire(timeout=4)
    with mp.Condition() as other:
        mp.Event().wait(5)
    return round(time.monotonic() - before, 3)


def other_clocks():
    before = [time.clock_gettime(one) for one in (time.CLOCK_REALTIME, time.CLOCK_MONOTONIC)]
    nanoseconds = [time.clock_gettime_ns(one) for one in (time.CLOCK_REALTIME, time.CLOCK_MONOTONIC)]
    close = [abs(one / 1e9 - other) < 1 for one, other in zip(nanoseconds, before)]
    return close, time.asctime(), time.ctime(), time.gmtime().tm_year


def limit_that_does_not():
    event = threading.Event()
    threading.Timer(2, event.set).start()
    before = time.monotonic()
    return event.wait(1000), round(time.monotonic() - before, 3)
"""

NEAR = {"rel": 0.01, "abs": 0.02}
"""What starting tasks and passing messages may add."""


def elapsed(play: Play, function: str, *args: object, **settings: object) -> float:
    return play(PROGRAM, function, *args, **settings).elapsed


def test_sleeps(play: Play) -> None:
    assert elapsed(play, "sleep_in_a_row") == pytest.approx(3.5, abs=1e-4)
    assert elapsed(play, "sleep_in_threads", 10) == pytest.approx(2.0, abs=0.01)
    assert elapsed(play, "sleep_in_processes", 10) == pytest.approx(2.0, abs=0.05)


def test_a_tick_is_what_the_machine_says(play: Play) -> None:
    assert elapsed(play, "spin_alone", 10_000, tick=1e-5) == pytest.approx(0.1, rel=1e-3)
    assert elapsed(play, "spin_alone", 10_000, tick=1e-6) == pytest.approx(0.01, rel=1e-3)


def test_threads_share_the_gil(play: Play) -> None:
    spin = {"tick": 1e-4}
    alone = elapsed(play, "spin_alone", 4_000, **spin)
    assert alone == pytest.approx(0.4, rel=1e-3)
    assert elapsed(play, "spin_in_threads", 4, 4_000, **spin) == pytest.approx(4 * alone, **NEAR)
    assert elapsed(play, "spin_in_threads", 4, 4_000, gil=False, **spin) == pytest.approx(alone, **NEAR)
    assert elapsed(play, "spin_in_threads", 4, 4_000, gil=False, cores=2, **spin) == pytest.approx(2 * alone, **NEAR)


@pytest.mark.parametrize(("cores", "rounds"), [(1, 4), (2, 2), (4, 1), (8, 1)])
def test_processes_share_the_cores(play: Play, cores: int, rounds: int) -> None:
    assert elapsed(play, "spin_in_processes", 4, 4_000, tick=1e-4, cores=cores) == pytest.approx(0.4 * rounds, **NEAR)


def test_stated_costs(play: Play) -> None:
    costs = {"costs": {"work": 0.25}}
    assert elapsed(play, "work_alone", 8, **costs) == pytest.approx(2.0, abs=1e-3)
    assert elapsed(play, "work_in_threads", 4, **costs) == pytest.approx(1.0, **NEAR)
    assert elapsed(play, "work_in_threads", 4, gil=False, **costs) == pytest.approx(0.25, **NEAR)
    assert elapsed(play, "work_in_a_pool", 4, 8, **costs) == pytest.approx(0.5, **NEAR)
    assert elapsed(play, "work_in_a_pool", 4, 8, cores=2, **costs) == pytest.approx(1.0, **NEAR)
    assert elapsed(play, "work_in_a_pool", 4, 9, **costs) == pytest.approx(0.75, **NEAR)
    assert elapsed(play, "work_in_an_executor", 4, 8, **costs) == pytest.approx(2.0, **NEAR)


def test_a_cost_holds_whatever_the_function_does(play: Play) -> None:
    source = "def work(n):\n    for _ in range(n): pass\n    return n\ndef f(n): return work(n)\n"
    runs = [play(source, "f", n, costs={"work": 0.5}) for n in (0, 100_000)]
    assert [run.value for run in runs] == [0, 100_000]
    assert runs[0].elapsed == runs[1].elapsed == pytest.approx(0.5, abs=1e-3)


def test_sleep_needs_no_core(play: Play) -> None:
    assert elapsed(play, "sleep_in_a_pool", 4, 8) == pytest.approx(2.0, **NEAR)
    assert elapsed(play, "sleep_in_a_pool", 8, 8, cores=1) == pytest.approx(1.0, rel=0.05)


def test_starting_has_its_price(play: Play) -> None:
    assert elapsed(play, "work_in_threads", 10, thread_start=0.5) == pytest.approx(5.0, abs=0.01)
    assert elapsed(play, "sleep_in_processes", 3, process_start=0.5) == pytest.approx(3.5, abs=0.01)


def test_clocks_show_it(play: Play) -> None:
    assert play(PROGRAM, "clocks").value == pytest.approx([10.0] * 4, abs=1e-3)
    assert play(PROGRAM, "nanoseconds").value == [1000, 1000, 1000]
    dates = play(PROGRAM, "dates").value
    assert dates[0] == "2026-01-01"
    assert dates[1] == pytest.approx(0.0, abs=1e-3)
    assert dates[2:] == ("2026-01-02", "2026-01-02", True, "2026-01-02", 2026, True, "timedelta")


def test_every_clock_is_virtual(play: Play) -> None:
    date = "Thu Jan  1 00:00:00 2026"
    assert play(PROGRAM, "other_clocks").value == ([True, True], date, date, 2026)


def test_a_loop_on_the_clock_comes_to_its_end(play: Play) -> None:
    assert play(PROGRAM, "waits_until").value is True


def test_what_sleep_refuses(play: Play) -> None:
    expected = ["ValueError", "ValueError", "OverflowError", "OverflowError", "TypeError"]
    assert play(PROGRAM, "bad_sleeps").value == expected


def test_limits_of_waiting(play: Play) -> None:
    assert play(PROGRAM, "limit_that_runs_out").value == pytest.approx(12.0, abs=0.01)
    assert play(PROGRAM, "limit_that_does_not").value == (True, pytest.approx(2.0, abs=0.01))
    assert play(PROGRAM, "limits_of_everything").value == pytest.approx(15.0, abs=0.01)


@pytest.mark.parametrize(("strategy", "answered"), [
    ("virtual", True), ("nonpreemptive", True), ("eager", True), ("roundrobin", False),
])  # fmt: skip
def test_only_a_free_order_lets_a_limit_run_out_early(play: Play, strategy: str, answered: bool) -> None:
    assert play(PROGRAM, "limit_that_does_not", strategy=strategy).value[0] is answered


def test_work_is_counted_by_task(play: Play) -> None:
    run = play(PROGRAM, "spin_in_threads", 2, 1_000, tick=1e-3)
    assert [task.work for task in run.trace.tasks[1:]] == pytest.approx([1.0, 1.0], rel=0.01)


POLLING = """
import multiprocessing as mp
import threading
import time


def until_it_has_ended(kind):
    task = {"thread": threading.Thread, "process": mp.Process}[kind](target=time.sleep, args=(20,))
    begun = time.monotonic()
    task.start()
    while task.is_alive():
        pass
    task.join()
    return round(time.monotonic() - begun)
"""


@pytest.mark.parametrize("strategy", ["virtual", "nonpreemptive", "roundrobin", "eager", "random:1"])
@pytest.mark.parametrize("kind", ["thread", "process"])
def test_asking_again_and_again_takes_time_and_not_for_ever(play: Play, kind: str, strategy: str) -> None:
    """Millions of questions in twenty seconds are as many as it takes to see that nothing else can happen before."""
    result = play(POLLING, "until_it_has_ended", kind, strategy=strategy)
    assert result.value == 20
    assert result.recording.decisions < 1000
