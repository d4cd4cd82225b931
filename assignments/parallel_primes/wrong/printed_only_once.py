# fails: threaded_prints_all
# lru_cache around the printing function: a number that stands there twice has one line.

import math
import time
from collections.abc import Iterable
from functools import lru_cache
from multiprocessing import Pool
from threading import Thread


def is_prime(n: int) -> bool:
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    for divisor in range(3, math.isqrt(n) + 1, 2):
        if n % divisor == 0:
            return False
    return True


def print_primes_threaded(numbers: Iterable[int]) -> None:
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers: Iterable[int]) -> list[int]:
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers: Iterable[int], processes: int = 4) -> list[int]:
    candidates = list(numbers)  # a generator could be run through only once
    with Pool(processes) as pool:
        verdicts = pool.map(is_prime, candidates)
    return [n for n, prime in zip(candidates, verdicts, strict=True) if prime]


@lru_cache(maxsize=None)
def print_is_prime(n):
    print(f"{n} is {'prime' if is_prime(n) else 'not prime'}\n", end="")


if __name__ == "__main__":
    some_numbers = range(10**12, 10**12 + 64)
    print_primes_threaded(some_numbers)
    for find_primes in (primes_sequential, primes_parallel):
        start = time.perf_counter()
        primes = find_primes(some_numbers)
        print(f"{find_primes.__name__}: {primes} in {time.perf_counter() - start:.2f} s")
