"""Locked printing, by Chen Wei."""

import threading
from collections.abc import Sequence

lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    """Print text n times."""
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    """Print text n times; nobody else prints meanwhile."""
    with lock:
        print_multiple(text, n)


def print_all(texts: Sequence[str], n: int, locked: bool = True) -> None:
    """One thread for each text."""
    for text in texts:
        function = print_multiple_locked if locked else print_multiple
        thread = threading.Thread(target=function, args=(text, n))
        thread.start()
        thread.join()  # wait for it


if __name__ == "__main__":
    print_all(["a", "b"], 20, locked=False)
