"""The checks of pool_fib that decide the rest of the points.

What a number costs is set by the grader: under ``costs=EVEN`` each call of fib takes the same time, however clever it
is and whatever it remembers. A program whose workers do not call fib is measured by its loop turns instead, on
numbers that need nearly the same number of turns. All numbers but those of test_fib_large are small, so that a fib
that is too slow for large ones loses the points of that check only.
"""

from autograder.judge import CheckFailed, expect, generator, random_schedule

SECONDS = 0.05
EVEN = {"fib": SECONDS}

# 60 numbers divide by 2, 3 and 4 workers, and by every chunk size that is usual for so few.
SMALL = [*range(15)] * 4
LARGE = [*range(1000, 1060)]

# A loop turn costs much here: what the program does outside fib counts too, and waiting by asking again and again
# comes to an end after few questions.
COARSE = {"tick": 1e-4}
SLOW = {"tick": 2.0}


def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fibs(numbers):
    return [fib(n) for n in numbers]


def lines(numbers):
    return [f"fib({n}) = {fib(n)}" for n in numbers]


# fib, and the built-in map


def test_fib_large(submission):
    """fib is right up to fib(1100), which it gives at once, also in a pool."""
    with submission.session() as session:
        # 1100 comes first: a fib that remembers must not need smaller ones to be asked for before.
        for n in (1100, 50, 70, 71, 78, 79, 90, 93, 94, 100, 476, 1099):
            run = session.call("fib", n)
            expect(run.value, fib(n), f"fib({n})", run)
    run = submission.run("fib_pool", [1100, 94], 2)
    expect(run.value, fibs([1100, 94]), "fib_pool([1100, 94], 2)", run)


def test_fib_negative(submission):
    """fib raises ValueError for numbers below 0."""
    with submission.session() as session:
        for n in (-1, -2, -7):
            session.call("fib", n).raised("ValueError")
        run = session.call("fib", 0)
        expect(run.value, 0, "fib(0)", run)


def test_fib_map_one_process(submission):
    """fib_map takes any iterable, keeps its order, and works in one process and one thread."""
    numbers = [9, 0, 1, 15, 9, 2]
    with submission.session() as session:
        for given, text in ((numbers, f"{numbers}"), (generator(numbers), f"a generator of {numbers}"), ([], "[]")):
            run = session.call("fib_map", given)
            expect(run.value, [] if text == "[]" else fibs(numbers), f"fib_map({text})", run)
            if run.processes or run.threads:
                raise CheckFailed("wrong process", "fib_map has to work in one process and one thread.", run)


# The pool


def test_fib_pool_order(submission):
    """fib_pool gives the same list as fib_map, in the same order, however long each number takes."""
    # 15 comes first: it takes longer than the others.
    numbers = [15, 0, 1, 2, 1, 0, 14, 3, 2, 9, 5, 15]
    wanted = fibs(numbers)
    with submission.session(machine={"tick": 1e-2}) as session:
        run = session.call("fib_pool", numbers, 3)
        expect(run.value, wanted, f"fib_pool({numbers}, 3)", run)
        run = session.call("fib_pool", generator(numbers), processes=2)
        expect(run.value, wanted, f"fib_pool(a generator of {numbers}, processes=2), the second call", run)
        run = session.call("fib_pool", [5, 4], 4)
        expect(run.value, [5, 3], "fib_pool([5, 4], 4)", run)
    for strategy in ("roundrobin", random_schedule(1)):
        run = submission.run("fib_pool", numbers, 3, strategy=strategy)
        expect(run.value, wanted, f"fib_pool({numbers}, 3)", run)
    submission.confirm("fib_pool", [7, 0, 10, 1, 7], processes=2)


def test_fib_pool_empty(submission):
    """fib_pool of no numbers is the empty list."""
    run = submission.run("fib_pool", generator([]), 2)
    expect(run.value, [], "fib_pool(an empty generator, 2)", run)


def shares(run):
    """The work of each process: calls of fib where there are any, seconds where there are none."""
    work = {}
    if run.calls:
        for call in run.calls:
            process = run.trace.tasks[call.task].process
            work[process] = work.get(process, 0) + 1
    else:
        for task in run.trace.tasks:
            work[task.process] = work.get(task.process, 0.0) + task.work
    return work


def measured(submission, *arguments, **keywords):
    """fib_pool at work on 60 numbers that cost the same, by the calls of fib or else by loop turns."""
    run = submission.run("fib_pool", SMALL, *arguments, costs=EVEN, machine=COARSE, **keywords)
    if len(run.completed().calls) >= len(SMALL):
        return run
    return submission.run("fib_pool", LARGE, *arguments, machine={"tick": 1e-3}, **keywords).completed()


def most_at_once(run, processes):
    """The largest number of these processes that were there at the same time."""
    moments = []
    for task in run.processes:
        if task.id in processes:
            moments.append((task.created, 1))
            moments.append((task.ended if task.ended is not None else float("inf"), -1))
    now = most = 0
    for _, change in sorted(moments):
        now += change
        most = max(most, now)
    return most


