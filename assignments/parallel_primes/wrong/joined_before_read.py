# fails: parallel_joined
# All children are joined before the queue is read: with more primes than its pipe holds, none of them ends.

import math
import time
from collections.abc import Iterable
from multiprocessing import Process, Queue
from threading import Thread


def is_prime(n: int) -> bool:
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    for divisor in range(3, math.isqrt(n) + 1, 2):
        if n % divisor == 0:
            return False
    return True


def print_is_prime(n: int) -> None:
    verdict = "is prime" if is_prime(n) else "is not prime"
    # The line break is part of the text: one string is written in one piece, whichever threads print beside this one.
    print(f"{n} {verdict}\n", end="")


def print_primes_threaded(numbers: Iterable[int]) -> None:
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers: Iterable[int]) -> list[int]:
    return [n for n in numbers if is_prime(n)]


def _w(ns, q):
    for i, n in ns:
        if is_prime(n):
            q.put((i, n))


def primes_parallel(numbers, processes=4):
    items = list(enumerate(numbers))
    q = Queue()
    ps = [Process(target=_w, args=(items[k::processes], q)) for k in range(processes)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
    out = []
    while not q.empty():
        out.append(q.get())
    return [n for _, n in sorted(out)]


if __name__ == "__main__":
    some_numbers = range(10**12, 10**12 + 64)
    print_primes_threaded(some_numbers)
    for find_primes in (primes_sequential, primes_parallel):
        start = time.perf_counter()
        primes = find_primes(some_numbers)
        print(f"{find_primes.__name__}: {primes} in {time.perf_counter() - start:.2f} s")
