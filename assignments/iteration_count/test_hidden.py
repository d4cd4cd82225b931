"""The hidden checks of iteration_count: every check of the contract, on many schedules and machines.

What must not matter: how a thread learns that time is over (a clock, a flag, an event, a timer), how it learns that
the other one ran (a shared name, the other's counter), and whether it prints a count of 0 before its first iteration.
"""

import re
from bisect import bisect_left
from itertools import accumulate

from autograder.judge import CheckFailed, counted, random_schedule, slices

LINE = re.compile(r"(\d{1,30}) iterations in thread ([ab])")
# For every check but the one of the form: a line that is a little off should not cost more than that check's points.
# A number begins where no digit is before: looking on from each digit of a long one would take for ever.
LOOSE = re.compile(r"((?:-|(?<!\d))\d{1,30})\s+iterations?\s+in\s+(?:the\s+)?thread\W*([ab])\b", re.IGNORECASE)

SECONDS = 0.05
MOMENT = 0.0005
# A turn of a loop costs 100 microseconds, so that a run is some 500 turns, and a thread gets 50 of them in a row.
SMALL = {"tick": 1e-4}
# For the schedules that switch all the time: all costs a hundred times as high, so that a run is some 5000 turns; what
# takes a time of its own choice, such as 0.1 seconds, does not come to millions of them.
BUSY = {"tick": 1e-5, "operation": 1e-4, "thread_start": 5e-3}
# For given slices of turns: their sum stays well below the time that the threads have, and where one thread is alone,
# and its slice therefore has no end, it is some 50,000 turns until that time is over.
FINE = {"tick": 1e-6}
# A very slow computer: a turn of a loop takes longer than the whole time that the threads have.
SLOW = {"tick": 0.5, "operation": 0.1, "thread_start": 0.1}
SCHEDULES = ("virtual", "roundrobin", random_schedule(1), random_schedule(2))


def printed(run):
    """The counts and names that were printed, in order; fails where there are none. Each thread's output is read for
    itself: what another one printed within its line costs the points of the form alone."""
    lines = []
    for task in {write.task for write in run.output.writes}:
        own = [write for write in run.output.writes if write.task == task]
        ends = list(accumulate(len(write.text) for write in own))
        for match in LOOSE.finditer("".join(write.text for write in own)):
            last = own[bisect_left(ends, match.end())]
            lines.append((last.step, match.start(), int(match[1]), match[2].lower()))
    found = [(count, name) for *_, count, name in sorted(lines)]
    if not found:
        said = next((line for line in run.output.lines if line.strip()), "")
        instead = (
            f"The first line of its output is {said[:80]!r}; the name there must be a or b."
            if said
            else "It printed nothing at all: each thread prints its last count when it ends."
        )
        message = f'{run.call} printed no line like "797 iterations in thread a". {instead}'
        raise CheckFailed("wrong output", message, run)
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


# Why --------------------------------------------------------------------------------------------------------------


def called(task):
    """A thread's name, as the drawing has it."""
    return task.name.partition(" (")[0]


def lines_of(tasks):
    """' (line 12)': where they were made."""
    lines = sorted({str(task.line) for task in tasks if task.line}, key=int)
    return f" (line{'s' if len(lines) > 1 else ''} {' and '.join(lines)})" if lines else ""


def only_processes(run):
    """What is wrong where processes were started instead of threads."""
    if not run.processes or run.threads:
        return ""
    return (
        f"Processes were started{lines_of(run.processes)}; two threads were asked for. A process has memory of its "
        "own: what it counts the main program never sees."
    )


