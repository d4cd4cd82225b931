# fails: fib_large
# Binet's formula in floating point is exact only up to fib(70).

import math
import multiprocessing


def fib(n):
    if n < 0:
        raise ValueError("n must not be negative")
    root = math.sqrt(5)
    return round(((1 + root) / 2) ** n / root)


def fib_map(numbers):
    return list(map(fib, numbers))


def fib_pool(numbers, processes=4):
    with multiprocessing.Pool(processes) as pool:
        return pool.map(fib, numbers)


def show(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    children = [multiprocessing.Process(target=show, args=(n,)) for n in numbers]
    for child in children:
        child.start()
    for child in children:
        child.join()
