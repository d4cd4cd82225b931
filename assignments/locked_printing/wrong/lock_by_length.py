# fails: one_lock
# A lock for each length of text: two texts of the same length share one, others do not.

import threading
from collections import defaultdict

locks = defaultdict(threading.Lock)


def print_multiple(text, n):
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text, n):
    with locks[len(text)]:
        print_multiple(text, n)


def print_all(texts, n, locked=True):
    threads = [threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(t, n)) for t in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
