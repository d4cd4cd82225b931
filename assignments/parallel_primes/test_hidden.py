"""The checks of parallel_primes that decide the rest of the points.

What a number costs is set by the grader: under ``costs=EVEN`` each call of is_prime takes the same time, however
clever it is. A program whose children do not call is_prime (it has the loop once more, in a function of its own) is
measured by its loop turns instead, on numbers that need nearly the same number of turns.

A fault costs the points of its own check and, as far as possible, of no other: only is_prime_edges and is_prime_large
ask for numbers that is_prime may easily get wrong or be too slow for, and torn lines are looked for in whatever lines
the program prints when nothing gets between them.
"""

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
    why_prime,
)

SECONDS = 0.05
EVEN = {"is_prime": SECONDS}

# 60 numbers divide by 1, 2, 3 and 4 processes, and by every chunk size that is usual for so few. They are distinct,
# so that nothing is gained by testing equal numbers once, and prime, so that none is settled by its first divisor.
SMALL_PRIMES = [n for n in range(1000, 1450) if all(n % d for d in range(2, 39))][:60]
LARGE_PRIMES = [n for n in range(40_000, 41_000) if all(n % d for d in range(2, 203))][:60]

# Seconds of a loop turn. It costs much: what the program does outside is_prime counts too, and waiting by asking again
# and again comes to an end after few questions.
COARSE = {"tick": 1e-4}
TURN = 1e-4
BY_TURNS = {"tick": TURN, "process_start": TURN}
SLOW = {"tick": 1.0}


def slow(submission, function, *arguments, **options):
    """A run in which each number takes twelve seconds or more: a sleep, or a wait with a time limit, has run out long
    before."""
    run = submission.run(function, *arguments, costs={"is_prime": 12.0}, machine=COARSE, **options)
    return run if run.calls else submission.run(function, *arguments, machine=SLOW, **options)


def is_prime(n):
    return n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))


def primes(numbers):
    return [n for n in numbers if is_prime(n)]


def lines(numbers):
    return [f"{n} is prime" if is_prime(n) else f"{n} is not prime" for n in numbers]


# is_prime


def test_is_prime_edges(submission):
    """is_prime is right for 0, 1, 2, negative numbers, squares of primes, and numbers that only look prime."""
    edges = [0, 1, 2, 3, -1, -2, -7, -9]
    squares = [4, 9, 25, 49, 121, 169, 289, 361, 841, 961, 997**2]
    # Carmichael numbers: a**n - a is divisible by n for every a, as for a prime. The last one also passes the
    # Miller-Rabin test for the bases 2, 3, 5 and 7.
    carmichael = [561, 1105, 1729, 2465, 2821, 6601, 8911, 29341, 162401, 252601, 825265, 56052361, 3215031751]
    # Odd composites that a too small set of divisors or bases takes for primes.
    composite = [91, 221, 341, 2047, 3277, 97 * 101, 1009 * 1013, 9973 * 10007]
    with submission.session() as session:
        for n in edges + squares + carmichael + composite:
            run = session.call("is_prime", n)
            expect(run.value, n in (2, 3), f"is_prime({n})", run, why_prime(n, run.value))


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
                if run.outcome == "limit":
                    message = f"{run.call} was stopped: {run.recording.reason}. Which divisors need not be tried?"
                    raise CheckFailed("limit", message, run)
                # That …039 is prime is not looked up anew each time.
                expect(run.value, prime, f"is_prime({n})", run, "It is prime." if prime else why_prime(n, run.value))


# Threads

FEW = (1009, 12, 7, 10)


@made_once
def explored(submission):
    """print_primes_threaded under several schedules, up to one that it does not come back from."""
    runs = []
    for run in submission.explore("print_primes_threaded", generator(FEW)):
        runs.append(run)
        if run.outcome != "returned":
            break
    return runs


