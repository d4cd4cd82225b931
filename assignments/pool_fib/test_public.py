"""The checks of pool_fib that a student sees and runs at home."""

from autograder.judge import expect

FIBS = [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55]


def test_fib_small(submission):
    """fib is right for the numbers from 0 to 10."""
    with submission.session() as session:
        for n, value in enumerate(FIBS):
            run = session.call("fib", n)
            expect(run.value, value, f"fib({n})", run)


def test_fib_map_small(submission):
    """fib_map gives a list of Fibonacci numbers."""
    run = submission.run("fib_map", range(11))
    expect(run.value, FIBS, "fib_map(range(11))", run)


def test_fib_pool_small(submission):
    """fib_pool gives the same list as fib_map."""
    run = submission.run("fib_pool", range(11))
    expect(run.value, FIBS, "fib_pool(range(11))", run)


def test_print_fibs_small(submission):
    """print_fibs prints a line "fib(7) = 13" for each number."""
    run = submission.run("print_fibs", [7, 10], whole_prints=True).completed()
    run.output.assert_whole_lines(["fib(7) = 13", "fib(10) = 55"])
