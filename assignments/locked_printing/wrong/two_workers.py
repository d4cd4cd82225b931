# fails: threads_overlap
# An executor with two workers, however many texts there are: not a thread for each text.
import threading
from concurrent.futures import ThreadPoolExecutor

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
    with ThreadPoolExecutor(max_workers=2) as executor:
        for text in texts:
            executor.submit(target, text, n)


if __name__ == "__main__":
    print_all(["a", "b"], 20)
