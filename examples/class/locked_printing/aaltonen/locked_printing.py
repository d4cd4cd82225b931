# Assignment 2, locks
# Aino Aaltonen
import threading
from collections.abc import Sequence

output = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for i in range(n):
        print(text, end="")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with output:
        print_multiple(text, n)


def print_all(texts: Sequence[str], n: int, locked: bool = True) -> None:
    target = print_multiple_locked if locked else print_multiple
    threads = []
    for text in texts:
        thread = threading.Thread(target=target, args=(text, n))
        threads.append(thread)
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    print_all(["a", "b", "c"], 20, locked=False)
    print_all(["a", "b", "c"], 20)
