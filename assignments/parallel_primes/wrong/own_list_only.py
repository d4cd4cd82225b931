# fails: parallel_small, parallel_order
# Each child appends to its own copy of the list; the parent's stays empty.

import multiprocessing
import threading

found = []


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
    return [n for n in numbers if is_prime(n)]


def collect(part):
    for n in part:
        if is_prime(n):
            found.append(n)


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    found.clear()
    children = [multiprocessing.Process(target=collect, args=(numbers[i::processes],)) for i in range(processes)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return list(found)
