"""The checks that students can run at home."""

from autograder.judge import expect, shared_array


def test_slice_is_squared(submission):
    """square_slice squares the elements of its slice in place."""
    run = submission.run("square_slice", shared_array("i", [1, 2, 3, 4, 5, 6]), 2, 5).completed()
    expect(list(run.args[0])[2:5], [9, 16, 25], "array[2:5] of [1, 2, 3, 4, 5, 6] after square_slice(array, 2, 5)", run)


def test_squares_are_right(submission):
    """square_all gives the squares of the values, in their order."""
    run = submission.run("square_all", [1, 2, 3, 4, 5, 6, 7, 8])
    expect(run.value, [1, 4, 9, 16, 25, 36, 49, 64], run.call, run)


def test_count_is_right(submission):
    """count_shared counts every increment of every process."""
    run = submission.run("count_shared", 5, processes=2)
    expect(run.value, 10, run.call, run)
