"""Which numbers are prime? CPU work in one thread, in many threads, and in several processes."""

import math
import time
from collections.abc import Iterable
from multiprocessing import Pool
from threading import Thread


def is_prime(n: int) -> bool:
    """Return True if n is a prime number, and False for every other integer (0, 1 and negative ones too)."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def print_is_prime(n: int) -> None:
    """Print one line: "1000000000039 is prime" or "1000000000040 is not prime"."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def print_primes_threaded(numbers: Iterable[int]) -> None:
    """Print a line for each number, each from a thread of its own; then, last of all, "all threads finished"."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def primes_sequential(numbers: Iterable[int]) -> list[int]:
    """Return the primes among numbers, in their order, worked out one after another."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def primes_parallel(numbers: Iterable[int], processes: int = 4) -> list[int]:
    """Return the primes among numbers, in their order, worked out by this many child processes."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


if __name__ == "__main__":
    some_numbers = range(10**12, 10**12 + 64)
    print_primes_threaded(some_numbers)
    for find_primes in (primes_sequential, primes_parallel):
        start = time.perf_counter()
        primes = find_primes(some_numbers)
        print(f"{find_primes.__name__}: {primes} in {time.perf_counter() - start:.2f} s")
