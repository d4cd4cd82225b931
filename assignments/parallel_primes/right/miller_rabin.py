"""A much faster test than trial division; threads that only work, main prints; a pool with imap, closed and joined."""

import multiprocessing as mp
import threading


def is_prime(n: int) -> bool:
    witnesses = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
    if n < 2:
        return False
    for p in witnesses:
        if n % p == 0:
            return n == p
    d, s = n - 1, 0
    while d % 2 == 0:
        d //= 2
        s += 1
    for a in witnesses:
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def sentence(n: int) -> str:
    return f"{n} is prime" if is_prime(n) else f"{n} is not prime"


def print_is_prime(n: int) -> None:
    print(sentence(n))


def print_primes_threaded(numbers) -> None:
    # No lock is needed: the threads fill in their own place, and the main thread alone prints.
    numbers = list(numbers)
    sentences = [""] * len(numbers)

    def work(place: int) -> None:
        sentences[place] = sentence(numbers[place])

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(numbers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for text in sentences:
        print(text)
    print("all threads finished")


def primes_sequential(numbers) -> list[int]:
    return [n for n in numbers if is_prime(n)]


def pair(n: int) -> tuple[int, bool]:
    return n, is_prime(n)


def primes_parallel(numbers, processes: int = 4) -> list[int]:
    pool = mp.Pool(processes=processes)
    try:
        result = [n for n, prime in pool.imap(pair, numbers, chunksize=2) if prime]
    finally:
        pool.close()
        pool.join()
    return result
