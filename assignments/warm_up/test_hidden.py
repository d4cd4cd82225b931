"""The checks of warm_up that decide the rest of the points.

A fault costs the points of its own check: what is printed is looked at under a schedule that lets a new thread or
process go first, so that it comes out also where nobody waits for it; and who waits is asked where say_hello takes
longer than anybody would sleep: on a slow computer, and on a quick one, where who asks a hundred times is soon done.
"""

import re

from autograder.judge import CheckFailed, counted, of_any_run
from autograder.judge.failure import shown

LONG = 12.0
SLOW = ({"costs": {"say_hello": LONG}}, {"costs": {"say_hello": LONG}, "machine": {"operation": 5.0}})


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
    possible = [f"{greeting}, {name}! This is process {number}." for number in numbers]
    if len(run.output.lines) != 1 or run.output.lines[0] not in possible:
        raise CheckFailed("wrong output", f"{run.call} printed {run.output.shown}; expected {possible[0]!r}.", run)


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


WAY = (
    "Give {0} the function and its arguments, {0}(target=say_hello, args=(name,), …), and call its start(): "
    "target=say_hello(name) and run() call the function at once."
)


def assert_started(run, kind):
    """One new thread or process (``kind``), and the line comes from it."""
    own, others = (run.threads, run.processes) if kind == "thread" else (run.processes, run.threads)
    if others and (kind == "thread" or not own):
        if kind == "thread":
            message = f"{run.call} started a process{at(others)}; a thread was asked for. Use Thread of threading."
        else:
            dummy = ", not that of multiprocessing.dummy, which is a thread" if "dummy" in run.source else ""
            message = (
                f"{run.call} started a thread{at(others)}, which lives in the main process and has its number; a "
                "process "
                f"was asked for. Use Process of multiprocessing{dummy}."
            )
        raise CheckFailed("wrong thread" if kind == "thread" else "wrong process", message, run)
    if not own and not run.output.text:
        message = f"{run.call} started nothing: no {kind} begins before its start() is called."
        raise CheckFailed("wrong thread" if kind == "thread" else "wrong process", message, run)
    main = {task.id for task in run.trace.tasks if task.id == 0 or (kind == "process" and task.process == 0)}
    # Who prints something else beside, in the main process, has another check's matter to look at.
    if not own or all(task.id in main for task in run.output.writers):
        begun = f"starts a {kind}{at(own)}, but prints in" if own else f"starts no {kind} and prints in"
        raise CheckFailed(
            "wrong thread" if kind == "thread" else "wrong process",
            f"{run.call} {begun} the main {kind}. {WAY.format(kind.capitalize())}",
            run,
        )
    if len(own) != 1:
        kinds = counted(len(own), kind)
        message = f"{run.call} started {kinds}{at(own)}. One is enough: give it say_hello itself as its target."
        raise CheckFailed("wrong number of threads" if kind == "thread" else "wrong process", message, run)


def at(tasks):
    """' (line 12)', ' (lines 13 and 17)'"""
    lines = sorted({str(task.line) for task in tasks if task.line}, key=int)
    if not lines:
        return ""
    return f" (line {lines[0]})" if len(lines) == 1 else f" (lines {', '.join(lines[:-1])} and {lines[-1]})"


def test_thread_is_started(submission):
    """hello_in_thread prints from one new thread, in the same process."""
    assert_started(submission.run("hello_in_thread", "Ada", strategy="eager").completed(), "thread")


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
        message = f"{run.call} started nothing, so there was nothing to wait for: nothing begins before its start()."
        raise CheckFailed("not joined", message, run)


def test_process_is_started(submission):
    """hello_in_process prints from one new process."""
    assert_started(submission.run("hello_in_process", "Ada", strategy="eager").completed(), "process")


def test_process_is_joined(submission):
    """When hello_in_process returns, its process has ended, however slow it is."""
    for options in SLOW:
        run = submission.run("hello_in_process", "Ada", **options).completed()
        assert_something_started(run)
        run.assert_joined()
        assert_not_ended_by_force(run)


def assert_not_ended_by_force(run):
    """Who ends its process by force has not waited for it: on a slow computer it is in the middle of its work by then.
    A pool ends its workers so too, but only when they have nothing left to do."""
    begun = {f"task:{event.task}": event.at for event in run.trace.events if event.op == "call"}
    for event in run.trace.events:
        if event.op == "kill" and event.resource in begun and event.at < begun[event.resource] + LONG:
            raise CheckFailed(
                "not joined",
                f"{run.call} ends its process by force (terminate or kill) while that is still at work. join(), "
                "without a time limit, waits until it has come to its end by itself.",
                run,
                (event.line,) if event.line > 0 else (),
            )


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
    message = f"{run.call} gave {shown(run.value, 40)}"
    if run.value == run.pid(run.main):
        message += ", the number of the main process: os.getpid() is the number of whoever calls it"
    elif children and run.value == str(children[-1]):
        message += f", a text; the number {children[-1]} itself, an int, was asked for"
    if not children:
        message += ". No process was started, so there is no number to return"
    elif run.value is None:
        message += (
            ". process.pid is the number of the new process, but only from start() on: read it then, and return it"
        )
    elif run.value != str(children[-1]):
        message += f". The new process has the number {children[-1]}: process.pid gives it, from start() on"
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
