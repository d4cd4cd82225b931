"""The checks of pool_fib that decide the rest of the points.

What a number costs is set by the grader: under ``costs=EVEN`` each call of fib takes the same time, however clever it
is and whatever it remembers. A program whose workers do not call fib is measured by its loop turns instead, on
numbers that need nearly the same number of turns.

A fault costs the points of its own check and, as far as possible, of no other: only fib_large asks for large numbers,
for which fib may be too slow, and torn lines are looked for in whatever lines the program prints when nothing gets
between them.
"""

from collections import Counter

from autograder.judge import (
    CheckFailed,
    counted,
    expect,
    generator,
    hurried,
    made_once,
    most_at_once,
    not_faster,
    of_any_run,
)

SECONDS = 0.05
EVEN = {"fib": SECONDS}

# 60 numbers divide by 2, 3 and 4 workers, and by every chunk size that is usual for so few.
SMALL = [*range(15)] * 4
LARGE = [*range(200, 260)]

# Seconds of a loop turn. It costs much: what the program does outside fib counts too, and waiting by asking again and
# again comes to an end after few questions.
COARSE = {"tick": 1e-4}
TURN = 1e-4
BY_TURNS = {"tick": TURN, "process_start": TURN}
SLOW = {"tick": 2.0}


def slow(submission, function, *arguments, **options):
    """A run in which each number takes twelve seconds or more: a sleep, or a wait with a time limit, has run out long
    before."""
    run = submission.run(function, *arguments, costs={"fib": 12.0}, machine=COARSE, **options)
    return run if run.calls else submission.run(function, *arguments, machine=SLOW, **options)


def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fibs(numbers):
    return [fib(n) for n in numbers]


def expect_fibs(submission, run, numbers):
    """The Fibonacci numbers of these. Where the program's own fib gives something else for them, and the list holds
    just that, the list is right: fib is another check's matter."""
    if run.value != fibs(numbers) and run.value != own_fibs(submission, tuple(numbers)):
        expect(run.value, fibs(numbers), run.call, run)


def lines(numbers):
    return [f"fib({n}) = {fib(n)}" for n in numbers]


@made_once
def own_fibs(submission, numbers):
    """What the program's own fib gives for these numbers; None where it does not come back."""
    with submission.session() as session:
        runs = [session.call("fib", n) for n in numbers]
    return [run.value for run in runs] if all(run.outcome == "returned" for run in runs) else None


# fib, and the built-in map


def test_fib_large(submission):
    """fib is right up to fib(1100), which it gives at once, also in a pool."""
    with submission.session() as session:
        # 1100 comes first: a fib that remembers must not need smaller ones to be asked for before.
        for n in (1100, 50, 70, 71, 78, 79, 90, 93, 94, 100, 476, 1099):
            expect_large(session.call("fib", n), n)
    run = submission.run("fib_pool", [1100], 1)
    # A list that is wrong for a small number, too, is another check's matter.
    if run.outcome != "returned" or run.value != [fib(1100)]:
        small = submission.run("fib_pool", [10], 1)
        if small.outcome == "returned" and small.value == [55]:
            expect_large(run, 1100, in_list=True)


@of_any_run
def expect_large(run, n, in_list=False):
    """fib(n), or a list of it; with what large numbers are special in."""
    try:
        expect(run.value, [fib(n)] if in_list else fib(n), run.call, run)
    except CheckFailed as failure:
        got = run.value[0] if in_list and isinstance(run.value, list) and run.value else None
        if run.error is not None and run.error.type == "RecursionError":
            failure.message += " Python lets some 1000 calls stand inside one another, no more. A loop needs none."
        elif run.outcome == "returned":
            lost = what_was_lost(got if in_list else run.value, fib(n))
            failure.message += lost
            failure.telling = failure.telling or bool(lost)
        raise


def what_was_lost(got, wanted):
    """How a large number became another one."""
    if not isinstance(got, (int, float)) or got in (0, wanted, float("inf")):
        return ""
    if any((wanted - int(got)) % 2**bits == 0 for bits in (64, 32)):
        return " Its lowest bits are right, the others are cut off: a number in an Array or a Value has only so many."
    if str(int(got))[:9] == str(wanted)[:9]:
        return " The first digits are right: a float has about 16 of them. Count with whole numbers alone, int."
    return ""


