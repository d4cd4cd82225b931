"""concurrent.futures for both: as many threads as numbers, all started before the first is waited for."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from math import isqrt
from sys import stdout
from threading import Barrier


def is_prime(n: int) -> bool:
    return n > 1 and all(n % d for d in range(2, isqrt(n) + 1))


def print_is_prime(n: int) -> None:
    stdout.write(f"{n} is {'' if is_prime(n) else 'not '}prime\n")


def print_primes_threaded(numbers) -> None:
    numbers = tuple(numbers)
    if numbers:
        together = Barrier(len(numbers))

        def show(n):
            together.wait()
            print_is_prime(n)

        with ThreadPoolExecutor(max_workers=len(numbers)) as executor:
            for future in [executor.submit(show, n) for n in numbers]:
                future.result()
    print("all threads finished")


def primes_sequential(numbers) -> list[int]:
    return list(filter(is_prime, numbers))


def primes_parallel(numbers, processes: int = 4) -> list[int]:
    numbers = list(numbers)
    verdicts = [False] * len(numbers)
    with ProcessPoolExecutor(max_workers=processes) as executor:
        places = {executor.submit(is_prime, n): place for place, n in enumerate(numbers)}
        for future in as_completed(places):
            verdicts[places[future]] = future.result()
    return [n for place, n in enumerate(numbers) if verdicts[place]]
