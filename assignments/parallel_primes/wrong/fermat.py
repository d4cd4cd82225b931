# fails: is_prime_edges
# Fermat's test takes Carmichael numbers for primes, whatever the bases.

import multiprocessing
import threading


def is_prime(n):
    if n < 2:
        return False
    for base in (2, 3, 5, 7):
        if n == base:
            return True
        if n % base == 0 or pow(base, n - 1, n) != 1:
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
