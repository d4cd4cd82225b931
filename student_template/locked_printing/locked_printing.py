"""Several threads print at the same time. A lock keeps what belongs together together."""

import threading
from collections.abc import Sequence

# Write your code here.


def print_multiple(text: str, n: int) -> None:
    """Print `text` n times on one line, with one print call for each copy. Use no lock."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def print_multiple_locked(text: str, n: int) -> None:
    """Do the same, under the program's one lock: no other thread prints its text in between."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def print_all(texts: Sequence[str], n: int, locked: bool = True) -> None:
    """Print each of the texts n times, each text in a thread of its own, with the lock or without it.

    All the threads run at the same time. Return when all of them have ended.
    """
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


if __name__ == "__main__":
    print("without the lock:")
    print_all(["tick", "tock"], 10, locked=False)
    print("with the lock:")
    print_all(["tick", "tock"], 10)
