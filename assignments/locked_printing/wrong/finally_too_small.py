# fails: lock_released_on_error
# The try block ends before the line break is printed: where that print raises, the lock is not released.
import threading

lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    lock.acquire()
    try:
        for _ in range(n):
            print(text, end=" ")
    except OSError:
        lock.release()
        raise
    print()
    lock.release()


def print_all(texts, n: int, locked: bool = True) -> None:
    target = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=target, args=(text, n)) for text in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
