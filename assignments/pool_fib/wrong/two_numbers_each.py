# fails: print_fibs_process_a_number
# A process takes two numbers.

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
    with multiprocessing.Pool(processes) as pool:
        return pool.map(fib, numbers)


def show(pair):
    for n in pair:
        print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    numbers = list(numbers)
    children = []
    for i in range(0, len(numbers), 2):
        children.append(multiprocessing.Process(target=show, args=(numbers[i : i + 2],)))
    for child in children:
        child.start()
    for child in children:
        child.join()
