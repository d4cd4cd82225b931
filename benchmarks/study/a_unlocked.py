"""Two threads print a text n times each. Nothing keeps one out of the other's line."""

from threading import Thread


def show(text, n):
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
