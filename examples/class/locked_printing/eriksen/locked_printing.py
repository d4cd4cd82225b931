# locked_printing.py
import threading

print_lock = threading.RLock()


class Printer(threading.Thread):
    def __init__(self, function, text, n):
        threading.Thread.__init__(self)
        self.function = function
        self.text = text
        self.n = n

    def run(self):
        self.function(self.text, self.n)


def print_multiple(text, n):
    i = 0
    while i < n:
        print(text, end='')
        i += 1
    print()


def print_multiple_locked(text, n):
    print_lock.acquire()
    try:
        print_multiple(text, n)
    finally:
        # also if print fails, or the others wait forever
        print_lock.release()


def print_all(texts, n, locked=True):
    printers = [Printer(print_multiple_locked if locked else print_multiple, t, n) for t in texts]
    [p.start() for p in printers]
    [p.join() for p in printers]


if __name__ == '__main__':
    print_all('xyz', 30)
