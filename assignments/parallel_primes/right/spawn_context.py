"""A pool in the spawn context with apply_async, and threads that pass the turn to print from one to the next."""

from multiprocessing import get_context
from threading import Event, Thread


def smallest_divisor(n: int) -> int:
    for d in (2, 3, 5):
        if n % d == 0:
            return d
    d, step = 7, 4
    while d * d <= n:
        if n % d == 0:
            return d
        d, step = d + step, 6 - step
    return n


def is_prime(n: int) -> bool:
    return n >= 2 and smallest_divisor(n) == n


def print_is_prime(n: int) -> None:
    print(f"{n} is{'' if is_prime(n) else ' not'} prime")


def print_primes_threaded(numbers) -> None:
    def take_turn(n: int, before: Event | None, after: Event) -> None:
        if before is not None:
            before.wait()
        print_is_prime(n)
        after.set()

    threads: list[Thread] = []
    before = None
    for n in numbers:
        after = Event()
        threads.append(Thread(target=take_turn, args=(n, before, after)))
        before = after
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers) -> list[int]:
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers, processes: int = 4) -> list[int]:
    with get_context("spawn").Pool(processes) as pool:
        jobs = [(n, pool.apply_async(is_prime, [n])) for n in numbers]
        found = [n for n, job in jobs if job.get()]
        pool.close()
        pool.join()
    return found


if __name__ == "__main__":
    print(primes_parallel(range(50)))
