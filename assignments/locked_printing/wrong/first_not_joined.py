# fails: all_threads_joined
# The loop that joins begins with the second thread. Mostly the first one has ended by then: it was first.
import threading

lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with lock:
        print_multiple(text, n)


def print_all(texts, n: int, locked: bool = True) -> None:
    threads = []
    for text in texts:
        threads.append(threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(text, n)))
    for thread in threads:
        thread.start()
    for i in range(1, len(threads)):
        threads[i].join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
