# fails: locked_texts_stay_together, lock_released_on_error
# A hand-made lock out of a Condition: who has waited does not look again, and somebody else may have come first.

import threading
from collections.abc import Sequence

print_lock = threading.Lock()  # made once, when the module is imported: the one lock of the whole program


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_all(texts: Sequence[str], n: int, locked: bool = True) -> None:
    function = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=function, args=(text, n)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


cond = threading.Condition()
busy = False


def print_multiple_locked(text, n):
    global busy
    with cond:
        if busy:
            cond.wait()
        busy = True
    print_multiple(text, n)
    with cond:
        busy = False
        cond.notify()


if __name__ == "__main__":
    print("without the lock:")
    print_all(["tick", "tock"], 10, locked=False)
    print("with the lock:")
    print_all(["tick", "tock"], 10)
