"""Two threads count n times each in a global, read and store under one hold of a lock."""

from threading import Lock, Thread

counter = 0
lock = Lock()


def add(n):
    global counter
    for _ in range(n):
        with lock:
            counter += 1


def main(n=1000):
    global counter
    counter = 0
    threads = [Thread(target=add, args=(n,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(counter)


if __name__ == "__main__":
    main()
