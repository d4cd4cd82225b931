# fails: fib_pool_closed
# The pool is closed, and nobody waits for its workers: the garbage collector ends them.

from multiprocessing import Pool, Process


def fib(n):
    if n < 0:
        raise ValueError("n must be at least 0")
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fib_map(numbers):
    return list(map(fib, numbers))


def fib_pool(numbers, processes=4):
    pool = Pool(processes)
    values = pool.map(fib, numbers)
    pool.close()
    return values


def print_fib(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    processes = [Process(target=print_fib, args=(n,)) for n in numbers]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == "__main__":
    print(fib_pool(range(11)))
    print_fibs(range(11))
