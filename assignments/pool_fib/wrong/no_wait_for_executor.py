# fails: fib_pool_closed
# shutdown(wait=False) does not wait for the workers' end.

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def fib(n):
    if n < 0:
        raise ValueError("n must not be negative")
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fib_map(numbers):
    return list(map(fib, numbers))


def fib_pool(numbers, processes=4):
    executor = ProcessPoolExecutor(processes)
    values = list(executor.map(fib, numbers))
    executor.shutdown(wait=False)
    return values


def show(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    children = [multiprocessing.Process(target=show, args=(n,)) for n in numbers]
    for child in children:
        child.start()
    for child in children:
        child.join()
