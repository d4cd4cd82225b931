# fails: every_text_n_times
# An executor needs at least one worker: without a text there is none.
from concurrent.futures import ThreadPoolExecutor
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
    with ThreadPoolExecutor(max_workers=len(texts)) as executor:
        for text in texts:
            executor.submit(print_multiple_locked if locked else print_multiple, text, n)


if __name__ == "__main__":
    print_all(["a", "b"], 20)
