# fails: is_prime_small, is_prime_edges
# range() leaves its end out: the square of a prime has no other divisor than the root.

import math
import multiprocessing
import threading


def is_prime(n):
    if n < 2:
        return False
    if n < 4:
        return True
    for d in range(2, math.isqrt(n)):
        if n % d == 0:
            return False
    return n % 2 != 0


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
