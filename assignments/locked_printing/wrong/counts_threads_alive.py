# fails: all_threads_joined
# Waits until no thread is alive by looking at active_count, which others count in, too: one less than there are.

import threading, time

lock = threading.Lock()


def print_multiple(text, n):
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text, n):
    with lock:
        print_multiple(text, n)


def print_all(texts, n, locked=True):
    for t in texts:
        threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(t, n)).start()
    while threading.active_count() > 2:
        time.sleep(0.01)
