# fails: lock_released_on_error
# Only a ValueError gives the lock back; a print raises an OSError where the output is full or closed.
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
        print()
    except ValueError:
        lock.release()
        raise
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
