"""as_completed with a dict from future to place; all() with a generator expression; a lock around print."""

import math
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed

output = threading.Lock()


def is_prime(n: int) -> bool:
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


def print_is_prime(n: int) -> None:
    answer = is_prime(n)
    with output:
        if answer:
            print(n, "is prime")
        else:
            print(n, "is not prime")


def print_primes_threaded(numbers):
    threads = [threading.Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")


def primes_sequential(numbers):
    result = []
    for n in numbers:
        if is_prime(n):
            result.append(n)
    return result


def primes_parallel(numbers, processes=4):
    numbers = tuple(numbers)
    verdicts = {}
    with ProcessPoolExecutor(max_workers=processes) as executor:
        places = {executor.submit(is_prime, n): i for i, n in enumerate(numbers)}
        for future in as_completed(places):
            verdicts[places[future]] = future.result()
    return [n for i, n in enumerate(numbers) if verdicts[i]]
