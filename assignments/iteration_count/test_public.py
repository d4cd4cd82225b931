"""The visible checks of iteration_count: what a student sees at home."""

import re

from autograder.judge import CheckFailed

# A turn of a loop costs 100 microseconds here, so that the runs stay short: some 1,000 turns in 0.1 seconds.
MACHINE = {"tick": 1e-4}
LINE = re.compile(r"((?<!\d)\d{1,30}) iterations in thread ([ab])")


def test_example_lines(submission):
    """count_iterations() prints lines such as "797 iterations in thread a", for a and for b."""
    run = submission.run("count_iterations", machine=MACHINE, whole_prints=True).completed()
    for line in run.output.lines:
        if not LINE.fullmatch(line):
            raise CheckFailed(
                "wrong output",
                f"count_iterations() printed the line {line[:80]!r}. Every line must look like "
                '"797 iterations in thread a": a number, these words, and the name, a or b. Print nothing else.',
                run,
            )
    for name in "ab":
        if not any(line.endswith(f" iterations in thread {name}") for line in run.output.lines):
            message = f"count_iterations() printed no line for thread {name}. {one_name(run)}"
            raise CheckFailed("wrong output", message.strip(), run)


def one_name(run):
    """What is wrong where both threads print the same name."""
    names = {write.task: name for write in run.output.writes for _, name in LINE.findall(write.text)}
    if len(names) < 2 or len(set(names.values())) > 1:
        return ""
    return (
        f"Both threads print the name {next(iter(names.values()))}: give each its own name as an argument. What a "
        "lambda or an inner function looks up, it finds as it is when it runs."
    )


def test_example_totals(submission):
    """count_iterations() returns a total for a and for b: the sum of the numbers printed for that thread."""
    run = submission.run("count_iterations", machine=MACHINE, whole_prints=True).completed()
    sums = {"a": 0, "b": 0}
    for count, name in LINE.findall(run.output.text):
        sums[name] += int(count)
    if run.value == sums:
        return
    message = f"count_iterations() returned {str(run.value)[:120]}. "
    if not LINE.search(run.output.text):
        message += 'It printed no line like "797 iterations in thread a", so there is nothing to add up.'
    else:
        message += (
            f"The printed counts add up to {sums}. Both must be the same: each iteration is in one printed count."
        )
    if run.processes and not run.threads:
        message += (
            " Processes were started: each has memory of its own, and what it counts the main program never sees."
        )
    raise CheckFailed("wrong value", message, run)


def test_example_threads(submission):
    """count_iterations() runs two threads, at the same time."""
    run = submission.run("count_iterations", machine=MACHINE, whole_prints=True).completed()
    run.assert_alive_together(2, "thread")
