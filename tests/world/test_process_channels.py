"""Pipe, Queue, JoinableQueue, SimpleQueue and Manager do what the real ones do, under every order."""

from __future__ import annotations

import pytest

from tests.world.conftest import STRATEGIES, Play

PROGRAM = """
import multiprocessing as mp
import queue
import threading
from multiprocessing import Process
from multiprocessing.connection import Client, Listener, wait


def error(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except Exception as error:
        return type(error).__name__


def child(target, *args):
    process = Process(target=target, args=args)
    process.start()
    return process


def _echo(end):
    while (item := end.recv()) is not None:
        end.send(["echo", item])
    end.close()


def duplex():
    ours, theirs = mp.Pipe()
    process = child(_echo, theirs)
    theirs.close()
    seen = []
    for item in (1, "text", {"a": (1, 2)}):
        ours.send(item)
        seen.append(ours.recv())
    ours.send(None)
    seen.append(error(ours.recv))
    process.join()
    return seen, process.exitcode


def _say(end, *items):
    for item in items:
        end.send(item)


def simplex():
    reader, writer = mp.Pipe(duplex=False)
    flags = [reader.readable, reader.writable, writer.readable, writer.writable]
    process = child(_say, writer, 1, 2)
    writer.close()
    seen = [reader.recv(), reader.recv(), error(reader.recv)]
    process.join()
    return flags, seen, error(reader.send, 1), error(writer.send, 1), reader.closed, writer.closed


def wrong_direction():
    reader, writer = mp.Pipe(False)
    return error(reader.send, 1), error(writer.recv)


def broken_pipe():
    reader, writer = mp.Pipe(duplex=False)
    reader.close()
    return error(writer.send, 1)


def broken_by_the_childs_end():
    ours, theirs = mp.Pipe()
    process = child(int)
    theirs.close()
    process.join()
    return error(ours.recv), error(ours.send, 1)


def what_was_sent_before_closing():
    reader, writer = mp.Pipe(False)
    writer.send("kept")
    writer.close()
    return reader.poll(), reader.recv(), reader.poll(), error(reader.recv)


def polling():
    reader, writer = mp.Pipe(False)
    seen = [reader.poll(), reader.poll(0.01), reader.poll(0)]
    writer.send(1)
    return [*seen, reader.poll(), reader.poll(None), reader.recv(), reader.poll(0.01)]


def bytes_of_a_pipe():
    reader, writer = mp.Pipe(False)
    writer.send_bytes(b"abcdef")
    writer.send_bytes(b"abcdef", 2, 3)
    buffer = bytearray(8)
    first = reader.recv_bytes()
    return first, reader.recv_bytes_into(buffer), bytes(buffer), error(writer.send_bytes, b"ab", 5)


def waits_for_the_first():
    first, second = mp.Pipe(False), mp.Pipe(False)
    process = child(_say, second[1], "here")
    ready = wait([first[0], second[0]])
    found = [one is second[0] for one in ready], second[0].recv()
    process.join()
    return found, wait([first[0]], 0.01), wait([process.sentinel]) == [process.sentinel]


def _put(queue, *items):
    for item in items:
        queue.put(item)


def queue_in_order():
    one = mp.Queue()
    process = child(_put, one, 3, 1, 2)
    got = [one.get(), one.get(), one.get(True)]
    process.join()
    return got, one.empty()


def queue_empty_and_full():
    one = mp.Queue(2)
    seen = [error(one.get_nowait), error(one.get, True, 0.01), error(one.get, False)]
    one.put(1)
    one.put(2)
    return [*seen, error(one.put_nowait, 3), error(one.put, 3, True, 0.01), one.full(), one.get(), one.get()]


def queue_errors_are_those_of_queue():
    try:
        mp.Queue().get_nowait()
    except queue.Empty:
        return "Empty"


def _work(tasks, results):
    for item in iter(tasks.get, None):
        results.put((item, item * item))


def queue_of_workers():
    tasks, results = mp.Queue(), mp.Queue()
    processes = [child(_work, tasks, results) for _ in range(2)]
    for item in [1, 2, 3, 4, None, None]:
        tasks.put(item)
    got = sorted(results.get() for _ in range(4))
    for process in processes:
        process.join()
    return got


def queue_closed():
    one = mp.Queue()
    one.put(1)
    got = one.get()
    one.close()
    one.join_thread()
    return got, error(one.put, 1)


def queue_keeps_what_a_dead_child_put():
    one = mp.Queue()
    child(_put, one, "kept").join()
    return one.get()


def _work_and_tell(tasks, total):
    while True:
        item = tasks.get()
        with total.get_lock():
            total.value += item
        tasks.task_done()


def joinable_queue():
    tasks, total = mp.JoinableQueue(), mp.Value("i", 0)
    Process(target=_work_and_tell, args=(tasks, total), daemon=True).start()
    for item in (1, 2, 3):
        tasks.put(item)
    tasks.join()
    return total.value, error(mp.JoinableQueue().task_done)


def simple_queue():
    one = mp.SimpleQueue()
    seen = [one.empty()]
    process = child(_put, one, 1, 2)
    seen += [one.get(), one.get(), one.empty()]
    process.join()
    return seen


def threads_of_one_process():
    one, got = mp.Queue(), []
    thread = threading.Thread(target=lambda: got.append(one.get()))
    thread.start()
    one.put("across")
    thread.join()
    return got


def large_messages():
    reader, writer = mp.Pipe(False)
    process = child(_say, writer, b"x" * 300_000, "end")
    got = len(reader.recv()), reader.recv()
    process.join()
    return got


def _send_end(over, end):
    over.send(end)
    over.recv()
    end.close()


def an_end_through_a_pipe():
    ours, theirs = mp.Pipe()
    reader, writer = mp.Pipe(False)
    process = child(_send_end, theirs, writer)
    writer.close()
    got = ours.recv()
    ours.send("taken")
    process.join()
    got.send("through")
    return reader.recv()


def _serve(listener_address, end):
    with Listener(authkey=b"key") as listener:
        end.send(listener.address)
        with listener.accept() as connection:
            connection.send(connection.recv() + 1)


def listener_and_client():
    reader, writer = mp.Pipe(False)
    process = child(_serve, None, writer)
    with Client(reader.recv(), authkey=b"key") as connection:
        connection.send(41)
        got = connection.recv()
    process.join()
    return got


def _fill(shared, items, number):
    shared[number] = number * number
    items.append(number)


def closed_listener():
    with Listener() as listener:
        address = listener.address
        first = Client(address)
    closed = error(first.recv) in ("EOFError", "ConnectionResetError")
    return closed, error(Client, address) in ("ConnectionRefusedError", "FileNotFoundError")


def manager_that_has_ended():
    # A proxy that outlives its manager reaches for it in every child.
    with mp.Manager() as manager:
        items = manager.list([1])
    process = child(int)
    process.join()
    return process.exitcode, error(items.append, 1) in ("ConnectionRefusedError", "FileNotFoundError")


def manager():
    with mp.Manager() as manager:
        shared, items = manager.dict(), manager.list()
        processes = [child(_fill, shared, items, number) for number in range(3)]
        for process in processes:
            process.join()
        return dict(sorted(shared.items())), sorted(items), len(items), error(lambda: shared["none"])


def _add(lock, space):
    for _ in range(2):
        with lock:
            space.total += 1


def manager_lock_and_namespace():
    with mp.Manager() as manager:
        lock, space = manager.Lock(), manager.Namespace()
        space.total = 0
        processes = [child(_add, lock, space) for _ in range(2)]
        for process in processes:
            process.join()
        return space.total


def manager_queue_and_value():
    with mp.Manager() as manager:
        one, value = manager.Queue(), manager.Value("i", 3)
        child(_put, one, "a").join()
        value.value += 1
        return one.get(), value.value, error(one.get_nowait)
"""

