# fails: fib_large
# The shared array has 64 bits for a number; fib(93) needs more.

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


def fill(numbers, results, start, step):
    for i in range(start, len(numbers), step):
        results[i] = fib(numbers[i])


def fib_pool(numbers, processes=4):
    numbers = list(numbers)
    results = multiprocessing.Array("q", len(numbers))
    workers = [multiprocessing.Process(target=fill, args=(numbers, results, i, processes)) for i in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return list(results)


def show(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    children = [multiprocessing.Process(target=show, args=(n,)) for n in numbers]
    for child in children:
        child.start()
    for child in children:
        child.join()
