# fails: locked_texts_stay_together, one_lock
# The threads keep out of each other's way by sleeping, which works only while printing is fast enough.
import threading
import time


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    print_multiple(text, n)


def print_all(texts, n: int, locked: bool = True) -> None:
    def work(place, text):
        if locked:
            time.sleep(0.5 * place)
            print_multiple_locked(text, n)
        else:
            print_multiple(text, n)

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(texts)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
