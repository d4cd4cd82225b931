from threading import Thread, Lock


def print_multiple(text, n):
    for _ in range(n):
        print(text, end="")
    print("")


def print_multiple_locked(text, n):
    lock = Lock()
    lock.acquire()
    try:
        print_multiple(text, n)
    finally:
        lock.release()


def print_all(texts, n, locked=True):
    threads = []
    for text in texts:
        if locked:
            threads.append(Thread(target=print_multiple_locked, args=(text, n)))
        else:
            threads.append(Thread(target=print_multiple, args=(text, n)))
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    # works every time I tried it
    print_all(["hello ", "world "], 20)
