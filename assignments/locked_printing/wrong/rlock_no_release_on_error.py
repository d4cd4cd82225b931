# fails: lock_released_on_error
# Not released on an error. With an RLock the same thread does not notice, but all others wait for ever.
import threading

lock = threading.RLock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    lock.acquire()
    for _ in range(n):
        print(text, end=" ")
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