def test_threaded_whole_lines(submission):
    """In every order in which the threads may run, each line of print_primes_threaded comes out whole."""
    runs = explored(submission)
    expected = runs[0].completed().output.lines
    # Lines that are too many are another check's matter: no more than that each comes out whole is asked here.
    if len(expected) <= len(FEW):
        expected = [*lines(FEW), "all threads finished"]
    # Lines that are missing because nobody waited for their thread are another check's matter.
    waited = [run for run in runs if not run.completed().trace.alive]
    for run in waited or runs:
        run.output.assert_whole_lines(expected)


def assert_finished_last(run, numbers):
    # Torn lines are another check's matter: the line breaks are counted, and the end has to be whole.
    text = run.completed().output.text
    if not text.endswith("all threads finished\n") or text.count("\n") <= len(numbers):
        writer = next((write for write in run.output.writes if "all threads finished" in write.text), None)
        guess = ""
        if writer is not None and writer.task != run.main.id:
            name = run.trace.tasks[writer.task].name.partition(" (")[0]
            guess = (
                f"{name} printed it (line {writer.line}), and knows nothing of the other threads: the main thread has "
                "to, after it has waited for all of them."
            )
        raise CheckFailed(
            "wrong order",
            f'{run.call}: "all threads finished" has to be the last line, after the lines of all {len(numbers)} '
            f"numbers; the output was {text!r}.",
            run,
            question=lambda again: assert_finished_last(again, numbers),
            guess=guess,
        )


def test_threaded_finished_last(submission):
    """The last line is "all threads finished", however slow the threads are."""
    for run in explored(submission):
        assert_finished_last(run, FEW)
    assert_finished_last(slow(submission, "print_primes_threaded", [1009, 12]), [1009, 12])


@made_once
def many_threads(submission):
    """Forty numbers: more than an executor starts threads unless it is told to."""
    return submission.run(
        "print_primes_threaded",
        generator(range(100, 140)),
        strategy="nonpreemptive",
        watch=("is_prime",),
        machine=BY_TURNS,
        whole_prints=True,
    )


def test_threaded_one_thread_a_number(submission):
    """print_primes_threaded works on each number in a thread of its own."""
    run = many_threads(submission).completed()
    started = len(run.threads)
    if not 40 <= started <= 42:  # one or two more may print or wait
        made = counted(started, "thread")
        if run.processes and not started:
            made += f", but {counted(len(run.processes), 'process')}"
        elif not started:
            made += " (a thread begins at its start(); run() calls the function at once, in the main thread)"
        raise CheckFailed(
            "wrong number of threads",
            f"print_primes_threaded was given 40 numbers and started {made}; it has to be a thread for each number.",
            run,
        )
    # Work outside is_prime shows as turns: the threads have at least entered a function for each number.
    idle = not run.trace.alive and sum(thread.work for thread in run.threads) < 40 * TURN
    if idle and not run.output.lines[1:]:
        raise CheckFailed(
            "wrong thread", "print_primes_threaded starts a thread a number, but they test no number.", run
        )
    if run.main.id in run.call_tasks("is_prime") or idle:
        raise CheckFailed(
            "wrong thread",
            "print_primes_threaded starts a thread a number, but the main thread tests the numbers. "
            "Thread(target=print_is_prime(n)) calls the function at once and gives its result, None, to the thread; "
            "the thread needs the function itself, and the number beside it, in args.",
            run,
        )


def test_threaded_alive_together(submission):
    """All threads are started before the first one is waited for."""
    run = many_threads(submission)
    # That there are too few of them is another check's matter.
    run.assert_alive_together(max(2, min(len(run.threads), 40)), "thread")


