"""Every check of the contract for `shared_array`.

A program is judged by what reaches the shared memory, and from which process; not by how it cuts its slices or which
lock it takes. Where the length divides, every way to cut gives each process something to do; the sizes below are
chosen so that this also holds for the clumsy ones (`n // p + 1` elements a slice, the rest to the last process).
"""

from collections import Counter

from autograder.judge import CheckFailed, expect, shared_array

# (length, processes): any contiguous cut, and any stride, leaves no process without an element.
EVEN = ((24, 4), (12, 3), (6, 2), (64, 8), (5, 1))


def numbers(count):
    """Values with both signs, no two squares alike, the biggest squares near the end of a C int."""
    return [(-1) ** index * (46340 - 7 * index) for index in range(count)]


def squares(values):
    return [value * value for value in values]


def child_stores(run):
    """The stores to shared memory that came from child processes."""
    return [access for access in run.accesses if access.op == "store" and access.process != run.main.process]


def test_slice_leaves_the_rest(submission):
    """square_slice neither changes nor writes the elements outside of its slice."""
    values = [3, -4, 5, 6, -7, 8]
    for start, stop in ((0, 2), (1, 5), (4, 6), (0, 6), (3, 4), (2, 2)):
        run = submission.run("square_slice", shared_array("i", values), start, stop).completed()
        wanted = values[:start] + squares(values[start:stop]) + values[stop:]
        expect(list(run.args[0]), wanted, f"the array of {values} after {run.call}", run)
        for access in run.accesses:
            if access.op == "store" and not start <= access.index < stop:
                raise CheckFailed("wrong value", f"{run.call} writes array[{access.index}], outside of its slice.", run)


def test_uneven_lengths(submission):
    """square_all is right where the length does not divide by the number of processes, on every schedule."""
    for count, processes in ((10, 4), (7, 3), (9, 4), (11, 4), (5, 4), (17, 8), (13, 1), (3, 2)):
        values = numbers(count)
        run = submission.run("square_all", values, processes=processes)
        expect(run.value, squares(values), run.call, run)
    for values in ((4, -2, 0, 9, 7), range(-3, 4)):
        run = submission.run("square_all", values)
        expect(run.value, squares(values), run.call, run)
    values = numbers(7)
    for run in submission.explore("square_all", values, processes=3, schedules=5):
        expect(run.value, squares(values), run.call, run)


def test_few_values(submission):
    """square_all is right for fewer values than processes, and for no values at all."""
    for values, processes in (([5, -3], 8), ([7], 4), ([1, 2, 3], 4), ([], 4), ([], 1), ((), 3), (range(2), 3)):
        run = submission.run("square_all", values, processes=processes)
        expect(run.value, squares(values), run.call, run)


def test_children_do_the_work(submission):
    """The child processes do the squaring, as many of them as `processes` says, and the parent does none of it."""
    for count, processes in EVEN:
        values = numbers(count)
        run = submission.run("square_all", values, processes=processes).completed()
        stores = child_stores(run)
        if not stores:
            raise CheckFailed("not parallel", f"In {run.call} no child process wrote to shared memory.", run)
        written = {access.index for access in stores}
        left = [index for index in range(count) if index not in written]
        if left:
            raise CheckFailed(
                "not parallel", f"In {run.call} no child process wrote element {left[0]}. {len(left)} were left out.", run
            )
        writers = {access.process for access in stores}
        if len(writers) != processes:
            raise CheckFailed(
                "not parallel",
                f"In {run.call} {len(writers)} child processes squared something. It should be {processes}.",
                run,
            )


def test_children_alive_together(submission):
    """The child processes of square_all are alive at the same time."""
    for count, processes in EVEN:
        run = submission.run("square_all", numbers(count), processes=processes, strategy="nonpreemptive").completed()
        run.assert_alive_together(processes, "process")


