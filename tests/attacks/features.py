"""All that honest programs use of threads and multiprocessing, in real runs inside the layers.

``python -m tests.attacks.features`` prints a line of JSON for each feature and start method: what it returned, or why
it did not. Every feature ends in a number that only comes out if all its parts did what they should.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

PROGRAM = '''
import multiprocessing as mp
import threading, time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from multiprocessing import shared_memory


def square(n):
    return n * n


def pool():
    with mp.Pool(4) as workers:
        mapped = sum(workers.map(square, range(10)))
        lazily = sum(workers.imap_unordered(square, range(10)))
        once = workers.apply_async(square, (3,)).get()
    return mapped + lazily + once


def executors():
    with ProcessPoolExecutor(2) as workers:
        total = sum(workers.map(square, range(10)))
        total += sum(one.result() for one in as_completed([workers.submit(square, n) for n in range(4)]))
    with ThreadPoolExecutor(8) as workers:
        return total + sum(workers.map(square, range(10)))


def worker(number, tasks, done, value, array, barrier, ready, guard, pipe, condition):
    ready.wait()
    with guard:
        value.value += 1
    array[number] = number * 10
    barrier.wait()
    with condition:
        condition.notify_all()
    for task in iter(tasks.get, None):
        done.put(square(task))
        tasks.task_done()
    tasks.task_done()
    pipe.send(number)
    pipe.close()


def primitives():
    """JoinableQueue, Queue, Value, Array, Barrier, Event, Semaphore, Pipe, Condition."""
    tasks, done, value, array = mp.JoinableQueue(), mp.Queue(), mp.Value("i", 0), mp.Array("i", 3)
    barrier, ready, guard, condition = mp.Barrier(3), mp.Event(), mp.Semaphore(1), mp.Condition()
    pipes = [mp.Pipe(duplex=False) for _ in range(3)]
    parts = tasks, done, value, array, barrier, ready, guard
    children = [mp.Process(target=worker, args=(n, *parts, pipes[n][1], condition)) for n in range(3)]
    for child in children:
        child.start()
    ready.set()
    for n in range(6):
        tasks.put(n)
    for _ in children:
        tasks.put(None)
    tasks.join()
    total = sum(done.get() for _ in range(6)) + sum(pipe.recv() for pipe, _ in pipes)
    for child in children:
        child.join()
    return total + value.value + sum(array) + sum(child.exitcode for child in children)


def add(shared, numbers, lock, n):
    with lock:
        shared["total"] = shared.get("total", 0) + n
        numbers.append(n)


def manager():
    with mp.Manager() as managed:
        shared, numbers, lock, queue = managed.dict(), managed.list(), managed.Lock(), managed.Queue()
        children = [mp.Process(target=add, args=(shared, numbers, lock, n)) for n in range(4)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        queue.put(100)
        return shared["total"] + sum(numbers) + queue.get()


def fill(name):
    block = shared_memory.SharedMemory(name)
    block.buf[:4] = bytes([1, 2, 3, 4])
    block.close()


def memory():
    block = shared_memory.SharedMemory(create=True, size=4096)
    child = mp.Process(target=fill, args=(block.name,))
    child.start()
    child.join()
    total = sum(block.buf[:4])
    block.close()
    block.unlink()
    return total


def many():
    """200 threads at once, which all have to be there."""
    together, lock, seen = threading.Barrier(200), threading.Lock(), []

    def work(n):
        together.wait()
        with lock:
            seen.append(n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(seen)


def ends():
    """terminate, kill, daemons, exit codes and time-outs."""
    first, second = mp.Process(target=time.sleep, args=(60,)), mp.Process(target=time.sleep, args=(60,), daemon=True)
    first.start()
    second.start()
    first.join(0.01)
    alive = first.is_alive()
    first.terminate()
    second.kill()
    first.join()
    second.join()
    return first.exitcode + second.exitcode + alive


def meet():
    with mp.Pool(2) as workers:
        return sum(workers.map(square, range(4), 1))


def busy(n):
    end = time.process_time() + n
    while time.process_time() < end:
        pass
    return square(n)


def late():
    """The second one has much to do before it comes."""
    with mp.Pool(2) as workers:
        return sum(workers.map(busy, [0, 0.8], 1))


def alone():
    return sum(square(n) for n in range(4))
'''

EXPECTED = {"pool": 579, "executors": 584, "primitives": 91, "manager": 112, "memory": 10, "ends": -23, "many": 200}
APART = "had 2 calls of square at work at once in the world, and never more than 1 really"
MEETINGS = {"meet": "", "late": "", "alone": APART}
"""What the rendezvous of two calls of ``square`` says of each."""
PATIENCE = 0.3  # seconds: shorter than "late" computes, longer than anyone sleeps
METHODS = ("fork", "spawn", "forkserver")


def main() -> None:
    from autograder.judge import real, rendezvous
    from autograder.model import Assignment
    from autograder.sandbox.host import Launcher
    from autograder.sandbox.layers import OPTIONAL
    from autograder.world.session import Program

    assignment = Assignment("features", "Features", "program.py", Path(), ())
    # As in the course; only the time is longer, for the machine may be busy.
    assignment = replace(assignment, limits=replace(assignment.limits, real_time=100.0))
    program = Program("program", PROGRAM.encode(), ())
    with Launcher("real") as launcher:
        if lacking := [name for name in launcher.failed if name not in OPTIONAL]:
            print(f"the sandbox lacks {', '.join(lacking)} here", file=sys.stderr)
            sys.exit(77)
        for feature in EXPECTED:
            for method in METHODS if feature != "many" else METHODS[:1]:
                run = real.run(launcher, program, assignment, feature, (), {}, method, None)
                why = run.reason or (run.report.message if run.report is not None else "")
                print(json.dumps([f"{feature} {method}", run.value, why]), flush=True)
        rendezvous.PATIENCE = PATIENCE
        for feature in MEETINGS:
            for method in METHODS[:2]:
                run = real.run(launcher, program, assignment, feature, (), {}, method, None, ("square", 2))
                print(json.dumps([f"{feature} {method}", run.apart, run.reason]), flush=True)


if __name__ == "__main__":
    main()
