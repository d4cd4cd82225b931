"""Every check of the contract for `shared_array`.

A program is judged by what reaches the shared memory, and from which process; not by how it cuts its slices or which
lock it takes. Where the length divides, every way to cut gives each process something to do; the lengths of EVEN are
chosen so that this also holds for the clumsy ones (`n // p + 1` elements a slice, the rest to the last process).
Several checks look at the same runs: the judge makes each of them once.

A fault costs the points of its own check and, as far as possible, of no other: a wrong square, a slice that nobody has
squared, a join that is missing each have a check of their own.
"""

from collections import Counter

from autograder.judge import CheckFailed, counted, expect, of_any_run, shared_array

# (length, processes): any contiguous cut, and any stride, leaves no process without an element.
EVEN = ((24, 4), (12, 3))


def numbers(count):
    """Values with both signs, no two squares alike, as big as squares in a C int can be."""
    return [(-1) ** index * (46340 - 7 * index) for index in range(count)]


def squares(values):
    return [value * value for value in values]


def even(submission):
    """Runs of square_all where everything that can be started is alive at once, with their (length, processes)."""
    for count, processes in EVEN:
        options = {"strategy": "nonpreemptive"} | ({} if processes == 4 else {"processes": processes})
        yield count, processes, submission.run("square_all", numbers(count), **options).completed()


def uneven(submission):
    """A run of square_all where the length does not divide by the number of processes."""
    return submission.run("square_all", numbers(10), processes=4)


def counting(submission):
    """Runs of count_shared where everything that can be started is alive at once, with (increments, processes)."""
    for increments, processes in ((3, 4), (5, 2)):
        options = {"strategy": "nonpreemptive"} | ({} if processes == 4 else {"processes": processes})
        yield increments, processes, submission.run("count_shared", increments, **options)


def searched(submission):
    """Runs of count_shared under schedule after schedule, with their increments: all of them for two processes that
    add 1 once, and two for twice."""
    for run in submission.exhaust("count_shared", 1, processes=2, most=9):
        yield 1, run
    for strategy in ("nonpreemptive", "roundrobin"):
        yield 2, submission.run("count_shared", 2, processes=2, strategy=strategy)


@of_any_run
def expect_value(run, wanted):
    """What came back; the judge can ask the same of other schedules, to show the shortest one that fails."""
    expect(run.value, wanted, run.call, run)


@of_any_run
def expect_squares(run, values, submission):
    """The squares of the values, or what the program's own square_slice makes of them: how one slice is squared, and
    which type a square has, is the public checks' matter."""
    wanted = squares(values)
    if run.value == wanted:
        return
    whole = submission.run("square_slice", shared_array("i", values), 0, len(values))
    if whole.outcome == "returned" and list(whole.args[0]) == run.value:
        return
    try:
        expect(run.value, wanted, run.call, run)
    except CheckFailed as failure:
        got = run.value if run.outcome == "returned" else None
        if isinstance(got, list) and len(got) == len(wanted) and all(isinstance(one, int) for one in got):
            how = what_is_wrong(got, list(values), wanted, {access.index for access in child_stores(run)})
            failure.message += how
            failure.telling = failure.telling or bool(how)
        raise


def what_is_wrong(got, values, wanted, written):
    """Which elements are wrong, and how; those that were ``written`` and are as before have another story."""
    if all((one - other) % 2**16 == 0 and abs(one) < 2**16 for one, other in zip(got, wanted, strict=True)):
        return " Each is right but for what does not go into 16 bits: an Array('i') has 32."
    wrong = [index for index in range(len(got)) if got[index] != wanted[index]]
    some = f"Element {wrong[0]} has" if len(wrong) == 1 else f"Elements {wrong[0]} and {wrong[1]} have"
    if len(wrong) > 2:
        some = f"Elements {wrong[0]}, {wrong[1]} and {len(wrong) - 2} more have"
    if len(wrong) < len(got) and all(got[index] == values[index] and index not in written for index in wrong):
        return f" {some} not been squared: look at where the slices begin and end."
    if all(got[index] == in_32_bits(wanted[index] ** 2) for index in wrong):
        return f" {some} been squared twice: look at where the slices begin and end."
    return ""


def in_32_bits(number):
    """What a C int keeps of a number."""
    return (number + 2**31) % 2**32 - 2**31


