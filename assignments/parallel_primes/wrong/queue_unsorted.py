# fails: parallel_order
# The parts are taken from the queue as they come, and stay in that order.

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


def work(part, queue):
    queue.put([n for n in part if is_prime(n)])


def primes_parallel(numbers, processes=4):
    numbers = list(numbers)
    size = -(-len(numbers) // processes)
    queue = multiprocessing.Queue()
    children = []
    for i in range(processes):
        part = numbers[i * size : (i + 1) * size]
        child = multiprocessing.Process(target=work, args=(part, queue))
        child.start()
        children.append(child)
    result = []
    for _ in children:
        result += queue.get()
    for child in children:
        child.join()
    return result
