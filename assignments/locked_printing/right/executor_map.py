# right: executor.map with the workers that Python gives by itself; the lock is a default argument
import concurrent.futures
import functools
import threading


def print_multiple(text, n):
    for _ in range(n):
        print(f"{text} ", end="")


def print_multiple_locked(text, n, lock=threading.Lock()):
    with lock:
        print_multiple(text, n)
        print()


def print_all(texts, n, locked=True):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        pool.map(functools.partial(print_multiple_locked if locked else print_multiple, n=n), texts)


if __name__ == "__main__":
    print_all(["a", "b"], 20)
