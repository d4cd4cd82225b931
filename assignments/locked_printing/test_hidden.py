"""The hidden checks of locked_printing: every check of the contract, on many schedules and machines.

What must not matter: which kind of lock it is and where it is kept, whether there is a separator between the copies or
a line break at the end (and on which side of the release it is printed), how the threads are made, started and
waited for, and whether a thread prints one text or, as in an executor, several.

A *copy* is one appearance of a text in one write. Everything below is about the order of the copies.
"""

from itertools import groupby
from typing import NamedTuple

from autograder.judge import CheckFailed, hurried, of_any_run, times

TWO = ["ping", "pong"]
THREE = ["ping", "pong", "zilch"]
SIX = ["ping", "pong", "zilch", "hush", "gurgle", "knock"]
# A slow computer: each print takes longer than anybody would think of sleeping or waiting for a lock.
SLOW = {"tick": 1e-2, "operation": 1.0, "thread_start": 1.0}


class Copy(NamedTuple):
    task: int
    text: str


def copies(run, texts):
    """The copies of these texts in the order in which they came out."""
    wanted = [text for text in dict.fromkeys(texts) if text]
    return [
        Copy(write.task, text) for write in run.output.writes for text in wanted for _ in range(write.text.count(text))
    ]


def is_mixed(run, texts):
    """Whether some text's copies do not all stand together.

    They do if each thread's copies of a text follow one another. Only where the same text is wanted several times may
    a thread of an executor come back to it: then each of its blocks must be a whole one.
    """
    found = copies(run, texts)
    blocks = {}
    for copy, group in groupby(found):
        blocks.setdefault(copy, []).append(len(list(group)))
    for copy, lengths in blocks.items():
        times = list(texts).count(copy.text)
        whole = sum(other.text == copy.text for other in found) / times
        if len(lengths) > 1 and (times == 1 or any(length % whole for length in lengths)):
            return True
    return False


def why_not_each(run, texts, n):
    """What may be wrong with texts that did not come out as often as they should."""
    counts = {text: run.output.text.count(text) for text in texts if text}
    if len(counts) > 1 and max(counts.values()) == n * len(texts):
        return (
            f"All threads printed {max(counts, key=counts.get)!r}: give each its own text as an argument. What a "
            "lambda or an inner function looks up, it finds as it is when it runs."
        )
    if any(list(texts).count(text) > 1 and count == n for text, count in counts.items()):
        return "A text that stands there twice is printed by two threads, n times by each."
    return ""


def assert_nothing_else(run, texts):
    """What the threads put between the copies is their choice. The main thread has none to print beside theirs."""
    for write in run.output.writes if run.threads else ():
        rest = write.text
        for text in sorted(filter(None, texts), key=len, reverse=True):
            rest = rest.replace(text, "")
        if write.task == run.main.id and any(character.isalnum() for character in rest):
            raise CheckFailed(
                "wrong output",
                f"{run.call} also printed {write.text.strip()[:60]!r}{f' (line {write.line})' if write.line else ''}, "
                "in the main thread. Nothing but the texts belongs there.",
                run,
            )


@of_any_run
def assert_counts(run, texts, n):
    """Each text came out n times, and each copy was printed by a print call of its own."""
    run.completed()
    assert_nothing_else(run, texts)
    for text in dict.fromkeys(texts):
        if not text:
            continue
        wanted = n * list(texts).count(text)
        got = sum(write.text.count(text) for write in run.output.writes)
        if got != wanted:
            message = f"{run.call} printed {text!r} {times(got)}; expected {times(wanted)}."
            raise CheckFailed("wrong output", message, run, guess=why_not_each(run, texts, n))
        if any(write.text.count(text) > 1 for write in run.output.writes):
            raise CheckFailed(
                "wrong output",
                f"{run.call} printed several copies of {text!r} in one print call. Each needs a call of its own.",
                run,
            )


