# fails: threaded_whole_lines
# The threads take their numbers by an index that no lock guards: one number twice, another never.
import math
from multiprocessing import Manager, Pool, Process, RawArray
from multiprocessing.shared_memory import SharedMemory
from threading import Lock, Thread
import threading


def is_prime(n):
    if n < 2:
        return False
    for d in range(2, math.isqrt(n) + 1):
        if n % d == 0:
            return False
    return True


def print_is_prime(n):
    print(f"{n} is prime\n" if is_prime(n) else f"{n} is not prime\n", end="")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with Pool(processes) as pool:
        flags = pool.map(is_prime, numbers, chunksize=1)
    return [n for n, f in zip(numbers, flags) if f]



def print_primes_threaded(numbers):
    numbers = list(numbers)
    place = 0

    def job():
        nonlocal place
        mine = place
        place = mine + 1
        print_is_prime(numbers[mine])

    threads = [Thread(target=job) for _ in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")
