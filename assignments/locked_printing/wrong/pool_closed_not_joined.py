# fails: all_threads_joined
# close() only tells the pool that there is no more to do; a sleep is no waiting for its threads to end.
import threading
import time
from multiprocessing.pool import ThreadPool

lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with lock:
        print_multiple(text, n)


def print_all(texts, n: int, locked: bool = True) -> None:
    pool = ThreadPool(len(texts) + 1)
    function = print_multiple_locked if locked else print_multiple
    results = [pool.apply_async(function, (text, n)) for text in texts]
    for result in results:
        result.get()
    pool.close()
    time.sleep(0.01)


if __name__ == "__main__":
    print_all(["a", "b"], 20)
