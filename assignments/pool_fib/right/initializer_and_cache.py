# right: workers with a cache of their own from an initializer; imap, and close and join in a finally

import multiprocessing
import time
from collections.abc import Iterable
from multiprocessing import Process


def fib(n: int) -> int:
    if n < 0:
        raise ValueError(f"there is no Fibonacci number for {n}: n must be at least 0")
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fib_map(numbers: Iterable[int]) -> list[int]:
    return list(map(fib, numbers))


def print_fib(n: int) -> None:
    # The line break is part of the text: one string is written in one piece, whichever processes print beside this one.
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers: Iterable[int]) -> None:
    processes = [Process(target=print_fib, args=(n,)) for n in numbers]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


_cache = {}


def _init(cache):
    _cache.update(cache)


def _lookup(n):
    if n not in _cache:
        _cache[n] = fib(n)
    return _cache[n]


def fib_pool(numbers, processes=4):
    pool = multiprocessing.Pool(processes, _init, ({},))
    try:
        return list(pool.imap(_lookup, numbers))
    finally:
        pool.close()
        pool.join()


if __name__ == "__main__":
    print(fib_map(range(11)))
    print(fib_pool(range(11)))
    print_fibs([10, 20, 30])
    for fibs in (fib_map, fib_pool):
        start = time.perf_counter()
        fibs([20_000] * 400)
        print(f"{fibs.__name__}: {time.perf_counter() - start:.2f} s")
