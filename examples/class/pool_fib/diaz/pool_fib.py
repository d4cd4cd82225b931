"""Pool - M. Diaz"""
import multiprocessing


def fib(n):
    if n < 0:
        raise ValueError("negative")
    a = 0
    b = 1
    for i in range(n):
        a, b = b, a + b
    return a


def fib_map(numbers):
    return list(map(fib, numbers))


def fib_pool(numbers, processes=4):
    results = []
    with multiprocessing.Pool(processes=processes) as pool:
        # imap_unordered is the fastest one according to the internet
        for result in pool.imap_unordered(fib, numbers):
            results.append(result)
    return results


def show(n):
    print("fib({}) = {}\n".format(n, fib(n)), end="")


def print_fibs(numbers):
    jobs = [multiprocessing.Process(target=show, args=(n,)) for n in numbers]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()


if __name__ == '__main__':
    print(fib_pool([5, 1, 8]))
