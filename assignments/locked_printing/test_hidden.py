"""The hidden checks of locked_printing: every check of the contract, on many schedules and machines.

What must not matter: which kind of lock it is and where it is kept, whether there is a separator between the copies or
a line break at the end (and on which side of the release it is printed), how the threads are made, started and
waited for, and whether a thread prints one text or, as in an executor, several.

A *copy* is one appearance of a text in one write. Everything below is about the order of the copies.
"""

from typing import NamedTuple

from autograder.judge import CheckFailed

TWO = ["ping", "pong"]
THREE = ["ping", "pong", "zilch"]
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
    """Whether the copies of a text do not all stand together: copies of another text, or of the same text from
    another thread, came in between."""
    found = copies(run, texts)
    for text in dict.fromkeys(texts):
        times = list(texts).count(text)
        size = max(1, sum(copy.text == text for copy in found) // times)  # of one block; normally n
        length = 0
        for place, copy in enumerate(found):
            if copy.text != text:
                continue
            length += 1
            last = place + 1 == len(found) or found[place + 1] != copy
            if last and length % size:
                return True
            if last:
                length = 0
    return False


def call_text(function, *args, **kwargs):
    arguments = [repr(arg) for arg in args] + [f"{key}={value!r}" for key, value in kwargs.items()]
    return f"{function}({', '.join(arguments)})"


def assert_counts(run, call, texts, n):
    """Each text came out n times, and each copy was printed by a print call of its own."""
    run.completed()
    for text in dict.fromkeys(texts):
        if not text:
            continue
        wanted = n * list(texts).count(text)
        got = sum(write.text.count(text) for write in run.output.writes)
        if got != wanted:
            raise CheckFailed(
                "wrong output", f"{call} printed {text!r} {got} times. It must come out {wanted} times.", run
            )
        if any(write.text.count(text) > 1 for write in run.output.writes):
            raise CheckFailed(
                "wrong output", f"{call} printed copies of {text!r} together. Each needs a print call of its own.", run
            )


def test_every_text_n_times(submission):
    """Every text comes out n times, on one line, with one print call for each copy."""
    with submission.session() as session:
        for function in ("print_multiple", "print_multiple_locked"):
            for text, n in (("ping", 4), ("two words", 2), ("ping", 1), ("ping", 0)):
                call = call_text(function, text, n)
                run = session.call(function, text, n)
                assert_counts(run, call, [text], n)
                start, end = run.output.text.find(text), run.output.text.rfind(text)
                if "\n" in run.output.text[start : max(start, end)]:
                    raise CheckFailed(
                        "wrong output",
                        f"{call} printed a line break between two copies. All the copies belong on one line.",
                        run,
                    )
        for texts, n in ((["ping", "ping"], 4), (("ping", "pong", "zilch"), 2), ("xo", 5), (["", "ping"], 2), (TWO, 0)):
            for locked in (True, False):
                run = session.call("print_all", texts, n, locked=locked)
                assert_counts(run, call_text("print_all", texts, n, locked=locked), texts, n)
    for strategy in ("nonpreemptive", "eager"):
        run = submission.run("print_all", THREE, 3, strategy=strategy)
        assert_counts(run, call_text("print_all", THREE, 3), THREE, 3)
    submission.confirm(
        "print_all",
        TWO,
        3,
        same=lambda world, real: sorted(world.output.text) == sorted(real.output.text),
    )


def test_threads_overlap(submission):
    """Each text is printed by a thread of its own, and the threads are alive at the same time."""
    first = None
    for strategy in ("nonpreemptive", "roundrobin", "virtual", "eager"):
        run = submission.run("print_all", THREE, 20, strategy=strategy).completed()
        writers = {copy.task for copy in copies(run, THREE)}
        if 0 in writers:
            raise CheckFailed(
                "not parallel",
                "The main thread printed copies itself. Does Thread(target=…) get the function, or is it called there?",
                run,
            )
        # In an executor the first thread may print all the texts before a second one looks for work; so each of the
        # two facts may come from another schedule, and one schedule for each is enough.
        first = first or run
        if run.max_alive("thread") >= len(THREE):
            break
    else:
        first.assert_alive_together(len(THREE), "thread")
    for strategy in ("roundrobin", "virtual", "nonpreemptive", "eager"):
        run = submission.run("print_all", THREE, 20, strategy=strategy, locked=False).completed()
        writers = {copy.task for copy in copies(run, THREE)}
        if 0 not in writers and len(writers) >= len(THREE):
            return
    raise CheckFailed(
        "not parallel",
        f"print_all with {len(THREE)} texts printed in {len(writers)} threads. There must be one for each text.",
        run,
    )


def test_unlocked_texts_mix(submission):
    """Without the lock the threads print at the same time: some schedule mixes the texts."""
    for run in submission.explore("print_all", TWO, 10, locked=False):
        if is_mixed(run, TWO):
            return
    raise CheckFailed(
        "not parallel",
        "print_all(…, locked=False) never mixed the texts, on any schedule. "
        "Without the lock nothing may keep a thread from printing between two copies of another one.",
        run,
    )


def assert_together(run, texts):
    if not copies(run, texts):
        raise CheckFailed("wrong output", "print_all printed nothing.", run)
    if is_mixed(run, texts):
        raise CheckFailed(
            "interleaving",
            "With the lock, another thread printed its text between two copies of one text. "
            "All n copies must come out under one hold of the lock.",
            run,
        )


def test_locked_texts_stay_together(submission):
    """With the lock no schedule mixes the texts, on a slow computer neither."""
    for run in submission.explore("print_all", THREE, 4):
        assert_together(run, THREE)
    assert_together(submission.run("print_all", ["ping", "ping"], 6, strategy="roundrobin"), ["ping", "ping"])
    assert_together(submission.run("print_all", TWO, 20, machine=SLOW), TWO)


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
            call = call_text(function, *args)
            if not run.locks_used:
                raise CheckFailed("lock", f"{call} used no lock.", run)
            for lock in sorted(run.locks_used):
                used.setdefault(lock, (call, run))
            if len(used) > 1:
                lines = sorted({run.trace.resources[lock].line for lock in used if lock in run.trace.resources})
                raise CheckFailed(
                    "lock",
                    f"{call} used another lock than a call before it, or two of them. The program must have one lock, "
                    "made once and used by every thread in every call.",
                    run,
                    lines=tuple(line for line in lines if line),
                )


def assert_goes_on(run, what, call, texts, n):
    """The call after the one in which a print failed comes to its end and prints everything."""
    if run.outcome == "deadlock":
        raise CheckFailed(
            "deadlock",
            f"{what} raised an OSError. The call after it, {call}, never came to its end: "
            "the lock was not released when the error left the function.",
            run,
        )
    assert_counts(run, f"after {what} raised an OSError, {call}", texts, n)


def test_lock_released_on_error(submission):
    """Where a print raises an error, the lock is released: the other threads and later calls go on."""
    clean = submission.run("print_multiple_locked", "ping", 2).completed()
    writes = sum(bool(write.text) for write in clean.output.writes)
    for failing in range(1, min(writes, 6) + 1):
        with submission.session(failing_write=failing) as session:
            first = session.call("print_multiple_locked", "ping", 2)
            if first.outcome not in ("returned", "raised"):
                first.completed()
            run = session.call("print_all", TWO, 2)
            what = f'print_multiple_locked("ping", 2): write number {failing}'
            assert_goes_on(run, what, call_text("print_all", TWO, 2), TWO, 2)
    with submission.session(failing_write=2) as session:
        first = session.call("print_all", THREE, 2)
        if first.outcome == "deadlock":
            raise CheckFailed(
                "deadlock",
                "A print in one of the threads of print_all raised an OSError, and the other threads wait for ever: "
                "the lock was not released when the error left the function.",
                first,
            )
        if first.outcome not in ("returned", "raised"):
            first.completed()
        run = session.call("print_all", TWO, 2)
        assert_goes_on(run, "a print in one of the threads of print_all", call_text("print_all", TWO, 2), TWO, 2)


def test_no_deadlock(submission):
    """No schedule deadlocks, and a call never keeps the next one from going on."""
    for run in submission.explore("print_all", THREE, 4):
        run.completed()
    with submission.session(strategy="roundrobin") as session:
        for function, *args in (
            ("print_all", TWO, 0),
            ("print_multiple_locked", "ping", 0),
            ("print_all", ["ping", "ping"], 1),
            ("print_multiple", "ping", 1),
            ("print_all", TWO, 2, False),
            ("print_all", TWO, 2, True),
        ):
            session.call(function, *args).completed()


def test_all_threads_joined(submission):
    """All threads have ended when print_all returns, on a slow computer too."""
    for run in submission.explore("print_all", THREE, 4):
        run.completed().assert_joined()
    for locked in (True, False):
        submission.run("print_all", TWO, 20, locked=locked, machine=SLOW).completed().assert_joined()
