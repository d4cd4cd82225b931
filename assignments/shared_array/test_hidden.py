"""Every check of the contract for `shared_array`.

A program is judged by what reaches the shared memory, and from which process; not by how it cuts its slices or which
lock it takes. Where the length divides, every way to cut gives each process something to do; the lengths of EVEN are
chosen so that this also holds for the clumsy ones (`n // p + 1` elements a slice, the rest to the last process).
Several checks look at the same runs: the judge makes each of them once.
"""

from collections import Counter

from autograder.judge import CheckFailed, expect, of_any_run, shared_array

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
        options = {"processes": processes, "strategy": "nonpreemptive"}
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


def child_stores(run):
    """The stores to shared memory that came from child processes."""
    return [access for access in run.accesses if access.op == "store" and access.process != run.main.process]


def test_slice_leaves_the_rest(submission):
    """square_slice neither changes nor writes the elements outside of its slice."""
    values = [3, -4, 5, 6, -7, 8]
    with submission.session() as session:
        for start, stop in ((0, 2), (1, 5), (4, 6), (0, 6), (2, 2)):
            run = session.call("square_slice", shared_array("i", values), start, stop).completed()
            wanted = values[:start] + squares(values[start:stop]) + values[stop:]
            expect(list(run.args[0]), wanted, f"the array after {run.call}", run)
            for access in run.accesses:
                if access.op == "store" and not start <= access.index < stop:
                    raise CheckFailed("wrong value", f"{run.call} writes element {access.index}, too.", run)


def expect_good_end(run):
    """No child process died of an error, even if all elements were right by then."""
    for event in run.trace.events:
        if event.op == "end" and event.value and run.trace.tasks[event.task].kind == "process":
            raise CheckFailed(
                "raised",
                f"{run.call} gave the right list, but one of its child processes ended with an error: "
                "does its slice reach past the end of the array?",
                run,
            )


def test_uneven_lengths(submission):
    """square_all is right where the length does not divide by the number of processes, on every schedule."""
    runs = [(numbers(10), uneven(submission))]
    with submission.session() as session:
        for values, processes in (((4, -2, 0, 9, 7), 3), (range(-1, 2), 1), (numbers(9), 5)):
            runs.append((values, session.call("square_all", values, processes=processes)))
    for values, run in runs:
        expect_value(run, squares(values))
        expect_good_end(run)
    for run in submission.explore("square_all", numbers(5), processes=2, schedules=4):
        expect_value(run, squares(numbers(5)))


def test_few_values(submission):
    """square_all is right for fewer values than processes, and for no values at all."""
    with submission.session() as session:
        expect_value(session.call("square_all", [7, -3]), [49, 9])
        for values, processes in (([5, -3], 3), ([], 2), ((), 1)):
            expect_value(session.call("square_all", values, processes=processes), squares(values))


def test_children_do_the_work(submission):
    """The child processes do the squaring, as many of them as `processes` says, and the parent does none of it."""
    for count, processes, run in even(submission):
        stores = child_stores(run)
        left = set(range(count)) - {access.index for access in stores}
        if left:
            raise CheckFailed(
                "not parallel",
                f"In {run.call} child processes wrote {count - len(left)} of the {count} elements of shared memory.",
                run,
            )
        writers = len({access.process for access in stores})
        if writers != processes:
            raise CheckFailed(
                "not parallel", f"In {run.call} the work was done by {writers} child processes, not {processes}.", run
            )
        if len(run.processes) > processes:
            raise CheckFailed(
                "wrong process",
                f"{run.call} started {len(run.processes)} child processes, of which {processes} have something to do.",
                run,
            )


def test_children_alive_together(submission):
    """The child processes of square_all are alive at the same time."""
    for _, processes, run in even(submission):
        run.assert_alive_together(processes, "process")


