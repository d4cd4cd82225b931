"""The visible checks of locked_printing: what a student sees at home."""

from itertools import pairwise

from autograder.judge import CheckFailed, of_any_run, times


def test_example_output(submission):
    """print_multiple, print_multiple_locked and print_all print each text n times."""
    with submission.session() as session:
        calls = (
            (session.call("print_multiple", "tick", 3), 'print_multiple("tick", 3)', ("tick",)),
            (session.call("print_multiple_locked", "tock", 3), 'print_multiple_locked("tock", 3)', ("tock",)),
            (session.call("print_all", ["tick", "tock"], 3), 'print_all(["tick", "tock"], 3)', ("tick", "tock")),
        )
        for run, call, texts in calls:
            run.completed()
            for text in texts:
                got = run.output.text.count(text)
                if got != 3:
                    said = f" The output was {run.output.text[:100]!r}." if run.output.text else ""
                    message = f"{call} printed {text!r} {times(got)} instead of 3 times.{said}"
                    raise CheckFailed("wrong output", message, run, guess=one_for_all(run, texts, 3))


def one_for_all(run, texts, n):
    """What may be wrong where one text came out instead of the others, too."""
    counts = {text: run.output.text.count(text) for text in texts}
    if len(texts) < 2 or max(counts.values()) != n * len(texts):
        return ""
    return (
        f"All threads printed {max(counts, key=counts.get)!r}: give each its own text as an argument. What a lambda or "
        "an inner function looks up, it finds as it is when it runs."
    )


def test_example_blocks(submission):
    """print_all(["tick", "tock"], 10) keeps the two texts apart where the threads take turns at every step."""
    assert_blocks(submission.run("print_all", ["tick", "tock"], 10, strategy="roundrobin"))


@of_any_run
def assert_blocks(run):
    """The output changes from one text to the other once."""
    run.completed()
    order = [text for write in run.output.writes for text in ("tick", "tock") if text in write.text]
    changes = sum(before != after for before, after in pairwise(order))
    if changes > 1:
        run.output.assert_whole_blocks()  # tells more, where it fails: who came in between whom, and where
        message = f"the output changed from one text to the other {changes} times instead of once."
        raise CheckFailed("interleaving", f"All copies of a text must stand together: {message}", run)
    if changes == 0:
        said = f"only {order[0]!r}" if order else "neither of the two texts"
        raise CheckFailed(
            "wrong output", f"{run.call} printed {said}.", run, guess=one_for_all(run, ["tick", "tock"], 10)
        )
