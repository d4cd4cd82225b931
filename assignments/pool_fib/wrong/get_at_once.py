# fails: fib_pool_faster
# get() right after apply_async waits for the result before the next number is given out.

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


def fib_pool(numbers, processes=4):
    values = []
    with multiprocessing.Pool(processes) as pool:
        for n in numbers:
            values.append(pool.apply_async(fib, (n,)).get())
    return values


def show(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    children = [multiprocessing.Process(target=show, args=(n,)) for n in numbers]
    for child in children:
        child.start()
    for child in children:
        child.join()
