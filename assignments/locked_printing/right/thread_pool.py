# right: multiprocessing's ThreadPool with a worker for each text, closed and joined; the lock is a function attribute
import threading
from multiprocessing.pool import ThreadPool


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end="")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with print_multiple_locked.lock:
        print_multiple(text, n)


print_multiple_locked.lock = threading.Lock()


def print_all(texts, n: int, locked: bool = True) -> None:
    pool = ThreadPool(max(1, len(texts)))
    try:
        pool.starmap(print_multiple_locked if locked else print_multiple, [(text, n) for text in texts], chunksize=1)
    finally:
        pool.close()
        pool.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
