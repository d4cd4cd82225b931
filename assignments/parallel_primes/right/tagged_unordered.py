# right: imap_unordered with the place of each number, put back into order by sorting

import math
import multiprocessing
import time
from collections.abc import Iterable
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


def print_is_prime(n: int) -> None:
    verdict = "is prime" if is_prime(n) else "is not prime"
    # The line break is part of the text: one string is written in one piece, whichever threads print beside this one.
    print(f"{n} {verdict}\n", end="")


def print_primes_threaded(numbers: Iterable[int]) -> None:
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers: Iterable[int]) -> list[int]:
    return [n for n in numbers if is_prime(n)]


def _tagged(item):
    i, n = item
    return i, n, is_prime(n)


def primes_parallel(numbers, processes=4):
    pool = multiprocessing.Pool(processes)
    try:
        found = [(i, n) for i, n, ok in pool.imap_unordered(_tagged, enumerate(numbers)) if ok]
    finally:
        pool.close()
        pool.join()
    found.sort()
    return [n for _, n in found]


if __name__ == "__main__":
    some_numbers = range(10**12, 10**12 + 64)
    print_primes_threaded(some_numbers)
    for find_primes in (primes_sequential, primes_parallel):
        start = time.perf_counter()
        primes = find_primes(some_numbers)
        print(f"{find_primes.__name__}: {primes} in {time.perf_counter() - start:.2f} s")
