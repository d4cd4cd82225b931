# fails: fib_large
# Each call makes two more: fib(50) alone would be 40 billion of them.

import multiprocessing


def fib(n):
    if n < 0:
        raise ValueError("n must not be negative")
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


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


if __name__ == "__main__":
    print(fib_pool(range(20)))
    print_fibs(range(10))
