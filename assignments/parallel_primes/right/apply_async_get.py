"""apply_async with get, starmap for the pairs, try/finally; lru_cache; Timer-free threads as a dict."""

import functools
import multiprocessing as mp
import threading


@functools.lru_cache(maxsize=None)
def _smallest_divisor(n):
    if n % 2 == 0:
        return 2
    d = 3
    while d * d <= n:
        if n % d == 0:
            return d
        d += 2
    return n


def is_prime(n: int) -> bool:
    if n < 2:
        return False
    return _smallest_divisor(n) == n


def line(n):
    return f"{n} is prime\n" if is_prime(n) else f"{n} is not prime\n"


def print_is_prime(n: int) -> None:
    print(line(n), end="")


def print_primes_threaded(numbers) -> None:
    threads = {}
    for i, n in enumerate(numbers):
        threads[i] = threading.Thread(target=print_is_prime, args=(n,), name=str(n))
    for t in threads.values():
        t.start()
    for t in threads.values():
        t.join()
    print("all threads finished")


def primes_sequential(numbers):
    primes = []
    for n in numbers:
        if is_prime(n):
            primes += [n]
    return primes


def primes_parallel(numbers, processes: int = 4):
    if processes < 1:
        raise ValueError("at least one process")
    pool = mp.Pool(processes=processes)
    try:
        asked = [(n, pool.apply_async(is_prime, args=(n,))) for n in numbers]
        return [n for n, answer in asked if answer.get()]
    finally:
        pool.close()
        pool.join()
