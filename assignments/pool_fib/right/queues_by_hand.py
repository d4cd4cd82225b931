"""Slow and clumsy, but right: a pool built from processes and queues, with a loop of its own in the workers."""

import multiprocessing
import time
from multiprocessing import Process, Queue


def fib(n):
    if n < 0:
        raise ValueError("below zero")
    if n == 0:
        return 0
    before, now, k = 0, 1, 1
    while k < n:
        before, now = now, before + now
        k = k + 1
    return now


def fib_map(numbers):
    return list(map(lambda n: fib(n), numbers))


def worker(tasks, results):
    for place, n in iter(tasks.get, "stop"):
        before, now = 0, 1
        for _ in range(n):
            before, now = now, before + now
        results.put([place, before])


def fib_pool(numbers, processes=4):
    tasks, results = Queue(), Queue()
    crew = [Process(target=worker, args=(tasks, results)) for _ in range(processes)]
    for member in crew:
        member.start()
    values = []
    for place, n in enumerate(numbers):
        tasks.put((place, n))
        values.append(None)
    for _ in crew:
        tasks.put("stop")
    while None in values:
        if results.empty():
            time.sleep(0.001)
        else:
            place, value = results.get()
            values[place] = value
    for member in crew:
        member.join()
    return values


def print_one(lock, n):
    value = fib(n)
    lock.acquire()
    try:
        print("fib(", n, ") = ", value, sep="")
    finally:
        lock.release()


def print_fibs(numbers):
    lock = multiprocessing.RLock()
    crew = []
    for n in numbers:
        crew.append(Process(target=print_one, args=(lock, n)))
    for member in crew:
        member.start()
    while multiprocessing.active_children():
        time.sleep(0.01)
    for member in crew:
        assert member.exitcode == 0


if __name__ == "__main__":
    print(fib_pool(range(12), 3))
