# fails: all_threads_joined
# The join stands after the loop: only the last thread is waited for.
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
    for text in texts:
        t = threading.Thread(target=print_multiple_locked if locked else print_multiple, args=(text, n))
        t.start()
    if texts:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
