# fails: locked_texts_stay_together
# A flag is looked at and set without a lock around both: two threads find it free.
from threading import Lock, Thread

lock = Lock()
busy = False


def print_multiple(text, n):
    for _ in range(n):
        print(text, end="")
    print()


def print_multiple_locked(text, n):
    global busy
    while True:
        if not busy:
            with lock:
                taken = not busy
            if taken:
                busy = True
                break
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
