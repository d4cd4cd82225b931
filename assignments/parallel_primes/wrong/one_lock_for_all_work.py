# fails: parallel_faster
# The children hold one lock while they test a number: only one of them works at a time.

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


def work(lock, part, flags, offset):
    for i, n in enumerate(part):
        with lock:
            flags[offset + i] = is_prime(n)


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    lock = multiprocessing.Lock()
    flags = multiprocessing.Array("b", max(1, len(numbers)), lock=False)
    size = -(-len(numbers) // processes)
    children = []
    for i in range(processes):
        args = (lock, numbers[i * size : (i + 1) * size], flags, i * size)
        children.append(multiprocessing.Process(target=work, args=args))
    for child in children:
        child.start()
    for child in children:
        child.join()
    return [n for n, prime in zip(numbers, flags) if prime]
