# fails: fib_pool_order
# A dict keeps equal numbers only once: the list is too short.

import multiprocessing


def fib(n):
    if n < 0:
        raise ValueError("n must not be negative")
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fib_map(numbers):
    return list(map(fib, numbers))


def pair(n):
    return n, fib(n)


def fib_pool(numbers, processes=4):
    with multiprocessing.Pool(processes) as pool:
        return list(dict(pool.map(pair, numbers)).values())


def show(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    children = [multiprocessing.Process(target=show, args=(n,)) for n in numbers]
    for child in children:
        child.start()
    for child in children:
        child.join()
