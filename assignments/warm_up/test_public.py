"""The checks of warm_up that a student sees and runs at home."""

from autograder.judge import CheckFailed, of_any_run


def line(greeting, name, number):
    return f"{greeting}, {name}! This is process {number}."


@of_any_run
def assert_hello(run, greeting, name):
    """Just this line came out, and it has the number of the process that wrote it."""
    run.completed()
    instead = (*run.processes, run.main)[0]  # who should have written, where nobody did
    writer = next((run.trace.tasks[write.task] for write in run.output.writes), instead)
    number = run.pid(writer)
    if not run.output.text and run.call.startswith("hello") and not (run.threads or run.processes):
        message = f"{run.call} printed nothing and started nothing. Nothing begins to run before its start() is called."
        raise CheckFailed("wrong output", message, run)
    if run.output.lines != [line(greeting, name, number)] or not run.output.text.endswith("\n"):
        raise CheckFailed(
            "wrong output",
            f"{run.call} printed {run.output.text[:200]!r}. It must print one line, "
            f"{line(greeting, name, number)!r}; {number} is what os.getpid() gives there.",
            run,
        )


def test_hello_is_printed(submission):
    """say_hello prints "Hello, Ada! This is process 4711.", with the number of its process."""
    assert_hello(submission.run("say_hello", "Ada"), "Hello", "Ada")


def test_thread_says_hello(submission):
    """hello_in_thread prints the line."""
    assert_hello(submission.run("hello_in_thread", "Grace", "Good morning"), "Good morning", "Grace")


def test_process_says_hello(submission):
    """hello_in_process prints the line."""
    assert_hello(submission.run("hello_in_process", "Alan", "Good evening"), "Good evening", "Alan")