def test_threaded_not_faster(submission):
    """The threads share one core: print_primes_threaded uses threads, and no processes to be faster."""
    numbers = [1009, 1013, 1019, 1021]
    run = submission.run("print_primes_threaded", numbers, costs=EVEN, machine=COARSE, whole_prints=True).completed()
    end = max(event.at for event in run.trace.events)
    if not run.threads or run.processes or (not run.trace.alive and run.work > 1.25 * end):
        made = "it started none"
        if run.threads or run.processes:
            made = (
                f"{counted(len(run.threads), 'thread')} and {counted(len(run.processes), 'child process')} did "
                f"{run.work:.2f} s of work in {end:.2f} s"
            )
        message = f"print_primes_threaded has to use threads, which compute in turns; here {made}."
        raise CheckFailed("wrong process", message, run)


# One process


def test_sequential_order(submission):
    """primes_sequential gives a list in the order of the numbers, equal ones too, from any iterable, in one process."""
    numbers = [97, 10, 5, 97, 33, 7, 12, 5]
    with submission.session() as session:
        for given in (numbers, generator(numbers), ()):
            run = session.call("primes_sequential", given)
            expect(run.value, [97, 5, 97, 7, 5] if given else [], run.call, run)
            if run.processes or run.threads:
                raise CheckFailed("wrong process", f"{run.call} has to work in the main thread alone.", run)


# Several processes

# The first number, and the first of the second half, take much longer than the others. 13 does not divide.
UNEVEN = (10007, 10, 97, 5, 97, 12, 10009, 33, 7, 5, 28, 10, 11)


@made_once
def adverse(submission):
    """primes_parallel with a switch at every operation."""
    return submission.run("primes_parallel", UNEVEN, 2, strategy="roundrobin")


def test_parallel_order(submission):
    """primes_parallel gives the same list as primes_sequential, in the same order, however long each number takes."""
    with submission.session(machine={"tick": 1e-3, "process_start": 1e-4}) as session:
        run = session.call("primes_parallel", UNEVEN, 2)
        expect(run.value, primes(UNEVEN), run.call, run)
        run = session.call("primes_parallel", generator([97, 10]), processes=3)
        expect(run.value, [97], run.call, run)
    run = adverse(submission)
    expect(run.value, primes(UNEVEN), run.call, run)
    # All of these are prime: one that is left out or comes twice is seen, wherever a slice begins.
    run = measured(submission)
    numbers = SMALL_PRIMES if len(run.calls) >= len(SMALL_PRIMES) else LARGE_PRIMES
    expect(run.value, list(numbers), f"primes_parallel({len(numbers)} primes)", run)
    submission.confirm("primes_parallel", [97, 10, 5, 97, 12], processes=2, costs={"is_prime": 1.0}, meet="is_prime")


def test_parallel_empty(submission):
    """primes_parallel of no numbers is the empty list."""
    run = submission.run("primes_parallel", [], 2)
    expect(run.value, [], run.call, run)


@made_once
def measured(submission, *processes):
    """primes_parallel at work on 60 numbers that cost the same, by the calls of is_prime or else by loop turns."""
    return on_machine(submission, {}, *processes)


def on_machine(submission, machine, *processes):
    run = submission.run("primes_parallel", SMALL_PRIMES, *processes, costs=EVEN, machine=COARSE | machine)
    if len(run.completed().calls) >= len(SMALL_PRIMES):
        return run
    return submission.run("primes_parallel", LARGE_PRIMES, *processes, machine=BY_TURNS | machine).completed()