def test_fib_negative(submission):
    """fib raises ValueError for numbers below 0."""
    with submission.session() as session:
        for n in (-1, -2, -7):
            session.call("fib", n).raised("ValueError")
        # 0 is none of them. What fib makes of it is another check's matter.
        session.call("fib", 0).completed()


def test_fib_map_one_process(submission):
    """fib_map takes any iterable, keeps its order, and works in one process and one thread."""
    numbers = [9, 0, 1, 15, 9, 2]
    with submission.session() as session:
        runs = [session.call("fib_map", given) for given in (numbers, generator(numbers), ())]
    for run, given in zip(runs, (numbers, numbers, []), strict=True):
        expect_fibs(submission, run, given)
        if run.processes or run.threads:
            made = counted(len(run.processes), "process") if run.processes else counted(len(run.threads), "thread")
            message = f"{run.call} started {made}. It has to work in the main process alone: map() calls fib there."
            raise CheckFailed("wrong process", message, run)


# The pool

# 15 comes first: it takes longer than the others. The length, 13, does not divide.
UNEVEN = (15, 0, 1, 2, 1, 0, 14, 3, 2, 9, 5, 1, 15)


@made_once
def adverse_pool(submission):
    """fib_pool with a switch at every operation."""
    return submission.run("fib_pool", UNEVEN, 2, strategy="roundrobin")


def test_fib_pool_order(submission):
    """fib_pool gives the same list as fib_map, in the same order, however long each number takes."""
    machine = {"tick": 1e-3, "process_start": 1e-4}
    with submission.session(machine=machine) as session:
        runs = [
            (session.call("fib_pool", UNEVEN, 2), UNEVEN),
            (session.call("fib_pool", generator([4, 9]), processes=2), [4, 9]),
            # Fewer numbers than workers: a chunk is not smaller than one number.
            (session.call("fib_pool", [9, 4], processes=3), [9, 4]),
        ]
    for run, numbers in [*runs, (adverse_pool(submission), UNEVEN)]:
        if rearranged(run, numbers):
            # Where two numbers show it too, their run is the one to draw.
            expect_in_order(submission.run("fib_pool", UNEVEN[:2], 2, machine=machine), UNEVEN[:2], submission)
        expect_in_order(run, numbers, submission)


def rearranged(run, numbers):
    """Whether the list has the right numbers in another order."""
    if run.outcome != "returned" or not isinstance(run.value, list):
        return False
    return run.value != fibs(numbers) and Counter(map(repr, run.value)) == Counter(map(repr, fibs(numbers)))


@of_any_run
def expect_in_order(run, numbers, submission):
    try:
        expect_fibs(submission, run, numbers)
    except CheckFailed as failure:
        if run.outcome == "returned" and run.value == fibs(dict.fromkeys(numbers)):
            failure.message += " That is one for each different number. One that comes twice has to be there twice."
            failure.telling = True
        if run.outcome == "returned" and numbers and run.value == [None] * len(numbers):
            failure.message += (
                " With a chunksize of 0 a pool gives out nothing, and that is what len(numbers) // processes comes to "
                "where there are fewer numbers than workers."
            )
            failure.telling = True
        raise


def test_fib_pool_empty(submission):
    """fib_pool of no numbers is the empty list."""
    run = submission.run("fib_pool", [], 1)
    expect(run.value, [], run.call, run)


@made_once
def measured(submission, *processes):
    """fib_pool at work on 60 numbers that cost the same, by the calls of fib or else by loop turns."""
    return on_machine(submission, {}, *processes)


def on_machine(submission, machine, *processes):
    run = submission.run("fib_pool", SMALL, *processes, costs=EVEN, machine=COARSE | machine)
    if len(run.completed().calls) >= len(SMALL):
        return run
    return submission.run("fib_pool", LARGE, *processes, machine=BY_TURNS | machine).completed()