def expect_processes(run):
    """The call made child processes at all."""
    if run.processes:
        return
    if run.threads:
        why = "It started threads, and those are parts of the parent: use multiprocessing.Process."
    else:
        why = "It is start() that makes one; run() calls the function at once, in the parent."
    raise CheckFailed("not parallel", f"{run.call} started no process. {why}", run)


def still_at_work(run):
    """Whether the call came back too early, so that what its processes do is not to be seen: all_joined tells that."""
    return run.outcome == "returned" and bool(run.processes) and bool(run.trace.alive)


def child_stores(run):
    """The stores to shared memory that came from child processes."""
    return [access for access in run.accesses if access.op == "store" and access.process != run.main.process]


def test_slice_leaves_the_rest(submission):
    """square_slice neither changes nor writes the elements outside of its slice."""
    values = [3, -4, 5, 6, -7, 8]
    wrote = False
    with submission.session() as session:
        for start, stop in ((0, 2), (1, 5), (4, 6), (0, 6), (2, 2)):
            run = session.call("square_slice", shared_array("i", values), start, stop).completed()
            wrote = wrote or any(access.op == "store" for access in run.accesses)
            for index, (before, after) in enumerate(zip(values, run.args[0], strict=True)):
                if not start <= index < stop and after != before:
                    message = (
                        f"{run.call} changes element {index}, which is outside of its slice: {before} became {after}."
                    )
                    raise CheckFailed("wrong value", message, run)
            for access in run.accesses:
                if access.op == "store" and not start <= access.index < stop:
                    raise CheckFailed(
                        "wrong value",
                        f"{run.call} writes element {access.index}, which is outside of its slice. The same value or "
                        "not: another process may have changed it in between, and that is lost then.",
                        run,
                    )
    if not wrote:
        message = "square_slice writes nothing into the array: the squares have to be assigned to its elements."
        raise CheckFailed("wrong value", message, None)


@of_any_run
def expect_good_end(run):
    """No child process died of an error, even if all elements were right by then."""
    for event in run.trace.events:
        if event.op == "end" and event.value and run.trace.tasks[event.task].kind == "process":
            raise CheckFailed(
                "wrong value",
                f"{run.call} gave the right list, but not all of its child processes came to a good end. Does a slice "
                "reach past the end of the array?",
                run,
            )


def test_uneven_lengths(submission):
    """square_all is right where the length does not divide by the number of processes, on every schedule."""
    runs = [(numbers(10), uneven(submission))]
    with submission.session() as session:
        for values, processes in (((4, -2, 0, 9, 7), 3), (range(-1, 2), 1), (numbers(9), 5)):
            runs.append((values, session.call("square_all", values, processes=processes)))
    for values, run in runs:
        expect_squares(run, values, submission)
        expect_good_end(run)
    for run in submission.explore("square_all", numbers(5), processes=2, schedules=4):
        if not still_at_work(run):
            expect_squares(run, numbers(5), submission)


def test_few_values(submission):
    """square_all is right for fewer values than processes, and for no values at all."""
    with submission.session() as session:
        runs = [([7, -3], session.call("square_all", [7, -3]))]
        for values, processes in (([5, -3], 3), ([], 2), ((), 1)):
            runs.append((values, session.call("square_all", values, processes=processes)))
    for values, run in runs:
        expect_squares(run, values, submission)


def test_children_do_the_work(submission):
    """The child processes do the squaring, as many of them as `processes` says, and the parent does none of it."""
    for count, processes, run in even(submission):
        expect_processes(run)
        stores = child_stores(run)
        written = {access.index for access in stores}
        # An element that nobody has squared is another check's matter.
        got = run.value if isinstance(run.value, list) else []
        right = [square == number**2 for square, number in zip(got, numbers(count), strict=False)]
        if not written or any(index not in written for index, good in enumerate(right) if good):
            some = f"{len(written) or 'none'} of the {count} elements of shared memory"
            message = f"In {run.call} child processes wrote {some}. {who_wrote(run, bool(written))}"
            raise CheckFailed("not parallel", message, run)
        writers = len({access.process for access in stores})
        given = f"{processes}{', the default of `processes`' if processes == 4 else ''}"
        if writers != processes:
            done = counted(writers, "child process")
            raise CheckFailed("not parallel", f"In {run.call} the work was done by {done}, not by {given}.", run)
        if len(run.processes) > processes:
            raise CheckFailed(
                "wrong process",
                f"{run.call} started {len(run.processes)} child processes, and not {given}. Only {processes} of them "
                "have something to do.",
                run,
            )
    # What is left over where the length does not divide is no slice of its own.
    run = uneven(submission)
    if run.outcome == "returned" and len(run.processes) > 4:
        raise CheckFailed(
            "wrong process",
            f"{run.call} started {len(run.processes)} child processes, and not 4: the length does not divide. What is "
            "left over then belongs to the 4 slices, and is no slice of its own.",
            run,
        )


