# fails: sequential_order, parallel_small
# filter() gives an iterator, not a list.

import multiprocessing
import threading


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
    threads = [threading.Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")


def primes_sequential(numbers):
    return filter(is_prime, numbers)


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with multiprocessing.Pool(processes) as pool:
        result = pool.map(is_prime, numbers)
    return [n for n, prime in zip(numbers, result) if prime]
