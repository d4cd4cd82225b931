"""A Thread subclass with a lock; processes that take slices and answer over a queue with their slice's number."""

import math
import multiprocessing
import threading

print_lock = threading.Lock()


def is_prime(n):
    if n in (2, 3):
        return True
    if n < 2 or n % 2 == 0 or n % 3 == 0:
        return False
    k = 5
    while k <= math.isqrt(n):
        if n % k == 0 or n % (k + 2) == 0:
            return False
        k += 6
    return True


def print_is_prime(n):
    prime = is_prime(n)
    with print_lock:
        if prime:
            print(n, "is prime")
        else:
            print(n, "is not prime")


class PrimeThread(threading.Thread):
    def __init__(self, number):
        super().__init__(name=f"prime-{number}")
        self.number = number

    def run(self):
        print_is_prime(self.number)


def print_primes_threaded(numbers):
    threads = []
    for n in numbers:
        thread = PrimeThread(n)
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers):
    primes = []
    for n in numbers:
        if is_prime(n):
            primes.append(n)
    return primes


def _work(index, chunk, queue):
    queue.put((index, primes_sequential(chunk)))


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    size = len(numbers) // processes + 1
    queue = multiprocessing.Queue()
    workers = []
    for i in range(processes):
        chunk = numbers[i * size : (i + 1) * size]
        workers.append(multiprocessing.Process(target=_work, args=(i, chunk, queue)))
    for worker in workers:
        worker.start()
    parts = [queue.get() for _ in workers]
    for worker in workers:
        worker.join()
    parts.sort()
    return [n for _, part in parts for n in part]


if __name__ == "__main__":
    print(primes_parallel(range(100)))