def test_every_text_n_times(submission):
    """Every text comes out n times, on one line, with one print call for each copy."""
    with submission.session() as session:
        for function in ("print_multiple", "print_multiple_locked"):
            for text, n in (("ping", 4), ("two words", 2), ("ping", 1)):
                run = session.call(function, text, n)
                assert_counts(run, [text], n)
                if "\n" in run.output.text[run.output.text.find(text) : run.output.text.rfind(text)]:
                    raise CheckFailed(
                        "wrong output",
                        f"{run.call} printed a line break between two copies. All the copies belong on one line.",
                        run,
                    )
        for texts, n in (
            (["ping", "ping"], 4),
            (("ping", "pong", "zilch"), 2),
            ("xo", 5),
            (["", "ping"], 2),
            (["hush"], 3),
            ([], 2),
        ):
            for locked in (True, False):
                assert_counts(session.call("print_all", texts, n, locked=locked), texts, n)
    for function in ("print_multiple", "print_multiple_locked"):
        assert_counts(submission.run(function, "ping", 0), ["ping"], 0)
    for strategy in ("nonpreemptive", "eager"):
        assert_counts(submission.run("print_all", THREE, 3, strategy=strategy), THREE, 3)
    submission.confirm(
        "print_all",
        TWO,
        3,
        same=lambda world, real: sorted(world.output.text) == sorted(real.output.text),
    )


MAIN_PRINTS = (
    "the main thread printed the copies itself. target=print_multiple(text, n) calls the function here and now, and so "
    "does run(): give Thread the function, target=print_multiple, and its arguments in args."
)


def assert_overlap(submission, locked):
    """Some schedule shows the threads alive together, and some schedule shows each of them printing.

    Both may need a special schedule: a program may wait until a thread has started before it makes the next one, and
    in an executor the first thread may print all the texts before a second one looks for work.
    """
    runs = []
    together = most = 0
    for strategy, n in (("nonpreemptive", 2), ("roundrobin", 30), ("virtual", 30), ("eager", 30)):
        run = submission.run("print_all", SIX, n, locked=locked, strategy=strategy)
        if run.outcome != "deadlock":  # which is another check's affair
            run.completed()
        runs.append(run)
        writers = {copy.task for copy in copies(run, SIX)}
        if run.main.id in writers:
            raise CheckFailed("not parallel", f"{run.call}: {MAIN_PRINTS}", run)
        together = max(together, run.max_alive("thread"))
        most = max(most, len(writers))
        if together >= len(SIX) and most >= len(SIX):
            return
    runs[0].assert_alive_together(len(SIX), "thread")
    runs[0].completed()
    few = f"only {most}" if most else "none"
    message = f"{runs[1].call}: {few} of its threads printed something. There must be a thread for each text."
    raise CheckFailed("not parallel" if most else "wrong output", message, runs[1])


def test_threads_overlap(submission):
    """Each text is printed by a thread of its own, and the threads are alive at the same time."""
    assert_overlap(submission, locked=True)
    assert_overlap(submission, locked=False)


def test_unlocked_texts_mix(submission):
    """Without the lock the threads print at the same time: some schedule mixes the texts."""
    runs = []
    for run in submission.explore("print_all", TWO, 10, locked=False):
        if is_mixed(run, TWO):
            return
        runs.append(run)
    run = next((run for run in runs if copies(run, TWO)), None)
    if run is None:
        message = f"{runs[0].call} printed none of its texts, in no order of its threads."
        raise CheckFailed("wrong output", message, runs[0])
    taken = sorted(
        {event.line for event in run.trace.events if event.op == "acquire" and event.resource in run.locks_used}
    )
    raise CheckFailed(
        "not parallel",
        f"{run.call} never mixed the texts, in no order of its threads. Without the lock nothing may keep a thread "
        "from "
        f"printing between two copies of another one. {why_never_mixed(run, runs, taken)}".rstrip(),
        run,
        [line for line in taken if line],
    )


def why_never_mixed(run, runs, taken):
    """What keeps the threads out of each other's way without the lock."""
    if taken and taken[-1]:
        return (
            f"A lock is taken all the same (line {taken[-1]}): locked=False has to lead to print_multiple, without it."
        )
    if run.main.id in {copy.task for copy in copies(run, TWO)}:
        return f"Here {MAIN_PRINTS}"
    if any(write.text.count(text) > 1 for write in run.output.writes for text in TWO):
        return (
            "All copies of a text come from one print call, which nobody can come between: each needs a call of "
            "its own."
        )
    if max(run.max_alive("thread") for run in runs) < 2:
        return "Its threads are never there at the same time: start a thread for each text, all before the first join."
    return ""


