# fails: threaded_one_thread_a_number
# An executor of eight threads: with more numbers, a thread gets several of them.

import multiprocessing
from concurrent.futures import ThreadPoolExecutor


def is_prime(n):
    if n < 2:
        return False
    d = 2
    while d * d <= n:
        if n % d == 0:
            return False
        d += 1
    return True


def print_is_prime(n):
    if is_prime(n):
        print(f"{n} is prime\n", end="")
    else:
        print(f"{n} is not prime\n", end="")


def print_primes_threaded(numbers):
    with ThreadPoolExecutor(8) as executor:
        executor.map(print_is_prime, numbers)
    print("all threads finished")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with multiprocessing.Pool(processes) as pool:
        result = pool.map(is_prime, numbers)
    return [n for n, prime in zip(numbers, result) if prime]
