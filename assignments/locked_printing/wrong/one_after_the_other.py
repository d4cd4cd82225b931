# fails: threads_overlap, unlocked_texts_mix
# Each thread is joined before the next one starts: no two of them are ever alive together.
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
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
