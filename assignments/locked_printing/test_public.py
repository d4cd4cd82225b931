"""The visible checks of locked_printing: what a student sees at home."""

from itertools import pairwise

from autograder.judge import CheckFailed


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
                if run.output.text.count(text) != 3:
                    raise CheckFailed(
                        "wrong output",
                        f"{call} printed {text!r} {run.output.text.count(text)} times instead of 3 times. "
                        f"The output was {run.output.text[:100]!r}.",
                        run,
                    )


def test_example_blocks(submission):
    """print_all(["tick", "tock"], 10) keeps the two texts apart where the threads take turns at every step."""
    run = submission.run("print_all", ["tick", "tock"], 10, strategy="roundrobin").completed()
    order = [text for write in run.output.writes for text in ("tick", "tock") if text in write.text]
    changes = sum(before != after for before, after in pairwise(order))
    if changes > 1:
        run.output.assert_whole_blocks()  # tells more, where it fails: who came in between whom, and where
    if changes != 1:
        raise CheckFailed(
            "interleaving" if changes else "wrong output",
            f"All copies of one text must come out, then all of the other: the output should change from one text "
            f"to the other once, and did so {changes} times.",
            run,
        )
