"""A ProcessPoolExecutor, and a recursive fib that remembers."""

import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Process

sys.setrecursionlimit(10_000)
known = {0: 0, 1: 1}


def fib(n: int) -> int:
    if n < 0:
        raise ValueError(f"fib({n}) is not defined")
    if n not in known:
        known[n] = fib(n - 1) + fib(n - 2)
    return known[n]


def fib_map(numbers: Iterable[int]) -> list[int]:
    return list(map(fib, numbers))


def fib_pool(numbers: Iterable[int], processes: int = 4) -> list[int]:
    with ProcessPoolExecutor(processes) as executor:
        return list(executor.map(fib, numbers))


def show(n: int) -> None:
    sys.stdout.write(f"fib({n}) = {fib(n)}\n")
    sys.stdout.flush()


def print_fibs(numbers: Iterable[int]) -> None:
    children = [Process(target=show, args=(n,), daemon=True) for n in numbers]
    for child in children:
        child.start()
    while children:
        children.pop().join()
