# fails: lock_released_on_error
# On an error the semaphore is released twice: from then on it lets two threads in.
import threading

one = threading.Semaphore(1)


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print()


def print_multiple_locked(text: str, n: int) -> None:
    one.acquire()
    try:
        for _ in range(n):
            print(text, end=" ")
        print()
    except OSError:
        one.release()
        raise
    finally:
        one.release()


def print_all(texts, n: int, locked: bool = True) -> None:
    target = print_multiple_locked if locked else print_multiple
    threads = [threading.Thread(target=target, args=(text, n)) for text in texts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
