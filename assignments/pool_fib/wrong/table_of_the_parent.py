# fails: fib_pool_start_methods
# The table is filled in the parent: a forked worker has a copy, a spawned one an empty list.

import multiprocessing

table = []


def fib(n):
    if n < 0:
        raise ValueError("n must not be negative")
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fib_map(numbers):
    return list(map(fib, numbers))


def look_up(place):
    return fib(table[place])


def fib_pool(numbers, processes=4):
    table[:] = numbers
    with multiprocessing.Pool(processes) as pool:
        return pool.map(look_up, range(len(table)))


def show(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    children = [multiprocessing.Process(target=show, args=(n,)) for n in numbers]
    for child in children:
        child.start()
    for child in children:
        child.join()
