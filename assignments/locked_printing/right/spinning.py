# right, wasteful: tries to take the lock without waiting, again and again, and lets others go on in between
import threading
import time

LOCK = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    while not LOCK.acquire(blocking=False):
        time.sleep(0)
    try:
        print_multiple(text, n)
    finally:
        LOCK.release()


def print_all(texts, n: int, locked: bool = True) -> None:
    threads = [threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(t, n)) for t in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
