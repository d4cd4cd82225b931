# right, clumsy: acquire with a time limit, again and again until the lock is had; a class around everything
import sys
import threading


class LockedPrinter:
    lock = threading.BoundedSemaphore(value=1)

    @classmethod
    def locked(cls, text, n):
        while not cls.lock.acquire(timeout=0.05):
            pass
        try:
            cls.unlocked(text, n)
        finally:
            cls.lock.release()

    @staticmethod
    def unlocked(text, n):
        for number in range(1, n + 1):
            print(text, sep="", end="", file=sys.stdout)
            if number == n:
                print()


def print_multiple(text: str, n: int) -> None:
    LockedPrinter.unlocked(text, n)


def print_multiple_locked(text: str, n: int) -> None:
    LockedPrinter.locked(text, n)


def print_all(texts, n: int, locked: bool = True) -> None:
    what = LockedPrinter.locked if locked else LockedPrinter.unlocked
    threads = [threading.Thread(target=what, kwargs={"text": text, "n": n}) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(timeout=0.5)


if __name__ == "__main__":
    print_all(["a", "b"], 20)
