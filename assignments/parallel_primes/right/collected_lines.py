# right: the threads only find out; the main thread prints all lines in the order of the numbers

import math
import threading
import time
from collections.abc import Iterable
from multiprocessing import Pool


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


def primes_sequential(numbers: Iterable[int]) -> list[int]:
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers: Iterable[int], processes: int = 4) -> list[int]:
    candidates = list(numbers)  # a generator could be run through only once
    with Pool(processes) as pool:
        verdicts = pool.map(is_prime, candidates)
    return [n for n, prime in zip(candidates, verdicts, strict=True) if prime]


def print_primes_threaded(numbers):
    numbers = list(numbers)
    lines = [None] * len(numbers)

    def work(i, n):
        lines[i] = f"{n} is prime" if is_prime(n) else f"{n} is not prime"

    threads = [threading.Thread(target=work, args=(i, n)) for i, n in enumerate(numbers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for line in lines:
        print(line)
    print("all threads finished")


if __name__ == "__main__":
    some_numbers = range(10**12, 10**12 + 64)
    print_primes_threaded(some_numbers)
    for find_primes in (primes_sequential, primes_parallel):
        start = time.perf_counter()
        primes = find_primes(some_numbers)
        print(f"{find_primes.__name__}: {primes} in {time.perf_counter() - start:.2f} s")