def test_parallel_workers(submission):
    """primes_parallel does the work in as many child processes as `processes` says."""
    for run, processes in ((measured(submission), 4), (measured(submission, 3), 3)):
        work = run.shares(TURN)
        parent = work.pop(0, 0)
        # Five turns are less than any program needs for a single number; a child that only stood by has fewer.
        working = {process for process, amount in work.items() if amount >= (1 if run.calls else 5)}
        together = most_at_once((task.created, task.ended) for task in run.processes if task.id in working)
        given = f"primes_parallel(60 numbers, processes={processes})"
        if not run.processes and run.threads:
            problem = (
                "its workers are threads of the main process; they have to be processes: those of the Pool of "
                "multiprocessing, not of multiprocessing.dummy or a ThreadPool."
            )
        elif run.calls and parent:
            problem = "the main process tests numbers itself; its child processes should."
            if run.processes and not working:
                problem += " target=work(…) calls work here and now: give Process the function itself, and args."
        elif len(working) < processes:
            problem = f"the work was done by {counted(len(working), 'child process')}, not by {processes}."
            if len(run.processes) < processes:
                problem += " Start as many as `processes` says, and share the numbers out among them."
            else:
                problem += " The others got none: give out all the numbers at once, in parts for each of them."
        elif together > processes:
            problem = (
                f"{together} child processes worked at the same time, not {processes}. Start as many as `processes` "
                "says, however many numbers there are, and share the numbers out among them."
            )
        else:
            continue
        raise CheckFailed("wrong process", f"{given}: {problem}", run)


@of_any_run
def assert_ended(run):
    """Every child was waited for, and nothing is left."""
    # The helper thread of a queue may still be there; it ends with the queue.
    alive = [run.trace.tasks[number].name for number in run.trace.alive]
    if any(name != "QueueFeederThread" for name in alive):
        run.assert_joined()
    for child in run.not_waited_for:
        gave_up = [
            event.line
            for event in run.trace.events[: run.trace.returned]
            if event.op == "join" and event.resource == f"task:{child.id}" and event.via.endswith("join") and event.line
        ]
        way = (
            f"The join at line {gave_up[0]} has a time limit, and gave up: join without one."
            if gave_up
            else "A child may still be alive when its last result is there: join it, without a time limit."
        )
        raise CheckFailed(
            "not joined",
            f"{run.call} came back without having waited for the end of all its child processes. {way}",
            run,
            (child.line,) if child.line else (),
        )
    run.assert_joined()  # nothing is alive by now: whether a pool was left open


def test_parallel_joined(submission):
    """When primes_parallel returns, all its child processes have ended."""
    run = adverse(submission).completed()
    if not run.processes:
        raise CheckFailed("not parallel", f"{run.call} started no process, so there was none to wait for.", run)
    assert_ended(run)
    assert_ended(submission.run("primes_parallel", [7, 8, 9], 2, strategy=hurried()).completed())
    run = slow(submission, "primes_parallel", [1009, 12], 1)
    assert_ended(run.completed())
    # A list that is wrong in a fast world too is another check's matter.
    if not isinstance(run.value, list) or (
        run.value != [1009] and submission.run("primes_parallel", [1009, 12], 1).value == [1009]
    ):
        expect(run.value, [1009], f"{run.call}, where each number takes long,", run)
    # Who joins before it has read waits for ever, once there are more primes than a pipe holds. Here it holds little.
    run = submission.run("primes_parallel", SMALL_PRIMES, machine={"pipe": 512})
    if run.outcome == "deadlock":
        run.completed()


def test_parallel_faster(submission):
    """On 4 cores, primes_parallel is at least 2.5 times as fast as primes_sequential."""
    parallel = measured(submission)
    if len(parallel.calls) >= len(SMALL_PRIMES):
        seconds = SECONDS * len(SMALL_PRIMES)
    else:
        seconds = submission.run("primes_sequential", LARGE_PRIMES, machine=BY_TURNS).completed().elapsed
    submission.tell_speedup(seconds / parallel.elapsed)
    if seconds < 2.5 * parallel.elapsed:
        raise not_faster(
            f"60 numbers that cost the same: {seconds:.2f} s one after another, {parallel.elapsed:.2f} s with 4 "
            f"processes on 4 cores. That is {seconds / parallel.elapsed:.1f} times as fast; 2.5 times is asked for.",
            parallel,
            lambda n: seconds / on_machine(submission, {"cores": n}, n).elapsed,
            wanted=2.5,
            unit="cores, with a process for each",
        )
