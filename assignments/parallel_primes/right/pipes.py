"""A pipe to each child; every child takes every processes-th number, and the parent deals the answers out again."""

import sys
from multiprocessing import Pipe, Process
from threading import Thread


def is_prime(n):
    if n < 2:
        return False
    d = 2
    while d * d <= n:
        if n % d == 0:
            return False
        d += 1
    return True


def line(n):
    return "%d is prime\n" % n if is_prime(n) else "%d is not prime\n" % n


def print_is_prime(n):
    sys.stdout.write(line(n))
    sys.stdout.flush()


def print_primes_threaded(numbers):
    threads = []
    for n in numbers:
        threads.append(Thread(target=lambda n=n: print_is_prime(n), daemon=True))
    for t in threads:
        t.start()
    while threads:
        threads.pop().join()
    print("all threads finished", flush=True)


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def answer(connection):
    numbers = connection.recv()
    connection.send([is_prime(n) for n in numbers])
    connection.close()


def primes_parallel(numbers, processes=4):
    numbers = [*numbers]
    children = []
    for i in range(processes):
        ours, theirs = Pipe()
        child = Process(target=answer, args=(theirs,))
        child.start()
        theirs.close()
        ours.send(numbers[i::processes])
        children.append((child, ours))
    verdicts = [None] * len(numbers)
    try:
        for i, (_, ours) in enumerate(children):
            verdicts[i::processes] = ours.recv()
    finally:
        for child, ours in children:
            ours.close()
            child.join()
    return [n for n, prime in zip(numbers, verdicts) if prime]
