# fails: every_text_n_times
# texts.copy() exists for lists only: a tuple or a str is refused.
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
    waiting = texts.copy()
    threads = []
    while waiting:
        threads.append(threading.Thread(target=target, args=(waiting.pop(0), n)))
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
