# right: a Condition used as a lock; the threads wait for each other at a Barrier and start together
import threading

turn = threading.Condition()


def print_multiple(text: str, n: int) -> None:
    for k in range(n):
        if k:
            print(end="-")
        print(text, end="")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    with turn:
        print_multiple(text, n)


def print_all(texts, n: int, locked: bool = True) -> None:
    if not texts:
        return
    barrier = threading.Barrier(len(texts))

    def job(text):
        barrier.wait()
        if locked:
            print_multiple_locked(text, n)
        else:
            print_multiple(text, n)

    threads = [threading.Thread(target=job, args=[text]) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
