"""Powers of a matrix; imap; a context manager of one's own that closes and joins."""

import sys
from contextlib import contextmanager
from multiprocessing import Pool, Process


def _mul(a, b):
    return (a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3])


def fib(n: int) -> int:
    if n < 0:
        raise ValueError(n)
    result, base = (1, 0, 0, 1), (1, 1, 1, 0)
    while n:
        if n & 1:
            result = _mul(result, base)
        base = _mul(base, base)
        n >>= 1
    return result[1]


def fib_map(numbers):
    return [*map(fib, numbers)]


@contextmanager
def closing_pool(n):
    pool = Pool(n)
    try:
        yield pool
        pool.close()
    except BaseException:
        pool.terminate()
        raise
    finally:
        pool.join()


def fib_pool(numbers, processes=4):
    with closing_pool(processes) as pool:
        return list(pool.imap(fib, numbers))


def print_one(n):
    sys.stdout.write(f"fib({n}) = {fib(n)}\n")
    sys.stdout.flush()


class FibProcess(Process):
    def __init__(self, n):
        Process.__init__(self)
        self.n = n

    def run(self):
        print_one(self.n)


def print_fibs(numbers):
    crew = [FibProcess(n) for n in numbers]
    for p in crew:
        p.start()
    for p in crew:
        p.join()
        p.close()
