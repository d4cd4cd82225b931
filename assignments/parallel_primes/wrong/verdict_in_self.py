# fails: threaded_whole_lines
# All threads share one object, and leave in it what they found until it is printed.
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



class Tester:
    def test(self, n):
        self.verdict = "is prime" if is_prime(n) else "is not prime"

    def show(self, n):
        print(f"{n} {self.verdict}\n", end="")


tester = Tester()


def print_is_prime(n):
    tester.test(n)
    tester.show(n)


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def print_primes_threaded(numbers):
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with Pool(processes) as pool:
        flags = pool.map(is_prime, numbers, chunksize=1)
    return [n for n, f in zip(numbers, flags) if f]

