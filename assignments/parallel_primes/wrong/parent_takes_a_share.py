# fails: parallel_workers
# The parent tests the last slice itself, so there is a child too few.

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


def work(part, queue, place):
    queue.put((place, primes_sequential(part)))


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    size = -(-len(numbers) // processes)
    parts = [numbers[i * size : (i + 1) * size] for i in range(processes)]
    queue = multiprocessing.SimpleQueue()
    children = []
    for place, part in enumerate(parts[:-1]):
        children.append(multiprocessing.Process(target=work, args=(part, queue, place)))
        children[-1].start()
    last = primes_sequential(parts[-1])
    results = sorted(queue.get() for _ in children)
    for child in children:
        child.join()
    return [n for _, part in results for n in part] + last
