"""The checks of parallel_primes that decide the rest of the points.

What a number costs is set by the grader: under ``costs=EVEN`` each call of is_prime takes the same time, however
clever it is. A program whose children do not call is_prime (it has the loop once more, in a function of its own) is
measured by its loop turns instead, on numbers that need nearly the same number of turns.
"""

from autograder.judge import CheckFailed, expect, generator, random_schedule

SECONDS = 0.05
EVEN = {"is_prime": SECONDS}

# 60 numbers divide by 1, 2, 3 and 4 processes, and by every chunk size that is usual for so few. They are distinct,
# so that nothing is gained by testing equal numbers once, and prime, so that none is settled by its first divisor.
SMALL_PRIMES = [n for n in range(1000, 1450) if all(n % d for d in range(2, 39))][:60]
LARGE_PRIMES = [n for n in range(10**6, 10**6 + 1100) if all(n % d for d in range(2, 1001))][:60]

# A loop turn costs much here: what the program does outside is_prime counts too, and waiting by asking again and
# again comes to an end after few questions.
COARSE = {"tick": 1e-4}
SLOW = {"tick": 1.0}


def is_prime(n):
    return n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))


def primes(numbers):
    return [n for n in numbers if is_prime(n)]


def lines(numbers):
    return [f"{n} is prime" if is_prime(n) else f"{n} is not prime" for n in numbers]


# is_prime


def test_is_prime_edges(submission):
    """is_prime is right for 0, 1, 2, negative numbers, squares of primes, and numbers that look prime."""
    edges = [0, 1, 2, 3, -1, -2, -7, -9]
    squares = [4, 9, 25, 49, 121, 169, 289, 361, 841, 961, 997**2]
    # Carmichael numbers: a**n - a is divisible by n for every a, as for a prime. The last one also passes the
    # Miller-Rabin test for the bases 2, 3, 5 and 7.
    carmichael = [561, 1105, 1729, 2465, 2821, 6601, 8911, 29341, 162401, 252601, 825265, 56052361, 3215031751]
    # Odd composites that a too small set of divisors or bases takes for primes.
    composite = [91, 221, 341, 2047, 3277, 97 * 101]
    with submission.session() as session:
        for n in edges + squares + carmichael + composite:
            run = session.call("is_prime", n)
            expect(run.value, n in (2, 3), f"is_prime({n})", run)


def test_is_prime_large(submission):
    """is_prime is right, and comes to an end, for numbers around 1000000000000."""
    # Of the 64 numbers from 10**12 on, two are prime: …039 and …061. One of them is enough: trial division takes a
    # million turns for it. The composites are those with a divisor below 300.
    start = 10**12
    with submission.session() as session:
        for n in range(start, start + 64):
            prime = n == start + 39
            if prime or any(n % d == 0 for d in range(2, 300)):
                run = session.call("is_prime", n)
                expect(run.value, prime, f"is_prime({n})", run)


# Threads


def test_threaded_whole_lines(submission):
    """In every order in which the threads may run, each line of print_primes_threaded comes out whole."""
    numbers = [7, 9, 2, 15, 11]
    expected = [*lines(numbers), "all threads finished"]
    for run in submission.explore("print_primes_threaded", generator(numbers)):
        run.completed().output.assert_whole_lines(expected)
    submission.confirm("print_primes_threaded", numbers)


def assert_finished_last(run, numbers):
    output = run.completed().output.lines
    if output[-1:] != ["all threads finished"] or len(output) <= len(numbers):
        raise CheckFailed(
            "wrong order",
            f'print_primes_threaded({numbers}): "all threads finished" has to be the last line, after all '
            f"{len(numbers)} others; the output was {output}",
            run,
        )


def test_threaded_finished_last(submission):
    """ "all threads finished" is the last line, however slow the threads are."""
    numbers = [1009, 4, 7, 6]
    for run in submission.explore("print_primes_threaded", numbers, schedules=6, whole_prints=True):
        assert_finished_last(run, numbers)
    # Each number takes half a minute: a sleep, or a join with a time limit, has run out long before.
    with submission.session(costs={"is_prime": 30.0}, machine=SLOW, whole_prints=True) as session:
        for _ in range(2):
            assert_finished_last(session.call("print_primes_threaded", numbers), numbers)


def many_threads(submission):
    """Forty numbers: more than an executor starts threads unless it is told to."""
    return submission.run(
        "print_primes_threaded",
        generator(range(100, 140)),
        strategy="nonpreemptive",
        watch=("is_prime",),
        machine={"tick": 1e-3},
        whole_prints=True,
    ).completed()


def test_threaded_one_thread_a_number(submission):
    """print_primes_threaded works on each number in a thread of its own."""
    run = many_threads(submission)
    started = len(run.threads)
    if not 40 <= started <= 42:  # one or two more may print or wait
        raise CheckFailed(
            "wrong number of threads",
            f"print_primes_threaded was given 40 numbers and started {started} threads; it has to be one a number.",
            run,
        )
    # Work outside is_prime shows as turns: the threads have at least entered a function for each number.
    if run.main.id in run.call_tasks("is_prime") or sum(thread.work for thread in run.threads) < 40e-3:
        raise CheckFailed(
            "wrong thread",
            "print_primes_threaded starts a thread a number, but the main thread tests the numbers. "
            "Thread(target=print_is_prime(n)) calls the function at once and gives its result, None, to the thread; "
            "the thread needs the function itself, and the number beside it, in args.",
            run,
        )


def test_threaded_alive_together(submission):
    """All threads are started before the first one is waited for."""
    many_threads(submission).assert_alive_together(40, "thread")


