"""Dictionary by index with imap_unordered over pairs; a Pool kept in a with and closed; daemon processes joined."""

import math
from dataclasses import dataclass
from multiprocessing import Pool, Process, RLock


@dataclass(frozen=True)
class Task:
    place: int
    n: int


def fib(n):
    if n < 0:
        raise ValueError("negative")
    # fast doubling, without recursion
    a, b = 0, 1
    for bit in bin(n)[2:]:
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def fib_map(numbers):
    answer = []
    for value in map(fib, numbers):
        answer.append(value)
    return answer


def solve(task):
    return task.place, fib(task.n)


def fib_pool(numbers, processes=4):
    tasks = [Task(i, n) for i, n in enumerate(numbers)]
    found = {}
    with Pool(processes) as pool:
        for place, value in pool.imap_unordered(solve, tasks):
            found[place] = value
        pool.close()
        pool.join()
    return [found[i] for i in range(len(tasks))]


def speak(lock, n):
    answer = fib(n)
    lock.acquire()
    print("fib({}) = {}".format(n, answer))
    lock.release()


def print_fibs(numbers):
    lock = RLock()
    ps = [Process(target=speak, args=(lock, n), daemon=True) for n in numbers]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
