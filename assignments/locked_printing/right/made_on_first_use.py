# right: the lock is made on the first use, but always in the thread that calls, before any other thread can ask
import threading

_lock = None


def _get_lock():
    global _lock
    if _lock is None:
        _lock = threading.Lock()
    return _lock


def print_multiple(text: str, n: int) -> None:
    line_end = ""
    for _ in range(n):
        print(line_end, text, sep="", end="")
        line_end = " "
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with _get_lock():
        print_multiple(text, n)


def print_all(texts, n: int, locked: bool = True) -> None:
    _get_lock()
    threads = tuple(
        threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(text, n)) for text in texts
    )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
