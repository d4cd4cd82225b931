# fails: parallel_order
# Results of an earlier call are still in the list.

import math
import time
from collections.abc import Iterable
from multiprocessing import Pool
from threading import Thread


def is_prime(n: int) -> bool:
    """Return True if n is a prime number, and False for every other integer (0, 1 and negative ones too)."""
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    for divisor in range(3, math.isqrt(n) + 1, 2):
        if n % divisor == 0:
            return False
    return True


def print_is_prime(n: int) -> None:
    """Print one line: "1000000000039 is prime" or "1000000000040 is not prime"."""
    verdict = "is prime" if is_prime(n) else "is not prime"
    # The line break is part of the text: one string is written in one piece, whichever threads print beside this one.
    print(f"{n} {verdict}\n", end="")


def print_primes_threaded(numbers: Iterable[int]) -> None:
    """Print a line for each number, each from a thread of its own; then, last of all, "all threads finished"."""
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers: Iterable[int]) -> list[int]:
    """Return the primes among numbers, in their order, worked out one after another."""
    return [n for n in numbers if is_prime(n)]


found = []


def primes_parallel(numbers: Iterable[int], processes: int = 4) -> list[int]:
    """Return the primes among numbers, in their order, worked out by this many child processes."""
    candidates = list(numbers)  # a generator could be run through only once
    with Pool(processes) as pool:
        verdicts = pool.map(is_prime, candidates)
    found.extend(n for n, prime in zip(candidates, verdicts, strict=True) if prime)
    return found


if __name__ == "__main__":
    some_numbers = range(10**12, 10**12 + 64)
    print_primes_threaded(some_numbers)
    for find_primes in (primes_sequential, primes_parallel):
        start = time.perf_counter()
        primes = find_primes(some_numbers)
        print(f"{find_primes.__name__}: {primes} in {time.perf_counter() - start:.2f} s")
