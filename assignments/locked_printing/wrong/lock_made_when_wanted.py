# fails: one_lock
# The lock is made when a thread first wants it: two threads that look for it at the same time make two.
import threading

print_lock = None


def the_lock() -> threading.Lock:
    global print_lock
    if print_lock is None:
        print_lock = threading.Lock()
    return print_lock


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with the_lock():
        print_multiple(text, n)


def print_all(texts: list[str], n: int, locked: bool = True) -> None:
    target = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=target, args=(text, n)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
