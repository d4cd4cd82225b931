# right: one function for both, with the lock or a nullcontext as what it enters

import threading
from collections.abc import Sequence
from contextlib import nullcontext

print_lock = threading.Lock()  # made once, when the module is imported: the one lock of the whole program


def print_all(texts: Sequence[str], n: int, locked: bool = True) -> None:
    function = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=function, args=(text, n)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _print(text, n, guard):
    with guard:
        i = 0
        while i < n:
            print(text, end="", flush=True)
            i += 1
        print(flush=True)


def print_multiple(text, n):
    _print(text, n, nullcontext())


def print_multiple_locked(text, n):
    _print(text, n, print_lock)


if __name__ == "__main__":
    print("without the lock:")
    print_all(["tick", "tock"], 10, locked=False)
    print("with the lock:")
    print_all(["tick", "tock"], 10)
