# fails: every_text_n_times, one_lock, no_deadlock
# The list of threads is a mutable default: a second call starts those of the first one again.

import threading

lock = threading.Lock()


def print_multiple(text, n):
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text, n):
    with lock:
        print_multiple(text, n)


def print_all(texts, n, locked=True, threads=[]):
    for t in texts:
        threads.append(threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(t, n)))
    for t in threads:
        t.start()
    for t in threads:
        t.join()