def name_trouble(run):
    """What is wrong where the two threads do not print one name each."""
    names = {}  # by task: the names that it printed, each with its line
    for write in run.output.writes:
        for _, name in LOOSE.findall(write.text):
            names.setdefault(write.task, {}).setdefault(name.lower(), write.line)
    own = [(task, names[task.id]) for task in run.threads if task.id in names]
    for task, printed_names in own:
        if len(printed_names) > 1:
            told = " and ".join(f"for {name} (line {line})" for name, line in printed_names.items())
            return f"{called(task)} printed counts {told}: each thread prints its own counts, under its own name."
    if len(own) > 1 and own[0][1].keys() == own[1][1].keys():
        return (
            f"Both threads print the name {next(iter(own[0][1]))}: give each its own name as an argument. What a "
            "lambda or an inner function looks up, it finds as it is when it runs."
        )
    return ""


def kept_apart(run):
    """What is wrong where the threads cannot take turns."""
    if any(task.id == run.main.id for task in run.output.writers):
        if len(run.threads) > 1 and all(task.work > 0 for task in run.threads):
            return (
                "The main thread prints the counts, when the threads have ended: let each thread print its own, as soon"
                " as it finds that the other one has run."
            )
        return (
            "The main thread counts, and not the threads that are started: target=count(…) calls the function here and "
            "now, and so does run(). Give Thread the function itself, and its arguments in args."
        )
    own = {task.id: task for task in run.threads}
    locked = [event for event in run.trace.events if event.op == "acquire" and event.task in own and event.line > 0]
    longest = max(locked, key=lambda event: event.at - event.asked, default=None)
    if longest is not None and longest.at - longest.asked > run.elapsed / 2:
        return (
            f"{called(own[longest.task])} waits at line {longest.line} for a lock nearly all of the time: a lock "
            "around the whole loop lets one thread count alone. No lock is needed here."
        )
    return ""


# Checks -----------------------------------------------------------------------------------------------------------


def test_line_form(submission):
    """Every line has the form "797 iterations in thread a", on every schedule."""
    for strategy in SCHEDULES:
        machine = SMALL if strategy == "virtual" else BUSY
        options = {"strategy": strategy, "machine": machine, "whole_prints": True}
        run = submission.run("count_iterations", SECONDS, **options).completed()
        if strategy == "virtual":
            printed(run)  # that a last count is missing, or comes too late, is asked elsewhere
        for line in run.output.lines:
            if not LINE.fullmatch(line):
                rule = "Nothing else may be printed."
                if not any(write.text.strip("\n") == line for write in run.output.writes):
                    rule = (
                        "It was printed in several pieces, and between two of them another thread may print: make each "
                        "line with one print call."
                    )
                message = f'The line {line[:80]!r} does not have the form "797 iterations in thread a". {rule}'
                raise CheckFailed("wrong output", message, run)


def test_counts_add_up(submission):
    """The counts that a thread printed add up to its returned total, in a second call too."""

    def compare(run, what="", before=None):
        sums = {"a": 0, "b": 0}
        # A thread that made no iteration may stay silent, and on a slow computer that may be both.
        nothing = not run.output.text and not any(totals(run).values())
        lines = [] if nothing else printed(run)
        for count, name in lines:
            sums[name] += count
        for name, total in totals(run).items():
            if total != sums[name]:
                counts = [count for count, who in lines if who == name]
                trouble = only_processes(run) or name_trouble(run)
                message = (
                    f"{what or run.call}: the returned total of thread {name} is {total}, "
                    f"but the counts printed for it add up to {sums[name]}. {trouble}".rstrip()
                )
                guess = "" if trouble else why_not_equal(total, counts, before and before[name])
                raise CheckFailed("wrong value", message, run, guess=guess)
        return totals(run)

    with submission.session(machine=SMALL, whole_prints=True) as session:
        first = compare(session.call("count_iterations", SECONDS))
        compare(session.call("count_iterations", SECONDS), f"A second call of count_iterations({SECONDS})", first)
    for strategy in SCHEDULES[1:]:
        compare(submission.run("count_iterations", SECONDS, strategy=strategy, machine=BUSY, whole_prints=True))
    run = submission.run("count_iterations", MOMENT, machine=SLOW, whole_prints=True)
    compare(run, f"count_iterations({MOMENT}) on a very slow computer")
    # Slices of a single turn: a count of 1 is a count.
    single = slices([9, 1, 7, 1, 8, 1, 6, 5])
    run = submission.run("count_iterations", SECONDS, strategy=single, machine=FINE, whole_prints=True)
    compare(run, f"count_iterations({SECONDS}), where a thread may get a single turn")
    submission.confirm(
        "count_iterations",
        SECONDS,
        machine=SMALL,
        whole_prints=True,
        same=lambda world, real: isinstance(real.value, dict) and set(real.value) == set(world.value),
    )


