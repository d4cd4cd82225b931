"""The checks of parallel_primes that a student sees and runs at home."""

from autograder.judge import CheckFailed, expect, why_prime

PRIMES = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29}


def sentence(n):
    return f"{n} is prime" if n in PRIMES else f"{n} is not prime"


def test_is_prime_small(submission):
    """is_prime is right for the numbers from 2 to 30."""
    with submission.session() as session:
        for n in range(2, 31):
            run = session.call("is_prime", n)
            expect(run.value, n in PRIMES, run.call, run, why_prime(n, run.value))


def test_print_is_prime(submission):
    """print_is_prime prints "7 is prime" and "10 is not prime"."""
    with submission.session(whole_prints=True) as session:
        for n in (7, 10):
            run = session.call("print_is_prime", n).completed()
            said = run.output.text
            if said != sentence(n) + "\n":
                line = f"{said[:-1]!r}" if said.endswith("\n") else f"{said!r} and no line break after it"
                message = f"{run.call} printed {line if said else 'nothing'}; expected the line {sentence(n)!r}."
                raise CheckFailed("wrong output", message, run)


def test_threaded_prints_all(submission):
    """print_primes_threaded prints a line for each number and "all threads finished"."""
    with submission.session(whole_prints=True) as session:
        for numbers in ([5, 12, 7, 10], [29]):
            run = session.call("print_primes_threaded", numbers).completed()
            run.output.assert_whole_lines([*map(sentence, numbers), "all threads finished"])
    run = submission.run("print_primes_threaded", [7, 29, 7], whole_prints=True).completed()
    if run.output.lines.count(sentence(7)) == 1 and not run.trace.alive:
        message = f"{run.call} printed {sentence(7)!r} once. 7 stands there twice, and then its line has to, too."
        raise CheckFailed("wrong output", message, run)


def test_parallel_small(submission):
    """primes_sequential and primes_parallel give the primes among four numbers."""
    for function in ("primes_sequential", "primes_parallel"):
        run = submission.run(function, [5, 12, 18, 29])
        expect(run.value, [5, 29], run.call, run)
