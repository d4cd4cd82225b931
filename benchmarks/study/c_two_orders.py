"""Two threads take two locks n times, each in its own order."""

from threading import Lock, Thread

first = Lock()
second = Lock()


def work(one, other, n):
    for _ in range(n):
        with one, other:
            pass


def main(n=20):
    threads = [Thread(target=work, args=(*pair, n)) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("done")


if __name__ == "__main__":
    main()
