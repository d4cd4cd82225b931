# fails: parallel_joined
# The workers wait for more numbers for ever; daemon=True only hides that from the end of the program.

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


def work(tasks, results):
    while True:
        i, n = tasks.get()
        results.put((i, n, is_prime(n)))


def primes_parallel(numbers, processes=4):
    tasks = multiprocessing.SimpleQueue()
    results = multiprocessing.SimpleQueue()
    for _ in range(processes):
        multiprocessing.Process(target=work, args=(tasks, results), daemon=True).start()
    count = 0
    for n in numbers:
        tasks.put((count, n))
        count += 1
    answers = sorted(results.get() for _ in range(count))
    return [n for _, n, prime in answers if prime]
