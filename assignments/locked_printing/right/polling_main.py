# right, clumsy: main looks every now and then whether a thread is still alive; recursion instead of a loop
import threading
import time

the_lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    if n <= 0:
        print()
        return
    print(text, end=" ")
    print_multiple(text, n - 1)


def print_multiple_locked(text: str, n: int) -> None:
    the_lock.acquire()
    try:
        print_multiple(text, n)
    except BaseException:
        the_lock.release()
        raise
    the_lock.release()


def print_all(texts, n: int, locked: bool = True) -> None:
    threads = []
    for i in range(len(texts)):
        thread = threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(texts[i], n))
        threads.append(thread)
    for i in range(len(threads)):
        threads[i].start()
    while True in [thread.is_alive() for thread in threads]:
        time.sleep(0.01)


if __name__ == "__main__":
    print_all(["a", "b"], 20)
