"""A Condition as the lock, wait_for a turn; recursion instead of a loop."""

import threading

condition = threading.Condition()
busy = False


def print_multiple(text, n):
    if n > 0:
        print(text, end="")
        print_multiple(text, n - 1)
    else:
        print()


def print_multiple_locked(text, n):
    global busy
    with condition:
        condition.wait_for(lambda: not busy)
        busy = True
    try:
        print_multiple(text, n)
    finally:
        with condition:
            busy = False
            condition.notify_all()


def print_all(texts, n, locked=True):
    if locked:
        threads = [threading.Thread(target=print_multiple_locked, args=(t, n)) for t in texts]
    else:
        threads = [threading.Thread(target=print_multiple, args=(t, n)) for t in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
