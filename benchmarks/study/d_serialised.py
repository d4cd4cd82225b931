"""n threads that each wait a while. Each is waited for before the next one is started."""

import time
from threading import Thread


def wait():
    time.sleep(0.2)


def main(n=4):
    for _ in range(n):
        thread = Thread(target=wait)
        thread.start()
        thread.join()
    print("done")


if __name__ == "__main__":
    main()
