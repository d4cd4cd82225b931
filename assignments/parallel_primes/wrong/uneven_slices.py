# fails: parallel_faster
# Slices of five numbers, and the last child gets all the rest.

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


def work(part, queue, i):
    queue.put((i, primes_sequential(part)))


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    queue = multiprocessing.Queue()
    parts = [numbers[i * 5 : (i + 1) * 5] for i in range(processes - 1)]
    parts.append(numbers[(processes - 1) * 5 :])
    children = [multiprocessing.Process(target=work, args=(part, queue, i)) for i, part in enumerate(parts)]
    for child in children:
        child.start()
    results = sorted(queue.get() for _ in children)
    for child in children:
        child.join()
    return [n for _, part in results for n in part]
