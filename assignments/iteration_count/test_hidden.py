"""The hidden checks of iteration_count: every check of the contract, on many schedules and machines.

What must not matter: how a thread learns that time is over (a clock, a flag, an event, a timer), how it learns that
the other one ran (a shared name, the other's counter), and whether it prints a count of 0 before its first iteration.
"""

import re

from autograder.judge import CheckFailed, random_schedule, slices

LINE = re.compile(r"(\d{1,30}) iterations in thread ([ab])")
# For every check but the one of the form: a line that is a little off should not cost more than that check's points.
# A number begins where no digit is before: looking on from each digit of a long one would take for ever.
LOOSE = re.compile(r"((?:-|(?<!\d))\d{1,30})\s+iterations?\s+in\s+(?:the\s+)?thread\W*([ab])\b", re.IGNORECASE)

SECONDS = 0.05
MOMENT = 0.0005  # for the schedules that switch all the time
# A turn of a loop costs 100 microseconds, so that a run is some 500 turns, and a thread gets 50 of them in a row.
SMALL = {"tick": 1e-4}
# A very slow computer: a turn of a loop takes longer than the whole time that the threads have.
SLOW = {"tick": 0.5, "operation": 0.1, "thread_start": 0.1}
SCHEDULES = ("virtual", "roundrobin", random_schedule(1), random_schedule(2))


def printed(run):
    """The counts and names that were printed, in order; fails where there are none."""
    found = [(int(count), name.lower()) for count, name in LOOSE.findall(run.output.text)]
    if not found:
        raise CheckFailed(
            "wrong output",
            f'No line like "797 iterations in thread a" was printed. The output was {run.output.text[:100]!r}.',
            run,
        )
    return found


def totals(run):
    """The returned totals; fails where the value has another form."""
    value = run.value
    if not isinstance(value, dict) or set(value) != {"a", "b"} or any(type(n) is not int for n in value.values()):
        raise CheckFailed(
            "wrong value",
            f'count_iterations returned {str(value)[:120]}. It must return a dict such as {{"a": 3376, "b": 21053}}.',
            run,
        )
    return value


def test_line_form(submission):
    """Every line has the form "797 iterations in thread a", on every schedule."""
    for strategy in SCHEDULES:
        options = {"machine": SMALL} if strategy == "virtual" else {"strategy": strategy}
        seconds = SECONDS if strategy == "virtual" else MOMENT
        run = submission.run("count_iterations", seconds, whole_prints=True, **options).completed()
        printed(run)
        for line in run.output.lines:
            if not LINE.fullmatch(line):
                raise CheckFailed(
                    "wrong output",
                    f'The line {line[:80]!r} does not have the form "797 iterations in thread a". '
                    "Each count must be one whole line, printed by one print call.",
                    run,
                )


def test_counts_add_up(submission):
    """The counts that a thread printed add up to its returned total, in a second call too."""

    def compare(run, what):
        sums = {"a": 0, "b": 0}
        # A thread that made no iteration may stay silent, and on a slow computer that may be both.
        nothing = not run.output.text and not any(totals(run).values())
        for count, name in () if nothing else printed(run):
            sums[name] += count
        for name, total in totals(run).items():
            if total != sums[name]:
                raise CheckFailed(
                    "wrong value",
                    f"{what}: the returned total of thread {name} is {total}, "
                    f"but the counts printed for it add up to {sums[name]}.",
                    run,
                )

    with submission.session(machine=SMALL, whole_prints=True) as session:
        compare(session.call("count_iterations", SECONDS), f"count_iterations({SECONDS})")
        compare(session.call("count_iterations", SECONDS), f"a second call of count_iterations({SECONDS})")
    for strategy in SCHEDULES[1:]:
        run = submission.run("count_iterations", MOMENT, strategy=strategy, whole_prints=True)
        compare(run, f"count_iterations({MOMENT})")
    run = submission.run("count_iterations", MOMENT, machine=SLOW, whole_prints=True)
    compare(run, f"count_iterations({MOMENT}) on a very slow computer")
    # Slices of a single turn: a count of 1 is a count.
    run = submission.run("count_iterations", SECONDS, strategy=slices([9, 1, 7, 1, 8, 1, 6, 5]), whole_prints=True)
    compare(run, f"count_iterations({SECONDS}), where a thread may get a single turn,")
    submission.confirm(
        "count_iterations",
        SECONDS,
        machine=SMALL,
        whole_prints=True,
        same=lambda world, real: isinstance(real.value, dict) and set(real.value) == set(world.value),
    )


def test_both_threads_at_once(submission):
    """Two threads are alive at the same time and both count, in a second call too."""
    with submission.session(machine=SMALL, whole_prints=True) as session:
        for which in ("the first call", "a second call"):
            run = session.call("count_iterations", SECONDS).completed()
            run.assert_alive_together(2, "thread")
            if sum(task.work > SECONDS / 100 for task in run.threads) < 2:
                raise CheckFailed(
                    "not parallel",
                    f"In {which}, fewer than two threads did any work. Is the loop run by the threads that you start?",
                    run,
                )
            counted = printed(run)
            for name in "ab":
                if not any(count > 0 and who == name for count, who in counted):
                    raise CheckFailed(
                        "not parallel",
                        f"In {which}, thread {name} counted no iterations in {SECONDS} seconds.",
                        run,
                    )


