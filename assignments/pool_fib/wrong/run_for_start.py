# fails: print_fibs_process_a_number, print_fibs_alive_together
# run() calls the function in the main process; start() would make a process.

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


def show(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    for n in numbers:
        child = multiprocessing.Process(target=show, args=(n,))
        child.run()
