"""A Process subclass with a lock handed to it; a pool closed and joined by hand, with apply_async."""

import multiprocessing


def fib(n):
    if n < 0:
        raise ValueError("negative")
    numbers = [0, 1]
    while len(numbers) <= n:
        numbers.append(numbers[-1] + numbers[-2])
    return numbers[n]


def fib_map(numbers):
    return [*map(fib, numbers)]


def fib_pool(numbers, processes=4):
    pool = multiprocessing.Pool(processes=processes)
    try:
        results = [pool.apply_async(fib, args=(n,)) for n in numbers]
        values = [result.get() for result in results]
    finally:
        pool.close()
        pool.join()
    return values


class FibProcess(multiprocessing.Process):
    def __init__(self, number, lock):
        super().__init__()
        self.number = number
        self.lock = lock

    def run(self):
        value = fib(self.number)
        with self.lock:
            print("fib(%d)" % self.number, "=", value)


def print_fibs(numbers):
    lock = multiprocessing.Lock()
    children = []
    for n in numbers:
        child = FibProcess(n, lock)
        child.start()
        children.append(child)
    for child in children:
        child.join()


if __name__ == "__main__":
    print_fibs(range(8))
