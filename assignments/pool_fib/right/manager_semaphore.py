"""map_async and a finally; a managed semaphore around the prints; fib by matrix powers."""

from multiprocessing import Manager, Pool, Process


def multiply(x, y):
    return (
        x[0] * y[0] + x[1] * y[2],
        x[0] * y[1] + x[1] * y[3],
        x[2] * y[0] + x[3] * y[2],
        x[2] * y[1] + x[3] * y[3],
    )


def fib(n: int) -> int:
    if n < 0:
        raise ValueError(f"fib is not defined below 0: {n}")
    result, power = (1, 0, 0, 1), (1, 1, 1, 0)
    while n:
        if n & 1:
            result = multiply(result, power)
        power = multiply(power, power)
        n >>= 1
    return result[1]


def fib_map(numbers) -> list[int]:
    return sum(map(lambda n: [fib(n)], numbers), start=[])


def fib_pool(numbers, processes: int = 4) -> list[int]:
    pool = Pool(processes)
    try:
        # A tuple of arguments for each number: the pool needs to know how many there are.
        return pool.map_async(fib, tuple(numbers), chunksize=1).get()
    finally:
        pool.terminate()
        pool.join()


def report(n: int, permission) -> None:
    text = f"fib({n}) = {fib(n)}"
    permission.acquire()
    print(text)
    permission.release()


def print_fibs(numbers) -> None:
    with Manager() as manager:
        permission = manager.Semaphore(1)
        reporters = [Process(target=report, args=(n, permission)) for n in numbers]
        for reporter in reporters:
            reporter.start()
        for reporter in reporters:
            reporter.join()
