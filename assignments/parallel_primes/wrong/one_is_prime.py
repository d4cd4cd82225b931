# fails: is_prime_edges
# No divisor is found for 1, 0 and negative numbers, so they count as prime.

import multiprocessing
import threading
from math import isqrt


def is_prime(n):
    for d in range(2, isqrt(abs(n)) + 1):
        if n % d == 0:
            return False
    return True


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


if __name__ == "__main__":
    print_primes_threaded(range(20))
    print(primes_parallel(range(100)))
