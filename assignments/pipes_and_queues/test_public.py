"""The checks of pipes_and_queues that a student sees and runs at home."""

from autograder.judge import expect, expect_each_once


def test_ask_worker_small(submission):
    """ask_worker gives the squares of a few numbers."""
    run = submission.run("ask_worker", [1, 2, 3, 10])
    expect(run.value, [1, 4, 9, 100], run.call, run)


def test_gather_small(submission):
    """gather gives all pairs of two producers."""
    run = submission.run("gather", 2, 3)
    expect_each_once(run.value, [(p, i) for p in range(2) for i in range(3)], run.call, run)
