# fails: lock_released_on_error
# On an error the lock is released in the except block and again at the end of the with block: the second time it may
# be the lock of the thread that has taken it in between.
import threading

print_lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with print_lock:
        try:
            print_multiple(text, n)
        except OSError:
            print_lock.release()
            raise


def print_all(texts, n: int, locked: bool = True) -> None:
    target = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=target, args=(text, n)) for text in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
