# fails: is_prime_small, is_prime_edges
# A number with a divisor gives None: the function ends without a return.

import multiprocessing
import threading


def is_prime(n):
    if n > 1:
        d = 2
        while d * d <= n and n % d != 0:
            d += 1
        if d * d > n:
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
