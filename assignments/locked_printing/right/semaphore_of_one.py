# right: a Semaphore(1) is a lock; the line break comes after the lock is given back
from threading import Semaphore, Thread

one = Semaphore(1)


def print_multiple(text: str, n: int) -> None:
    while n > 0:
        print(text, end="")
        n -= 1
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with one:
        while n > 0:
            print(text, end="")
            n -= 1
    print()


def print_all(texts, n: int, locked: bool = True) -> None:
    target = {True: print_multiple_locked, False: print_multiple}[bool(locked)]
    threads = list(map(lambda text: Thread(target=target, args=(text, n)), texts))
    for t in threads:
        t.start()
    while threads:
        threads.pop().join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