def who_wrote(run, in_part):
    """Where the elements come from that no child process wrote, and what to do about it."""
    lines = {event.step: event.line for event in run.trace.events}
    own = [access for access in run.accesses if access.op == "store" and access.process == run.main.process]
    if own:
        stored = f"The parent stored {len({access.index for access in own})} itself (line {lines[own[0].step]})"
        if in_part:
            return f"{stored}: leave them to the processes, too."
        return (
            f"{stored}. Process(target=f(x)) calls f at once, in the parent: hand over the function and what it is to "
            "be called with, target=f, args=(x,)."
        )
    if any(access.process != run.main.process for access in run.accesses):
        return "They only read it: array[start:stop] is a copy. Assign to the elements of the array itself."
    return "A list is copied into each process: make one Array and hand it to all of them."


def test_children_alive_together(submission):
    """The child processes of square_all are alive at the same time."""
    for _, processes, run in even(submission):
        run.assert_alive_together(processes, "process")


def test_each_element_once(submission):
    """Each element is squared once: no two slices overlap."""
    for count, _, run in even(submission):
        expect_processes(run)
        expect_each_once(run, count)
    if uneven(submission).outcome == "returned":  # that it raises is another check's matter
        expect_each_once(uneven(submission), 10)
    # Where two write the same element, or nobody waits for the writers, the real result is luck: nothing to compare.
    if not any(run.trace.alive for run in submission.explore("square_all", numbers(5), processes=2, schedules=4)):
        submission.confirm("square_all", [1, 2, 3, 4, 5], processes=2)


@of_any_run
def expect_each_once(run, count):
    """No element of the array is written twice, and all that are right are written."""
    # Filling the array by hand is no squaring. It is what the parent stores before it creates the first child.
    first = min((event.step for event in run.trace.events if event.op == "create"), default=0)
    stores = {}
    for access in run.accesses:
        if access.op != "store" or run.trace.resources[access.resource].kind == "Value":
            continue
        if access.process != run.main.process or access.step >= first:
            stores.setdefault((access.resource, access.index), []).append(access)
    for (_, index), accesses in sorted(stores.items()):
        if len(accesses) != 1:
            times = "twice" if len(accesses) == 2 else f"{len(accesses)} times"
            names = dict.fromkeys(run.trace.tasks[access.task].name if access.task else "main" for access in accesses)
            by = " and ".join(names) if len(names) < 3 else ", ".join([*names][:2]) + " and others"
            why = " Their slices overlap: each has to end where the next one begins." if len(names) > 1 else ""
            failure = CheckFailed(
                "wrong value", f"In {run.call} element {index} is written {times}, by {by}.{why}", run
            )
            failure.telling = True
            raise failure
    # Nothing written at all, and elements that are wrong, are other checks' matters.
    if child_stores(run) and len(stores) < count and run.value == squares(numbers(count)):
        message = f"{run.call} writes {len(stores)} of the {count} elements of shared memory."
        raise CheckFailed("wrong value", message, run)


def test_count_on_every_schedule(submission):
    """count_shared gives increments * processes on every schedule."""
    for increments, processes, run in counting(submission):
        expect_value(run, processes * increments)
    for increments, run in searched(submission):
        expect_value(run, 2 * increments)


def test_count_under_one_lock(submission):
    """Each += of count_shared holds one lock, the same for all processes, from the read to the write."""
    # The small ones first: a run of theirs is shorter to read.
    runs = [run for _, run in searched(submission)]
    for run in runs:
        run.completed().assert_no_lost_update()
    for _, _, run in counting(submission):
        expect_processes(run.completed())
        if not child_stores(run) and not still_at_work(run):
            raise CheckFailed("not parallel", f"In {run.call} {no_store(run)}", run)
        run.assert_no_lost_update()
        expect_lock_from_read_to_store(run)
    # Without the lock, or without a join, a program really counts what luck will have: nothing to compare.
    if not any(run.trace.alive for run in runs):
        submission.confirm("count_shared", 3, processes=2)


