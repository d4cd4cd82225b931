# fails: parallel_faster
# Each child is joined before the next one is started.

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


def work(part, connection):
    connection.send(primes_sequential(part))


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    result = []
    size = -(-len(numbers) // processes)
    for i in range(processes):
        receiver, sender = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.Process(target=work, args=(numbers[i * size : (i + 1) * size], sender))
        child.start()
        result.extend(receiver.recv())
        child.join()
    return result
