# right: main waits until a thread has really started before it makes the next one; they still run side by side
import threading
from contextlib import ExitStack, nullcontext

LOCK = threading.Lock()


def _print(text, n, guard):
    with ExitStack() as stack:
        stack.enter_context(guard)
        for _ in range(n):
            print(text, end="\t")
        print()


def print_multiple(text: str, n: int) -> None:
    _print(text, n, nullcontext())


def print_multiple_locked(text: str, n: int) -> None:
    _print(text, n, LOCK)


def print_all(texts, n: int, locked: bool = True) -> None:
    threads = []
    for text in texts:
        started = threading.Event()

        def work(text=text, started=started):
            started.set()
            print_multiple_locked(text, n) if locked else print_multiple(text, n)

        thread = threading.Thread(target=work)
        thread.start()
        started.wait()
        threads.append(thread)
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    print_all(["a", "b"], 20)
