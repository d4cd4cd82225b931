"""The checks of pipes_and_queues that decide the rest of the points.

Who is a producer and who a consumer is told by the messages: a producer gives and takes nothing, a consumer takes what
producers gave. So helpers of the program's own, a manager for example, are in nobody's way. How the end is told, and by
which way the consumers pass on what they have read, does not matter.
"""

from autograder.judge import CheckFailed, counted, expect, expect_each_once, generator, hurried

SMALL_PIPE = {"pipe": 64}  # bytes; a message of these checks has at most 30
SLOW = {"operation": 5.0}  # seconds: a time limit has run out before anything has come
LARGE = 10**2000  # more than 800 bytes, and its square is twice as long
DECISIONS = 80  # of a task in a hurry: long enough to tell a loop, or giving up, from waiting


def of_manager(run):
    """What to say beside where a Manager is at work: what goes through it is not to be seen."""
    managed = any(task.name.startswith("SyncManager") for task in run.processes)
    return " The queue of a Manager is none of those that are asked for: use multiprocessing.Queue." if managed else ""


def talking(run):
    """The run, if something was sent in it: who sends nothing waits for nothing, and has no points for it. Nor is there
    a start method or a pipe, then, under which it works."""
    if not run.completed().processes or not run.messages:
        thread = " A thread is no process." if run.threads else ""
        raise CheckFailed(
            "wrong process",
            f"{run.call} started no process that sends or reads anything: no message went anywhere, and nobody had to "
            f"wait for one.{thread}{of_manager(run)}",
            run,
        )
    return run


def assert_ended(run):
    """All processes have been joined, and none was ended by force or died."""
    talking(run).assert_joined()
    killed = next((event for event in run.trace.events if event.op == "kill"), None)
    if killed is not None:
        raise CheckFailed(
            "never ends",
            f"{run.call} ends a process by force (terminate or kill), whatever it is doing at that moment. Send it a "
            "message that says that there is no more, let it return, and join it.",
            run,
            (killed.line,) if killed.line > 0 else (),
        )
    failed = next((task for task in run.processes if task.exitcode), None)
    if failed is not None:
        raise CheckFailed(
            "never ends",
            f"A process of {run.call} died instead of ending by itself: its function has to come to its end.",
            run,
            (failed.line,) if failed.line > 0 else (),
        )


def sent(run, by_main):
    """The messages that the main process gave, or that the others gave."""
    return [one for one in run.messages if (run.trace.tasks[one.put.task].process == 0) == by_main and one.sent]


# Questions and answers


def test_ask_worker_order(submission):
    """ask_worker keeps the order of the numbers, from any iterable, in every call."""
    with submission.session() as session:
        for given in ([3, 0, -2, 3], generator([5, 4]), (), range(3)):
            run = session.call("ask_worker", given)
            numbers = given.values if isinstance(given, generator) else given
            expect(run.value, [number * number for number in numbers], run.call, run)


