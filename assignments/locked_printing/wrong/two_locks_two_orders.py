# fails: no_deadlock, one_lock
# Two locks, taken in different orders by different threads: each can hold what the other one needs.
import threading

first = threading.Lock()
second = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    one, other = (first, second) if len(text) % 2 == 0 else (second, first)
    with one:
        with other:
            for _ in range(n):
                print(text, end=" ")
            print()


def print_all(texts, n: int, locked: bool = True) -> None:
    target = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=target, args=(text, n)) for text in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
