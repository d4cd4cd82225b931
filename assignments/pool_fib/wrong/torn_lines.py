# fails: print_fibs_whole_lines
# print writes its text and its line break apart, and no lock keeps them together.

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
    print(f"fib({n}) = {fib(n)}")


def print_fibs(numbers):
    children = [multiprocessing.Process(target=show, args=(n,)) for n in numbers]
    for child in children:
        child.start()
    for child in children:
        child.join()


if __name__ == "__main__":
    print(fib_pool(range(20)))
    print_fibs(range(10))
