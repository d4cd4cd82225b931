"""Several threads print at the same time. A lock keeps what belongs together together."""

import threading
from collections.abc import Sequence

# BEGIN SOLUTION
print_lock = threading.Lock()  # made once, when the module is imported: the one lock of the whole program
# END SOLUTION


def print_multiple(text: str, n: int) -> None:
    """Print `text` n times on one line, with one print call for each copy. Use no lock."""
    # BEGIN SOLUTION
    for _ in range(n):
        print(text, end=" ")
    print()
    # END SOLUTION


def print_multiple_locked(text: str, n: int) -> None:
    """Do the same, under the program's one lock: no other thread prints its text in between."""
    # BEGIN SOLUTION
    with print_lock:  # given back at the end of the block, whatever happens inside
        print_multiple(text, n)
    # END SOLUTION


def print_all(texts: Sequence[str], n: int, locked: bool = True) -> None:
    """Print each of the texts n times, each text in a thread of its own, with the lock or without it.

    All the threads run at the same time. Return when all of them have ended.
    """
    # BEGIN SOLUTION
    function = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=function, args=(text, n)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # END SOLUTION


if __name__ == "__main__":
    print("without the lock:")
    print_all(["tick", "tock"], 10, locked=False)
    print("with the lock:")
    print_all(["tick", "tock"], 10)
