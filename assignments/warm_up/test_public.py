"""The checks of warm_up that a student sees and runs at home."""

from autograder.judge import CheckFailed, of_any_run


def line(greeting, name, number):
    return f"{greeting}, {name}! This is process {number}."


@of_any_run
def assert_hello(run, greeting, name):
    """Just this line came out, and it has the number of the process that it is about. Which thread or process printed
    it is asked elsewhere: where the main process did, its own number is as good."""
    run.completed()
    said = run.output.text
    if not said and run.call.startswith("hello") and not (run.threads or run.processes):
        message = f"{run.call} printed nothing and started nothing. Nothing begins to run before its start() is called."
        raise CheckFailed("wrong output", message, run)
    begun = [run.pid(task) for task in run.processes]
    writers = [run.pid(run.trace.tasks[write.task]) for write in run.output.writes]
    numbers = [*begun, *writers] or [run.pid(run.main)]
    possible = [line(greeting, name, number) for number in numbers]
    if said.removesuffix("\n") not in possible:
        where = "in the new process" if begun else "there"
        message = (
            f"{run.call} printed {run.output.shown}. It must print one line, {possible[0]!r}; "
            f"{numbers[0]} is what os.getpid() gives {where}."
        )
        if not said and isinstance(run.value, str):
            message += f" It returned a text, {run.value[:60]!r}: what is returned nobody sees. Print it."
        raise CheckFailed("wrong output", message, run)
    if not said.endswith("\n"):
        message = f"{run.call} printed {said!r} and no line break after it: print() adds one, unless it is told end=''."
        raise CheckFailed("wrong output", message, run)


def test_hello_is_printed(submission):
    """say_hello prints "Hello, Ada! This is process 4711.", with the number of its process."""
    assert_hello(submission.run("say_hello", "Ada"), "Hello", "Ada")


def test_thread_says_hello(submission):
    """hello_in_thread prints the line."""
    assert_hello(submission.run("hello_in_thread", "Grace", "Good morning"), "Good morning", "Grace")


def test_process_says_hello(submission):
    """hello_in_process prints the line."""
    assert_hello(submission.run("hello_in_process", "Alan", "Good evening"), "Good evening", "Alan")
