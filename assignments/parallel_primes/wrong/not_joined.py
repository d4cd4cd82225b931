# fails: parallel_joined
# The results are there, but the children are not waited for: one may still be alive.

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


def work(i, part, connection):
    connection.send([is_prime(n) for n in part])
    connection.close()


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    verdicts = [False] * len(numbers)
    receivers = []
    for i in range(processes):
        receiver, sender = multiprocessing.Pipe(duplex=False)
        multiprocessing.Process(target=work, args=(i, numbers[i::processes], sender)).start()
        receivers.append(receiver)
    for i, receiver in enumerate(receivers):
        verdicts[i::processes] = receiver.recv()
    return [n for n, prime in zip(numbers, verdicts) if prime]
