"""Workers that fetch one number after another from a queue until they get None; results carry their place."""

import multiprocessing
import threading
from functools import lru_cache, partial


@lru_cache(maxsize=None)
def is_prime(n):
    """Only prime divisors up to the root are tried."""
    if n < 4:
        return n in (2, 3)
    divisors = [2]
    candidate = 2
    while candidate * candidate <= n:
        if n % candidate == 0:
            return False
        candidate += 1 if candidate == 2 else 2
        divisors.append(candidate)
    return True


def print_is_prime(n):
    verdict = {True: "is prime", False: "is not prime"}[is_prime(n)]
    print(f"{n} {verdict}" + "\n", end="", flush=True)


def print_primes_threaded(numbers):
    done = threading.Semaphore(0)

    def task(n):
        try:
            print_is_prime(n)
        finally:
            done.release()

    threads = [threading.Thread(target=partial(task, n)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        done.acquire()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers):
    return [n for n in iter(numbers) if is_prime(n)]


def worker(tasks, results):
    while (task := tasks.get()) is not None:
        place, n = task
        results.put((place, n, is_prime(n)))


def primes_parallel(numbers, processes=4):
    tasks = multiprocessing.Queue()
    results = multiprocessing.SimpleQueue()
    workers = [
        multiprocessing.Process(target=worker, args=(tasks, results), daemon=True, name=f"worker {i}")
        for i in range(processes)
    ]
    for process in workers:
        process.start()
    count = 0
    for place, n in enumerate(numbers):
        tasks.put((place, n))
        count += 1
    for _ in workers:
        tasks.put(None)
    answers = sorted(results.get() for _ in range(count))
    for process in workers:
        process.join()
    return [n for _, n, prime in answers if prime]
