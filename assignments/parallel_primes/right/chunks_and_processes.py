"""Chunking by hand, one Process subclass a chunk, a Manager list shared; 6k +- 1."""

from multiprocessing import Manager, Process
from threading import Thread
import sys


def is_prime(n):
    if n <= 3:
        return n > 1
    if n % 2 == 0 or n % 3 == 0:
        return False
    i = 5
    while i * i <= n:
        if n % i == 0 or n % (i + 2) == 0:
            return False
        i += 6
    return True


def print_is_prime(n):
    word = "" if is_prime(n) else "not "
    sys.stdout.write(f"{n} is {word}prime\n")
    sys.stdout.flush()


def print_primes_threaded(numbers):
    threads = []
    for number in numbers:
        threads.append(Thread(target=print_is_prime, args=(number,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers):
    return list(filter(is_prime, numbers))


class ChunkWorker(Process):
    def __init__(self, chunk, shared):
        super().__init__()
        self.chunk = chunk
        self.shared = shared

    def run(self):
        for index, number in self.chunk:
            self.shared[index] = is_prime(number)


def split(items, parts):
    size, rest = divmod(len(items), parts)
    start = 0
    for k in range(parts):
        stop = start + size + (1 if k < rest else 0)
        yield items[start:stop]
        start = stop


def primes_parallel(numbers, processes=4):
    numbered = list(enumerate(numbers))
    with Manager() as manager:
        shared = manager.list([None] * len(numbered))
        workers = [ChunkWorker(chunk, shared) for chunk in split(numbered, processes)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return [n for i, n in numbered if shared[i]]
