# fails: parallel_order
# Where the numbers do not divide by the processes, the last ones are in no slice.

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


def find(chunk):
    return [n for n in chunk if is_prime(n)]


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    size = len(numbers) // processes
    chunks = [numbers[i * size : (i + 1) * size] for i in range(processes)]
    with multiprocessing.Pool(processes) as pool:
        parts = pool.map(find, chunks)
    return sum(parts, [])
