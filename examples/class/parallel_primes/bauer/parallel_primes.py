from math import sqrt
from multiprocessing import Pool
from threading import Thread


def is_prime(n):
    if n < 2:
        return False
    for i in range(2, int(sqrt(n))):
        if n % i == 0:
            return False
    return True


def print_is_prime(n):
    if is_prime(n):
        print(n, "is prime")
    else:
        print(n, "is not prime")


def print_primes_threaded(numbers):
    threads = [Thread(target=print_is_prime, args=(n,)) for n in numbers]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("all threads finished")


def primes_sequential(numbers):
    primes = []
    for n in numbers:
        if is_prime(n):
            primes.append(n)
    return primes


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with Pool(processes) as pool:
        result = pool.map(is_prime, numbers)
    return [numbers[i] for i in range(len(numbers)) if result[i]]


if __name__ == "__main__":
    print_primes_threaded([1000000000039, 1000000000040])
