"""Slow and clumsy, but right: the children do not call is_prime, flags in a shared array, waiting by asking again."""

import time
from multiprocessing import Array, Process
from threading import Semaphore, Thread

one_at_a_time = Semaphore(1)


def has_divisor(n):
    for d in range(2, n):
        if d * d > n:
            return False
        if n % d == 0:
            return True
    return False


def is_prime(n):
    if n <= 1:
        return False
    elif has_divisor(n):
        return False
    else:
        return True


def print_is_prime(n):
    one_at_a_time.acquire()
    try:
        print(n, end=" ")
        print("is", end=" ")
        if not is_prime(n):
            print("not", end=" ")
        print("prime")
    finally:
        one_at_a_time.release()


def print_primes_threaded(numbers):
    threads = []
    for n in numbers:
        threads.append(Thread(target=print_is_prime, kwargs={"n": n}))
    for t in threads:
        t.start()
    while any(t.is_alive() for t in threads):
        time.sleep(0.01)
    print("all threads finished")


def primes_sequential(numbers):
    found = []
    for n in numbers:
        if n > 1 and not has_divisor(n):
            found = found + [n]
    return found


def fill(numbers, flags, start, stop):
    for i in range(start, stop):
        if numbers[i] > 1:
            flags[i] = 0 if has_divisor(numbers[i]) else 1


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    if len(numbers) == 0:
        return []
    flags = Array("b", len(numbers))
    children = []
    for i in range(processes):
        start = len(numbers) * i // processes
        stop = len(numbers) * (i + 1) // processes
        children.append(Process(target=fill, args=(numbers, flags, start, stop)))
    for c in children:
        c.start()
    while True:
        alive = 0
        for c in children:
            if c.is_alive():
                alive = alive + 1
        if alive == 0:
            break
    found = []
    for i in range(len(numbers)):
        if flags[i] == 1:
            found.append(numbers[i])
    return found