@of_any_run
def assert_printed(run, texts):
    """Who prints nothing mixes nothing and keeps nobody waiting, and has no points for it."""
    if not copies(run.completed(), texts):
        raise CheckFailed("wrong output", f"{run.call} printed none of its texts.", run)


@of_any_run
def assert_together(run, texts):
    """No text is mixed with another one. Returns whether one was printed: where the call came back before its threads
    had ended, which is another check's affair, there may be none."""
    run.completed()
    if not run.trace.alive:
        assert_printed(run, texts)
    if is_mixed(run, texts):
        run.output.assert_whole_blocks()  # tells more, where it fails: who came in between whom, and where
        raise CheckFailed(
            "interleaving",
            "With the lock, another thread printed its text between two copies of one text. "
            "All n copies must come out under one hold of the lock.",
            run,
        )
    return bool(copies(run, texts))


def test_locked_texts_stay_together(submission):
    """With the lock no schedule mixes the texts, on a slow computer neither."""
    printed = 0
    for run in submission.exhaust("print_all", TWO, 2, most=9):
        printed += assert_together(run, TWO)
    for run in submission.explore("print_all", THREE, 2, schedules=16):
        printed += assert_together(run, THREE)
    equal = submission.run("print_all", ["ping", "ping"], 6, strategy="roundrobin")
    printed += assert_together(equal, ["ping", "ping"])
    printed += assert_together(submission.run("print_all", TWO, 20, machine=SLOW), TWO)
    if not printed:
        assert_printed(equal, ["ping"])


def test_one_lock(submission):
    """There is one lock object in the whole program, and every call and every thread uses it."""
    with submission.session() as session:
        used = {}
        for function, *args in (
            ("print_all", TWO, 2),
            ("print_multiple_locked", "ping", 2),
            ("print_all", ["zilch", "ping"], 2),
            ("print_multiple_locked", "zilch", 1),
        ):
            run = session.call(function, *args).completed()
            if not run.locks_used and run.trace.alive:
                continue  # it came back before its threads had ended, which is another check's affair
            if not run.locks_used:
                raise CheckFailed(
                    "lock",
                    f"{run.call} used no lock; a sleep, a queue, or a variable that says whose turn it is, is none. "
                    "Take the lock, with lock:, around all n prints of a text.",
                    run,
                )
            before = next(iter(used.values()), None)
            for lock in sorted(run.locks_used):
                used.setdefault(lock, run)
            if len(used) > 1:
                lines = sorted({run.trace.resources[lock].line for lock in used if lock in run.trace.resources} - {0})
                made = f"Line {lines[0]} makes more than one. " if len(lines) == 1 else ""
                what = (
                    f"used {len(run.locks_used)} locks"
                    if len(run.locks_used) > 1
                    else f"used another lock than {before.call} before it"
                )
                raise CheckFailed(
                    "lock",
                    f"{run.call} {what}. {made}The program must have one lock, made once and used by every thread in "
                    "every call.",
                    run,
                    lines=lines,
                )
    # Who makes the lock when it is first wanted may make two: another thread looks for it before it is there.
    for run in submission.explore("print_all", TWO, 1, points=True, schedules=6):
        assert_one_lock(run)


@of_any_run
def assert_one_lock(run):
    made = sorted({run.trace.resources[lock].line for lock in run.completed().locks_used})
    if len(run.locks_used) > 1:
        raise CheckFailed(
            "lock",
            f"In {run.call} one thread took another lock than the other one. A lock that is made when a thread first "
            "wants it is made twice where a second thread looks for it at the same time. Make it before any thread "
            "starts: where the module begins.",
            run,
            lines=tuple(line for line in made if line),
        )


def assert_released(run, what):
    """The call came to its end, with or without an error, although a print has failed in it or in a call before it."""
    if run.outcome == "raised":
        return
    try:
        run.completed()
    except CheckFailed as found:
        kept = ", and the lock was not released" if found.kind == "deadlock" else ""
        raise CheckFailed(
            found.kind,
            f"{what} raised an OSError, as on a full disk{kept}. {found.message}",
            run,
            found.lines,
            lanes=found.lanes,
        ) from found


def failed_write(failing, run):
    """'Write number 2 of print_all(…) (line 8)'"""
    line = run.error.line if run.error else 0
    return f"Write number {failing} of {run.call}{f' (line {line})' if line else ''}"


