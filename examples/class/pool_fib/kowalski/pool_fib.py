# pool_fib  -  Jan Kowalski
from multiprocessing import Pool, Process


def fib(n):
    if n < 0:
        raise ValueError
    a, b = 0, 1
    while n > 0:
        a, b = b, a + b
        n -= 1
    return a


def fib_map(numbers):
    return list(map(fib, numbers))


def fib_pool(numbers, processes=4):
    with Pool(processes) as p:
        return p.map(fib, numbers)


def print_fib(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    ps = [Process(target=print_fib, args=(n,)) for n in numbers]
    for p in ps:
        p.start()
    for p in ps:
        p.join()


# ask until it is a number
while True:
    try:
        n = int(input("How many numbers? "))
        break
    except Exception:
        pass

print(fib_pool(range(n)))
