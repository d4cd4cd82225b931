# fails: locked_texts_stay_together
# Takes the lock if it is free, and prints in any case.

import threading

lock = threading.Lock()


def print_multiple(text, n):
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text, n):
    got = lock.acquire(blocking=False)
    try:
        print_multiple(text, n)
    finally:
        if got:
            lock.release()


def print_all(texts, n, locked=True):
    threads = [threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(t, n)) for t in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