def why_not_equal(total, counts, before):
    """What the two numbers hint at. ``before`` is the total of an earlier call."""
    if before and total - sum(counts) == before:
        return f"The {before} of the first call are still in it: each call starts from 0."
    if len(counts) > 1 and total == counts[-1]:
        return (
            "It is the same as the last count. A count has the iterations since the line before, a total has all of "
            "the call."
        )
    if total < sum(counts):
        return "Is the total taken only after both threads have ended, and is no iteration printed twice?"
    missing = total - sum(counts)
    in_no_line = f"{missing} iteration{' is' if missing == 1 else 's are'} in no printed count"
    if missing == len(counts):
        return f"{in_no_line}, one for each line: does the iteration in which a thread notices the switch count?"
    return f"{in_no_line}. A count of 1 has to be printed, too, and the last count, when the thread ends."


def test_both_threads_at_once(submission):
    """Two threads are alive at the same time and both count, in a second call too."""
    with submission.session(machine=SMALL, whole_prints=True) as session:
        for which in ("the first call", "a second call"):
            run = session.call("count_iterations", SECONDS).completed()
            run.assert_alive_together(2, "thread")
            if sum(task.work > SECONDS / 100 for task in run.threads) < 2:
                reason = kept_apart(run) or "Is the loop run by the threads that you start?"
                if which != "the first call":
                    reason = (
                        "In the first call they did: does something remain from it, such as a flag that ends the "
                        "loops, or a time that is over?"
                    )
                message = f"In {which}, fewer than two threads did any work. {reason}"
                raise CheckFailed("not parallel", message, run)
            lines = printed(run)
            for name in "ab":
                if not any(count > 0 and who == name for count, who in lines):
                    message = f"In {which}, no count was printed for thread {name}. {name_trouble(run)}"
                    raise CheckFailed("not parallel", message.strip(), run)


def test_both_threads_joined(submission):
    """Both threads have ended when count_iterations returns, on a very slow computer too."""
    trials = [
        {"seconds": SECONDS, "machine": SMALL},
        {"seconds": 2 * SECONDS, "strategy": "roundrobin", "machine": BUSY},
        {"seconds": SECONDS, "strategy": random_schedule(3), "machine": BUSY},
        {"seconds": SECONDS, "strategy": slices([50, 50]), "machine": FINE},  # b is the first to end
        {"seconds": SECONDS, "strategy": slices([50, 50, 50]), "machine": FINE},  # a is the first to end
        {"seconds": MOMENT, "machine": SLOW | {"gil": False}},
    ]
    for trial in trials:
        seconds = trial.pop("seconds")
        run = submission.run("count_iterations", seconds, whole_prints=True, **trial).completed()
        if len(run.threads) < 2:
            made = only_processes(run) or f"{run.call} started {counted(len(run.threads), 'thread')} instead of two."
            raise CheckFailed("not joined", made, run)
        # A timer that ends the counting is no counting thread: it does no work of its own and prints nothing.
        alive = [task for task in run.threads if task.id in run.trace.alive]
        counting = [task for task in alive if task.work > 0 or task in run.output.writers]
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