def test_threaded_not_faster(submission):
    """The threads share one core: print_primes_threaded uses threads, and no processes to be faster."""
    run = submission.run(
        "print_primes_threaded", [1009, 1013, 1019, 1021], costs=EVEN, machine=COARSE, whole_prints=True
    ).completed()
    if run.processes or run.work > 1.25 * run.elapsed:
        raise CheckFailed(
            "wrong process",
            f"print_primes_threaded has to use threads, which compute in turns; here {run.work:.2f} s of work were "
            f"done in {run.elapsed:.2f} s, by {len(run.processes)} child processes.",
            run,
        )


# One process


def test_sequential_order(submission):
    """primes_sequential gives a list in the order of the numbers, equal ones too, from any iterable, in one process."""
    numbers = [97, 4, 2, 97, 1, 91, -7, 3, 2]
    with submission.session() as session:
        for given, text in ((numbers, f"{numbers}"), (generator(numbers), f"a generator of {numbers}")):
            run = session.call("primes_sequential", given)
            expect(run.value, [97, 2, 97, 3, 2], f"primes_sequential({text})", run)
            if run.processes or run.threads:
                raise CheckFailed("wrong process", "primes_sequential has to work in the main thread alone.", run)


# Several processes


def test_parallel_order(submission):
    """primes_parallel gives the same list as primes_sequential, in the same order, however long each number takes."""
    # The first number of each half takes much longer than the others.
    numbers = [10007, 4, 97, 2, 97, 1, 10009, -7, 3, 2, 9, 5]
    wanted = primes(numbers)
    with submission.session(machine={"tick": 1e-2}) as session:
        run = session.call("primes_parallel", numbers, 3)
        expect(run.value, wanted, f"primes_parallel({numbers}, 3)", run)
        run = session.call("primes_parallel", generator(numbers), processes=2)
        expect(run.value, wanted, f"primes_parallel(a generator of {numbers}, processes=2), the second call", run)
        run = session.call("primes_parallel", [5, 4], 4)
        expect(run.value, [5], "primes_parallel([5, 4], 4)", run)
    for strategy in ("roundrobin", random_schedule(1)):
        run = submission.run("primes_parallel", numbers, 3, strategy=strategy)
        expect(run.value, wanted, f"primes_parallel({numbers}, 3)", run)
    submission.confirm("primes_parallel", [97, 4, 2, 97, 1, 3], processes=2)


def test_parallel_empty(submission):
    """primes_parallel of no numbers is the empty list."""
    with submission.session() as session:
        run = session.call("primes_parallel", [])
        expect(run.value, [], "primes_parallel([])", run)
        run = session.call("primes_parallel", generator([]), processes=2)
        expect(run.value, [], "primes_parallel(an empty generator, processes=2)", run)


def shares(run):
    """The work of each process: calls of is_prime where there are any, seconds where there are none."""
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
    """primes_parallel at work on 60 numbers that cost the same, by the calls of is_prime or else by loop turns."""
    run = submission.run("primes_parallel", SMALL_PRIMES, *arguments, costs=EVEN, machine=COARSE, **keywords)
    if len(run.completed().calls) >= len(SMALL_PRIMES):
        return run
    return submission.run("primes_parallel", LARGE_PRIMES, *arguments, machine={"tick": 1e-3}, **keywords).completed()


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
    # A child that was given less than an eighth of its share only stood by.
    working = {process for process, amount in work.items() if amount >= fair / 8}
    call = f"primes_parallel(60 numbers, processes={processes})"
    if parent > (0 if run.calls else fair / 2):
        raise CheckFailed(
            "wrong process", f"{call}: the main process tests numbers itself; its child processes should.", run
        )
    if len(working) < processes:
        raise CheckFailed(
            "wrong process", f"{call}: the work was done by {len(working)} child process(es), not {processes}.", run
        )
    if most_at_once(run, working) > processes:
        raise CheckFailed(
            "wrong process",
            f"{call}: {most_at_once(run, working)} child processes worked at the same time, not {processes}.",
            run,
        )


def test_parallel_workers(submission):
    """primes_parallel does the work in as many child processes as `processes` says."""
    for processes in (2, 3):
        assert_shared(measured(submission, processes=processes), processes)


def test_parallel_joined(submission):
    """When primes_parallel returns, all its child processes have ended."""
    numbers = [1009, 4, 1013, 7, 6, 1019]
    # A call takes half a minute: a sleep, or a join with a time limit, has run out long before.
    run = submission.run("primes_parallel", numbers, 3, costs={"is_prime": 30.0}, machine=SLOW)
    expect(run.value, primes(numbers), f"primes_parallel({numbers}, 3), where each number takes long", run)
    run.assert_joined()
    for strategy in ("nonpreemptive", "roundrobin"):
        submission.run("primes_parallel", numbers, 3, strategy=strategy).completed().assert_joined()


def test_parallel_faster(submission):
    """On 4 cores, primes_parallel is at least 2.5 times as fast as primes_sequential."""
    parallel = measured(submission)
    by_calls = len(parallel.calls) >= len(SMALL_PRIMES)
    if by_calls:
        sequential = submission.run("primes_sequential", SMALL_PRIMES, costs=EVEN, machine=COARSE)
    else:
        sequential = submission.run("primes_sequential", LARGE_PRIMES, machine={"tick": 1e-3})
    seconds = sequential.elapsed if sequential.outcome == "returned" else SECONDS * len(SMALL_PRIMES)
    if seconds < 2.5 * parallel.elapsed:
        raise CheckFailed(
            "not parallel",
            f"60 numbers that cost the same: {seconds:.2f} s one after another, {parallel.elapsed:.2f} s with 4 "
            f"processes on 4 cores. That is {seconds / parallel.elapsed:.1f} times as fast; 2.5 times is asked for.",
            parallel,
        )
