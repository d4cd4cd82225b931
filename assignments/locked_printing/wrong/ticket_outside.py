# fails: locked_texts_stay_together
# The ticket is drawn outside of the condition: two threads can draw the same one.
import threading
from threading import Condition, Lock, Thread


def print_multiple(text, n):
    for _ in range(n):
        print(text, end="")
    print()


condition = Condition()
next_ticket = 0
serving = 0


def print_multiple_locked(text, n):
    global next_ticket, serving
    mine = next_ticket
    next_ticket += 1
    with condition:
        condition.wait_for(lambda: serving >= mine)
    try:
        print_multiple(text, n)
    finally:
        with condition:
            serving += 1
            condition.notify_all()


def print_all(texts, n, locked=True):
    f = print_multiple_locked if locked else print_multiple
    threads = [Thread(target=f, args=(t, n)) for t in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()

