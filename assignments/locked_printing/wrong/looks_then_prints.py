# fails: example_blocks, locked_texts_stay_together
# acquire(blocking=False) does not wait: a thread that finds the lock taken prints all the same.
import threading

lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    had = lock.acquire(blocking=False)
    for _ in range(n):
        print(text, end=" ")
    print()
    if had:
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
