"""A managed dict that the children write to, each distinct number tested once; a condition counts running threads."""

import math
from multiprocessing import Manager, Process
from threading import Condition, Thread

free = Condition()


def is_prime(n: int) -> bool:
    if n < 2 or (n > 2 and not n & 1):
        return False
    return not any(n % d == 0 for d in range(3, math.isqrt(n) + 1, 2))


def print_is_prime(n: int) -> None:
    text = f"{n} is prime" if is_prime(n) else f"{n} is not prime"
    with free:
        print(text)


def print_primes_threaded(numbers) -> None:
    running = 0

    def work(n: int) -> None:
        nonlocal running
        print_is_prime(n)
        with free:
            running -= 1
            free.notify_all()

    threads = [Thread(target=work, args=[n]) for n in numbers]
    for thread in threads:
        with free:
            running += 1
        thread.start()
    with free:
        free.wait_for(lambda: running == 0)
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers) -> list[int]:
    result: list[int] = []
    result.extend(n for n in numbers if is_prime(n))
    return result


def judge(verdicts, numbers) -> None:
    for n in numbers:
        verdicts[n] = is_prime(n)


def primes_parallel(numbers, processes: int = 4) -> list[int]:
    numbers = list(numbers)
    # Equal numbers need one answer only.
    distinct = sorted(set(numbers))
    share = -(-len(distinct) // processes)
    with Manager() as manager:
        verdicts = manager.dict()
        children = [
            Process(target=judge, args=(verdicts, distinct[i * share : (i + 1) * share])) for i in range(processes)
        ]
        for child in children:
            child.start()
        for child in children:
            child.join()
        known = dict(verdicts)
    return [n for n in numbers if known[n]]
