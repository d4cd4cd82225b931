# Assignment 3, CPU work
# Aino Aaltonen
import threading
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from math import isqrt


def is_prime(n: int) -> bool:
    if n < 4:
        return n in (2, 3)
    if n % 2 == 0 or n % 3 == 0:
        return False
    # every other prime is 6k - 1 or 6k + 1
    for d in range(5, isqrt(n) + 1, 6):
        if n % d == 0 or n % (d + 2) == 0:
            return False
    return True


def print_is_prime(n: int) -> None:
    text = f"{n} is prime" if is_prime(n) else f"{n} is not prime"
    print(text + "\n", end="")      # one write, so that no other line gets into it


def print_primes_threaded(numbers: Iterable[int]) -> None:
    threads = [threading.Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")


def primes_sequential(numbers: Iterable[int]) -> list[int]:
    return list(filter(is_prime, numbers))


def primes_parallel(numbers: Iterable[int], processes: int = 4) -> list[int]:
    numbers = list(numbers)
    with ProcessPoolExecutor(processes) as executor:
        answers = list(executor.map(is_prime, numbers))
    return [n for n, answer in zip(numbers, answers) if answer]


if __name__ == "__main__":
    print_primes_threaded(range(10**12, 10**12 + 64))
    print(primes_parallel(range(10**12, 10**12 + 64)))
