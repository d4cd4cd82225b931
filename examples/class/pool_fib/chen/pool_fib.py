"""Fibonacci with a pool, by Chen Wei."""

from collections.abc import Iterable
from multiprocessing import Lock, Pool, Process


def fib(n: int) -> int:
    """The n-th Fibonacci number."""
    if n < 0:
        raise ValueError(n)
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fib_map(numbers: Iterable[int]) -> list[int]:
    """All of them."""
    return list(map(fib, numbers))


def fib_pool(numbers: Iterable[int], processes: int = 4) -> list[int]:
    """All of them, with a pool."""
    pool = Pool(processes)
    return pool.map(fib, numbers)


def print_one(n: int, lock) -> None:
    """Print one of them."""
    with lock:
        print(f"fib({n}) = {fib(n)}", flush=True)


def print_fibs(numbers: Iterable[int]) -> None:
    """Print all of them."""
    lock = Lock()
    processes = [Process(target=print_one, args=(n, lock)) for n in numbers]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == "__main__":
    print(fib_pool(range(10)))
