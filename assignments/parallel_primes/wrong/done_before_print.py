# fails: threaded_whole_lines, threaded_finished_last
# The last thread says that all is done before it prints its own line.
import math
from multiprocessing import Array, Manager, Pool, Process, Queue, Value
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
    left = [len(numbers)]
    lock, done = Lock(), threading.Event()
    if not numbers:
        done.set()

    def job(n):
        verdict = "is prime" if is_prime(n) else "is not prime"
        with lock:
            left[0] -= 1
        if left[0] == 0:
            done.set()
        print(f"{n} {verdict}\n", end="")

    threads = [Thread(target=job, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    done.wait()
    print("all threads finished")
    for t in threads:
        t.join()
