# fails: locked_texts_stay_together
# A flag is looked at under the lock and set after it: two threads find it free.
import threading
from threading import Condition, Lock, Thread


def print_multiple(text, n):
    for _ in range(n):
        print(text, end="")
    print()


lock = Lock()
busy = False


def print_multiple_locked(text, n):
    global busy
    while True:
        with lock:
            free = not busy
        if free:
            break
    busy = True
    try:
        print_multiple(text, n)
    finally:
        busy = False


def print_all(texts, n, locked=True):
    f = print_multiple_locked if locked else print_multiple
    threads = [Thread(target=f, args=(t, n)) for t in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()