def expect_lock_from_read_to_store(run):
    """Also where nothing can be lost, as the processes take turns in some other way: the contract asks for the lock."""
    lines = {event.step: event.line for event in run.trace.events}
    read = {}
    for access in run.accesses:
        place = (access.task, access.resource, access.index)
        if access.op == "read":
            read[place] = access
        elif access.process != run.main.process and place in read and not {*access.held} & {*read[place].held}:
            message = (
                f"In {run.call} no lock is held from the read of the shared Value to the write of it: hold its own, "
                "with get_lock(), around the +=."
            )
            raise CheckFailed("race", message, run, [lines[access.step]])


def no_store(run):
    """What is wrong where no child process wrote to shared memory."""
    if any(resource.kind == "Value" for resource in run.trace.resources.values()):
        return (
            "no child process wrote to the shared Value: each has to add 1 to it, `increments` times. What it does to "
            "a plain number, its own copy, nobody else sees."
        )
    return (
        "no child process wrote to shared memory: a plain number is copied into each process. Make one Value('i', 0) "
        "and hand it to all of them."
    )


def test_count_in_children(submission):
    """Each of the processes of count_shared adds 1, `increments` times, and all of them are alive at the same time."""
    for increments, processes, run in counting(submission):
        expect_processes(run.completed())
        # One shared Value gets all the increments. What else a program keeps in shared memory is its own affair.
        written = {}
        for access in child_stores(run):
            written.setdefault(access.resource, Counter())[access.process] += 1
        if [increments] * processes not in [list(times.values()) for times in written.values()] and not still_at_work(
            run
        ):
            if not written:
                raise CheckFailed("not parallel", f"In {run.call} {no_store(run)}", run)
            message = f"In {run.call} {how_it_counted(written, increments, processes)}"
            raise CheckFailed("wrong value", message, run)
        run.assert_alive_together(processes, "process")


def how_it_counted(written, increments, processes):
    """Who wrote how often, where it should have been each process ``increments`` times to one Value."""
    rule = f"each of the {processes} processes should write to one shared Value {increments} times, once for each += 1."
    if len(written) > 1:
        return f"{rule} It has {len(written)} of them: make one, and hand it to all processes."
    (times,) = written.values()
    return f"{rule} Writes by process: {', '.join(map(str, times.values()))}."


def starving(victim):
    """A schedule in which this one of two processes goes on only where no other task can: it ends last. A sleep or a
    time limit of the parent is over as soon as it is the parent's turn, long before."""
    return "switches:" + ",".join(f"{at}-{0 if at % 2 else 3 - victim}" for at in range(300))


def test_all_joined(submission):
    """When square_all and count_shared return, all of their processes have ended, however slow the machine is."""
    for run in (
        *submission.explore("square_all", numbers(5), processes=2, schedules=4),
        *(run for _, run in searched(submission)),
        *(submission.run("square_all", numbers(12), processes=2, strategy=starving(victim)) for victim in (1, 2)),
        *(submission.run("count_shared", 6, processes=2, strategy=starving(victim)) for victim in (1, 2)),
    ):
        if not run.processes:
            expect_processes(run.completed())
        # That it raises is another check's matter, if all have ended by then.
        run.assert_joined()


def test_called_again(submission):
    """The functions can be called several times: nothing is left over from the call before."""
    calls = [
        ("square_all", (values,), processes) for values, processes in (([1, 2, 3, 4], 2), ([9, 8, 7], 2), ([-2, 5], 1))
    ]
    calls += [("count_shared", (increments,), processes) for increments, processes in ((2, 2), (0, 1), (3, 1))]
    runs = []
    with submission.session() as session:
        for function, args, processes in calls:
            runs.append(session.call(function, *args, processes=processes))
            # After a call that is stuck, or whose processes are still at work, the next one tells nothing.
            if runs[-1].outcome not in ("returned", "raised") or still_at_work(runs[-1]):
                break
    expect_processes(runs[0])
    for run, (function, args, processes) in zip(runs, calls, strict=False):
        wanted = squares(args[0]) if function == "square_all" else args[0] * processes
        if run.outcome == "returned" and run.value == wanted:
            continue
        # What a program does with that call alone, too, is another check's matter.
        if not same_end(run, submission.run(function, *args, processes=processes)):
            expect_value(run, wanted)


def same_end(run, other):
    """Whether two runs came to the same end."""
    if run.outcome != "returned" or other.outcome != "returned":
        return run.outcome == other.outcome and run.error == other.error
    return repr(run.value) == repr(other.value) or still_at_work(run)