def test_ask_worker_one_process(submission):
    """One worker process squares the numbers; each number and each answer is a message of its own."""
    numbers = [2, LARGE, 2, 3]
    run = submission.run("ask_worker", numbers).completed()
    if not run.processes:
        thread = ", only a thread" if run.threads else ""
        raise CheckFailed(
            "wrong process", f"{run.call} started no process{thread}; the worker has to be a Process.", run
        )
    if len(run.processes) != 1:
        lines = sorted({task.line for task in run.processes if task.line > 0})
        where = f" (line {lines[0]})" if len(lines) == 1 else ""
        raise CheckFailed(
            "wrong process",
            f"{run.call} started {len(run.processes)} processes{where}. It has to be one, which is started before the "
            "first number and gets all of them.",
            run,
            lines,
        )
    questions, answers = sent(run, True), sent(run, False)
    for what, who, messages in (("number", "the main process", questions), ("answer", "the worker", answers)):
        if len(messages) < len(numbers):
            raise CheckFailed(
                "wrong process",
                f"{run.call}: {who} sent {counted(len(messages), 'message')} for {len(numbers)} numbers. Each {what} "
                "has to go as a message of its own, as soon as it is there.",
                run,
                sorted({one.put.line for one in messages if one.put.line > 0}),
            )
    # Who worked out the square is told by the lengths of the messages, whatever else is in them.
    longest = LARGE.bit_length() // 8 * 3 // 2
    question, reply = (max(messages, key=lambda one: one.sent.value) for messages in (questions, answers))
    for wrong, message, found in (
        (question.sent.value > longest, question, "sends something longer than the number, as long as its square is"),
        (reply.sent.value < longest, reply, "sends back something shorter than the square of the long number"),
    ):
        if wrong:
            who = "the main process" if message is question else "the worker"
            raise CheckFailed(
                "wrong process",
                f"{run.call}: {who} {found} (line {message.put.line}). The main process has to send the number as it "
                "is, and the worker to work out the square and send that back.",
                run,
                (message.put.line,),
            )


def test_ask_worker_idle(submission):
    """Between two messages the worker waits: it does not ask again and again."""
    talking(submission.run("ask_worker", [1, 2], strategy=hurried(1, DECISIONS))).assert_no_busy_waiting()


def test_ask_worker_ends(submission):
    """The worker ends by itself and is joined, however slow it is."""
    assert_ended(submission.run("ask_worker", [4, 5], strategy=hurried(0, DECISIONS)))
    submission.confirm("ask_worker", [3, 1, 2])


def test_ask_worker_small_pipe(submission):
    """ask_worker works with a pipe that holds little."""
    run = submission.run("ask_worker", range(40), machine=SMALL_PIPE)
    if run.outcome == "returned":
        talking(run)
    expect(run.value, [number * number for number in range(40)], run.call, run)


def test_ask_worker_start_methods(submission):
    """ask_worker works under the start methods spawn and forkserver as it does under fork."""
    # To the program the two are the same: a fresh Python that imports its file.
    run = submission.run("ask_worker", [6, 7], start_method="spawn")
    if run.outcome == "returned":
        talking(run)
    expect(run.value, [36, 49], run.call, run)


# Many at one queue


def pairs(producers, items):
    return [(producer, item) for producer in range(producers) for item in range(items)]


def assert_all(run, producers, items):
    expect_each_once(run.value, pairs(producers, items), run.call, run)


def test_gather_each_once(submission):
    """Each pair comes once, in whatever order the processes run, and on a slow computer."""
    for run in submission.explore("gather", 2, 2, schedules=6):
        assert_all(run, 2, 2)
    assert_all(slow(submission), 2, 2)
    assert_all(hurried_reader(submission), 2, 2)


def slow(submission):
    return submission.run("gather", 2, 2, machine=SLOW)


def hurried_reader(submission):
    """A run in which the only consumer goes on whenever it can, long before there is anything to read."""
    usual = submission.run("gather", 2, 2, 1, strategy="nonpreemptive").completed()
    process = [task.process for task in usual.trace.tasks]
    readers = sorted({process[one.received.task] for one in usual.messages if one.received} - {0})
    return submission.run("gather", 2, 2, 1, strategy=hurried(readers[0], DECISIONS)) if readers else usual


def test_gather_numbers(submission):
    """gather works with other numbers of producers, items and consumers, and when it is called again."""
    with submission.session() as session:
        for producers, items, consumers in ((1, 3, 1), (1, 1, 3), (2, 0, 1)):
            assert_all(session.call("gather", producers, items, consumers=consumers), producers, items)


def crowd(submission):
    """A run with more of all, where everybody takes turns."""
    return submission.run("gather", 3, 4, 3, strategy="roundrobin")


