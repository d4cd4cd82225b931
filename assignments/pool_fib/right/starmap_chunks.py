"""starmap over hand-made chunks, put together again; a table as a list; printing through a semaphore of 1."""

import multiprocessing


def fib(n: int) -> int:
    """The nth Fibonacci number."""
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    if n < 0:
        raise ValueError("n must be >= 0")
    table = [0, 1]
    while len(table) <= n:
        table.append(table[-1] + table[-2])
    return table[n]


def fib_map(numbers):
    result = map(lambda n: fib(n), numbers)
    return list(result)


def _chunk(first, numbers):
    return first, [fib(n) for n in numbers]


def fib_pool(numbers, processes=4):
    numbers = list(numbers)
    chunks = [(k, numbers[k::processes]) for k in range(processes)]
    out = [0] * len(numbers)
    pool = multiprocessing.Pool(processes)
    for first, values in pool.starmap(_chunk, chunks, chunksize=1):
        out[first::processes] = values
    pool.close()
    pool.join()
    return out


def _print(n, semaphore):
    value = fib(n)
    semaphore.acquire()
    try:
        print("fib(", n, ") = ", value, sep="")
    finally:
        semaphore.release()


def print_fibs(numbers):
    semaphore = multiprocessing.Semaphore(1)
    workers = [multiprocessing.Process(target=_print, args=(n, semaphore)) for n in numbers]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
