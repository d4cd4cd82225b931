# right: a subclass of Thread; an RLock that is a class attribute; separators and one line break
import threading


class Printer(threading.Thread):
    LOCK = threading.RLock()

    def __init__(self, text, n, locked):
        threading.Thread.__init__(self)
        self.text, self.n, self.locked = text, n, locked

    def run(self):
        if self.locked:
            print_multiple_locked(self.text, self.n)
        else:
            print_multiple(self.text, self.n)


def print_multiple(text: str, n: int) -> None:
    for i in range(n):
        print(text, end=", " if i < n - 1 else "\n")


def print_multiple_locked(text: str, n: int) -> None:
    with Printer.LOCK:
        with Printer.LOCK:  # the same thread may take an RLock twice
            print_multiple(text, n)


def print_all(texts, n: int, locked: bool = True) -> None:
    printers = [Printer(text, n, locked) for text in texts]
    for printer in printers:
        printer.start()
    for printer in printers:
        printer.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