def test_fib_pool_workers(submission):
    """fib_pool does the work in as many worker processes as `processes` says."""
    for run, processes in ((measured(submission), 4), (measured(submission, 2), 2)):
        work = run.shares(TURN)
        parent = work.pop(0, 0)
        # Five turns are less than any program needs for a single number; a worker that only stood by has fewer.
        working = {process for process, amount in work.items() if amount >= (1 if run.calls else 5)}
        together = most_at_once((task.created, task.ended) for task in run.processes if task.id in working)
        given = f"fib_pool(60 numbers, processes={processes})"
        if not run.processes and run.threads:
            problem = "its workers are threads of the main process; they have to be processes (multiprocessing.Pool)."
        elif run.calls and parent:
            problem = "the main process computes numbers itself; its workers should."
        elif len(working) < processes:
            problem = f"the work was done by {counted(len(working), 'worker process')}, not by {processes}."
            if len(run.processes) < processes:
                problem += f" It started {counted(len(run.processes), 'process')}: give `processes` to the Pool."
            else:
                problem += (
                    f" {len(run.processes)} were started, and the others got nothing to do: give out all of the work"
                    " before you wait for a result, in chunks (chunksize) that leave some for each."
                )
        elif together > processes:
            problem = f"{together} processes worked at the same time, not {processes}: give `processes` to the Pool."
        else:
            continue
        raise CheckFailed("wrong process", f"{given}: {problem}", run)


@of_any_run
def assert_ended(run):
    """Every child was waited for, and nothing is left."""
    left = run.not_waited_for
    if left:
        names = " and ".join(child.name for child in left[:2]) + (" and others" if len(left) > 2 else "")
        raise CheckFailed(
            "not joined",
            f"{run.call} came back without having waited for the end of {names}. Even when its last result is there, a "
            "child may still be alive: join each of them, without a time limit.",
            run,
            sorted({child.line for child in left if child.line}),
        )
    run.assert_joined()


def test_fib_pool_closed(submission):
    """When fib_pool returns, its pool is closed and no process is left."""
    run = adverse_pool(submission).completed()
    if not run.processes:
        message = f"{run.call} started no process, so there was none to wait for. The workers of a Pool are processes."
        raise CheckFailed("not parallel", message, run)
    assert_ended(run)
    assert_ended(submission.run("fib_pool", [3, 4, 5], 2, strategy=hurried()).completed())
    run = slow(submission, "fib_pool", [15], 1)
    assert_ended(run.completed())
    # A list that is wrong in a fast world too is another check's matter.
    if run.value != [610] and submission.run("fib_pool", [15], 1).value == [610]:
        expect(run.value, [610], f"{run.call}, where the number takes long,", run)


def test_fib_pool_faster(submission):
    """On 4 cores, fib_pool is at least 2.5 times as fast as fib_map."""
    parallel = measured(submission)
    if len(parallel.calls) >= len(SMALL):
        seconds = SECONDS * len(SMALL)
    else:
        seconds = submission.run("fib_map", LARGE, machine=BY_TURNS).completed().elapsed
    submission.tell_speedup(seconds / parallel.elapsed)
    if seconds < 2.5 * parallel.elapsed:
        raise not_faster(
            f"60 numbers that cost the same: {seconds:.2f} s with map(), {parallel.elapsed:.2f} s with 4 workers on "
            f"4 cores. That is {seconds / parallel.elapsed:.1f} times as fast; 2.5 times is asked for.",
            parallel,
            lambda n: seconds / on_machine(submission, {"cores": n}, n).elapsed,
            wanted=2.5,
            unit="cores, with a worker for each",
        )


# A process for each number

MANY = (7, 10, 2, 9, 1)
FEW = (7, 10)


@made_once
def all_started(submission):
    """print_fibs where everything that it can start before it waits is alive at once."""
    return submission.run("print_fibs", generator(MANY), strategy="nonpreemptive", whole_prints=True)