def assert_shared(run, processes):
    work = shares(run)
    parent = work.pop(0, 0)
    fair = sum(work.values()) / processes
    # A worker that was given less than an eighth of its share only stood by.
    working = {process for process, amount in work.items() if amount >= fair / 8}
    call = f"fib_pool(60 numbers, processes={processes})"
    if parent > (0 if run.calls else fair / 2):
        raise CheckFailed(
            "wrong process", f"{call}: the main process computes numbers itself; its workers should.", run
        )
    if len(working) < processes:
        raise CheckFailed(
            "wrong process", f"{call}: the work was done by {len(working)} worker(s), not {processes}.", run
        )
    if most_at_once(run, working) > processes:
        raise CheckFailed(
            "wrong process", f"{call}: {most_at_once(run, working)} processes worked at the same time.", run
        )


def test_fib_pool_workers(submission):
    """fib_pool does the work in as many worker processes as `processes` says."""
    for processes in (2, 3):
        assert_shared(measured(submission, processes=processes), processes)


def test_fib_pool_closed(submission):
    """When fib_pool returns, its pool is closed and no process is left."""
    numbers = [9, 4, 10, 7, 6, 8]
    # A call takes half a minute: a sleep, or a time limit, has run out long before.
    run = submission.run("fib_pool", numbers, 3, costs={"fib": 30.0}, machine=SLOW)
    expect(run.value, fibs(numbers), f"fib_pool({numbers}, 3), where each number takes long", run)
    run.assert_joined()
    for strategy in ("nonpreemptive", "roundrobin"):
        submission.run("fib_pool", numbers, 3, strategy=strategy).completed().assert_joined()


def test_fib_pool_faster(submission):
    """On 4 cores, fib_pool is at least 2.5 times as fast as fib_map."""
    parallel = measured(submission)
    by_calls = len(parallel.calls) >= len(SMALL)
    if by_calls:
        sequential = submission.run("fib_map", SMALL, costs=EVEN, machine=COARSE)
    else:
        sequential = submission.run("fib_map", LARGE, machine={"tick": 1e-3})
    seconds = sequential.elapsed if sequential.outcome == "returned" else SECONDS * len(SMALL)
    if seconds < 2.5 * parallel.elapsed:
        raise CheckFailed(
            "not parallel",
            f"60 numbers that cost the same: {seconds:.2f} s with map(), {parallel.elapsed:.2f} s with 4 workers on "
            f"4 cores. That is {seconds / parallel.elapsed:.1f} times as fast; 2.5 times is asked for.",
            parallel,
        )


# A process for each number


def test_print_fibs_process_a_number(submission):
    """print_fibs prints each number's line from a process of its own."""
    numbers = [7, 10, 2, 9, 1, 12]
    run = submission.run("print_fibs", generator(numbers), strategy="nonpreemptive", whole_prints=True).completed()
    run.output.assert_whole_lines(lines(numbers))
    printing = {run.trace.tasks[write.task].process for write in run.output.writes if write.text.strip()}
    if 0 in printing:
        raise CheckFailed(
            "wrong process",
            "print_fibs prints in the main process; each number has to be printed by a process of its own. "
            "Process(target=f(n)) calls f at once, in the main process; the new process needs f itself, and args.",
            run,
        )
    if len(printing) != len(numbers):
        raise CheckFailed(
            "wrong process",
            f"print_fibs({numbers}) printed from {len(printing)} child process(es); it has to be one a number.",
            run,
        )


def test_print_fibs_alive_together(submission):
    """All processes of print_fibs are started before the first one is waited for."""
    run = submission.run("print_fibs", [7, 10, 2, 9, 1, 12], strategy="nonpreemptive", whole_prints=True)
    run.completed().assert_alive_together(6, "process")


def test_print_fibs_whole_lines(submission):
    """In every order in which the processes may run, each line of print_fibs comes out whole."""
    numbers = [7, 10, 2, 9]
    for run in submission.explore("print_fibs", numbers):
        run.completed().output.assert_whole_lines(lines(numbers))


def test_print_fibs_waits(submission):
    """When print_fibs returns, all its processes have ended, however slow they are."""
    numbers = [15, 1, 2, 0]
    # A loop turn takes two seconds, so that the first process is the last to end, and no time limit is long enough.
    for options in ({"machine": SLOW}, {"strategy": "roundrobin"}):
        with submission.session(whole_prints=True, **options) as session:
            for _ in range(2):
                run = session.call("print_fibs", numbers).completed()
                run.assert_joined()
                run.output.assert_whole_lines(lines(numbers))


# Every way to start a process


def test_fib_pool_start_methods(submission):
    """fib_pool works under the start methods spawn and forkserver as it does under fork."""
    for method in ("spawn", "forkserver"):
        run = submission.run("fib_pool", [7, 0, 10], 2, start_method=method)
        expect(run.value, [13, 0, 55], f'fib_pool([7, 0, 10], 2) under the start method "{method}"', run)
    submission.confirm("fib_pool", [7, 0, 10], processes=2, start_method="spawn")


def test_print_fibs_start_methods(submission):
    """print_fibs works under the start methods spawn and forkserver as it does under fork."""
    for method in ("spawn", "forkserver"):
        run = submission.run("print_fibs", [7, 0, 10], start_method=method, strategy=random_schedule(2))
        run.completed().output.assert_whole_lines(lines([7, 0, 10]))
