# fails: threaded_not_faster, threaded_one_thread_a_number
# Processes where threads were asked for.

import multiprocessing


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
    children = [multiprocessing.Process(target=print_is_prime, args=(n,)) for n in numbers]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print("all threads finished")


def primes_sequential(numbers):
    return [n for n in numbers if is_prime(n)]


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    with multiprocessing.Pool(processes) as pool:
        result = pool.map(is_prime, numbers)
    return [n for n, prime in zip(numbers, result) if prime]
