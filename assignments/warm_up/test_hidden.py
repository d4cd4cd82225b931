"""The checks of warm_up that decide the rest of the points.

A fault costs the points of its own check: what is printed is looked at under a schedule that lets a new thread or
process go first, so that it comes out also where nobody waits for it; and who waits is asked where say_hello takes
longer than anybody would sleep: on a slow computer, and on a quick one, where who asks a hundred times is soon done.
"""

import re

from autograder.judge import CheckFailed, of_any_run

SLOW = ({"costs": {"say_hello": 12.0}}, {"costs": {"say_hello": 12.0}, "machine": {"operation": 5.0}})


@of_any_run
def assert_hello(run, greeting, name):
    """Just this line came out, and it has the number of the process that wrote it."""
    run.completed()
    instead = (*run.processes, run.main)[0]  # who should have written, where nobody did
    writer = next((run.trace.tasks[write.task] for write in run.output.writes), instead)
    number = run.pid(writer)
    wanted = f"{greeting}, {name}! This is process {number}."
    if not run.output.text and run.call.startswith("hello") and not (run.threads or run.processes):
        message = f"{run.call} printed nothing and started nothing. Nothing begins to run before its start() is called."
        raise CheckFailed("wrong output", message, run)
    if run.output.lines != [wanted]:
        raise CheckFailed("wrong output", f"{run.call} printed {run.output.text[:200]!r}; expected {wanted!r}.", run)


def test_other_greetings(submission):
    """Other names and other greetings come out as they are, in every call."""
    with submission.session(strategy="eager") as session:
        for name, greetings in (("Grace Hopper", ["Good morning"]), ("", []), ("Ada", ["Hi"])):
            greeting = greetings[0] if greetings else "Hello"
            # say_hello takes the greeting by its name alone.
            named = {"greeting": greeting} if greetings else {}
            assert_hello(session.call("say_hello", name, **named), greeting, name)
            assert_hello(session.call("hello_in_thread", name, *greetings), greeting, name)
            assert_hello(session.call("hello_in_process", name, **named), greeting, name)


def writers(run):
    return [run.trace.tasks[task] for task in dict.fromkeys(write.task for write in run.output.writes)]


WAY = (
    "Give {0} the function and its arguments, {0}(target=say_hello, args=(name,), …), and call its start(): "
    "target=say_hello(name) and run() call the function at once."
)


def test_thread_is_started(submission):
    """hello_in_thread prints from one new thread, in the same process."""
    run = submission.run("hello_in_thread", "Ada", strategy="eager").completed()
    if run.processes:
        raise CheckFailed("wrong thread", f"{run.call} started a process; a thread was asked for.", run)
    if any(task.kind != "thread" for task in writers(run)) or not run.threads:
        raise CheckFailed("wrong thread", f"{run.call} prints in the main thread. {WAY.format('Thread')}", run)
    if len(run.threads) != 1:
        raise CheckFailed("wrong number of threads", f"{run.call} started {len(run.threads)} threads, not one.", run)


def test_thread_is_joined(submission):
    """When hello_in_thread returns, its thread has ended, however slow it is."""
    for options in SLOW:
        run = submission.run("hello_in_thread", "Ada", **options).completed()
        assert_something_started(run)
        run.assert_joined()


@of_any_run
def assert_something_started(run):
    """Who starts nothing has nothing to wait for, and no points for it."""
    if not run.threads and not run.processes:
        raise CheckFailed("not started", f"{run.call} started nothing, so there was nothing to wait for.", run)


def process_run(submission):
    return submission.run("hello_in_process", "Ada", strategy="eager")


def test_process_is_started(submission):
    """hello_in_process prints from one new process."""
    run = process_run(submission).completed()
    if any(task.process == 0 for task in writers(run)) or not run.processes:
        raise CheckFailed("wrong process", f"{run.call} prints in the main process. {WAY.format('Process')}", run)
    if len(run.processes) != 1:
        raise CheckFailed("wrong process", f"{run.call} started {len(run.processes)} processes, not one.", run)


def test_process_is_joined(submission):
    """When hello_in_process returns, its process has ended, however slow it is."""
    for options in SLOW:
        run = submission.run("hello_in_process", "Ada", **options).completed()
        assert_something_started(run)
        run.assert_joined()


def test_number_is_returned(submission):
    """hello_in_process returns the number of the new process, in every call."""
    with submission.session(strategy="eager") as session:
        assert_number(session.call("hello_in_process", "Ada"))
        # The next process is not simply one further: something else was started in between.
        session.call("hello_in_thread", "Ada")
        assert_number(session.call("hello_in_process", "Ada"))


def assert_number(run):
    children = [run.pid(task) for task in run.processes]
    if type(run.value) is int and run.value in children:
        return
    message = f"{run.call} gave {run.value!r}"
    if run.value == run.pid(run.main):
        message += ", the number of the main process: os.getpid() is the number of whoever calls it"
    elif run.value is None:
        message += ": process.pid is the number, from start() on, and the function has to return it"
    else:
        message += f", an int was asked for: process.pid{', the number of the process' if children else ''}"
    raise CheckFailed("wrong value", f"{message}.", run)


def same(world, real):
    """The numbers are others in reality."""
    texts = [re.sub(r"\d+", "…", run.output.text) for run in (world, real)]
    return texts[0] == texts[1] and str(real.value) in real.output.text


def test_start_methods(submission):
    """hello_in_process works under the start methods spawn and forkserver as it does under fork."""
    for method in ("spawn", "forkserver"):
        run = submission.run("hello_in_process", "Ada", "Hi", start_method=method, strategy="eager")
        assert_hello(run, "Hi", "Ada")
    submission.confirm("hello_in_process", "Ada", start_method="spawn", same=same)