def test_each_element_once(submission):
    """Each element is squared once: no two slices overlap."""
    for count, processes in (*EVEN, (10, 4), (7, 3), (3, 8)):
        values = numbers(count)
        run = submission.run("square_all", values, processes=processes).completed()
        # Filling the array by hand is no squaring. It is what the parent stores before it creates the first child.
        first = min((event.step for event in run.trace.events if event.op == "create"), default=0)
        stores = Counter(
            (access.resource, access.index)
            for access in run.accesses
            if access.op == "store"
            and "Value" not in run.trace.resources[access.resource].kind
            and not (access.process == run.main.process and access.step < first)
        )
        for (_, index), times in sorted(stores.items()):
            if times != 1:
                raise CheckFailed("wrong value", f"{run.call} writes element {index} {times} times.", run)
        if len(stores) < count:
            raise CheckFailed(
                "wrong value", f"{run.call} writes {len(stores)} elements of shared memory, and there are {count}.", run
            )


def test_count_on_every_schedule(submission):
    """count_shared gives increments * processes on every schedule."""
    for increments, processes in ((1, 1), (4, 3), (2, 8), (0, 2)):
        run = submission.run("count_shared", increments, processes=processes)
        expect(run.value, increments * processes, run.call, run)
    run = submission.run("count_shared", 3)
    expect(run.value, 12, run.call, run)
    for run in submission.explore("count_shared", 2, processes=2):
        expect(run.value, 4, run.call, run)


def test_count_under_one_lock(submission):
    """Each += of count_shared holds one lock, the same for all processes, from the read to the write."""
    run = submission.run("count_shared", 3, processes=3).completed()
    if not child_stores(run):
        raise CheckFailed("not parallel", f"In {run.call} no child process wrote shared memory.", run)
    run.assert_no_lost_update()
    for run in submission.explore("count_shared", 2, processes=2, schedules=4):
        run.completed()
        run.assert_no_lost_update()


def test_count_in_children(submission):
    """Each of the processes of count_shared adds 1, `increments` times, and all of them are alive at the same time."""
    for increments, processes in ((3, 4), (5, 2), (2, 1), (1, 8)):
        run = submission.run("count_shared", increments, processes=processes, strategy="nonpreemptive").completed()
        # One shared Value gets all the increments. What else a program keeps in shared memory is its own affair.
        per_process = {}
        for access in child_stores(run):
            per_process.setdefault(access.resource, Counter())[access.process] += 1
        if not any(len(times) == processes and {*times.values()} == {increments} for times in per_process.values()):
            found = max(per_process.values(), key=Counter.total, default=Counter())
            shown = ", ".join(f"{times} times" for times in found.values()) or "never"
            raise CheckFailed(
                "wrong value",
                f"In {run.call} each of {processes} processes should write the shared Value {increments} times. "
                f"They wrote it: {shown}.",
                run,
            )
        run.assert_alive_together(processes, "process")


def test_all_joined(submission):
    """When square_all and count_shared return, all of their processes have ended, however slow the machine is."""
    # On the slow machine every step takes minutes: a sleep, or a join with a time limit, is over long before the
    # children are.
    for world in ({}, {"strategy": "nonpreemptive"}, {"strategy": "eager"}, {"machine": {"operation": 200.0}}):
        for function, argument in (("square_all", [1, 2, 3, 4, 5, 6, 7, 8]), ("count_shared", 3)):
            run = submission.run(function, argument, processes=3, **world).completed()
            if not run.processes:
                raise CheckFailed("not parallel", f"{run.call} started no process.", run)
            run.assert_joined()


def test_called_again(submission):
    """The functions can be called several times: nothing is left over from the call before."""
    with submission.session() as session:
        for values, processes in (([1, 2, 3, 4], 2), ([9, 8, 7, 6, 5, 4, 3], 3), ([-2], 2)):
            run = session.call("square_all", values, processes=processes)
            expect(run.value, squares(values), run.call, run)
        for increments, processes in ((2, 2), (3, 2), (1, 3)):
            run = session.call("count_shared", increments, processes=processes)
            expect(run.value, increments * processes, f"{run.call}, after other calls of it,", run)
    submission.confirm("square_all", [1, 2, 3, 4, 5], processes=2)
    submission.confirm("count_shared", 3, processes=2)