def test_lock_released_on_error(submission):
    """Where a print raises an error, the lock is released: the other threads and later calls go on."""
    # What goes wrong without an error, too, is told elsewhere: texts that mix, and threads that wait for ever.
    mixed_before = is_mixed(submission.run("print_all", TWO, 2, strategy="roundrobin"), TWO)
    mixed_before |= any(is_mixed(run, TWO) for run in submission.exhaust("print_all", TWO, 2, most=9))
    mixed_before |= any(is_mixed(run, THREE) for run in submission.explore("print_all", THREE, 2, schedules=16))
    stuck = {
        len(texts): submission.run("print_all", texts, 2, strategy="roundrobin").outcome == "deadlock"
        for texts in (TWO, THREE)
    }
    clean = submission.run("print_multiple_locked", "ping", 2)
    assert_printed(clean, ["ping"])
    writes = sum(bool(write.text) for write in clean.output.writes)
    trials = [(failing, "print_multiple_locked", "ping") for failing in sorted({1, writes // 2 + 1, max(writes, 1)})]
    after = ("print_multiple_locked", "pong", 2) if stuck[2] else ("print_all", TWO, 2)
    for failing, function, argument in [*trials, *([] if stuck[3] else [(2, "print_all", THREE)])]:
        with submission.session(failing_write=failing, strategy="roundrobin") as session:
            first = session.call(function, argument, 2)
            what = failed_write(failing, first)
            assert_released(first, what)
            second = session.call(*after)
            assert_released(second, what)
            if is_mixed(second, TWO) and not mixed_before:
                raise CheckFailed(
                    "interleaving",
                    f"{what} raised an OSError. The call after it, {second.call}, mixed the texts, "
                    "which it did not do before: was the lock released twice?",
                    second,
                )
    if mixed_before or stuck[3]:
        return
    for run in submission.explore("print_all", THREE, 2, failing_write=2, schedules=6):
        assert_together_on_error(run)


@of_any_run
def assert_together_on_error(run):
    """The texts of the threads that no error hit still stand together: the one that it hit gave back its own hold of
    the lock, and not that of whoever took it next."""
    if is_mixed(run, THREE):
        raise CheckFailed(
            "interleaving",
            f"Write number 2 of {run.call} raised an OSError. After it, two other threads were under the lock at the "
            "same time and mixed their texts: was the lock released twice? The second time ends the hold of the thread "
            "that has taken it in between.",
            run,
        )


def test_no_deadlock(submission):
    """No schedule deadlocks, and a call never keeps the next one from going on."""
    for run in submission.exhaust("print_all", TWO, 2, most=9):
        assert_printed(run, TWO)
    for run in submission.explore("print_all", THREE, 4, schedules=7):
        assert_printed(run, THREE)
    with submission.session(strategy="roundrobin") as session:
        for function, *args in (
            ("print_all", TWO, 0),
            ("print_multiple_locked", "ping", 0),
            ("print_all", ["ping"], 2),
            ("print_all", ["ping", "ping"], 1),
            ("print_multiple", "ping", 1),
            ("print_all", TWO, 2, False),
            ("print_all", TWO, 2, True),
        ):
            session.call(function, *args).completed()


def starving(victim, count):
    """A schedule in which this one of ``count`` threads goes on only where no other task can: it ends last, and only
    who waits for just this one notices."""
    others = [task for task in range(count + 1) if task != victim]
    return "switches:" + ",".join(f"{at}-{others[at % len(others)]}" for at in range(300))


def test_all_threads_joined(submission):
    """All threads have ended when print_all returns, on a slow computer too, whichever of them is the last."""
    runs = list(submission.explore("print_all", THREE, 4, schedules=5))
    for run in [run for run in runs if run.outcome != "deadlock"] or runs:
        if not run.threads:
            raise CheckFailed("not joined", f"{run.call} started no thread, so there was none to wait for.", run)
        run.assert_joined()
    for locked in (True, False):
        submission.run("print_all", TWO, 20, locked=locked, machine=SLOW).assert_joined()
    for victim in (1, 2, 3):
        submission.run("print_all", THREE, 20, locked=False, strategy=starving(victim, 3)).assert_joined()
    # A main thread in a hurry comes back before the threads of a pool have ended that it has closed and not joined.
    submission.run("print_all", TWO, 3, strategy=hurried()).assert_joined()
