# fails: is_prime_edges
# Divisors up to 1000 are enough for numbers below a million.

from multiprocessing import Pool
from threading import Thread


def is_prime(n):
    if n < 2:
        return False
    for divisor in range(2, 1001):
        if divisor * divisor > n:
            return True
        if n % divisor == 0:
            return False
    return True


def print_is_prime(n):
    print(f"{n} is {'' if is_prime(n) else 'not '}prime\n", end="")


def print_primes_threaded(numbers):
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all threads finished\n", end="")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with Pool(processes) as pool:
        found = pool.map(is_prime, numbers, chunksize=1)
        pool.close()
        pool.join()
    return [n for n, prime in zip(numbers, found, strict=True) if prime]