def test_each_element_once(submission):
    """Each element is squared once: no two slices overlap."""
    for count, _, run in (*even(submission), (10, 4, uneven(submission).completed())):
        # Filling the array by hand is no squaring. It is what the parent stores before it creates the first child.
        first = min((event.step for event in run.trace.events if event.op == "create"), default=0)
        stores = Counter(
            (access.resource, access.index)
            for access in run.accesses
            if access.op == "store"
            and run.trace.resources[access.resource].kind != "Value"
            and not (access.process == run.main.process and access.step < first)
        )
        for (_, index), times in sorted(stores.items()):
            if times != 1:
                raise CheckFailed("wrong value", f"{run.call} writes element {index} {times} times.", run)
        if len(stores) < count:
            raise CheckFailed(
                "wrong value", f"{run.call} writes {len(stores)} of the {count} elements of shared memory.", run
            )
    # Where two write the same element, or nobody waits for the writers, the real result is luck: nothing to compare.
    if not any(run.trace.alive for run in submission.explore("square_all", numbers(5), processes=2, schedules=4)):
        submission.confirm("square_all", [1, 2, 3, 4, 5], processes=2)


def test_count_on_every_schedule(submission):
    """count_shared gives increments * processes on every schedule."""
    run = submission.run("count_shared", 2)
    expect_value(run, 8)
    for increments, run in searched(submission):
        expect_value(run, 2 * increments)


def test_count_under_one_lock(submission):
    """Each += of count_shared holds one lock, the same for all processes, from the read to the write."""
    for _, _, run in counting(submission):
        run.completed()
        if not child_stores(run):
            raise CheckFailed("not parallel", f"In {run.call} no child process wrote to shared memory.", run)
        run.assert_no_lost_update()
        expect_lock_from_read_to_store(run)
    runs = [run for _, run in searched(submission)]
    for run in runs:
        run.completed()
        run.assert_no_lost_update()
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
            message = f"In {run.call} no lock is held from the read of the shared Value to the write of it."
            raise CheckFailed("race", message, run, [lines[access.step]])


def test_count_in_children(submission):
    """Each of the processes of count_shared adds 1, `increments` times, and all of them are alive at the same time."""
    for increments, processes, run in counting(submission):
        run.completed()
        # One shared Value gets all the increments. What else a program keeps in shared memory is its own affair.
        written = {}
        for access in child_stores(run):
            written.setdefault(access.resource, Counter())[access.process] += 1
        if [increments] * processes not in [list(times.values()) for times in written.values()]:
            most = max(written.values(), key=Counter.total, default=Counter())
            shown = ", ".join(map(str, most.values())) or "0"
            raise CheckFailed(
                "wrong value",
                f"In {run.call} each of {processes} processes should write to one shared Value {increments} times. "
                f"Writes by process: {shown}.",
                run,
            )
        run.assert_alive_together(processes, "process")


def starving(victim):
    """A schedule in which this one of two processes goes on only where no other task can: it ends last."""
    return "switches:" + ",".join(f"{at}-{0 if at % 2 else 3 - victim}" for at in range(300))


def test_all_joined(submission):
    """When square_all and count_shared return, all of their processes have ended, however slow the machine is."""
    # Under "roundrobin", the adversary, a sleep or a time limit is over as soon as it is its turn: long before a single
    # child is done with all the work.
    for run in (
        *submission.explore("square_all", numbers(5), processes=2, schedules=4),
        *(run for _, run in searched(submission)),
        submission.run("square_all", numbers(12), processes=1, strategy="roundrobin"),
        submission.run("count_shared", 6, processes=1, strategy="roundrobin"),
        *(submission.run("square_all", numbers(12), processes=2, strategy=starving(victim)) for victim in (1, 2)),
        *(submission.run("count_shared", 6, processes=2, strategy=starving(victim)) for victim in (1, 2)),
    ):
        run.completed()
        if not run.processes:
            raise CheckFailed("not parallel", f"{run.call} started no process.", run)
        run.assert_joined()


def test_called_again(submission):
    """The functions can be called several times: nothing is left over from the call before."""
    with submission.session() as session:
        for values, processes in (([1, 2, 3, 4], 2), ([9, 8, 7], 2), ([-2, 5], 1)):
            run = session.call("square_all", values, processes=processes)
            expect(run.value, squares(values), f"{run.call}, the second call or later,", run)
        for increments, processes in ((2, 2), (0, 1), (3, 1)):
            run = session.call("count_shared", increments, processes=processes)
            expect(run.value, increments * processes, f"{run.call}, the second call or later,", run)