def test_print_fibs_process_a_number(submission):
    """print_fibs prints each number's line from a process of its own."""
    run = all_started(submission).completed()
    printing = {run.trace.tasks[write.task].process for write in run.output.writes if write.text.strip()}
    if 0 in printing:
        if run.threads and not run.processes:
            why = "A thread is a part of the process that started it. Use multiprocessing.Process."
        else:
            why = (
                "Process(target=f(n)) and run() call the function at once, in the main process; a new process needs "
                "target=f, args=(n,) and start()."
            )
        raise CheckFailed(
            "wrong process",
            f"{run.call} prints in the main process; each number has to be printed by a process of its own. {why}",
            run,
        )
    # Whoever is still at work will print. That nobody waits for it is another check's matter.
    printing |= {run.trace.tasks[number].process for number in run.trace.alive}
    if len(printing) != len(MANY):
        raise CheckFailed(
            "wrong process",
            f"{run.call} printed {len(MANY)} numbers from {counted(len(printing), 'child process')}. Each number needs "
            "a process of its own.",
            run,
        )


def test_print_fibs_alive_together(submission):
    """All processes of print_fibs are started before the first one is waited for."""
    run = all_started(submission)
    # That there are too few of them is another check's matter.
    run.assert_alive_together(max(2, min(len(run.processes), len(MANY))), "process")


@made_once
def explored(submission):
    """print_fibs under several schedules."""
    return list(submission.explore("print_fibs", FEW, schedules=6))


def own_lines(submission):
    """The lines that the program prints when nothing gets between them."""
    printed = explored(submission)[0].output.lines
    return printed if len(printed) == len(FEW) else lines(FEW)


def expect_lines(run, expected):
    """The lines came out whole. That one is missing because nobody waited for it is another check's matter."""
    if run.completed().trace.alive:
        expected = [line for line in expected if line in run.output.lines]
    run.output.assert_whole_lines(expected)


def test_print_fibs_whole_lines(submission):
    """In every order in which the processes may run, each line of print_fibs comes out whole."""
    expected = own_lines(submission)
    for run in explored(submission):
        expect_lines(run, expected)


def test_print_fibs_waits(submission):
    """When print_fibs returns, all its processes have ended, however slow they are."""
    run = slow(submission, "print_fibs", [15], whole_prints=True).completed()
    assert_ended(run)
    if len(run.output.lines) != 1:
        raise CheckFailed("wrong output", f"{run.call} printed {run.output.text!r} before it came back.", run)
    with submission.session(whole_prints=True) as session:
        for numbers in ([4, 1, 2], [3]):
            assert_ended(session.call("print_fibs", numbers).completed())


# Every way to start a process


def test_fib_pool_start_methods(submission):
    """fib_pool works under the start methods spawn and forkserver as it does under fork."""
    for method in ("spawn", "forkserver"):
        run = submission.run("fib_pool", [7, 10], 2, start_method=method, costs={"fib": 1.0})
        if run.outcome == "returned" and not run.processes:
            raise CheckFailed("not parallel", f"{run.call} started no process, so there was none to start so.", run)
        if run.completed().value != [13, 55]:
            # A list that is wrong under fork, too, is another check's matter.
            forked = submission.run("fib_pool", [7, 10], 2, costs={"fib": 1.0})
            if forked.outcome != "returned" or repr(forked.value) != repr(run.value):
                expect(run.value, [13, 55], f'{run.call} under the start method "{method}"', run)
    submission.confirm("fib_pool", [7, 10], 2, start_method="spawn", costs={"fib": 1.0}, meet="fib")


def test_print_fibs_start_methods(submission):
    """print_fibs works under the start methods spawn and forkserver as it does under fork."""
    # Lines that are wrong or torn under fork too are another check's matter.
    expected = own_lines(submission)
    torn = any(sorted(run.output.lines) != sorted(expected) for run in explored(submission))
    for method in ("forkserver", "spawn"):
        options = {"start_method": method, "whole_prints": torn}
        # A lock that each process makes for itself keeps nobody out: that shows when another one goes on.
        for run in submission.explore("print_fibs", FEW, schedules=1 if torn else 2, **options):
            expect_lines(run, expected)
