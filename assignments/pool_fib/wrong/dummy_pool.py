# fails: fib_pool_workers, fib_pool_faster
# multiprocessing.dummy: its Pool is one of threads.

import time
from collections.abc import Iterable
from multiprocessing import Process
from multiprocessing.dummy import Pool


def fib(n: int) -> int:
    """Return the n-th Fibonacci number: fib(0) = 0, fib(1) = 1. Raise ValueError for a negative n."""
    if n < 0:
        raise ValueError(f"there is no Fibonacci number for {n}: n must be at least 0")
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fib_map(numbers: Iterable[int]) -> list[int]:
    """Return fib(n) for each of the numbers, in their order: in this process, with the built-in map()."""
    return list(map(fib, numbers))


def fib_pool(numbers: Iterable[int], processes: int = 4) -> list[int]:
    """Return the same list as fib_map, worked out by a pool of this many worker processes."""
    with Pool(processes) as pool:
        return pool.map(fib, numbers)


def print_fib(n: int) -> None:
    """Print one line, "fib(30) = 832040": what each process of print_fibs does."""
    # The line break is part of the text: one string is written in one piece, whichever processes print beside this one.
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers: Iterable[int]) -> None:
    """Print a line for each number, each from a process of its own; return when all of them have ended."""
    processes = [Process(target=print_fib, args=(n,)) for n in numbers]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == "__main__":
    print(fib_map(range(11)))
    print(fib_pool(range(11)))
    print_fibs([10, 20, 30])
    for fibs in (fib_map, fib_pool):
        start = time.perf_counter()
        fibs([20_000] * 400)
        print(f"{fibs.__name__}: {time.perf_counter() - start:.2f} s")