def producers(run):
    """How many pieces each process gave that takes nothing."""
    process = [task.process for task in run.trace.tasks]
    takers = {process[one.received.task] for one in run.messages if one.received}
    given = {}
    for one in run.messages:
        if process[one.put.task] not in takers | {0}:
            given[process[one.put.task]] = given.get(process[one.put.task], 0) + 1
    return given


def test_gather_producers(submission):
    """As many processes as `producers` says put their own items onto the queue."""
    run = crowd(submission).completed()
    given = [count for count in producers(run).values() if count >= 4]
    if len(given) != 3:
        own = sorted({one.put.line for one in sent(run, True)})
        who = counted(len(given), "process")
        if not given:
            who = "no process but the main one" if len(sent(run, True)) >= 12 else "no process"
        raise CheckFailed(
            "wrong process",
            f"{run.call}: {who} put 4 items or more onto the queue, one by one. It has to be 3 processes, each with "
            "the items of one producer: a Process(target=…, args=(…)) for each, and start(), not run(), which does "
            f"the work in the main process.{of_manager(run)}",
            run,
            own if not given else (),
        )


def test_gather_consumers(submission):
    """As many processes as `consumers` says read from the queue."""
    assert_read_by(crowd(submission), 3)
    # How many they are by default.
    assert_read_by(submission.run("gather", 2, 2, strategy="roundrobin"), 2)


def assert_read_by(run, consumers):
    run.completed()
    process = [task.process for task in run.trace.tasks]
    given = producers(run)
    # Who gave a single message, where others gave several, has told of its end: a consumer that came too late for all.
    sources = {number for number, count in given.items() if count > 1} or set(given)
    if not sources:
        raise CheckFailed(
            "wrong process",
            f"{run.call}: no process puts anything for the consumers. Make the producers first, each a process."
            f"{of_manager(run)}",
            run,
        )
    taken = [one for one in run.messages if one.received and process[one.put.task] in sources]
    readers = {process[one.received.task] for one in taken}
    if 0 in readers:
        raise CheckFailed(
            "wrong process",
            f"{run.call}: the main process reads itself what the producers put. The consumers have to do that, and to "
            f"pass it on, over a second queue for example.{of_manager(run)}",
            run,
            sorted({message.received.line for message in taken if process[message.received.task] == 0}),
        )
    # One that came too late for a pair is told of the end at least.
    waiting = {process[one.received.task] for one in run.messages if one.received} - {0}
    if len(readers) != consumers or len(waiting) > consumers:
        raise CheckFailed(
            "wrong process",
            f"{run.call}: {counted(len(readers), 'process')} took what the producers put, and "
            f"{counted(len(waiting), 'process')} waited for messages. It has to be {consumers}, as many as `consumers` "
            "says; all took turns at every step here, so that there was something for each.",
            run,
        )


def test_gather_idle(submission):
    """The consumers, and the main process, wait for messages: they do not ask again and again."""
    talking(hurried_reader(submission)).assert_no_busy_waiting()
    talking(submission.run("gather", 2, 2, strategy=hurried(0, DECISIONS))).assert_no_busy_waiting()


def test_gather_ends(submission):
    """All processes end by themselves and are joined, however slow they are."""
    assert_ended(slow(submission))
    # Who counts in shared memory how many producers are done, and loses one, waits for ever.
    crowd(submission).assert_no_lost_update()
    assert_ended(submission.run("gather", 2, 2, strategy=hurried(0, DECISIONS)))
    submission.confirm("gather", 2, 3, same=lambda world, real: sorted(world.value) == sorted(real.value))


def test_gather_small_pipe(submission):
    """gather works with pipes that hold little."""
    run = submission.run("gather", 2, 15, machine=SMALL_PIPE)
    if run.outcome == "returned":
        talking(run)
    assert_all(run, 2, 15)


def test_gather_start_methods(submission):
    """gather works under the start methods spawn and forkserver as it does under fork."""
    run = submission.run("gather", 2, 2, start_method="forkserver")
    if run.outcome == "returned":
        talking(run)
    assert_all(run, 2, 2)
