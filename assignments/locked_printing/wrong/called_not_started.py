# fails: threads_overlap, unlocked_texts_mix
# target=print_multiple(text, n) calls the function at once, in the main thread; the threads get nothing to do.
import threading

lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with lock:
        for _ in range(n):
            print(text, end=" ")
        print()


def print_all(texts, n: int, locked: bool = True) -> None:
    threads = []
    for text in texts:
        if locked:
            threads.append(threading.Thread(target=print_multiple_locked(text, n)))
        else:
            threads.append(threading.Thread(target=print_multiple(text, n)))
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