def why_other_counts(run, lines, given, names):
    """What the printed counts look like."""
    own = {task.id for task in run.threads}
    naps = [event.line for event in run.trace.events if event.op == "sleep" and event.task in own and event.line > 0]
    each = [[count for count, who in lines if who == name] for name in "ab"]
    if run.max_alive("thread") < 2:
        return "The threads are not there at the same time: start both before you join the first one."
    if naps:
        return (
            f"A thread sleeps in its loop (line {naps[0]}): whoever sleeps gives the turn away. Let the loop run "
            "without a pause."
        )
    if follows(lines[: len(given)], given, names):
        return "The first lines are right, but the threads go on when the time is over: ask in each turn of the loop."
    if follows([(count, "ab"[who == "a"]) for count, who in lines], given, names):
        return "These are the right counts under the wrong names: each thread counts in variables of its own."
    if all(len(counts) > 1 and counts == sorted(set(counts)) for counts in each):
        return "They only grow: after each line a thread starts to count from 0 again."
    if sum(count == 1 for count, _ in lines) > len(lines) / 2:
        return (
            "Nearly each iteration was taken for a switch: a thread that has noticed one must note down that it is the"
            " one that runs now."
        )
    if len(lines) <= len(own):
        return (
            "Each thread printed only when it ended: it also has to look, in each turn, whether the other one has run."
        )
    return "A thread prints its count when it finds that the other one has run in between, and at its end; not else."


def sliced(submission, given, times=1):
    """A run in which the threads get these slices, ``times`` turns of loops for each iteration; with what it printed,
    and the names in the order of the threads."""
    turns = [times * turn for turn in given]
    run = submission.run("count_iterations", SECONDS, strategy=slices(turns), machine=FINE, whole_prints=True)
    return run, printed(run.completed()), names_in_order(run)


def test_given_time_slices(submission):
    """Where the threads get known time slices, just these counts are printed, in this order."""
    for given in GIVEN:
        run, lines, names = sliced(submission, given)
        # An iteration may be more than one turn of a loop: that of a thread which gets its turns from a generator with
        # a loop of its own, for example. Then all counts are the same part of their slices.
        for times in (2, 3):
            if follows(lines, [turn / times for turn in given], names):
                run, lines, names = sliced(submission, given, times)
        if not follows(lines, given, names):
            expected = ", ".join(f"{count} {name}" for count, name in zip(given, names * 3, strict=False))
            got = ", ".join(f"{count} {name}" for count, name in lines[:12]) + (", …" if len(lines) > 12 else "")
            message = (
                f"Thread {names[0]} ran for {given[0]} turns of its loop, then {names[1]} for {given[1]}, "
                f"{names[0]} for {given[2]}, and so on. "
                f"Expected these counts: {expected} (1 more or less does not matter; the last two in any order). "
                f"Printed were: {got}."
            )
            # Where no two threads take turns, or the names are mixed up, nobody had the turns that were meant for it.
            apart = only_processes(run) or kept_apart(run) or name_trouble(run)
            if apart:
                message = (
                    f"The threads were to take turns of {given[0]}, {given[1]}, {given[2]} iterations, and so on. "
                )
                message += f"Printed were: {got}. {apart}"
            guess = "" if apart else why_other_counts(run, lines, given, names)
            raise CheckFailed("wrong output", message, run, guess=guess)


def test_runs_for_the_time(submission):
    """count_iterations(seconds) takes as long as it is told, and 0.1 seconds if it is not told."""
    for given, tick in ((0.3, 1e-3), (0.02, 1e-4), (None, 1e-4)):
        arguments = () if given is None else (given,)
        run = submission.run("count_iterations", *arguments, machine={"tick": tick}, whole_prints=True).completed()
        seconds = 0.1 if given is None else given
        # The time that the last turn of a loop needs comes on top; of the default only a little, on a fast computer.
        most = 1.5 * seconds if given is None else 2.5 * seconds + 0.2
        if not 0.9 * seconds <= run.elapsed <= most:
            default = " (the default)" if given is None else ""
            message = (
                f"{run.call} came back after {run.elapsed:.3g} seconds; it was to take {seconds}{default}. For that "
                "long the threads run side by side, however much they get done, and then it returns."
            )
            raise CheckFailed("wrong time", message, run)
