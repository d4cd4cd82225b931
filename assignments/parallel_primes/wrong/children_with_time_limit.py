# fails: parallel_joined
# join(10) gives up on a child that takes longer, and its numbers are missing.

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


def work(part, flags, offset):
    for i, n in enumerate(part):
        flags[offset + i] = is_prime(n)


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    size = -(-len(numbers) // processes)
    flags = multiprocessing.Array("b", max(1, len(numbers)))
    children = []
    for offset in range(0, len(numbers), size or 1):
        args = (numbers[offset : offset + size], flags, offset)
        children.append(multiprocessing.Process(target=work, args=args))
    for child in children:
        child.start()
    for child in children:
        child.join(10)
    return [n for n, prime in zip(numbers, flags) if prime]
