# fails: one_lock
# The lock is taken by print_all's threads only: print_multiple_locked itself, called directly, takes none.
import threading

lock = threading.Lock()


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_all(texts, n: int, locked: bool = True) -> None:
    def work(text):
        if locked:
            with lock:
                print_multiple_locked(text, n)
        else:
            print_multiple(text, n)

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
