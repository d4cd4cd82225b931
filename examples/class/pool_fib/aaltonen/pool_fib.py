# Assignment 5, pools
# Aino Aaltonen
from collections.abc import Iterable
from multiprocessing import Pool, Process


def fib(n: int) -> int:
    if n < 0:
        raise ValueError("n must not be negative")
    numbers = [0, 1]
    while len(numbers) <= n:
        numbers.append(numbers[-1] + numbers[-2])
    return numbers[n]


def fib_map(numbers: Iterable[int]) -> list[int]:
    return list(map(fib, numbers))


def fib_pool(numbers: Iterable[int], processes: int = 4) -> list[int]:
    pool = Pool(processes)
    try:
        return pool.map(fib, numbers)
    finally:
        pool.close()
        pool.join()


def print_fib(n: int) -> None:
    print(f"fib({n}) = {fib(n)}\n", end="", flush=True)


def print_fibs(numbers: Iterable[int]) -> None:
    processes = []
    for n in numbers:
        process = Process(target=print_fib, args=(n,))
        process.start()
        processes.append(process)
    for process in processes:
        process.join()


if __name__ == "__main__":
    print(fib_pool(range(20)))
    print_fibs(range(20, 30))
