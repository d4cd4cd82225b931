# right: a decorator takes the lock; an Event opens the gate for all threads; daemon threads, all joined
import threading
from functools import wraps


def synchronized(function):
    lock = threading.Lock()

    @wraps(function)
    def wrapper(*args, **kwargs):
        with lock:
            return function(*args, **kwargs)

    return wrapper


def print_multiple(text: str, n: int) -> None:
    for _ in [None] * n:
        print(text, "", end="")
    print("")


print_multiple_locked = synchronized(print_multiple)


def print_all(texts, n: int, locked: bool = True) -> None:
    gate = threading.Event()

    def run(text):
        gate.wait()
        (print_multiple_locked if locked else print_multiple)(text, n)

    threads = []
    for text in texts:
        thread = threading.Thread(target=run, args=(text,), daemon=True)
        thread.start()
        threads.append(thread)
    gate.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
