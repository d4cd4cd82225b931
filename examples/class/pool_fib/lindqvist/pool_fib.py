from multiprocessing import Pool, Process


def fib(n: int) -> int:
    """Fibonacci, exactly like the definition in the lecture"""
    if n < 0:
        raise ValueError("n < 0")
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def fib_map(numbers):
    return [*map(fib, numbers)]


def fib_pool(numbers, processes: int = 4):
    with Pool(processes) as pool:
        return pool.map(fib, numbers)


def _print_fib(n):
    print(f"fib({n}) = {fib(n)}\n", end="")


def print_fibs(numbers):
    # one process a number
    children = [Process(target=_print_fib, args=(number,)) for number in numbers]
    for child in children:
        child.start()
        child.join()


if __name__ == "__main__":
    print_fibs(range(30))
