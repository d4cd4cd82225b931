"""Two threads print a text n times each. The lock is given back after each print."""

from threading import Lock, Thread

lock = Lock()


def show(text, n):
    for _ in range(n):
        with lock:
            print(text, end=" ")
    with lock:
        print()


def main(n=20):
    threads = [Thread(target=show, args=(text, n)) for text in ("ping", "pong")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
