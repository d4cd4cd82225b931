# fails: parallel_workers, parallel_faster
# One child process does all the work, one number after another.

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


def send_primes(numbers, connection):
    connection.send(primes_sequential(numbers))
    connection.close()


def primes_parallel(numbers, processes=4):
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=send_primes, args=(list(numbers), sender))
    child.start()
    result = receiver.recv()
    child.join()
    return result
