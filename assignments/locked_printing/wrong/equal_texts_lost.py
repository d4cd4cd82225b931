# fails: every_text_n_times
# The threads are kept in a dict by their text: of two equal texts only one is printed.
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
    target = print_multiple_locked if locked else print_multiple
    threads = {text: threading.Thread(target=target, args=(text, n)) for text in texts}
    for t in threads.values():
        t.start()
    for t in threads.values():
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
