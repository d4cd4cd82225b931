"""Two threads print a text n times each, the whole line under one lock."""

from threading import Lock, Thread

lock = Lock()


def show(text, n):
    with lock:
        for _ in range(n):
            print(text, end=" ")
        print()


def main(n=20):
    threads = [Thread(target=show, args=(text, n)) for text in ("ping", "pong")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
