# fails: example_output, every_text_n_times, locked_texts_stay_together
# Everything goes to standard error instead of standard output.
import sys
import threading

lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ", file=sys.stderr)
    print(file=sys.stderr)


def print_multiple_locked(text: str, n: int) -> None:
    with lock:
        print_multiple(text, n)


def print_all(texts, n: int, locked: bool = True) -> None:
    target = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=target, args=(text, n)) for text in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
