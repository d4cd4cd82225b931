# fails: threaded_whole_lines
# Each thread puts its line into one global variable and prints what is there then.
import math
from multiprocessing import Pool
from threading import Thread

line = ""


def is_prime(n):
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


def print_is_prime(n):
    global line
    prime = is_prime(n)
    line = f"{n} is {'' if prime else 'not '}prime\n"
    print(line, end="")


def print_primes_threaded(numbers):
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with Pool(processes) as pool:
        flags = pool.map(is_prime, numbers, chunksize=1)
    return [n for n, f in zip(numbers, flags) if f]

