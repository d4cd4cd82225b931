# fails: parallel_joined
# close() only tells the pool that there is no more to do; its workers are still about to end.

import math
from multiprocessing import Pool
from threading import Thread


def is_prime(n):
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    for divisor in range(3, math.isqrt(n) + 1, 2):
        if n % divisor == 0:
            return False
    return True


def print_is_prime(n):
    verdict = "is prime" if is_prime(n) else "is not prime"
    print(f"{n} {verdict}\n", end="")


def print_primes_threaded(numbers):
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("all threads finished")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    pool = Pool(processes)
    results = [pool.apply_async(is_prime, (n,)) for n in numbers]
    verdicts = [result.get() for result in results]
    pool.close()
    return [n for n, prime in zip(numbers, verdicts) if prime]


if __name__ == "__main__":
    print(primes_parallel(range(100)))
