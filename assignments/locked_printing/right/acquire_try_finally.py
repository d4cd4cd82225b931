# right: acquire and release by hand, in try/finally; no separator and no line break at all
from threading import Lock, Thread

lock = Lock()


def print_multiple(text, n):
    for i in range(n):
        print(text, end="")


def print_multiple_locked(text, n):
    lock.acquire()
    try:
        for i in range(n):
            print(text, end="")
    finally:
        lock.release()


def print_all(texts, n, locked=True):
    threads = []
    for text in texts:
        if locked:
            t = Thread(target=print_multiple_locked, args=(text, n))
        else:
            t = Thread(target=print_multiple, args=(text, n))
        threads.append(t)
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
