# fails: every_text_n_times
# The lambda looks `text` up when the thread runs, after the loop: all threads print the last text.
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
    threads = []
    for text in texts:
        threads.append(threading.Thread(target=lambda: target(text, n)))
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
