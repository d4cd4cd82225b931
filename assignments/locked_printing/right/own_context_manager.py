"""A singleton class holds the lock; a contextmanager takes it; logging to stderr."""

import logging
import threading
from contextlib import contextmanager

logger = logging.getLogger("printing")


class Printer:
    _lock = threading.Lock()

    @classmethod
    @contextmanager
    def exclusive(cls):
        cls._lock.acquire()
        try:
            yield
        finally:
            cls._lock.release()


def print_multiple(text: str, n: int) -> None:
    for i in range(n):
        print(text, end="")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with Printer.exclusive():
        logger.warning("%s has the lock", threading.current_thread().name)
        print_multiple(text, n)


def print_all(texts, n, locked=True):
    target = print_multiple_locked if locked else print_multiple
    threads = []
    for index, text in enumerate(texts):
        thread = threading.Thread(name=f"printer-{index}", target=target, args=(text, n))
        threads.append(thread)
        thread.start()
    while threads:
        threads.pop().join()