def test_both_threads_joined(submission):
    """Both threads have ended when count_iterations returns, on a very slow computer too."""
    trials = [
        {"seconds": SECONDS, "machine": SMALL},
        {"seconds": 2 * MOMENT, "strategy": "roundrobin"},
        {"seconds": MOMENT, "strategy": random_schedule(3)},
        {"seconds": SECONDS, "strategy": slices([50, 50])},  # b is the first to end
        {"seconds": SECONDS, "strategy": slices([50, 50, 50])},  # a is the first to end
        {"seconds": MOMENT, "machine": SLOW | {"gil": False}},
    ]
    for trial in trials:
        seconds = trial.pop("seconds")
        run = submission.run("count_iterations", seconds, whole_prints=True, **trial).completed()
        if len(run.threads) < 2:
            raise CheckFailed("not joined", f"{len(run.threads)} threads were started instead of two, a and b.", run)
        # A timer that ends the counting is no counting thread: it does no work of its own and prints nothing.
        writers = {write.task for write in run.output.writes}
        alive = [task for task in run.threads if task.id in run.trace.alive]
        counting = [task for task in alive if task.work > 0 or task.id in writers]
        if counting or len(run.threads) - len(alive) < 2:
            run.assert_joined()


GIVEN = ((797, 799, 1750, 2054, 829), (300, 41, 90, 1200, 65, 510))


def trimmed(counts, wanted):
    """The counts without what a thread may print beside them: a count of 0 or 1 at its start, at most two tiny ones
    at its end (it finds that it made no iteration, or just one more, since it last printed)."""
    if len(counts) > len(wanted) and counts[0] <= 1:
        counts = counts[1:]
    for _ in range(2):
        if len(counts) > len(wanted) and counts[-1] <= 2:
            counts = counts[:-1]
    return counts


def follows(lines, given, names):
    """Whether these lines are right where the threads got the given slices, in turn, in the order of `names`."""
    kept = {}
    for place, name in enumerate(names):
        wanted = list(given[place::2])
        counts = trimmed([count for count, who in lines if who == name], wanted)
        if len(counts) != len(wanted) or any(abs(got - want) > 1 for got, want in zip(counts, wanted, strict=True)):
            return False
        kept[name] = counts
    # The order: turn by turn, but the last counts of the two may come out either way round.
    rest = {name: list(counts) for name, counts in kept.items()}
    order = []
    for count, who in lines:
        if rest[who] and rest[who][0] == count:
            order.append(who)
            rest[who].pop(0)
    return order[:-2] == [names[turn % 2] for turn in range(len(given) - 2)]


def names_in_order(run):
    """The names of the threads in the order in which they were created, as far as the output tells: "ab" or "ba"."""
    first = {}
    for write in run.output.writes:
        for _, name in LOOSE.findall(write.text):
            first.setdefault(write.task, name.lower())
    names = [first[task] for task in sorted(first) if task != run.main.id]
    return "ba" if names[:1] == ["b"] else "ab"


def test_given_time_slices(submission):
    """Where the threads get known time slices, just these counts are printed, in this order."""
    for given in GIVEN:
        run = submission.run("count_iterations", SECONDS, strategy=slices(list(given)), whole_prints=True).completed()
        lines = printed(run)
        names = names_in_order(run)
        if not follows(lines, given, names):
            expected = ", ".join(f"{count} {name}" for count, name in zip(given, names * 3, strict=False))
            got = ", ".join(f"{count} {name}" for count, name in lines[:12]) + (", …" if len(lines) > 12 else "")
            raise CheckFailed(
                "wrong output",
                f"Thread {names[0]} ran for {given[0]} turns of its loop, then {names[1]} for {given[1]}, "
                f"{names[0]} for {given[2]}, and so on. "
                f"Expected these counts: {expected} (1 more or less does not matter; the last two in any order). "
                f"Printed were: {got}.",
                run,
            )


def test_runs_for_the_time(submission):
    """count_iterations(seconds) takes as long as it is told, and 0.1 seconds if it is not told."""
    for given, tick in ((0.3, 1e-3), (0.02, 1e-4), (None, 1e-4)):
        arguments = () if given is None else (given,)
        run = submission.run("count_iterations", *arguments, machine={"tick": tick}, whole_prints=True).completed()
        seconds = 0.1 if given is None else given
        # The time that the last turn of a loop needs comes on top; of the default only a little, on a fast computer.
        most = 1.5 * seconds if given is None else 2.5 * seconds + 0.2
        if not 0.9 * seconds <= run.elapsed <= most:
            raise CheckFailed(
                "wrong time",
                f"{run.call} came back after {run.elapsed:.3g} seconds. "
                f"Its threads must run side by side for {seconds} seconds, however much they get done in them.",
                run,
            )
