"""n threads that each wait a while, all at the same time."""

import time
from threading import Thread


def wait():
    time.sleep(0.2)


def main(n=4):
    threads = [Thread(target=wait) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("done")


if __name__ == "__main__":
    main()