EXPECTED = {
    "duplex": ([["echo", 1], ["echo", "text"], ["echo", {"a": (1, 2)}], "EOFError"], 0),
    "simplex": ([True, False, False, True], [1, 2, "EOFError"], "OSError", "OSError", False, True),
    "wrong_direction": ("OSError", "OSError"),
    "broken_pipe": "BrokenPipeError",
    "broken_by_the_childs_end": ("EOFError", "BrokenPipeError"),
    "what_was_sent_before_closing": (True, "kept", True, "EOFError"),
    "polling": [False, False, False, True, True, 1, False],
    "bytes_of_a_pipe": (b"abcdef", 3, b"cde\0\0\0\0\0", "ValueError"),
    "waits_for_the_first": (([True], "here"), [], True),
    "queue_in_order": ([3, 1, 2], True),
    "queue_empty_and_full": ["Empty", "Empty", "Empty", "Full", "Full", True, 1, 2],
    "queue_errors_are_those_of_queue": "Empty",
    "queue_of_workers": [(1, 1), (2, 4), (3, 9), (4, 16)],
    "queue_closed": (1, "ValueError"),
    "queue_keeps_what_a_dead_child_put": "kept",
    "joinable_queue": (6, "ValueError"),
    "simple_queue": [True, 1, 2, True],
    "threads_of_one_process": ["across"],
    "large_messages": (300_000, "end"),
    "an_end_through_a_pipe": "through",
    "listener_and_client": 42,
    "closed_listener": (True, True),
    "manager_that_has_ended": (0, True),
    "manager": ({0: 0, 1: 1, 2: 4}, [0, 1, 2], 3, "KeyError"),
    "manager_lock_and_namespace": 4,
    "manager_queue_and_value": ("a", 4, "Empty"),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("function", EXPECTED)
def test_as_the_real_ones(play: Play, function: str, strategy: str) -> None:
    assert play(PROGRAM, function, strategy=strategy).value == EXPECTED[function]
