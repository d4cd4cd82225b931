# fails: one_lock
# A flag of one's own, asked and set in two steps.

import threading, time

busy = False


def print_multiple(text, n):
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text, n):
    global busy
    while busy:
        time.sleep(0.001)
    busy = True
    try:
        print_multiple(text, n)
    finally:
        busy = False


def print_all(texts, n, locked=True):
    threads = [threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(t, n)) for t in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
