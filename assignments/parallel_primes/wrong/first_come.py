# fails: parallel_order
# imap_unordered gives the results as they come: the order of the numbers is lost.

import multiprocessing
import threading


def is_prime(n):
    if n < 2:
        return False
    d = 2
    while d * d <= n:
        if n % d == 0:
            return False
        d += 1
    return True


def print_is_prime(n):
    if is_prime(n):
        print(f"{n} is prime\n", end="")
    else:
        print(f"{n} is not prime\n", end="")


def print_primes_threaded(numbers):
    threads = [threading.Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def check(n):
    return n, is_prime(n)


def primes_parallel(numbers, processes=4):
    with multiprocessing.Pool(processes) as pool:
        return [n for n, prime in pool.imap_unordered(check, numbers) if prime]


if __name__ == "__main__":
    print_primes_threaded(range(20))
    print(primes_parallel(range(100)))
