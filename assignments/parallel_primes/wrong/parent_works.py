# fails: parallel_workers, parallel_faster
# Process(target=work(...)) works in the parent; the children get None and do nothing.

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
    return [n for n in numbers if is_prime(n)]


def work(part, answers):
    for i, n in part:
        answers[i] = is_prime(n)


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    answers = [False] * len(numbers)
    pairs = list(enumerate(numbers))
    children = [multiprocessing.Process(target=work(pairs[i::processes], answers)) for i in range(processes)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return [n for n, prime in zip(numbers, answers) if prime]
