import threading
from multiprocessing import Pool


def is_prime(n):
    if n < 2:
        return False
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return True


def print_is_prime(n):
    if is_prime(n)
        print(f"{n} is prime")
    else:
        print(f"{n} is not prime")


def print_primes_threaded(numbers):
    threads = [threading.Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with Pool(processes) as p:
        return [n for n, prime in zip(numbers, p.map(is_prime, numbers)) if prime]
