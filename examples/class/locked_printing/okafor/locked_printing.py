import threading
from typing import Sequence

LOCK = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=", ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    LOCK.acquire()
    print_multiple(text, n)
    LOCK.release()


def print_all(texts: Sequence[str], n: int, locked: bool = True) -> None:
    if locked:
        what = print_multiple_locked
    else:
        what = print_multiple
    ts = [threading.Thread(target=what, args=[text, n], name=text) for text in texts]
    for t in ts: t.start()
    for t in ts: t.join()


if __name__ == "__main__":
    print_all(("spam", "eggs"), 10)
