# fails: lock_released_on_error
# The exception is caught, but the release is skipped by the return.

import threading

lock = threading.Lock()


def print_multiple(text, n):
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text, n):
    try:
        lock.acquire()
        print_multiple(text, n)
        lock.release()
    except OSError:
        return


def print_all(texts, n, locked=True):
    threads = [threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(t, n)) for t in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
