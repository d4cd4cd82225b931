"""Its own spawn context, whatever the default; starmap; a generator as fib's machine."""

from itertools import islice
from multiprocessing import get_context

SPAWN = get_context("spawn")


def sequence():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def fib(n):
    if n >= 0:
        return next(islice(sequence(), n, None))
    raise ValueError("n must not be negative")


def fib_map(numbers):
    values = []
    for value in map(fib, numbers):
        values.append(value)
    return values


def fib_pool(numbers, processes=4):
    with SPAWN.Pool(processes) as pool:
        return pool.starmap(fib, [(n,) for n in numbers])


def line(n):
    print("fib({}) = {}\n".format(n, fib(n)), end="", flush=True)


def print_fibs(numbers):
    children = {}
    for place, n in enumerate(numbers):
        children[place] = SPAWN.Process(target=line, args=(n,), name=f"fib {n}")
    for child in children.values():
        child.start()
    for child in children.values():
        child.join()
