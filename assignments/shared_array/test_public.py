"""The checks that students can run at home."""

from autograder.judge import CheckFailed, expect, shared_array


def test_slice_is_squared(submission):
    """square_slice squares the elements of its slice in place."""
    values = [1, 2, 3, 4, 5, 6]
    run = submission.run("square_slice", shared_array("i", values), 2, 5).completed()
    after = list(run.args[0])
    if after[2:5] != [9, 16, 25]:
        copied = " Nothing in it has changed. array[start:stop] is a copy: assign to the elements of the array itself."
        raise CheckFailed(
            "wrong value",
            f"After {run.call}, array[2:5] is {after[2:5]}, expected [9, 16, 25].{copied if after == values else ''}",
            run,
        )


def test_squares_are_right(submission):
    """square_all gives the squares of the values, in their order."""
    run = submission.run("square_all", [1, 2, 3, 4, 5, 6, 7, 8])
    expect(run.value, [1, 4, 9, 16, 25, 36, 49, 64], run.call, run)


def test_count_is_right(submission):
    """count_shared counts every increment of every process."""
    run = submission.run("count_shared", 5, processes=2)
    expect(run.value, 10, run.call, run)
