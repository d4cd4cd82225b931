# fails: is_prime_large
# The table of primes ends at 1000: a larger divisor is never tried.

import multiprocessing
import threading

SMALL = [p for p in range(2, 1000) if all(p % d for d in range(2, p))]


def is_prime(n):
    if n < 2:
        return False
    if n > SMALL[-1] ** 2:
        return False  # too large to be in the table
    return all(n % p or n == p for p in SMALL if p * p <= n)


def print_is_prime(n):
    if is_prime(n):
        print(f"{n} is prime\n", end="")
    else:
        print(f"{n} is not prime\n", end="")


def print_primes_threaded(numbers):
    threads = [threading.Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with multiprocessing.Pool(processes) as pool:
        result = pool.map(is_prime, numbers)
    return [n for n, prime in zip(numbers, result) if prime]
