# Parallel primes
# Lucia Garcia
import time
from math import isqrt
from multiprocessing import Process, Queue
from threading import Thread

NUMBERS = list(range(10**12, 10**12 + 64))


def is_prime(n):
    if n < 2:
        return False
    for d in range(2, isqrt(n) + 1):
        if n % d == 0:
            return False
    return True


def print_is_prime(n):
    word = "prime" if is_prime(n) else "not prime"
    print(f"{n} is {word}\n", end="")


def print_primes_threaded(numbers):
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def work(start, step, numbers, queue):
    queue.put((start, [is_prime(n) for n in numbers[start::step]]))


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    queue = Queue()
    workers = [Process(target=work, args=(i, processes, numbers, queue)) for i in range(processes)]
    for worker in workers:
        worker.start()
    answers = [False] * len(numbers)
    for _ in workers:
        start, part = queue.get()
        answers[start::processes] = part
    for worker in workers:
        worker.join()
    return [n for n, answer in zip(numbers, answers) if answer]


start = time.time()
primes_sequential(NUMBERS)
print("sequential", time.time() - start)
start = time.time()
primes_parallel(NUMBERS)
print("parallel", time.time() - start)
start = time.time()
print_primes_threaded(NUMBERS)
print("threaded", time.time() - start)
