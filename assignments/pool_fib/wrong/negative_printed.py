# fails: fib_negative
# A message on the screen is no exception: the caller goes on with None.

import multiprocessing


def fib(n):
    if n < 0:
        print("n must not be negative")
        return None
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


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
